//! Reward pools: everything that was earned is paid, everything else goes back, and every share, epoch and pool closes.

use {
    super::super::{book::Seeds, driver::Run},
    sluice_tests::reference::{
        Action, Holder, Id, MISSING, Subject,
        replay::{full_claim, full_payment},
    },
    solana_signer::Signer,
};

impl Run {
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

    /// Pays delegators what is due to them, if anything is. A provider that closed, and its stake pool with it, has to come
    /// back for that.
    fn pay_delegators(&mut self, pool: Id, node: Id) {
        let share = self.model.shares[&(pool, node)].clone();
        let (now, _) = self.moment();
        if self.model.due_to(pool, &share, now).delegators == 0 {
            return;
        }
        let subject = Subject::Provider(share.provider);
        if self.model.pool_of(subject).is_err() {
            self.revive(share.provider);
        }
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

    /// Opens the stake pool of a provider that has none, after the pause, and the provider if need be.
    fn revive(&mut self, provider: Id) {
        let Seeds::Provider { network, owner } = *self.book.seeds(provider) else {
            panic!("{provider} is no provider")
        };
        if !self.model.providers.contains_key(&provider) {
            self.must(&Action::RegisterProvider {
                provider,
                network,
                owner,
                operator: owner,
            });
        }
        let payer = self.world.payer.pubkey();
        let pool = self
            .book
            .derive(Seeds::StakePool { subject: provider }, &payer);
        let create = Action::CreateStakePool {
            pool,
            network,
            subject: Subject::Provider(provider),
        };
        let pauses = &self.model.networks[&network].pauses;
        let open = pauses.last().map_or(0, |pause| pause.until);
        self.wait_for(open.into());
        self.must(&create);
        // Closed as soon as nobody needs it.
        *self.tally.rewards.entry("provider back").or_default() += 1;
        self.pass(0, 1);
        self.must(&Action::CloseProvider {
            provider,
            by: owner,
        });
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
        let close = Action::CloseRewardPool { pool };
        self.must(&close);
        assert_eq!(self.step(&close), Err(MISSING), "I10: closed twice");
    }
}
