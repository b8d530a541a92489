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
        let by = self.dice.mostly(owner, 25, |_| stranger);
        Some(match self.dice.below(20) {
            0 | 1 => self.create_stake_pool(),
            2 | 3 => {
                let by = self.dice.mostly(owner, 4, |_| stranger);
                Action::OpenPosition { pool, by }
            }
            4..=8 => {
                let some = 1 + self.dice.below(900);
                let amount = self.dice.pick(&[0, 1, some, some, some, 1 << 40]);
                Action::Stake { pool, by, amount }
            }
            9..=14 => self.unstake(pool, by),
            _ => {
                let (now, all) = (self.now, &model.tickets);
                let ripe = all.iter().filter(|(_, ticket)| ticket.withdraw_at <= now);
                let ripe = self.dice.pick_some(ripe.map(|(key, _)| *key));
                let known = self.dice.pick_some(all.keys().copied());
                let known = known.unwrap_or((pool, by, 9));
                let (pool, staker, nonce) = self.dice.mostly(ripe.unwrap_or(known), 5, |_| known);
                Action::Withdraw {
                    pool,
                    staker,
                    nonce: self.dice.mostly(nonce, 12, |_| 99),
                }
            }
        })
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
