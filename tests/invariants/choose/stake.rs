//! Stake pools, positions and tickets.

use {
    super::Chooser,
    sluice_tests::reference::{Action, Subject},
};

impl Chooser<'_> {
    pub(super) fn stake_action(&mut self) -> Option<Action> {
        let model = self.model;
        let any = self.dice.pick(&self.cast.stake_pools);
        let pool = self.dice.pick_some(model.stake_pools.keys().copied());
        let pool = self.dice.mostly(pool.unwrap_or(any), 15, |_| any);
        let owner = model.stake_pools.get(&pool).map(|pool| pool.owner);
        let stranger = self.cast.stranger;
        let owner = owner.unwrap_or(stranger);
        let delegator = self.dice.pick(&self.cast.delegators);
        let staker = self.dice.mostly(owner, 3, |_| delegator);
        let by = self.dice.mostly(staker, 25, |_| stranger);
        Some(match self.dice.below(40) {
            0..=2 => self.create_stake_pool(),
            3..=11 => {
                let some = 1 + self.dice.below(900);
                let amount = self.dice.pick(&[0, 1, some, some, some, 1 << 40]);
                Action::Stake { pool, by, amount }
            }
            12..=18 => self.unstake(pool, by),
            19..=23 => {
                let (pool, staker, nonce) = self.a_ticket((pool, by, 9));
                Action::Withdraw {
                    pool,
                    staker,
                    nonce: self.dice.mostly(nonce, 12, |_| 99),
                }
            }
            24..=26 => {
                let known = self.dice.pick_some(model.tickets.keys().copied());
                let (pool, staker, nonce) = known.unwrap_or((pool, by, 9));
                Action::CancelUnstake {
                    pool,
                    staker,
                    nonce,
                    by: self.dice.mostly(staker, 12, |_| stranger),
                }
            }
            27..=29 => self.close_position(),
            30..=34 => {
                let some = 1 + self.dice.below(900);
                Action::AddDividends {
                    pool,
                    by: delegator,
                    amount: self.dice.pick(&[0, 1, 1, some, some, 1 << 40]),
                }
            }
            35..=38 => self.claim_dividends(),
            _ => self.close_stake_pool(),
        })
    }

    /// A ticket, a ripe one if there is any.
    fn a_ticket(&mut self, none: (u64, u64, u64)) -> (u64, u64, u64) {
        let (now, all) = (self.now, &self.model.tickets);
        let ripe = all.iter().filter(|(_, ticket)| ticket.withdraw_at <= now);
        let ripe = self.dice.pick_some(ripe.map(|(key, _)| *key));
        let known = self.dice.pick_some(all.keys().copied());
        let known = known.unwrap_or(none);
        self.dice.mostly(ripe.unwrap_or(known), 5, |_| known)
    }

    /// Mostly one that is empty.
    fn close_position(&mut self) -> Action {
        let model = self.model;
        let empty = model.positions.iter().filter(|(key, position)| {
            let mut tickets = model.tickets.keys();
            let thawing = tickets.any(|(pool, staker, _)| (*pool, *staker) == **key);
            position.shares == 0 && !thawing
        });
        let empty = self.dice.pick_some(empty.map(|(key, _)| *key));
        let known = self.dice.pick_some(model.positions.keys().copied());
        let any = (self.dice.pick(&self.cast.stake_pools), self.cast.stranger);
        let known = known.unwrap_or(any);
        let chosen = self.dice.mostly(empty.unwrap_or(known), 5, |_| known);
        let (pool, staker) = self.dice.mostly(chosen, 20, |_| any);
        let stranger = self.cast.stranger;
        let owner = model.stake_pools.get(&pool).map(|pool| pool.owner);
        let other = self.dice.pick(&[stranger, owner.unwrap_or(stranger)]);
        Action::ClosePosition {
            pool,
            staker,
            by: self.dice.mostly(staker, 6, |_| other),
        }
    }

    /// Mostly of a pool that has some.
    fn claim_dividends(&mut self) -> Action {
        let all = self.model.positions.iter();
        let earning = all.filter(|(_, position)| position.given > 0);
        let earning = self.dice.pick_some(earning.map(|(key, _)| *key));
        let known = self.dice.pick_some(self.model.positions.keys().copied());
        let any = (self.dice.pick(&self.cast.stake_pools), self.cast.stranger);
        let known = known.unwrap_or(any);
        let chosen = self.dice.mostly(earning.unwrap_or(known), 8, |_| known);
        let (pool, staker) = self.dice.mostly(chosen, 20, |_| any);
        Action::ClaimDividends { pool, staker }
    }

    /// Mostly one in which nobody has a position.
    fn close_stake_pool(&mut self) -> Action {
        let model = self.model;
        let bare = model.stake_pools.keys().filter(|id| {
            let mut positions = model.positions.keys();
            !positions.any(|(pool, _)| pool == *id)
        });
        let bare = self.dice.pick_some(bare.copied());
        let any = self.dice.pick(&self.cast.stake_pools);
        let pool = self.dice.mostly(bare.unwrap_or(any), 4, |_| any);
        let owner = model.stake_pools.get(&pool).map(|pool| pool.owner);
        let stranger = self.cast.stranger;
        let owner = owner.unwrap_or(stranger);
        Action::CloseStakePool {
            pool,
            by: self.dice.mostly(owner, 10, |_| stranger),
        }
    }

    fn create_stake_pool(&mut self) -> Action {
        let pool = self.dice.pick(&self.cast.stake_pools);
        let super::super::book::Seeds::StakePool { subject } = *self.book.seeds(pool) else {
            panic!("{pool} is no stake pool")
        };
        let (home, abroad) = (self.home(), self.cast.networks[1]);
        let (subject, known) = if self.cast.providers.contains(&subject) {
            let known = self.model.providers.get(&subject).map(|p| p.network);
            (Subject::Provider(subject), known)
        } else {
            let known = self.model.attesters.get(&subject).map(|a| a.network);
            (Subject::Attester(subject), known)
        };
        Action::CreateStakePool {
            pool,
            network: self.dice.mostly(known.unwrap_or(home), 5, |_| abroad),
            subject,
        }
    }

    fn unstake(&mut self, pool: u64, by: u64) -> Action {
        let position = self.model.positions.get(&(pool, by));
        let held = position.map_or(0, |position| position.shares);
        let free = held.saturating_sub(self.model.locked(pool) as u64);
        let some = 1 + self.dice.below(free / 3 + 1);
        Action::Unstake {
            pool,
            by,
            shares: self
                .dice
                .pick(&[0, 1, some, some, some, free, free + 1, held, held + 1]),
            nonce: self.dice.below(9),
        }
    }
}
