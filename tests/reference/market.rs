//! Offers: whole terms that a provider stands behind for one node.

use super::{
    Account, Effect, Fail, IN_USE, Id, Key, Moment, OpenJob, PostOffer, Reference, Subject,
    TakeOffer, Terms, ensure, find, find_mut,
};

/// An offer.
#[derive(Clone, Debug)]
pub struct Offer {
    pub network: Id,
    pub provider: Id,
    pub node: Id,
    pub terms: Terms,
    /// Opening slot.
    pub incarnation: u64,
    /// The node's registration when it was posted.
    pub registration: u64,
    /// Unix seconds.
    pub expires_at: i64,
    /// Jobs it may become.
    pub slots: u32,
    /// Jobs it became, in order.
    pub taken: Vec<Id>,
}

impl Offer {
    /// True when it became as many jobs as it may.
    pub fn is_used_up(&self) -> bool {
        self.taken.len() as u64 >= u64::from(self.slots)
    }

    /// True when nobody can take it any more, whatever becomes of its node.
    pub fn is_over(&self, now: i64) -> bool {
        now >= self.expires_at || self.is_used_up()
    }
}

impl Terms {
    /// Units of the windows that the notice takes, and of one more.
    pub fn units_of_notice(&self) -> u128 {
        let windows = self.notice_secs.div_ceil(self.window_secs);
        u128::from(self.cap) * (u128::from(windows) + 1)
    }
}

impl Reference {
    pub(crate) fn post_offer(&mut self, at: Moment, post: &PostOffer) -> Result<Effect, Fail> {
        let node = find(&self.nodes, post.node)?;
        let provider = find(&self.providers, node.provider)?;
        let founding = &find(&self.networks, node.network)?.founding;
        ensure(!self.offers.contains_key(&post.offer), IN_USE)?;
        ensure(provider.operator == post.by, "NotOperator")?;
        post.terms.validate(founding.min_unbonding_secs)?;
        let earns = post.terms.notice_secs >= post.terms.window_secs;
        ensure(earns, "NoticeBelowWindow")?;
        ensure(post.slots > 0, "NoSlots")?;
        ensure(post.expires_at > at.now, "DateInPast")?;
        let within_a_year = post.expires_at - at.now <= 365 * 86_400;
        ensure(within_a_year, "DateTooFar")?;
        let measured = post.terms.set.is_none() || post.terms.set == node.set;
        ensure(measured, "NodeOfAnotherSet")?;
        let offer = Offer {
            network: node.network,
            provider: node.provider,
            node: post.node,
            terms: post.terms.clone(),
            incarnation: at.slot,
            registration: node.registration,
            expires_at: post.expires_at,
            slots: post.slots,
            taken: Vec::new(),
        };
        self.offers.insert(post.offer, offer);
        Ok(Effect::opening(&[Account::Offer(post.offer)]))
    }

    pub(crate) fn close_offer(
        &mut self,
        at: Moment,
        id: Id,
        by: Key,
        shown: bool,
    ) -> Result<Effect, Fail> {
        let offer = find(&self.offers, id)?;
        let operator = match shown {
            true => Some(find(&self.providers, offer.provider)?.operator),
            false => None,
        };
        ensure(at.slot > offer.incarnation, "OpeningSlot")?;
        let may = offer.is_over(at.now) || operator == Some(by);
        ensure(may, "OfferLive")?;
        self.offers.remove(&id);
        Ok(Effect::closing(&[Account::Offer(id)]))
    }

    pub(crate) fn take_offer(&mut self, at: Moment, take: &TakeOffer) -> Result<Effect, Fail> {
        find(&self.networks, take.network)?;
        let offer = find(&self.offers, take.offer)?;
        let node = find(&self.nodes, offer.node)?;
        find(&self.providers, offer.provider)?;
        self.own_stake(Subject::Provider(offer.provider))?;
        ensure(!self.jobs.contains_key(&take.job), IN_USE)?;

        let (incarnation, price, per) = take.seen;
        ensure(offer.incarnation == incarnation, "WrongIncarnation")?;
        let same = (offer.terms.price, offer.terms.per) == (price, per);
        ensure(same, "PriceChanged")?;
        let unchanged = offer.registration == node.registration;
        ensure(unchanged, "NodeRegisteredAnew")?;
        ensure(at.now < offer.expires_at, "OfferExpired")?;
        ensure(!offer.is_used_up(), "OfferUsedUp")?;
        if let Some(set) = offer.terms.set {
            self.ensure_measured(offer.node, set)?;
        }
        let open = OpenJob {
            job: take.job,
            network: take.network,
            buyer: take.buyer,
            terms: offer.terms.clone(),
            length_secs: take.length_secs,
            open_until: at.now,
            funds: take.funds,
            cosigner: take.cosigner,
            provider: None,
            refund_owner: take.refund_owner,
            resolver: take.resolver,
            max_fee_bps: take.max_fee_bps,
        };
        let (provider, node) = (offer.provider, offer.node);

        // A refusal changes nothing, so the job is tried out on a copy.
        let mut after = self.clone();
        let effect = after.fund_job(at, &open)?;
        let job = find_mut(&mut after.jobs, take.job)?;
        let least = u64::from(open.terms.notice_secs) + u64::from(open.terms.window_secs);
        ensure(take.length_secs >= least, "LengthBelowNotice")?;
        let covered = job.units_funded() >= open.terms.units_of_notice();
        ensure(covered, "DepositBelowNotice")?;
        job.taken = Some(take.offer);
        after.start(at, take.job, provider, node)?;
        find_mut(&mut after.offers, take.offer)?
            .taken
            .push(take.job);
        *self = after;
        Ok(effect)
    }
}
