//! What is due of one share of a reward pool.

use {
    super::streamed_at,
    crate::{
        address,
        due::{Due, Payment},
        instruction::{self, token::Mint},
        view::rewards::ShareView,
    },
    sluice::{
        constants::NOBODY,
        state::{Node, RewardPool, Share, StakePool},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// A report of a node's units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The epoch that now is; `None` before the first.
    pub epoch: Option<u64>,
    /// True when it only makes history of what the node has done: then nothing counts.
    pub baseline: bool,
    /// Units that the epoch counts.
    pub units: u64,
    /// The epoch has no account yet, and this report opens it at its sender's expense. [`report`] leaves it to the caller to look,
    /// and to let only the first of many reports open an epoch.
    pub opens: bool,
}

/// Who gets the delegators' part of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delegators {
    /// The stake pool of the share's provider, as a dividend.
    Stake(Address),
    /// The share's payee, while nobody has stake there.
    Payee(Address),
}

impl Delegators {
    /// The stake pool or the payee.
    pub const fn address(&self) -> &Address {
        match self {
            Self::Stake(address) | Self::Payee(address) => address,
        }
    }
}

/// What anybody may do to a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareStep {
    /// Books the reward of an ended epoch and frees its slot.
    Fold {
        /// Its index.
        epoch: u64,
    },
    /// Pays the payee what has streamed.
    Claim(Payment),
    /// Opens the dividend vault of the provider's stake pool at its sender's expense, before the first [`Self::PayDelegators`] of many.
    OpenDividends {
        /// Address of the stake pool.
        pool: Address,
    },
    /// Gives the delegators' part of what has streamed.
    PayDelegators {
        /// Base units of the pool's mint.
        amount: u64,
        /// Who gets it.
        to: Delegators,
    },
    /// Reports units.
    Report(Report),
    /// Closes the share of an ended pool; its rent returns to whoever paid it.
    Close,
}

/// The accounts from which a share's steps are built.
#[derive(Clone, Copy)]
pub struct ShareAccounts<'a> {
    /// Address of the reward pool.
    pub pool_key: &'a Address,
    /// The reward pool.
    pub pool: &'a RewardPool,
    /// The share.
    pub share: &'a Share,
    /// The stake pool of the share's provider, if there is one: for the delegators' steps.
    pub stake: Option<&'a StakePool>,
    /// That of the pool's mint.
    pub token_program: &'a Address,
}

impl ShareStep {
    /// The step's name; none of its own for what only prepares another.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Fold { .. } => "fold",
            Self::Claim(_) => "claim",
            Self::OpenDividends { .. } | Self::PayDelegators { .. } => "pay-delegators",
            Self::Report(_) => "report",
            Self::Close => "close-share",
        }
    }

    /// The epoch that it is about; `None` before the first, and for a step about none.
    pub const fn epoch(&self) -> Option<u64> {
        match self {
            Self::Fold { epoch } => Some(*epoch),
            Self::Report(report) => report.epoch,
            _ => None,
        }
    }

    /// What it pays to an owner's token account, in the pool's mint. A dividend goes to no owner's account.
    pub const fn payment(&self) -> Option<Payment> {
        match self {
            Self::Claim(payment) => payment.of_something(),
            Self::PayDelegators {
                amount,
                to: Delegators::Payee(to),
            } => Payment {
                amount: *amount,
                to: *to,
            }
            .of_something(),
            _ => None,
        }
    }

    /// The token account that it pays into: an owner's associated one, or of a dividend the stake pool's; `None` when it pays nothing.
    /// `mint` is the pool's.
    pub fn pays_into(&self, mint: &Mint) -> Option<Address> {
        match self {
            Self::PayDelegators {
                to: Delegators::Stake(pool),
                ..
            } => Some(address::dividends(pool)),
            step => {
                let Payment { to, .. } = step.payment()?;
                Some(address::token_account(
                    &to,
                    &mint.address,
                    &mint.token_program,
                ))
            }
        }
    }

    /// The instruction at `now`. Signer: `sender`, anyone, of [`Self::OpenDividends`], [`Self::Close`] and a report that opens an
    /// epoch; none of the others.
    pub fn instruction(
        &self,
        sender: &Address,
        accounts: &ShareAccounts<'_>,
        now: i64,
    ) -> Instruction {
        let ShareAccounts {
            pool_key,
            pool,
            share,
            stake,
            token_program,
        } = *accounts;
        let (node, provider) = (&share.node, &share.provider);
        match *self {
            Self::Fold { epoch } => instruction::fold(pool_key, node, epoch),
            Self::Claim(_) => instruction::claim(pool_key, pool, share, now, token_program),
            Self::OpenDividends { pool: stake_key } => instruction::add_dividends(
                sender,
                sender,
                &stake_key,
                &pool.network,
                &pool.mint,
                token_program,
                0,
            ),
            Self::PayDelegators { .. } => {
                instruction::pay_delegators(pool_key, pool, share, stake, now, token_program)
            }
            Self::Report(Report {
                epoch: Some(epoch),
                opens: true,
                ..
            }) => instruction::open_epoch(sender, pool_key, node, provider, epoch),
            Self::Report(report) => {
                let epoch = report.epoch.filter(|_| !report.baseline);
                instruction::report(pool_key, node, provider, epoch)
            }
            Self::Close => instruction::close_share(sender, share),
        }
    }
}

/// The folds that are due of a share at `now`, and when the others will be.
pub fn folds(pool: &RewardPool, share: &Share, now: i64) -> Due<ShareStep> {
    let mut due = Due::default();
    for epoch in share.slots.iter().filter_map(|slot| slot.epoch()) {
        if let Some(at) = streamed_at(pool, epoch) {
            due.add(ShareStep::Fold { epoch }, at, now);
        }
    }
    due
}

/// The claim of all that has streamed to the payee; `None` when nothing has.
pub fn claim(share: &Share, view: &ShareView) -> Option<ShareStep> {
    let claim = ShareStep::Claim(Payment {
        amount: view.due.payee,
        to: share.payee,
    });
    claim.payment().map(|_| claim)
}

/// The claim that is worth a stranger's transaction: once an epoch, when it was folded. Until then what streams by the second is
/// left to its payee's own claims. A payee that claimed ahead of a fold is paid at every turn until that fold.
pub fn claim_folded(share: &Share, view: &ShareView) -> Option<ShareStep> {
    claim(share, view).filter(|_| share.earned != share.claimed)
}

/// The steps that give the delegators' part of a share; none when nothing has streamed to them. `stake` is the stake pool of the
/// share's provider, if there is one.
pub fn delegators(share: &Share, view: &ShareView, stake: Option<&StakePool>) -> Vec<ShareStep> {
    let amount = view.due.delegators;
    if amount == 0 {
        return vec![];
    }
    let staked = stake.filter(|stake| instruction::has_stake(stake));
    let pool = address::stake_pool(&share.provider);
    let to = staked.map_or(Delegators::Payee(share.payee), |_| Delegators::Stake(pool));
    let opens = staked.is_some_and(|stake| stake.dividend_vault == NOBODY);
    let opening = opens.then_some(ShareStep::OpenDividends { pool });
    let pay = ShareStep::PayDelegators { amount, to };
    opening.into_iter().chain([pay]).collect()
}

/// The report that the program would take of a share's node at `now`; `None` where it would take none. `view` is of the same second.
/// A pool that has ended takes none: ask [`RewardPool::has_ended`] first.
pub fn report(
    pool: &RewardPool,
    share: &Share,
    view: &ShareView,
    node: &Node,
    now: i64,
) -> Option<Report> {
    let anew = share.registration != node.opened_slot;
    let epoch = pool.epoch_at(now).ok();
    let baseline = Report {
        epoch,
        baseline: true,
        units: 0,
        opens: false,
    };
    let Some(index) = epoch else {
        // Before the start: what the node has done by now becomes history.
        return (anew || share.seen != node.units).then_some(baseline);
    };
    if anew || share.baseline == 0 {
        return (anew || index > share.joined_epoch).then_some(baseline);
    }
    let room = pool.terms.node_cap.saturating_sub(view.reported);
    let units = node.units.saturating_sub(share.seen).min(room);
    (units > 0).then_some(Report {
        baseline: false,
        units,
        ..baseline
    })
}

/// What is due of a share of an ended pool: it is closed when it was paid all it earned.
pub fn close(pool: &RewardPool, share: &Share, now: i64) -> Option<ShareStep> {
    let ended = pool.has_ended(now).unwrap_or(false);
    (ended && share.owes_nothing()).then_some(ShareStep::Close)
}

#[cfg(test)]
mod tests;
