//! Every instruction the program has, as the reference sees it.

use super::{
    AttestBatch, ChallengeKey, Claimed, Founding, Holder, Id, Key, Mint, NetworkParams,
    RewardTerms, Ruling, SetArgs, Signed, SignedTree, Statement, Subject, Terms, Tree,
};

/// One instruction. `by` is the key that signs in the instruction's own role (owner, operator, buyer, staker); other
/// handles name accounts. Recipients are always the right associated accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// 0 `create_network`
    CreateNetwork {
        network: Id,
        founding: Founding,
        params: NetworkParams,
    },
    /// 1 `register_attester`
    RegisterAttester {
        attester: Id,
        network: Id,
        owner: Key,
        key: Key,
    },
    /// 2 `create_attester_set`
    CreateSet { set: Id, network: Id, args: SetArgs },
    /// 3 `enter_attester_set`
    EnterSet {
        set: Id,
        attester: Id,
        index: u8,
        by: Key,
    },
    /// 4 `leave_attester_set`; `by` is whoever removes the member
    LeaveSet {
        set: Id,
        attester: Id,
        index: u8,
        by: Key,
    },
    /// 5 `register_provider`
    RegisterProvider {
        provider: Id,
        network: Id,
        owner: Key,
        operator: Key,
    },
    /// 6 `register_node`
    RegisterNode {
        node: Id,
        provider: Id,
        by: Key,
        worker: Key,
        set: Option<Id>,
        slots: u16,
    },
    /// 7 `set_operator`
    SetOperator {
        provider: Id,
        by: Key,
        operator: Key,
    },
    /// 8 `close_provider`
    CloseProvider { provider: Id, by: Key },
    /// 9 `update_node`; of what it describes, only the slots concern anybody
    UpdateNode { node: Id, by: Key, slots: u16 },
    /// 15 `close_node`
    CloseNode { node: Id, by: Key },
    /// 16 `post_offer`
    PostOffer(Box<PostOffer>),
    /// 17 `close_offer`; `shown` if the provider is passed, to withdraw the offer in its name
    CloseOffer { offer: Id, by: Key, shown: bool },
    /// 18 `take_offer`
    TakeOffer(Box<TakeOffer>),
    /// 10 `create_stake_pool`
    CreateStakePool {
        pool: Id,
        network: Id,
        subject: Subject,
    },
    /// 12 `stake`; the position is `by`'s, and opens where there is none
    Stake { pool: Id, by: Key, amount: u64 },
    /// 13 `unstake`; the position is `by`'s
    Unstake {
        pool: Id,
        by: Key,
        shares: u64,
        nonce: u64,
    },
    /// 14 `withdraw`
    Withdraw { pool: Id, staker: Key, nonce: u64 },
    /// 20 `open_job`
    OpenJob(Box<OpenJob>),
    /// 21 `accept_job`
    AcceptJob {
        job: Id,
        provider: Id,
        node: Id,
        by: Key,
        incarnation: u64,
    },
    /// 22 `top_up_job`
    TopUpJob {
        job: Id,
        by: Key,
        incarnation: u64,
        amount: u64,
    },
    /// 23 `attest`; `members` as in the instruction: indices of four bits each, lowest first. No `signed`: no ed25519
    /// instruction before it.
    Attest {
        job: Id,
        set: Id,
        claimed: Claimed,
        members: u64,
        signed: Option<Signed>,
    },
    /// 24 `attest_cosigned`
    AttestCosigned {
        job: Id,
        claimed: Claimed,
        signed: Option<Signed>,
    },
    /// 74 `post_batch`; `by` pays. `members` as in `attest`. No `signed`: no ed25519 instruction before it.
    PostBatch {
        batch: Id,
        by: Key,
        tree: Tree,
        /// Unix seconds.
        expires_at: i64,
        members: u64,
        signed: Option<SignedTree>,
    },
    /// 75 `endorse_batch`
    EndorseBatch {
        batch: Id,
        set: Id,
        members: u64,
        signed: Option<SignedTree>,
    },
    /// 76 `attest_batch`
    AttestBatch(Box<AttestBatch>),
    /// 77 `close_batch`
    CloseBatch { batch: Id, by: Key },
    /// 25 `mature`
    Mature { job: Id },
    /// 26 `pay`
    Pay { job: Id },
    /// 27 `sweep_treasury`
    SweepTreasury { job: Id },
    /// 28 `sweep_attesters`
    SweepAttesters { job: Id },
    /// 29 `refund`
    Refund { job: Id },
    /// 30 `cancel_job`
    CancelJob { job: Id, by: Key, incarnation: u64 },
    /// 36 `waive_job`; the job's set is shown as in `resign_job`
    WaiveJob { job: Id, by: Key, incarnation: u64 },
    /// 34 `resign_job`; as in `fault_job` and `cancel_job`, the job's set is always shown
    ResignJob { job: Id, by: Key, incarnation: u64 },
    /// 35 `fault_job`
    FaultJob { job: Id, by: Key, incarnation: u64 },
    /// 31 `release_job`
    ReleaseJob { job: Id },
    /// 32 `close_job`
    CloseJob { job: Id },
    /// 33 `credit`
    Credit { job: Id, node: Id },
    /// 40 `create_reward_pool`
    CreateRewardPool {
        pool: Id,
        network: Id,
        set: Id,
        mint: Mint,
        terms: RewardTerms,
        refund_owner: Key,
    },
    /// 41 `fund_reward_pool`
    FundRewardPool {
        pool: Id,
        by: Key,
        incarnation: u64,
        amount: u64,
    },
    /// 42 `join_reward_pool`
    JoinRewardPool {
        pool: Id,
        provider: Id,
        node: Id,
        by: Key,
        incarnation: u64,
    },
    /// 43 `report`; `epoch` is the index of the epoch account passed, if any
    Report {
        pool: Id,
        node: Id,
        provider: Id,
        epoch: Option<u64>,
    },
    /// 44 `open_epoch`
    OpenEpoch {
        pool: Id,
        node: Id,
        provider: Id,
        index: u64,
    },
    /// 45 `claim`; the indices of the epoch accounts passed
    Claim {
        pool: Id,
        node: Id,
        streaming: Option<u64>,
        ended: Option<u64>,
    },
    /// 46 `fold`
    Fold { pool: Id, node: Id, epoch: u64 },
    /// 47 `close_epoch`
    CloseEpoch { pool: Id, epoch: u64 },
    /// 50 `propose_change`
    ProposeChange {
        network: Id,
        by: Key,
        params: NetworkParams,
    },
    /// 51 `apply_change`
    ApplyChange { network: Id },
    /// 52 `name_admin`
    NameAdmin {
        network: Id,
        by: Key,
        candidate: Option<Key>,
    },
    /// 53 `accept_admin`
    AcceptAdmin { network: Id, by: Key },
    /// 54 `pause`; 0 lifts the pause that runs
    Pause { network: Id, by: Key, secs: u32 },
    /// 55 `challenge`; `evidence` stands for the hash of what speaks against the window
    Challenge {
        job: Id,
        by: Key,
        incarnation: u64,
        window: u32,
        reason: u16,
        evidence: u64,
    },
    /// 56 `add_evidence`
    AddEvidence {
        challenge: ChallengeKey,
        by: Key,
        piece: u64,
    },
    /// 57 `rule_challenge`
    RuleChallenge {
        challenge: ChallengeKey,
        by: Key,
        ruling: Ruling,
    },
    /// 58 `slash_signer`
    SlashSigner {
        challenge: ChallengeKey,
        attester: Id,
        index: u8,
    },
    /// 59 `settle_challenge`
    SettleChallenge { challenge: ChallengeKey },
    /// 60 `show_equivocation`
    ShowEquivocation(Box<ShowEquivocation>),
    /// 61 `close_attester`
    CloseAttester { attester: Id, by: Key },
    /// 73 `update_attester`; what it describes concerns nobody here
    UpdateAttester { attester: Id, by: Key },
    /// 62 `cancel_unstake`
    CancelUnstake {
        pool: Id,
        staker: Key,
        nonce: u64,
        by: Key,
    },
    /// 63 `close_position`
    ClosePosition { pool: Id, staker: Key, by: Key },
    /// 64 `add_dividends`
    AddDividends { pool: Id, by: Key, amount: u64 },
    /// 65 `claim_dividends`
    ClaimDividends { pool: Id, staker: Key },
    /// 66 `burn_slashed`
    BurnSlashed { pool: Id },
    /// 67 `close_stake_pool`; the vault passed is the one that is next
    CloseStakePool { pool: Id, by: Key },
    /// 68 `set_commission`
    SetCommission { provider: Id, by: Key, bps: u16 },
    /// 69 `pay_delegators`; the indices of the epoch accounts passed, a stake pool and where the tokens are to go
    PayDelegators {
        pool: Id,
        node: Id,
        streaming: Option<u64>,
        ended: Option<u64>,
        stake: Id,
        to: Holder,
    },
    /// 70 `return_unallocated`
    ReturnUnallocated { pool: Id },
    /// 71 `close_share`
    CloseShare { pool: Id, node: Id, by: Key },
    /// 72 `close_reward_pool`
    CloseRewardPool { pool: Id },
    /// Not an instruction of ours: tokens sent outside of the program, such as a donation to a vault.
    Transfer {
        from: Holder,
        to: Holder,
        mint: Mint,
        amount: u64,
    },
}

/// What `post_offer` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostOffer {
    pub offer: Id,
    pub node: Id,
    pub by: Key,
    pub terms: Terms,
    /// Jobs it may become.
    pub slots: u32,
    /// Unix seconds.
    pub expires_at: i64,
}

/// What `take_offer` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakeOffer {
    pub offer: Id,
    pub job: Id,
    pub network: Id,
    pub buyer: Key,
    /// Incarnation, price and `per` of the offer as the buyer saw it.
    pub seen: (u64, u64, u64),
    pub length_secs: u64,
    /// Base units of the terms' mint.
    pub funds: u64,
    pub cosigner: Option<Key>,
    /// Who gets what is returned, if not the buyer.
    pub refund_owner: Option<Key>,
    /// The network's, as the buyer saw it.
    pub resolver: Key,
    pub max_fee_bps: u16,
}

/// What `open_job` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenJob {
    pub job: Id,
    pub network: Id,
    pub buyer: Key,
    pub terms: Terms,
    pub length_secs: u64,
    /// Unix seconds.
    pub open_until: i64,
    /// Base units of the terms' mint.
    pub funds: u64,
    pub cosigner: Option<Key>,
    /// The one provider that may accept.
    pub provider: Option<Id>,
    /// Who gets what is returned, if not the buyer.
    pub refund_owner: Option<Key>,
    /// The network's, as the buyer saw it.
    pub resolver: Key,
    pub max_fee_bps: u16,
}

/// What `show_equivocation` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowEquivocation {
    pub network: Id,
    pub attester: Id,
    pub job: Id,
    pub incarnation: u64,
    pub node: Id,
    pub window: u32,
    /// Units and digest of both statements.
    pub said: [(u64, u64); 2],
    /// The batch in which each stands, and its place there; none where it was signed by itself.
    pub trees: [Option<(Tree, u32)>; 2],
    /// What was signed, and by whom; none: no ed25519 instruction before it.
    pub signed: Option<[(Said, Key); 2]>,
}

/// What a member signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Statement(Statement),
    Tree(Tree),
}
