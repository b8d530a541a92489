//! Reward pools, shares and epochs.

use {
    super::{
        super::{
            book::Seeds,
            cast::{PAY_2022, REWARD},
        },
        Chooser,
    },
    sluice_tests::reference::{Action, Id, RewardTerms, registry::Node, replay::full_claim},
};

impl Chooser<'_> {
    pub(super) fn reward_action(&mut self) -> Option<Action> {
        let model = self.model;
        let (now, pools) = (self.now, &model.reward_pools);
        let young = pools.iter().filter(|(_, pool)| now < pool.terms.end_at);
        let young: Vec<Id> = young.map(|(id, _)| *id).collect();
        let room = pools.len() < self.cast.reward_pools.len();
        if (young.len() < 2 && room && self.dice.one_in(3)) || self.dice.one_in(60) {
            return Some(self.create_pool());
        }
        let ended = pools.iter().filter(|(_, pool)| pool.terms.has_ended(now));
        let ended = self.dice.pick_some(ended.map(|(id, _)| *id));
        if let Some(ended) = ended
            && self.dice.one_in(3)
        {
            return Some(self.wind_up(ended));
        }
        let old = self.dice.pick_some(pools.keys().copied());
        let unborn = self.dice.pick(&self.cast.reward_pools);
        let pool = self.dice.pick_some(young).or(old).unwrap_or(unborn);
        let pool = self.dice.mostly(pool, 4, |_| old.unwrap_or(unborn));
        let pool = self.dice.mostly(pool, 40, |_| unborn);
        Some(match self.dice.below(27) {
            26 if self.dice.one_in(3) => self.close_share(pool),
            26 => self.report(pool),
            20..=24 => self.pay_delegators(pool),
            25 => self.wind_up(pool),
            0 | 1 => self.fund(pool),
            2 | 3 => self.join(pool),
            4..=10 => self.report(pool),
            11..=13 => self.claim_rewards(pool),
            14..=16 => self.fold(pool),
            _ => self.close_epoch(pool),
        })
    }

    fn create_pool(&mut self) -> Action {
        let home = self.home();
        let own = self.model.sets.iter().filter(|(_, s)| s.network == home);
        let living = own.filter(|(_, set)| set.has_quorum()).map(|(id, _)| *id);
        let living = self.dice.pick_some(living);
        let any = self.dice.pick(&self.cast.sets);
        let set = self.dice.mostly(living.unwrap_or(any), 10, |_| any);
        let pools = &self.cast.reward_pools;
        let free = pools
            .iter()
            .filter(|id| !self.model.reward_pools.contains_key(id));
        let free = self.dice.pick_some(free.copied());
        let closed = &self.model.closed_reward_pools;
        let closed = closed.iter().map(|(id, _)| *id);
        let closed = closed.filter(|id| !self.model.reward_pools.contains_key(id));
        let closed = self.dice.pick_some(closed);
        let free = if self.dice.one_in(2) {
            closed.or(free)
        } else {
            free
        };
        let taken = self.dice.pick(&self.cast.reward_pools);
        Action::CreateRewardPool {
            pool: self.dice.mostly(free.unwrap_or(taken), 10, |_| taken),
            network: home,
            set,
            mint: self.dice.pick(&[REWARD, REWARD, PAY_2022]),
            terms: self.reward_terms(),
            refund_owner: self.dice.pick(&self.cast.creators),
        }
    }

    fn seen(&mut self, pool: Id) -> u64 {
        let right = self
            .model
            .reward_pools
            .get(&pool)
            .map_or(5, |p| p.incarnation);
        let mut earlier = self.model.closed_reward_pools.iter().rev();
        let earlier = earlier.find(|(id, _)| *id == pool);
        let wrong = earlier.map_or(right - 1, |(_, pool)| pool.incarnation);
        self.dice.mostly(right, 20, |_| wrong)
    }

    pub(super) fn fund(&mut self, pool: Id) -> Action {
        let rate = self
            .model
            .reward_pools
            .get(&pool)
            .map_or(1, |p| p.terms.rate);
        let some = self.dice.below(200);
        let mut payers = self.cast.payers();
        payers.push(self.cast.creators[0]);
        Action::FundRewardPool {
            pool,
            by: self.dice.pick(&payers),
            incarnation: self.seen(pool),
            amount: self.dice.pick(&[rate, 3 * rate, rate + some, some, 0]),
        }
    }

    pub(super) fn join(&mut self, pool: Id) -> Action {
        let model = self.model;
        let set = model.reward_pools.get(&pool).map(|pool| pool.set);
        let outside = |(id, node): &(&Id, &Node)| {
            node.set == set && !model.shares.contains_key(&(pool, **id))
        };
        let left = |(id, node): &(&Id, &Node)| {
            let left = model.reward_pools.get(&pool).map(|pool| &pool.left);
            let mut left = left.into_iter().flatten();
            outside(&(*id, *node)) && left.any(|(node, _)| node == *id)
        };
        let returning = self.dice.pick_some(model.nodes.iter().filter(left));
        let fitting = self.dice.pick_some(model.nodes.iter().filter(outside));
        let fitting = self.dice.mostly(returning.or(fitting), 2, |_| fitting);
        let any = self.dice.pick_some(&model.nodes);
        let chosen = self.dice.mostly(fitting.or(any), 6, |_| any);
        let nobody = (
            self.dice.pick(&self.cast.nodes),
            self.dice.pick(&self.cast.providers),
        );
        let (node, provider) = chosen.map_or(nobody, |(id, node)| (*id, node.provider));
        let provider = self.dice.mostly(provider, 20, |_| nobody.1);
        let stranger = self.cast.stranger;
        let operator = model.providers.get(&provider).map(|p| p.operator);
        Action::JoinRewardPool {
            pool,
            provider,
            node,
            by: self
                .dice
                .mostly(operator.unwrap_or(stranger), 20, |_| stranger),
            incarnation: self.seen(pool),
        }
    }

    /// A node that joined, mostly one with something to report; else any.
    pub(super) fn joined(&mut self, pool: Id) -> Id {
        let model = self.model;
        let shares = || model.shares.iter().filter(|((p, _), _)| *p == pool);
        // A node may be closed, or registered anew, which its share has to notice.
        let eager = shares().filter(|((_, node), share)| {
            model.nodes.get(node).is_some_and(|node| {
                node.units() > share.seen || node.registration != share.registration
            })
        });
        let eager = self.dice.pick_some(eager.map(|((_, node), _)| *node));
        let all = self.dice.pick_some(shares().map(|((_, node), _)| *node));
        let any = self.dice.pick(&self.cast.nodes);
        let node = self.dice.mostly(eager.or(all), 2, |_| all).unwrap_or(any);
        self.dice.mostly(node, 40, |_| any)
    }

    pub(super) fn current(&self, pool: Id) -> u64 {
        let terms: Option<&RewardTerms> = self.model.reward_pools.get(&pool).map(|p| &p.terms);
        terms.map_or(0, |terms| {
            let since = (self.now - terms.start_at).max(0) as u64;
            since / u64::from(terms.epoch_secs)
        })
    }

    pub(super) fn report(&mut self, pool: Id) -> Action {
        let node = self.joined(pool);
        let current = self.current(pool);
        let index = self
            .dice
            .mostly(current, 15, |dice| current.saturating_sub(dice.below(3)));
        let epochs = self.model.reward_pools.get(&pool).map(|pool| &pool.epochs);
        let epoch = epochs.and_then(|epochs| epochs.get(&index));
        let open = epoch.is_some_and(|epoch| !epoch.closed);
        let share = self.model.shares.get(&(pool, node));
        let terms = self.model.reward_pools.get(&pool).map(|pool| &pool.terms);
        let begun = terms.is_none_or(|terms| self.now >= terms.start_at);
        let counts = begun && share.is_some_and(|share| share.baseline);
        let Seeds::Node { provider, .. } = *self.book.seeds(node) else {
            panic!("{node} is no node")
        };
        let other = self.dice.pick(&self.cast.providers);
        let provider = self.dice.mostly(provider, 30, |_| other);
        match (open, counts, self.dice.one_in(12)) {
            (true, true, false) | (false, _, true) => Action::Report {
                pool,
                node,
                provider,
                epoch: Some(index),
            },
            (_, false, false) => Action::Report {
                pool,
                node,
                provider,
                epoch: None,
            },
            _ => Action::OpenEpoch {
                pool,
                node,
                provider,
                index,
            },
        }
    }

    pub(super) fn claim_rewards(&mut self, pool: Id) -> Action {
        let node = self.joined(pool);
        let full = full_claim(self.model, pool, node);
        let Action::Claim {
            streaming, ended, ..
        } = full
        else {
            return full;
        };
        let [streaming, ended] = self.some_epochs(pool, [streaming, ended]);
        Action::Claim {
            pool,
            node,
            streaming,
            ended,
        }
    }

    /// The epochs given, mostly; in any order.
    pub(super) fn some_epochs(&mut self, pool: Id, all: [Option<u64>; 2]) -> [Option<u64>; 2] {
        let [streaming, ended] = all;
        let epoch = self.an_epoch(pool);
        match self.dice.below(20) {
            0 => [Some(epoch), ended],
            1 => [streaming, Some(epoch)],
            2 => [ended, ended],
            3 => [None, None],
            4..=7 => [ended, streaming],
            _ => all,
        }
    }

    /// An open epoch, mostly.
    fn an_epoch(&mut self, pool: Id) -> u64 {
        let pools = self.model.reward_pools.get(&pool);
        let epochs = pools.into_iter().flat_map(|pool| &pool.epochs);
        let open = epochs.filter(|(_, epoch)| !epoch.closed);
        let open = self.dice.pick_some(open.map(|(index, _)| *index));
        let current = self.current(pool);
        self.dice.mostly(open.unwrap_or(current), 15, |_| current)
    }

    pub(super) fn fold(&mut self, pool: Id) -> Action {
        let model = self.model;
        let shares = model.shares.iter().filter(|((p, _), _)| *p == pool);
        let held = shares.flat_map(|((_, node), share)| {
            let epochs = share.unfolded().map(|(epoch, _)| (*node, epoch));
            epochs.collect::<Vec<_>>()
        });
        let held: Vec<(Id, u64)> = held.collect();
        let any = (self.joined(pool), self.an_epoch(pool));
        let oldest = held.iter().copied().min_by_key(|(_, epoch)| *epoch);
        let some = self.dice.pick_some(held);
        let chosen = self.dice.mostly(oldest.or(some), 3, |_| some);
        let (node, epoch) = self.dice.mostly(chosen.unwrap_or(any), 12, |_| any);
        Action::Fold { pool, node, epoch }
    }

    pub(super) fn close_epoch(&mut self, pool: Id) -> Action {
        let model = self.model;
        let finished = model.reward_pools.get(&pool).and_then(|state| {
            let mut open = state.epochs.iter().filter(|(_, epoch)| !epoch.closed);
            open.find(|(index, _)| model.epoch_work(pool, **index).all(|(_, w)| w.folded))
        });
        let any = self.an_epoch(pool);
        let finished = finished.map_or(any, |(index, _)| *index);
        Action::CloseEpoch {
            pool,
            epoch: self.dice.mostly(finished, 4, |_| any),
        }
    }
}
