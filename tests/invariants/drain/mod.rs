//! How every run ends: every job, challenge, epoch and stake is led out by the exits that anybody can take after a date (I10),
//! and every base unit is where it belongs (I12).

mod disputes;
mod rewards;
mod stake;

use {
    super::driver::Run,
    sluice_tests::reference::{
        Action, Holder, Id, Job, JobState, Mint, Snapshot, Subject, job::Recipient,
    },
    std::collections::BTreeMap,
};

/// A day, in seconds.
const DAY: u32 = 24 * 60 * 60;

/// Tokens in the world, by mint.
pub fn supplies(state: &Snapshot) -> BTreeMap<Mint, u128> {
    let mut sums = BTreeMap::<Mint, u128>::new();
    for ((_, mint), amount) in &state.balances {
        *sums.entry(*mint).or_default() += u128::from(*amount);
    }
    sums
}

impl Run {
    /// Leads everything out and asserts that nothing is left behind.
    pub fn drain(&mut self) {
        let mut expected = supplies(self.seen());
        self.tally.dead += self.dead_pools() as u64;
        self.estrange_all();
        self.keep_everything();
        self.challenge_everything();
        self.pause_as_long_as_may_be();
        self.rule_on_everything();
        self.drain_jobs();
        self.drain_market();
        self.drain_registrations();
        // Rewards and stake need neither the node nor the provider that earned them, nor the one the other.
        let (_, slot) = self.moment();
        let stake_first = slot.is_multiple_of(3);
        if !stake_first {
            self.drain_rewards();
        }
        for (_, mint, amount) in self.drain_stake() {
            *expected.entry(mint).or_default() -= u128::from(amount);
        }
        if stake_first {
            self.drain_rewards();
        }
        self.hand_over();
        assert_eq!(supplies(self.seen()), expected, "I12: tokens");
        let at_home = |holder| matches!(holder, Holder::Wallet(_));
        let mut held = self.seen().balances.keys();
        let stuck = held.find(|(holder, _)| !at_home(*holder));
        assert_eq!(stuck, None, "I10: tokens of closed accounts");
    }

    /// Everything that follows is an exit, and none of them minds (I13).
    fn pause_as_long_as_may_be(&mut self) {
        for network in self.model.networks.keys().copied().collect::<Vec<_>>() {
            let known = &self.model.networks[&network];
            let (by, date) = (known.params.guardian, known.next_pause());
            self.wait_for(date.into());
            let secs = 7 * DAY;
            self.must(&Action::Pause { network, by, secs });
        }
    }

    /// Who governs the networks changes them a last time and goes.
    fn hand_over(&mut self) {
        for (network, state) in self.model.networks.clone() {
            let by = state.admin();
            let params = state.params;
            self.must(&Action::ProposeChange {
                network,
                by,
                params,
            });
            let pending = self.model.networks[&network].pending;
            let due = pending.map_or(0, |(due, _)| i128::from(due));
            let apply = Action::ApplyChange { network };
            self.wait_for(due - 1);
            assert_eq!(self.step(&apply), Err("ChangeNotDue"), "a second early");
            self.wait_for(due);
            self.must(&apply);
            let candidate = Some(self.cast.stranger);
            self.must(&Action::NameAdmin {
                network,
                by,
                candidate,
            });
            let by = self.cast.stranger;
            self.must(&Action::AcceptAdmin { network, by });
        }
    }

    /// Moves on to `date` at least, and a slot.
    pub(super) fn wait_for(&mut self, date: i128) {
        let (now, _) = self.moment();
        let secs = (date - i128::from(now)).max(0);
        self.pass(secs as i64, 1);
    }

    fn drain_jobs(&mut self) {
        let settled = |job: &Job| {
            let last = job.windows().last().map_or(0, |w| job.matures(w));
            let proofs = job.proofs.keys().map(|w| job.matures(*w));
            proofs.chain([last, i128::from(job.end_at)]).max()
        };
        let date = self.model.jobs.values().filter_map(settled).max();
        self.wait_for(date.unwrap_or(0));
        for id in self.model.jobs.keys().copied().collect::<Vec<_>>() {
            if self.model.jobs[&id].state == JobState::Active {
                self.must(&Action::ReleaseJob { job: id });
            }
            self.pull_everything(id);
            self.give(Holder::JobVault(id), self.model.jobs[&id].terms.mint);
            self.must(&Action::CloseJob { job: id });
        }
        let state = self.seen();
        assert!(state.jobs.is_empty(), "I10: {:?}", state.jobs);
        for provider in self.model.providers.keys() {
            if let Ok(pool) = self.model.pool_of(Subject::Provider(*provider)) {
                let locked = state.stake_pools[&pool].locked;
                assert_eq!(locked, 0, "I10: bonds of closed jobs in pool {pool}");
            }
        }
        let used = state.nodes.values().map(|node| u32::from(node.slots_used));
        assert_eq!(used.sum::<u32>(), 0, "I10: slots of closed jobs");
    }

    /// A gift to a vault that is about to close, which goes where its leftovers go.
    pub(super) fn give(&mut self, to: Holder, mint: Mint) {
        let from = Holder::Wallet(self.cast.delegators[1]);
        self.must(&Action::Transfer {
            from,
            to,
            mint,
            amount: 3,
        });
    }

    /// Half of the offers are withdrawn, the others cleared away by a stranger once they expired.
    fn drain_market(&mut self) {
        for (offer, state) in self.model.offers.clone() {
            let provider = self.model.providers.get(&state.provider);
            if let Some(by) = provider.map(|provider| provider.operator)
                && offer % 2 == 0
            {
                self.must(&Action::CloseOffer {
                    offer,
                    by,
                    shown: true,
                });
            }
        }
        let dates = self.model.offers.values();
        let date = dates.map(|offer| i128::from(offer.expires_at)).max();
        self.wait_for(date.unwrap_or(0));
        let by = self.cast.stranger;
        for offer in self.model.offers.keys().copied().collect::<Vec<_>>() {
            let shown = false;
            self.must(&Action::CloseOffer { offer, by, shown });
        }
        assert!(self.seen().offers.is_empty(), "I10: open offers");
    }

    /// Every provider announces that it will keep all of its rewards: then it can close.
    fn keep_everything(&mut self) {
        for (provider, state) in self.model.providers.clone() {
            self.must(&Action::SetCommission {
                provider,
                by: state.owner,
                bps: 10_000,
            });
        }
    }

    /// No node and no provider is held by anything that ended.
    fn drain_registrations(&mut self) {
        let announced = self.model.providers.values();
        let dates = announced.filter_map(|provider| provider.commissions.last());
        let date = dates.map(|(from, _)| i128::from(*from)).max();
        self.wait_for(date.unwrap_or(0));
        for (node, state) in self.model.nodes.clone() {
            let by = self.model.providers[&state.provider].owner;
            self.must(&Action::CloseNode { node, by });
        }
        for (provider, state) in self.model.providers.clone() {
            let by = state.owner;
            self.must(&Action::CloseProvider { provider, by });
        }
        let state = self.seen();
        assert!(state.nodes.is_empty(), "I10: {:?}", state.nodes);
        assert!(state.providers.is_empty(), "I10: {:?}", state.providers);
    }

    pub(super) fn pull_everything(&mut self, job: Id) {
        let mut pulls = [
            (Recipient::Provider, Action::Pay { job }),
            (Recipient::Treasury, Action::SweepTreasury { job }),
            (Recipient::Attesters, Action::SweepAttesters { job }),
            (Recipient::Buyer, Action::Refund { job }),
        ];
        let (now, _) = self.moment();
        // A frozen account keeps nobody else waiting.
        pulls.sort_by_key(|(_, pull)| self.is_frozen(pull));
        for (to, pull) in pulls {
            if self.model.jobs[&job].due(to, now) > 0 {
                self.must(&pull);
            }
            assert_eq!(self.step(&pull), Err("NothingDue"), "I08: {pull:?} again");
        }
    }
}
