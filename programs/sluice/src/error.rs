//! Every way an instruction can refuse, each naming the violated fact. Codes are 6000 + position and never move.

use anchor_lang::prelude::*;

/// Declares the errors once: for the program, for the IDL and, as a table, for clients.
macro_rules! errors {
    ($($name:ident = $message:tt,)*) => {
        /// Why an instruction was refused.
        #[error_code]
        #[derive(Debug, PartialEq, Eq)]
        pub enum SluiceError {
            $(#[doc = $message] #[msg($message)] $name,)*
        }

        impl SluiceError {
            /// Code of the first error.
            pub const FIRST_CODE: u32 = 6000;
            /// Name and message of every error, in the order of their codes.
            pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $message)),*];

            /// The error with this code.
            pub fn from_code(code: u32) -> Option<Self> {
                let all = [$(Self::$name),*];
                let index = code.checked_sub(Self::FIRST_CODE)?;
                all.get(usize::try_from(index).ok()?).copied()
            }
        }
    };
}

errors! {
    MathOverflow = "an amount, a time or a count does not fit its type",
    ReserveNotZero = "reserved bytes must be zero",
    AmountTooSmall = "the amount is too small to count",

    // Network and tokens
    UnbondingOutOfBounds = "unbonding must lie between the network's minimum and 60 days",
    TimelockTooShort = "the timelock must be at least two days and at least the unbonding time",
    FeeTooHigh = "network fee and attestation fee together exceed 10 %, or the maximum that the caller stated",
    NotAMint = "this account is not an initialised mint of a token program",
    MintExtensionRefused = "the mint carries an extension that makes it unsafe to hold",
    WrappedSolStake = "wrapped SOL cannot be the stake mint",
    WrongTokenProgram = "the vault belongs to another token program",
    NotAssociatedAccount = "the recipient is not the owner's associated token account",
    RecipientChangedOwner = "the associated token account is missing or no longer belongs to its owner",

    // Registry and stake
    NotOwner = "the signer is not the owner",
    NotOperator = "the signer is not the provider's operator",
    WrongNetwork = "the account belongs to another network",
    ThresholdOutOfBounds = "the threshold must lie between 1 and the number of keys, at most 16",
    KeysNotAscending = "the set's keys must be strictly ascending",
    WrongSetDigest = "the digest does not match the set's contents",
    NotAMember = "the key is not the set's member at this index",
    AlreadyEntered = "the attester entered this set before; a cleared bit never returns",
    NotLive = "the attester's bit in this set is not live",
    AttesterTombstoned = "the attester was removed for equivocation",
    NoSlots = "a node and an offer need at least one slot",
    NotASubject = "the account is neither a provider nor an attester",
    WrongStakePool = "the stake pool stands behind another subject",
    WrongPosition = "the position belongs to another pool or staker",
    WrongVault = "the vault is not the one that this instruction needs",
    StakePoolDead = "the stake pool was slashed to a 64th or less and takes no stake until all its shares are out",
    NotEnoughShares = "the position has fewer shares than that",
    StakeTooLow = "the owner's active stake does not cover the bonds it has to",
    StillUnbonding = "the stake is still unbonding",

    // Terms and jobs
    TermIsZero = "a term that must be at least 1 is 0",
    TermTooLong = "a time in the terms exceeds 30 days",
    GraceOutlastsRing = "grace and challenge time together exceed 16 windows",
    TermsOutlastUnbonding = "window, grace, challenge and ruling time together exceed the minimum unbonding time",
    LengthOutOfBounds = "the length must lie between 1 second and the terms' maximum, which is 10 years at most",
    DateInPast = "the date lies in the past",
    NobodyToProve = "the job has neither an attester set nor a cosigner",
    WrongSet = "the attester set given is not the one in the terms",
    NoQuorum = "the attester set has fewer live members than its threshold",
    NothingFunded = "the deposit does not cover a single unit",
    WrongJobState = "the job is not in the state this needs",
    WrongIncarnation = "the account was opened anew since the caller looked",
    JobEnded = "the job has ended, or the last date to accept it has passed",
    WrongProvider = "the job is reserved for another provider",
    WrongNode = "the node belongs to another provider or another job",
    NodeOfAnotherSet = "the node works under another attester set",
    NoFreeSlot = "the node has no free slot",
    KeysNotDistinct = "worker, cosigner and attesters must be different keys",

    // Attestation
    NoSignatures = "there is no ed25519 instruction immediately before this one",
    NotTopLevel = "statements are proven at top level only, never through another program",
    MalformedSignatures = "the ed25519 instruction is not in the canonical layout",
    WrongStatement = "the signed message is not this statement",
    WorkerNotSigned = "the first signature is not the worker's",
    WrongSignerCount = "the number of signatures is not the one this path needs",
    MembersNotAscending = "the members' indices must be strictly ascending and as many as the threshold",
    MemberNotLive = "a signing member's bit is not live",
    CosignerNotSigned = "the second signature is not the cosigner's",
    NoCosigner = "the job has no cosigner",
    WindowNotEnded = "the window has not ended",
    StatementExpired = "the window's grace has passed",
    WindowOutOfJob = "the window starts at or after the job's end",
    WindowAlreadyProven = "the window was proven before",
    NothingWouldCount = "none of the claimed units would count: the cap or the funding is used up",

    // Money exits
    NothingDue = "there is nothing to move",
    NotBuyer = "the signer is not the buyer",
    NotSettled = "something can still be proven, or is pending or frozen",
    StillOwing = "the account still owes tokens",
    OpeningSlot = "an account cannot close in its opening slot",

    // Rewards
    EpochOutOfBounds = "the epoch must last between a minute and 30 days",
    EndBeforeStart = "the end must lie after the start, and the start after 1970",
    PoolNotStarted = "the reward pool has not started",
    PoolEnded = "no epoch of the reward pool counts work any more",
    PoolDry = "the pool has less than one whole epoch's rate unallocated",
    WrongShare = "the share belongs to another pool or node",
    WrongEpoch = "the epoch belongs to another pool or is not the one needed",
    TooEarlyToReport = "the first report comes no earlier than the epoch after joining",
    NothingToReport = "the node has no unreported units, or reached the pool's cap for this epoch",
    SlotNotFolded = "the share's slot still holds an earlier epoch: fold it first",
    StreamNotEnded = "the epoch's stream has not ended",
    NothingToFold = "the share has nothing in this epoch",
    NotAllFolded = "shares of this epoch are not folded yet",

    // Market and the end of a job
    PriceChanged = "the offer's price is not the one the caller stated",
    NodeRegisteredAnew = "the node was registered anew since the offer was posted",
    OfferExpired = "the offer has expired",
    OfferUsedUp = "the offer was taken as often as it allows",
    OfferLive = "the offer can still be taken: only the provider's operator can withdraw it",
    DepositBelowNotice = "the deposit does not cover the notice and one window",
    EndNotMoved = "the job ends no later than that already",
    NotFaulted = "the last windows past their grace were not all unproven",
    NotParty = "the signer is neither the job's buyer nor its provider's operator",
    StillInUse = "something still hangs on the account",
    WrongMint = "the mint is not the one in the terms",
    NoticeBelowWindow = "the notice of an offer must last at least one window",
    LengthBelowNotice = "a job taken from an offer must last at least its notice and one window",

    // Stake, bonds and disputes
    DividendPeriodOutOfBounds = "a period of dividends lasts between a day and 30 days",
    BondSlashed = "the attester lost its bond: its live bits must be cleared before it can bond anew",
    StandingNotGood = "an attester that lost its bond or was tombstoned cannot close",
    CommissionTooHigh = "a commission cannot exceed 100 %",
    NotChallengeable = "the window has no units of a quorum that could still be challenged under the job's terms",
    EvidenceClosed = "the time for evidence and rulings is over",
    AlreadyRuled = "the challenge was ruled before",
    NotRuled = "the challenge was not ruled so",
    RulingTooEarly = "the resolver rules in the second half of the ruling time only",
    NotResolver = "the signer is not the resolver of the job",
    MustUphold = "without a ruling in time the window can only be upheld, and nobody is slashed then",
    SlashAboveBond = "a ruling cannot take more than what is left of the job's bond",
    WrongChallenge = "the challenge is about another job or incarnation",
    NotASigner = "this member did not sign the window, or was slashed for it before",
    SignersNotSlashed = "signers of the void window can still be slashed",
    NotEquivocation = "the two signed statements are the same",
    RulingTooShort = "a job that can be challenged needs a ruling time of at least a minute",
    NoResolver = "the network has no resolver, so a job under it cannot have a challenge time",
    MalformedRuling = "a ruling's flags are 0 or 1",

    // Governance
    NotAdmin = "the signer is not the network's admin",
    NotGuardian = "the signer is not the network's guardian",
    NotCandidate = "the signer is not the candidate that the admin named",
    RoleMissing = "a network needs an admin and a treasury",
    NoPendingChange = "no change is pending",
    ChangeNotDue = "the timelock of the pending change has not passed",
    ChangeExpired = "the pending change was not applied within 14 days and is void",
    Paused = "the guardian has paused intake",
    NotPaused = "no pause is running",
    PauseTooLong = "a pause lasts at most 7 days",
    PausedTooRecently = "intake must stay open as long as the last pause lasted before the next one",

    // Rewards, the rest
    NotItsProvider = "the provider is not the one of the share",
    PoolNotEnded = "an epoch of the reward pool can still count work",
    CommissionStands = "a provider closes only while its commission is 100 %, announced in time",

    // Version 4: jobs
    NotWaivable = "only a job taken from an offer, of which nothing was proven, can be given back",
    KeyOffCurve = "a worker's and an attester's key must lie on the curve: nobody could sign with another",
    // Vaults
    VaultBumpNotFirst = "a higher bump gives the vault an address too",
    // Stake, the rest
    StakePoolFull = "the pool's shares, active and thawing, would not fit their type",
    StakeNotBacked = "the stake pool would owe more than its vault holds",
    // Dates, funding and recipients, the rest
    DateTooFar = "the date lies more than a year ahead",
    ResolverChanged = "the network's resolver is not the one that the caller stated",
    NotOwnedAlone = "the account in place of the associated one is another owner's, or has a delegate or a close authority",
    TotalsContradict = "the job's totals contradict each other or its vault",
    // What counts, and for how long
    QualityOutOfBounds = "a set must ask for a mint, a price, a bond, a challenge time and a ruling time, and allow no challenge bond above the bond",
    JobDoesNotCount = "the job's terms offer less than its set asks of jobs whose units count",
    PoolDateTooFar = "a reward pool starts and ends within 10 years of now",
    PoolOutOfBalance = "the reward pool's totals do not add up to what was funded",
    // Identity
    CredentialIncomplete = "a network pins a credential and a schema, or neither",
    CredentialMissing = "the network asks for an attestation of the provider's owner, and none was shown",
    WrongCredential = "the attestation is another's, or not under the network's credential and schema",
    CredentialExpired = "the attestation of the provider's owner has expired",

    // Batches
    ExpiryOutOfBounds = "a batch can be closed from a date ahead on, at most 60 days from now",
    AlreadyEndorsed = "each of these members had signed the batch before",
    BatchBelowThreshold = "fewer live members signed the batch than the set's threshold asks",
    BatchNotExpired = "the batch cannot be closed before its date",
    NotPayer = "the signer is not the payer of the batch",
    MalformedRun = "the run is no aligned run of leaves, or its parts do not fit each other",
    NotInBatch = "the run's path does not lead to the root of the batch",
    NotTheWorkers = "the signer is not the job's worker, and the job is not the provider's",
}
