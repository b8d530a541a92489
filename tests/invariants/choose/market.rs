//! Offers: posted, taken, withdrawn and cleared away.

use {
    super::{super::book::Seeds, Chooser, terms::YEAR},
    sluice_tests::reference::{Action, Id, PostOffer, TakeOffer, market::Offer},
};

impl Chooser<'_> {
    pub(super) fn market_action(&mut self) -> Action {
        // Few enough for each to be taken.
        let crowded = self.model.offers.len() >= 8;
        match self.dice.below(10) {
            0..=5 if !crowded => self.post(),
            0 => self.post(),
            9 => {
                let job = self.dice.pick(&self.cast.jobs);
                self.take(job)
            }
            _ => self.close_offer(),
        }
    }

    fn post(&mut self) -> Action {
        let any = self.dice.pick(&self.cast.offers);
        let model = self.model;
        let free = self.cast.offers.iter().copied().filter(|offer| {
            let Seeds::Offer { node, .. } = self.book.seeds(*offer) else {
                return false;
            };
            model.nodes.contains_key(node) && !model.offers.contains_key(offer)
        });
        let free = self.dice.pick_some(free.collect::<Vec<_>>());
        let offer = self.dice.mostly(free.unwrap_or(any), 15, |_| any);
        let Seeds::Offer { node, .. } = *self.book.seeds(offer) else {
            panic!("{offer} is no offer")
        };
        let own = model.nodes.get(&node).and_then(|node| node.set);
        let other = self.dice.pick(&self.cast.sets);
        let set = self.dice.mostly(own, 8, |dice| {
            let other = dice.one_in(2).then_some(other);
            other.filter(|_| dice.one_in(2))
        });
        let mut terms = self.terms(set);
        // What a notice and a window cost should mostly be affordable.
        terms.price = terms.price.min(10);
        // And what an offer must leave to earn is mostly there.
        if !self.dice.one_in(10) {
            terms.notice_secs = terms.notice_secs.max(terms.window_secs);
            let least = u64::from(terms.notice_secs) + u64::from(terms.window_secs);
            terms.max_length_secs = terms.max_length_secs.max(least);
        }
        if self.dice.one_in(14) {
            self.spoil(&mut terms);
        }
        let provider = model.nodes.get(&node).map(|node| node.provider);
        let provider = provider.and_then(|id| model.providers.get(&id));
        let stranger = self.cast.stranger;
        let operator = provider.map_or(stranger, |provider| provider.operator);
        let wait = self.dice.pick(&[60, 900, 4_000, 30_000]);
        Action::PostOffer(Box::new(PostOffer {
            offer,
            node,
            by: self.dice.mostly(operator, 12, |_| stranger),
            terms,
            slots: self.dice.pick(&[0, 1, 1, 2, 2, 3, 7]),
            expires_at: self.now
                + self
                    .dice
                    .mostly(wait, 20, |dice| dice.pick(&[0, -1, YEAR, YEAR + 1])),
        }))
    }

    /// An offer that is there, if `suits` finds one; else any.
    fn an_offer(&mut self, suits: impl Fn(&Id, &Offer) -> bool) -> Id {
        let any = self.dice.pick(&self.cast.offers);
        let all = || self.model.offers.iter();
        let suitable = all().filter(|(id, offer)| suits(id, offer));
        let suitable = self.dice.pick_some(suitable.map(|(id, _)| *id));
        let some = self.dice.pick_some(all().map(|(id, _)| *id));
        let chosen = self.dice.mostly(suitable.or(some), 6, |_| some);
        self.dice.mostly(chosen.unwrap_or(any), 25, |_| any)
    }

    fn close_offer(&mut self) -> Action {
        let now = self.now;
        let seldom = self.dice.one_in(3);
        let id = self.an_offer(|_, offer| seldom || offer.is_over(now));
        let offer = self.model.offers.get(&id);
        let provider = offer.and_then(|offer| self.model.providers.get(&offer.provider));
        let stranger = self.cast.stranger;
        let operator = provider.map_or(stranger, |provider| provider.operator);
        Action::CloseOffer {
            offer: id,
            by: self.dice.mostly(operator, 3, |_| stranger),
            shown: !self.dice.one_in(3),
        }
    }

    /// `job` becomes one from an offer, if there is a fitting one.
    pub(super) fn take(&mut self, job: Id) -> Action {
        let Seeds::Job { network, buyer, .. } = *self.book.seeds(job) else {
            panic!("{job} is no job")
        };
        let (model, now) = (self.model, self.now);
        let id = self.an_offer(|_, offer| {
            let node = model.nodes.get(&offer.node);
            let unchanged = node.is_some_and(|node| node.registration == offer.registration);
            offer.network == network && unchanged && !offer.is_over(now)
        });
        // A job of another network would be another account than the one the client derives.
        let job = match model.offers.get(&id) {
            Some(offer) if offer.network == network => job,
            _ => self.job_like(id, buyer).unwrap_or(job),
        };
        let Seeds::Job { network, buyer, .. } = *self.book.seeds(job) else {
            panic!("{job} is no job")
        };
        let Some(offer) = model.offers.get(&id) else {
            return self.take_with(id, job, (network, buyer), (5, 1, 1), (60, 1_000));
        };
        let terms = &offer.terms;
        let longest = terms.max_length_secs;
        let brief = 1 + self.dice.below(longest);
        let least = u64::from(terms.notice_secs) + u64::from(terms.window_secs);
        let some = least + self.dice.below(longest.saturating_sub(least) + 1);
        let length = self.dice.pick(&[
            longest,
            some,
            some,
            some,
            some,
            least,
            brief,
            0,
            longest + 1,
        ]);
        let notice = terms.units_of_notice() * u128::from(terms.price) / u128::from(terms.per);
        let windows = u128::from(length / u64::from(terms.window_secs)) + 1;
        let whole = terms.gross(windows * u128::from(terms.cap)).min(200_000) as u64;
        let least = notice.min(200_000) as u64 + 1;
        let funds = self
            .dice
            .pick(&[least - 1, least, least, least + 7, whole.max(least)]);
        let (price, per) = (terms.price, terms.per);
        let seen = match self.dice.below(30) {
            0 => (offer.incarnation - 1, price, per),
            1 => (offer.incarnation, price.wrapping_add(1), per),
            2 => (offer.incarnation, price, per.wrapping_add(1)),
            _ => (offer.incarnation, price, per),
        };
        self.take_with(id, job, (network, buyer), seen, (length, funds))
    }

    /// A job of the offer's own network.
    fn job_like(&mut self, offer: Id, buyer: u64) -> Option<Id> {
        let Seeds::Offer { node, .. } = *self.book.seeds(offer) else {
            panic!("{offer} is no offer")
        };
        let Seeds::Node { provider, .. } = *self.book.seeds(node) else {
            panic!("{node} is no node")
        };
        let Seeds::Provider { network: home, .. } = *self.book.seeds(provider) else {
            panic!("{provider} is no provider")
        };
        let fits = |job: &Id| match self.book.seeds(*job) {
            Seeds::Job {
                network, buyer: by, ..
            } => *network == home && *by == buyer,
            _ => false,
        };
        let fitting: Vec<Id> = self.cast.jobs.iter().copied().filter(fits).collect();
        self.dice.pick_some(fitting)
    }

    fn take_with(
        &mut self,
        offer: Id,
        job: Id,
        (network, buyer): (Id, u64),
        seen: (u64, u64, u64),
        (length_secs, funds): (u64, u64),
    ) -> Action {
        let set = self.model.offers.get(&offer).and_then(|o| o.terms.set);
        let fee_bps = self.fees(network, set);
        let (refund_owner, resolver) = (self.refund_owner(), self.resolver(network));
        let cosigner = self.dice.pick(&self.cast.cosigners);
        let member = self.dice.pick(&self.cast.attester_keys);
        let cosigner = match self.dice.below(40) {
            0 => Some(member),
            1..=10 => None,
            _ => Some(cosigner),
        };
        let least = fee_bps.saturating_sub(1);
        Action::TakeOffer(Box::new(TakeOffer {
            offer,
            job,
            network,
            buyer,
            seen,
            length_secs,
            funds,
            cosigner,
            refund_owner,
            resolver,
            max_fee_bps: self.dice.mostly(fee_bps, 30, |_| least),
        }))
    }
}
