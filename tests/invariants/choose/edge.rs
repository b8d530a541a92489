//! What is tried in the very second in which something begins or ends, and in the seconds beside it.

use {
    super::{Chooser, is_over, moments_of_job},
    sluice_tests::reference::{Action, ChallengeKey, Id, Key},
};

/// Something with a date that is now, a second ago or a second ahead.
#[derive(Clone, Copy)]
enum Edge {
    Job(Id),
    Ticket(Id, Key, u64),
    Pool(Id),
    Network(Id),
    Challenge(ChallengeKey),
    /// A pool in which a provider has a share whose commission changes.
    Commission(Id),
}

impl Chooser<'_> {
    /// An action on something that changes about now; it may well come a second too early or too late.
    pub(super) fn edge_action(&mut self) -> Option<Action> {
        let edges = self.edges();
        let model = self.model;
        Some(match self.dice.pick_some(edges)? {
            Edge::Job(id) => {
                let job = model.jobs.get(&id);
                let challenge = job.filter(|_| self.dice.one_in(3));
                let challenge = challenge.and_then(|job| self.challenge_of(id, job));
                challenge.unwrap_or_else(|| self.any_step(id, job))
            }
            Edge::Challenge(key) => self.rule_on(key),
            Edge::Ticket(pool, staker, nonce) => Action::Withdraw {
                pool,
                staker,
                nonce,
            },
            Edge::Pool(pool) => self.step_of_pool(pool),
            Edge::Commission(pool) => self.report(pool),
            Edge::Network(network) => self.about_a_change(network),
        })
    }

    fn edges(&self) -> Vec<Edge> {
        let now = i128::from(self.now);
        let about_now = |date: i128| (date - now).abs() <= 1;
        let model = self.model;
        let jobs = model.jobs.iter().filter(|(_, job)| {
            let mut dates = moments_of_job(job, self.now).into_iter();
            dates.any(about_now)
        });
        let tickets = model.tickets.iter();
        let tickets = tickets.filter(|(_, ticket)| about_now(ticket.withdraw_at.into()));
        let pools = model.reward_pools.iter().filter(|(id, pool)| {
            if is_over(pool, self.now) {
                return false;
            }
            let current = self.current(**id);
            let starts = [current, current + 1].map(|epoch| pool.terms.starts(epoch));
            let dates = [starts[0], starts[1], pool.terms.end_at.into()];
            dates.into_iter().any(about_now)
        });
        let networks = model.networks.iter().filter(|(_, network)| {
            let due = network.pending.as_ref();
            due.is_some_and(|(due, _)| about_now(i128::from(*due)))
        });
        let turning = model.providers.iter().filter(|(_, provider)| {
            let last = provider.commissions.last();
            last.is_some_and(|(from, _)| about_now(i128::from(*from)))
        });
        let turning: Vec<Id> = turning.map(|(id, _)| *id).collect();
        let shares = model.shares.iter();
        let shares = shares.filter(|(_, share)| turning.contains(&share.provider));
        let shares = shares.map(|((pool, _), _)| Edge::Commission(*pool));
        let shares: Vec<Edge> = shares.collect();
        let networks = networks.map(|(id, _)| Edge::Network(*id));
        let disputes = model.challenges.iter().filter(|(_, challenge)| {
            let dates = [challenge.rule_from, challenge.rule_until];
            challenge.ruled.is_none() && dates.map(i128::from).into_iter().any(about_now)
        });
        let disputes = disputes.map(|(key, _)| Edge::Challenge(*key));
        let jobs = jobs.map(|(id, _)| Edge::Job(*id));
        let tickets = tickets.map(|((pool, by, nonce), _)| Edge::Ticket(*pool, *by, *nonce));
        let pools = pools.map(|(id, _)| Edge::Pool(*id));
        let others = tickets.chain(pools).chain(networks).chain(disputes);
        let others = others.chain(shares);
        jobs.chain(others).collect()
    }

    /// True from a second before a pool's end.
    fn ends_soon(&self, pool: Id) -> bool {
        let known = self.model.reward_pools.get(&pool);
        known.is_some_and(|pool| self.now + 1 >= pool.terms.end_at)
    }

    /// Mostly a fold of work whose stream ends about now, if there is any.
    fn step_of_pool(&mut self, pool: Id) -> Action {
        let current = self.current(pool);
        let shares = self.model.shares.iter().filter(|((p, _), _)| *p == pool);
        let held = shares.flat_map(|((_, node), share)| {
            let epochs = share.unfolded().filter(|(e, _)| e + 2 >= current);
            epochs.map(|(epoch, _)| (*node, epoch)).collect::<Vec<_>>()
        });
        let held: Vec<(Id, u64)> = held.collect();
        match (self.dice.below(9), self.dice.pick_some(held)) {
            (0..=3, Some((node, epoch))) => Action::Fold { pool, node, epoch },
            (0..=4, _) => self.report(pool),
            (5, _) => self.fund(pool),
            (6, _) => self.join(pool),
            _ if self.ends_soon(pool) => self.wind_up(pool),
            _ if self.dice.one_in(2) => self.pay_delegators(pool),
            _ => self.claim_rewards(pool),
        }
    }
}
