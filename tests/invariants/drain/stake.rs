//! Stake: what was slashed is burned, the rest goes to whoever staked it, and everything that can close closes.

use {
    super::super::{choose::equivocation, driver::Run},
    sluice_tests::reference::{Action, Holder, Id, Mint, Subject, registry::Standing},
};

impl Run {
    /// Leads all stake and dividends out and closes pools and attesters; tells what was burned.
    pub(super) fn drain_stake(&mut self) -> Vec<(Holder, Mint, u64)> {
        self.slash_liars();
        self.show_equivocations();
        self.clear_sets();
        self.give_dividends();
        // A part of them streams to whoever is still there, the rest is left to the owner.
        let (now, _) = self.moment();
        self.wait_for(i128::from(now) + 36 * 60 * 60);
        self.thaw_everything();
        let burned = self.burn_everything();
        let dates = self.model.tickets.values();
        let date = dates.map(|ticket| i128::from(ticket.withdraw_at)).max();
        self.wait_for(date.unwrap_or(0));
        for (pool, staker, nonce) in self.seen().tickets.keys().copied().collect::<Vec<_>>() {
            let withdraw = Action::Withdraw {
                pool,
                staker,
                nonce,
            };
            self.must(&withdraw);
        }
        self.settle_everything();
        self.close_positions();
        self.close_pools();
        self.close_attesters();
        burned
    }

    /// Two attesters of good standing sign what nobody should.
    fn show_equivocations(&mut self) {
        let good = self.model.attesters.iter().filter(|(id, attester)| {
            let staked = self.model.pool_of(Subject::Attester(**id)).is_ok();
            attester.standing == Standing::Good && staked
        });
        let good = good.map(|(id, attester)| (attester.network, *id, attester.key));
        let some: Vec<_> = good.take(2).collect();
        for who in some {
            let (job, node) = (self.cast.jobs[0], self.cast.nodes[0]);
            let show = equivocation(who, (job, node), 3, 4);
            let show = Action::ShowEquivocation(Box::new(show));
            self.must(&show);
            assert_eq!(self.step(&show), Err("AttesterTombstoned"), "I17: twice");
        }
    }

    /// Who lost its bond is put out by anybody, others by whoever may remove them or leave by themselves.
    fn clear_sets(&mut self) {
        let members = self.model.sets.iter().flat_map(|(set, state)| {
            let live = state.live().into_iter();
            live.map(|index| (*set, index, state.args.revoker))
        });
        for (set, index, revoker) in members.collect::<Vec<_>>() {
            let attester = self.attester_at(set, index).expect("a live member");
            let known = &self.model.attesters[&attester];
            let by = match known.standing {
                Standing::Good if index % 2 == 0 => revoker,
                Standing::Good => known.owner,
                Standing::Slashed | Standing::Tombstoned => self.cast.stranger,
            };
            let leave = Action::LeaveSet {
                set,
                attester,
                index,
                by,
            };
            self.must(&leave);
        }
    }

    fn give_dividends(&mut self) {
        for pool in self.seen().stake_pools.keys().copied().collect::<Vec<_>>() {
            let by = self.cast.delegators[1];
            let give = Action::AddDividends {
                pool,
                by,
                amount: 1_000 + pool,
            };
            self.must(&give);
        }
    }

    /// Everybody unstakes; some think better of it once.
    fn thaw_everything(&mut self) {
        for ((pool, by), position) in self.seen().positions.clone() {
            if position.shares == 0 {
                continue;
            }
            let unstake = |nonce| Action::Unstake {
                pool,
                by,
                shares: position.shares,
                nonce,
            };
            self.must(&unstake(1_000));
            if (pool + by) % 4 == 0 {
                self.pass(0, 1);
                let cancel = Action::CancelUnstake {
                    pool,
                    staker: by,
                    nonce: 1_000,
                    by,
                };
                self.must(&cancel);
                self.must(&unstake(1_001));
            }
        }
    }

    fn burn_everything(&mut self) -> Vec<(Holder, Mint, u64)> {
        let mut burned = Vec::new();
        for pool in self.model.stake_pools.keys().copied().collect::<Vec<_>>() {
            let burn = Action::BurnSlashed { pool };
            if self.model.stake_pools[&pool].to_burn() > 0 {
                burned.extend(self.must(&burn).burned);
            }
            assert_eq!(self.step(&burn), Err("NothingDue"), "I17: {pool} again");
        }
        burned
    }

    fn close_positions(&mut self) {
        for (pool, staker) in self.seen().positions.keys().copied().collect::<Vec<_>>() {
            let claim = Action::ClaimDividends { pool, staker };
            let close = Action::ClosePosition {
                pool,
                staker,
                by: staker,
            };
            if self.model.positions[&(pool, staker)].due() > 0 {
                assert_eq!(self.step(&close), Err("StillInUse"), "I10: {pool}/{staker}");
                self.must(&claim);
            }
            let again = self.step(&claim);
            assert!(again.is_err(), "I09: {pool}/{staker} claims twice");
            self.must(&close);
        }
        let state = self.seen();
        assert!(state.positions.is_empty(), "I10: {:?}", state.positions);
    }

    fn close_pools(&mut self) {
        for (id, pool) in &self.seen().stake_pools {
            let left = [
                pool.tokens,
                pool.active_shares,
                pool.thawing_shares,
                pool.locked,
                pool.to_burn,
                pool.challenge_bonds,
            ];
            assert_eq!(left, [0; 6], "I10: stake pool {id}");
        }
        for (pool, state) in self.model.stake_pools.clone() {
            let close = Action::CloseStakePool {
                pool,
                by: state.owner,
            };
            if state.has_dividends {
                self.must(&close);
            }
            self.must(&close);
        }
        let state = self.seen();
        assert!(state.stake_pools.is_empty(), "I10: {:?}", state.stake_pools);
    }

    /// Those that lied stay, for all to see.
    fn close_attesters(&mut self) {
        for (attester, state) in self.model.attesters.clone() {
            let by = state.owner;
            let close = Action::CloseAttester { attester, by };
            if state.standing == Standing::Good {
                self.must(&close);
            } else {
                let outcome = self.step(&close);
                assert_eq!(outcome, Err("StandingNotGood"), "attester {attester}");
            }
        }
        let fallen = |id: &Id| self.model.attesters[id].standing != Standing::Good;
        let mut left = self.seen().attesters.keys();
        assert!(left.all(fallen), "I10: attesters");
    }
}
