//! From an action to the instructions that carry it out, by the client's builders; bent by hand where the action is one that
//! the client would not build.

mod batches;
pub mod disputes;
mod jobs;
mod market;
mod network;
mod proofs;
mod registry;
mod rewards;
mod stake;

use {
    super::book::{Book, Seeds},
    sluice_client::Job,
    sluice_tests::{
        reference::{Action, Holder, Id, Key, Reference},
        world::World,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    std::collections::BTreeMap,
};

/// What building an instruction needs to know.
pub struct Builder<'a> {
    pub world: &'a World,
    pub book: &'a Book,
    /// The model before the action.
    pub model: &'a Reference,
    /// Every job as it was last seen, closed ones too.
    pub jobs: &'a BTreeMap<Id, Job>,
}

impl Builder<'_> {
    /// The instructions of one transaction that does `action`.
    pub fn instructions(&self, action: &Action) -> Vec<Instruction> {
        match action {
            Action::CreateNetwork { .. }
            | Action::ProposeChange { .. }
            | Action::ApplyChange { .. }
            | Action::NameAdmin { .. }
            | Action::AcceptAdmin { .. }
            | Action::Pause { .. } => vec![self.governance(action)],
            Action::RegisterAttester { .. }
            | Action::CreateSet { .. }
            | Action::EnterSet { .. }
            | Action::LeaveSet { .. }
            | Action::RegisterProvider { .. }
            | Action::RegisterNode { .. }
            | Action::CloseAttester { .. }
            | Action::UpdateAttester { .. }
            | Action::SetCommission { .. } => vec![self.registry(action)],
            Action::SetOperator { .. }
            | Action::CloseProvider { .. }
            | Action::UpdateNode { .. }
            | Action::CloseNode { .. } => vec![self.registration(action)],
            Action::PostOffer(post) => vec![self.post(post)],
            Action::CloseOffer { offer, by, shown } => {
                vec![self.close_offer(*offer, *by, *shown)]
            }
            Action::TakeOffer(take) => vec![self.take(take)],
            Action::CreateStakePool { .. }
            | Action::Stake { .. }
            | Action::Unstake { .. }
            | Action::Withdraw { .. }
            | Action::CancelUnstake { .. }
            | Action::ClosePosition { .. }
            | Action::AddDividends { .. }
            | Action::ClaimDividends { .. }
            | Action::BurnSlashed { .. }
            | Action::CloseStakePool { .. } => vec![self.stake(action)],
            Action::Challenge { .. }
            | Action::AddEvidence { .. }
            | Action::RuleChallenge { .. }
            | Action::SlashSigner { .. }
            | Action::SettleChallenge { .. }
            | Action::ShowEquivocation(_) => self.dispute(action),
            Action::PostBatch { .. }
            | Action::EndorseBatch { .. }
            | Action::AttestBatch(_)
            | Action::CloseBatch { .. } => self.batch(action),
            Action::Attest { .. } | Action::AttestCosigned { .. } => self.proof(action),
            Action::CreateRewardPool { .. }
            | Action::FundRewardPool { .. }
            | Action::JoinRewardPool { .. }
            | Action::Report { .. }
            | Action::OpenEpoch { .. }
            | Action::Claim { .. }
            | Action::Fold { .. }
            | Action::CloseEpoch { .. } => vec![self.rewards(action)],
            Action::PayDelegators { .. }
            | Action::ReturnUnallocated { .. }
            | Action::CloseShare { .. }
            | Action::CloseRewardPool { .. } => vec![self.winding_up(action)],
            Action::Transfer {
                from,
                to,
                mint,
                amount,
            } => vec![self.transfer(*from, *to, *mint, *amount)],
            _ => vec![self.job_action(action)],
        }
    }

    fn payer(&self) -> Address {
        self.world.payer.pubkey()
    }

    fn at(&self, handle: u64) -> Address {
        self.book.address(handle)
    }

    /// The network and the owner of a provider, registered or not.
    fn provider_seeds(&self, provider: Id) -> (Id, Key) {
        match self.book.seeds(provider) {
            Seeds::Provider { network, owner } => (*network, *owner),
            other => panic!("{other:?} is no provider"),
        }
    }

    fn transfer(&self, from: Holder, to: Holder, mint: u64, amount: u64) -> Instruction {
        let Holder::Wallet(owner) = from else {
            panic!("a vault signs nothing here")
        };
        let token = self.book.mint(mint);
        let mut transfer = spl_token_interface::instruction::transfer_checked(
            &spl_token_interface::ID,
            &self.book.token_account(from, mint),
            &token.address,
            &self.book.token_account(to, mint),
            &self.at(owner),
            &[],
            amount,
            token.decimals,
        )
        .expect("a transfer");
        transfer.program_id = token.token_program;
        transfer
    }
}

/// The instruction with `address` as its account number `place`.
fn with(mut instruction: Instruction, place: usize, address: Address) -> Instruction {
    instruction.accounts[place].pubkey = address;
    instruction
}
