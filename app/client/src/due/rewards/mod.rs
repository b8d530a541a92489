//! What is due of a reward pool: of its shares, its epochs and itself, in this order.
//!
//! A share folds first: what was folded is claimed next. Its delegators are paid at every turn, for a dividend goes to the stake that
//! is active when it is pulled. Then it reports. An epoch closes once its shares are folded, and a pool once shares and epochs are.

mod share;

pub use share::{
    Delegators, Report, ShareAccounts, ShareStep, claim, claim_folded, close, delegators, folds,
    report,
};
use {
    super::{Due, Payment},
    crate::instruction,
    sluice::state::{Epoch, RewardPool},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// What anybody may do to an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpochStep {
    /// Closes it: what it did not allocate is the pool's again, its rent returns to whoever paid it.
    Close,
}

impl EpochStep {
    /// The step's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Close => "close-epoch",
        }
    }

    /// The instruction. Signer: none.
    pub fn instruction(&self, epoch: &Epoch) -> Instruction {
        match self {
            Self::Close => instruction::close_epoch(epoch),
        }
    }
}

/// What anybody may do to a reward pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolStep {
    /// Pays what is unallocated to the refund owner.
    Return(Payment),
    /// Closes the pool. What its vault holds goes to the refund owner, who needs a token account if that is not 0.
    Close,
}

impl PoolStep {
    /// The step's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Return(_) => "return",
            Self::Close => "close",
        }
    }

    /// What it pays and to whom, in the pool's mint.
    pub const fn payment(&self) -> Option<Payment> {
        match self {
            Self::Return(payment) => payment.of_something(),
            Self::Close => None,
        }
    }

    /// The instruction. Signer: none.
    pub fn instruction(
        &self,
        key: &Address,
        pool: &RewardPool,
        token_program: &Address,
    ) -> Instruction {
        match self {
            Self::Return(_) => instruction::return_unallocated(key, pool, token_program),
            Self::Close => instruction::close_reward_pool(key, pool, token_program),
        }
    }
}

/// What is due of an epoch of `pool` at `now`: it is closed when its stream has ended and every share is folded.
pub fn of_epoch(pool: &RewardPool, epoch: &Epoch, now: i64) -> Due<EpochStep> {
    match streamed_at(pool, epoch.index) {
        // Who is not folded yet is folded from that second on.
        Some(at) if now < at || epoch.folded == epoch.shares => {
            Due::from(EpochStep::Close, at, now)
        }
        _ => Due::default(),
    }
}

/// What is due of a pool at `now`: from its end on it returns what is unallocated, and closes when no share and no epoch is left.
pub fn of_pool(pool: &RewardPool, now: i64) -> Due<PoolStep> {
    let step = if pool.shares == 0 && pool.epochs == 0 {
        PoolStep::Close
    } else if pool.unallocated > 0 {
        PoolStep::Return(Payment {
            amount: pool.unallocated,
            to: pool.refund_owner,
        })
    } else {
        return Due::default();
    };
    ends_at(pool).map_or_else(Due::default, |at| Due::from(step, at, now))
}

/// The first second in which no epoch of `pool` counts work, unix seconds: the end of the epoch that its end falls in.
fn ends_at(pool: &RewardPool) -> Option<i64> {
    let last = pool.epoch_at(pool.terms.end_at.checked_sub(1)?).ok()?;
    pool.epoch_start(last.checked_add(1)?).ok()
}

/// When all that epoch `index` earned has streamed, unix seconds.
fn streamed_at(pool: &RewardPool, index: u64) -> Option<i64> {
    pool.epoch_start(index.checked_add(2)?).ok()
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::{address, due::Later},
        bytemuck::Zeroable,
        sluice::state::RewardTerms,
    };

    /// A pool of epochs of a hundred seconds from second 1,000 on that ends within the third.
    pub(super) fn pool() -> RewardPool {
        RewardPool {
            mint: Address::new_unique(),
            refund_owner: Address::new_unique(),
            terms: RewardTerms {
                rate: 100,
                ceiling: 10,
                node_cap: 8,
                start_at: 1_000,
                end_at: 1_201,
                epoch_secs: 100,
                reserve: [0; 4],
            },
            ..RewardPool::zeroed()
        }
    }

    #[test]
    fn an_epoch_closes_from_the_second_its_stream_ends_once_every_share_is_folded() {
        let mut epoch = Epoch {
            index: 1,
            shares: 2,
            folded: 1,
            ..Epoch::zeroed()
        };
        let close = Later {
            step: EpochStep::Close,
            at: 1_300,
        };
        let early = of_epoch(&pool(), &epoch, 1_299);
        assert_eq!((early.steps, early.later), (vec![], vec![close]));
        assert_eq!(of_epoch(&pool(), &epoch, 1_300), Due::default());
        epoch.folded = 2;
        assert_eq!(of_epoch(&pool(), &epoch, 1_299).steps, []);
        let due = Due::now([EpochStep::Close]);
        assert_eq!(of_epoch(&pool(), &epoch, 1_300), due);
    }

    #[test]
    fn a_pool_returns_what_is_left_from_the_second_its_last_epoch_ends() {
        let mut pool = RewardPool {
            shares: 1,
            unallocated: 7,
            ..pool()
        };
        let to = pool.refund_owner;
        let step = PoolStep::Return(Payment { amount: 7, to });
        let early = of_pool(&pool, 1_299);
        assert_eq!(early.steps, []);
        assert_eq!(early.later, [Later { step, at: 1_300 }]);
        assert_eq!(of_pool(&pool, 1_300), Due::now([step]));
        for now in 900..1_500 {
            let ended = pool.has_ended(now).unwrap();
            assert_eq!(!of_pool(&pool, now).steps.is_empty(), ended, "{now}");
        }
        let program = Address::new_unique();
        let wanted = address::token_account(&to, &pool.mint, &program);
        for step in [step, PoolStep::Close] {
            let instruction = step.instruction(&program, &pool, &program);
            assert!(instruction.accounts.iter().any(|one| one.pubkey == wanted));
        }
        // A share hangs on it, and nothing is left: nothing is due.
        pool.unallocated = 0;
        assert_eq!(of_pool(&pool, 1_300), Due::default());
    }

    #[test]
    fn an_ended_pool_closes_when_no_share_and_no_epoch_is_left() {
        let mut pool = pool();
        assert_eq!(of_pool(&pool, 1_299).steps, []);
        assert_eq!(of_pool(&pool, 1_300), Due::now([PoolStep::Close]));
        pool.epochs = 1;
        assert_eq!(of_pool(&pool, 1_300), Due::default());
    }
}
