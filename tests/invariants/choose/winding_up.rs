//! The exits of reward pools but claims: delegators, leftovers, shares and pools that end.

use {
    super::Chooser,
    sluice_tests::reference::{Action, Holder, Id, replay::full_payment},
};

impl Chooser<'_> {
    /// One of the steps by which a pool that has ended comes to nothing.
    pub(super) fn wind_up(&mut self, pool: Id) -> Action {
        match self.dice.below(16) {
            0..=2 => self.fold(pool),
            3 | 4 => self.claim_rewards(pool),
            5..=7 => self.pay_delegators(pool),
            8..=10 => self.close_share(pool),
            11 | 12 => self.close_epoch(pool),
            13 => Action::ReturnUnallocated { pool },
            _ => Action::CloseRewardPool { pool },
        }
    }

    /// Mostly of a share with something due to them; now and then what makes that possible, or makes it the payee's.
    pub(super) fn pay_delegators(&mut self, pool: Id) -> Action {
        let (model, now) = (self.model, self.now);
        let shares = model.shares.range((pool, 0)..=(pool, Id::MAX));
        let owing = shares.filter(|(_, share)| model.due_to(pool, share, now).delegators > 0);
        let owing = self.dice.pick_some(owing.map(|((_, node), _)| *node));
        let any = self.joined(pool);
        let node = self.dice.mostly(owing.unwrap_or(any), 8, |_| any);
        let some = self.dice.pick(&self.cast.stake_pools);
        let stranger = self.cast.stranger;
        let Some(Action::PayDelegators {
            streaming,
            ended,
            stake,
            to,
            ..
        }) = full_payment(model, pool, node)
        else {
            return Action::PayDelegators {
                pool,
                node,
                streaming: None,
                ended: None,
                stake: some,
                to: Holder::DividendVault(some),
            };
        };
        if let Some(prepared) = self.prepare(stake) {
            return prepared;
        }
        let [streaming, ended] = self.some_epochs(pool, [streaming, ended]);
        let payee = model.shares.get(&(pool, node)).map(|share| share.payee);
        let others = [
            Holder::Wallet(payee.unwrap_or(stranger)),
            Holder::Wallet(stranger),
            Holder::DividendVault(stake),
            Holder::DividendVault(some),
        ];
        Action::PayDelegators {
            pool,
            node,
            streaming,
            ended,
            stake: self.dice.mostly(stake, 20, |_| some),
            to: self.dice.mostly(to, 12, |dice| dice.pick(&others)),
        }
    }

    /// Opens the vault of a stake pool that has none, or takes the stake of one that backs nothing out.
    fn prepare(&mut self, stake: Id) -> Option<Action> {
        let model = self.model;
        let has_dividends = model.stake_pools.get(&stake)?.has_dividends;
        let all = || model.positions.range((stake, 0)..=(stake, u64::MAX));
        // Where one has gone, the others may follow.
        let leaving = all().any(|(_, position)| position.shares == 0);
        let held = all().filter(|(_, position)| position.shares > 0);
        let held = held.map(|((_, by), position)| (*by, position.shares));
        let (by, shares) = self.dice.pick_some(held)?;
        if !has_dividends && !self.dice.one_in(4) {
            return Some(Action::AddDividends {
                pool: stake,
                by: self.dice.pick(&self.cast.delegators),
                amount: 0,
            });
        }
        let leaves = self.dice.one_in(if leaving { 2 } else { 10 });
        let free = model.locked(stake) == 0 && leaves;
        free.then(|| Action::Unstake {
            pool: stake,
            by,
            shares,
            nonce: 10 + self.dice.below(90),
        })
    }

    /// Mostly one that is owed nothing, by whom it pays or by anybody.
    pub(super) fn close_share(&mut self, pool: Id) -> Action {
        let (model, now) = (self.model, self.now);
        let shares = || model.shares.range((pool, 0)..=(pool, Id::MAX));
        let idle = shares().filter(|(_, share)| {
            share.unfolded().next().is_none() && model.due_to(pool, share, now).whole() == 0
        });
        let idle = self.dice.pick_some(idle.map(|((_, node), _)| *node));
        let any = self.joined(pool);
        let node = self.dice.mostly(idle.unwrap_or(any), 6, |_| any);
        let payee = model.shares.get(&(pool, node)).map(|share| share.payee);
        let stranger = self.cast.stranger;
        Action::CloseShare {
            pool,
            node,
            by: self.dice.mostly(payee.unwrap_or(stranger), 2, |_| stranger),
        }
    }
}
