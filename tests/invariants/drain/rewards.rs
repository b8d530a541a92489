//! Reward pools: everything that was earned is paid, everything else goes back, and every share, epoch and pool closes.

use {
    super::super::driver::Run,
    sluice_tests::reference::{
        Action, Holder, Id, MISSING, Subject,
        replay::{full_claim, full_payment},
        rewards::Share,
    },
};

impl Run {
    /// Somebody's delegators all leave while a part is due to them; it waits for them, and is the payee's when they are gone.
    /// False where no provider can be left so.
    pub fn see_delegators_off(&mut self) -> bool {
        let (now, _) = self.moment();
        let free = |share: &Share| {
            let stake = self.model.pool_of(Subject::Provider(share.provider));
            stake.is_ok_and(|pool| {
                self.model.locked(pool) == 0 && self.model.active_shares(pool) > 0
            })
        };
        let mut shares = self.model.shares.iter();
        let found = shares.find(|((pool, _), share)| {
            free(share) && self.model.due_to(*pool, share, now).delegators > 0
        });
        let Some((&(pool, node), share)) = found else {
            return false;
        };
        self.everybody_leaves(share.provider);
        self.pay_delegators(pool, node);
        true
    }

    /// Leads all rewards out and closes their pools.
    pub(super) fn drain_rewards(&mut self) {
        let pools = self.model.reward_pools.values();
        let ends = pools.flat_map(|pool| {
            let last = pool.epochs.keys().next_back();
            let streamed = last.map(|epoch| pool.terms.starts(epoch + 2));
            // By then an epoch has begun that counts no work.
            let end = i128::from(pool.terms.end_at) + i128::from(pool.terms.epoch_secs);
            streamed.into_iter().chain([end])
        });
        let date = ends.max().unwrap_or(0);
        self.wait_for(date);
        for (place, (pool, node)) in self
            .seen()
            .shares
            .keys()
            .copied()
            .enumerate()
            .collect::<Vec<_>>()
        {
            self.drain_share(pool, node, place);
        }
        for (pool, epoch) in self.seen().epochs.keys().copied().collect::<Vec<_>>() {
            self.must(&Action::CloseEpoch { pool, epoch });
        }
        assert!(self.seen().epochs.is_empty(), "I10: open epochs");
        let pools = self.model.reward_pools.keys().copied();
        for (place, pool) in pools.enumerate().collect::<Vec<_>>() {
            self.drain_pool(pool, place);
        }
        let state = self.seen();
        assert!(
            state.reward_pools.is_empty(),
            "I10: {:?}",
            state.reward_pools
        );
        assert!(state.shares.is_empty(), "I10: {:?}", state.shares);
        let vaults = self.cast.reward_pools.iter();
        let mut vaults = vaults.filter(|id| self.exists(Holder::RewardVault(**id)));
        assert_eq!(vaults.next(), None, "I10: a reward vault");
    }

    /// Claimed and paid before the fold, or after it, or both: all the same.
    fn drain_share(&mut self, pool: Id, node: Id, place: usize) {
        if place.is_multiple_of(2) {
            let _ = self.step(&full_claim(&self.model, pool, node));
        }
        if place.is_multiple_of(3) {
            self.pay_delegators(pool, node);
        }
        if place.is_multiple_of(5) {
            self.everybody_leaves(self.model.shares[&(pool, node)].provider);
        }
        let held = self.model.shares[&(pool, node)].unfolded();
        for epoch in held.map(|(epoch, _)| epoch).collect::<Vec<_>>() {
            self.must(&Action::Fold { pool, node, epoch });
        }
        let stranger = self.cast.stranger;
        let share = self.model.shares[&(pool, node)].clone();
        let close = |by| Action::CloseShare { pool, node, by };
        let (now, _) = self.moment();
        if self.model.due_to(pool, &share, now).whole() > 0 {
            assert_eq!(self.step(&close(stranger)), Err("StillOwing"), "I10");
        }
        let claim = full_claim(&self.model, pool, node);
        let _ = self.step(&claim);
        assert_eq!(self.step(&claim), Err("NothingDue"), "I09: twice");
        if self
            .model
            .due_to(pool, &self.model.shares[&(pool, node)], now)
            .delegators
            > 0
        {
            assert_eq!(self.step(&close(stranger)), Err("StillOwing"), "I10");
        }
        self.pay_delegators(pool, node);
        let paid = &self.seen().shares[&(pool, node)];
        assert_eq!(paid.earned, paid.claimed, "I10: share {pool}/{node}");
        let paid = (paid.delegators_earned, paid.delegators_claimed);
        assert_eq!(paid.0, paid.1, "I10: delegators of {pool}/{node}");
        let by = [share.payee, stranger][place % 2];
        self.must(&close(by));
    }

    /// Pays delegators what is due to them, if anything is.
    fn pay_delegators(&mut self, pool: Id, node: Id) {
        let share = self.model.shares[&(pool, node)].clone();
        let (now, _) = self.moment();
        if self.model.due_to(pool, &share, now).delegators == 0 {
            return;
        }
        let stake = self.model.pool_ever_of(Subject::Provider(share.provider));
        self.let_the_last_leave(stake.expect("a stake pool, or one that is gone"));
        let payment = full_payment(&self.model, pool, node).expect("a stake pool");
        if let Action::PayDelegators {
            stake,
            to: Holder::DividendVault(_),
            ..
        } = payment
            && !self.model.stake_pools[&stake].has_dividends
        {
            assert_eq!(self.step(&payment), Err("WrongVault"), "without a vault");
            let (by, amount) = (self.cast.delegators[0], 0);
            self.must(&Action::AddDividends {
                pool: stake,
                by,
                amount,
            });
        }
        self.must(&payment);
        assert_eq!(self.step(&payment), Err("NothingDue"), "I09: twice");
    }

    /// Everybody with stake behind a provider begins to leave.
    fn everybody_leaves(&mut self, provider: Id) {
        let Ok(pool) = self.model.pool_of(Subject::Provider(provider)) else {
            return;
        };
        for ((_, by), shares) in self
            .seen()
            .positions
            .range((pool, 0)..=(pool, u64::MAX))
            .map(|(key, position)| (*key, position.shares))
            .filter(|(_, shares)| *shares > 0)
            .collect::<Vec<_>>()
        {
            self.must(&Action::Unstake {
                pool,
                by,
                shares,
                nonce: 2_000,
            });
        }
    }

    /// Where all stake is thawing, it is withdrawn first: then the payee has the delegators' part.
    fn let_the_last_leave(&mut self, stake: Id) {
        if self.model.active_shares(stake) > 0 {
            return;
        }
        let tickets = self.model.tickets.iter();
        let tickets = tickets.filter(|((of, ..), _)| *of == stake);
        let tickets = tickets.map(|(key, ticket)| (*key, ticket.withdraw_at));
        for ((pool, staker, nonce), at) in tickets.collect::<Vec<_>>() {
            *self.tally.rewards.entry("the last leave").or_default() += 1;
            self.wait_for(at.into());
            self.must(&Action::Withdraw {
                pool,
                staker,
                nonce,
            });
        }
    }

    /// Leftovers go back before the pool closes, or as it does.
    fn drain_pool(&mut self, pool: Id, place: usize) {
        let give_back = Action::ReturnUnallocated { pool };
        let seen = self.seen().reward_pools[&pool];
        assert_eq!([seen.shares, seen.epochs], [0, 0], "I10: pool {pool}");
        assert_eq!(seen.claimed, seen.earned, "I10: pool {pool}");
        let left = seen.funded - seen.claimed - seen.returned;
        assert_eq!(seen.unallocated, left, "I10: pool {pool}");
        if left > 0 && place.is_multiple_of(2) {
            self.must(&give_back);
            assert_eq!(self.step(&give_back), Err("NothingDue"), "I09: twice");
        }
        if place.is_multiple_of(3) {
            let mint = self.model.reward_pools[&pool].mint;
            self.give(Holder::RewardVault(pool), mint);
        }
        let close = Action::CloseRewardPool { pool };
        self.must(&close);
        assert_eq!(self.step(&close), Err(MISSING), "I10: closed twice");
    }
}
