//! Terms of jobs and of reward pools: odd, tiny, at their bounds or past them.

use {
    super::{
        super::cast::{PAY, PAY_2022, REWARD, STAKE},
        Chooser,
    },
    sluice_tests::reference::{Id, Key, OpenJob, RewardTerms, Terms},
};

/// A month, in seconds.
const MONTH: u32 = 30 * 24 * 60 * 60;

/// A year, in seconds: as far ahead as a date may lie.
pub(super) const YEAR: i64 = 365 * 24 * 60 * 60;

impl Chooser<'_> {
    /// What network and set take together, basis points.
    pub(super) fn fees(&self, network: Id, set: Option<Id>) -> u16 {
        let params = self.model.networks.get(&network).map(|n| &n.params);
        let set = set.and_then(|set| self.model.sets.get(&set));
        params.map_or(0, |params| params.fee_bps) + set.map_or(0, |set| set.args.fee_bps)
    }

    /// Mostly the buyer; sometimes any wallet.
    pub(super) fn refund_owner(&mut self) -> Option<Key> {
        let any = self.dice.pick(&self.cast.wallets());
        self.dice.one_in(4).then_some(any)
    }

    /// Mostly the network's; sometimes one that it had or will have.
    pub(super) fn resolver(&mut self, network: Id) -> Key {
        let network = self.model.networks.get(&network);
        let present = network.map_or(0, |network| network.params.resolver);
        let other = self.dice.pick(&self.cast.guardians);
        self.dice.mostly(present, 30, |_| other)
    }

    /// A job for the taking.
    pub(super) fn open(&mut self, job: Id, network: Id, buyer: u64) -> OpenJob {
        let set = self.set_of(network);
        let mut terms = self.terms(set);
        if self.dice.one_in(14) {
            self.spoil(&mut terms);
        }
        let longest = terms.max_length_secs.max(1);
        let some = 1 + self.dice.below(longest);
        let length_secs = match self.dice.below(24) {
            0 => 0,
            1 => longest + 1,
            2..=9 => longest,
            _ => some,
        };
        let windows = u128::from(length_secs) / u128::from(terms.window_secs.max(1)) + 1;
        let gross = windows * u128::from(terms.cap) * u128::from(terms.price.min(1 << 20));
        let whole = (gross / u128::from(terms.per.max(1))).min(50_000) as u64;
        let part = self.dice.below(whole + 1);
        let odd = self.dice.below(9);
        let funds = match self.dice.below(20) {
            0 => self.dice.below(3),
            1 => 40_000_000,
            2..=9 => whole + odd,
            _ => part + odd,
        };
        let cosigner = self.dice.pick(&self.cast.cosigners);
        let member = self.dice.pick(&self.cast.attester_keys);
        let cosigner = match self.dice.below(60) {
            0 => Some(member),
            1..=15 => None,
            _ => Some(cosigner),
        };
        let wait = self.dice.pick(&[1, 30, 200, 900, 3_000]);
        let fee_bps = self.fees(network, set);
        let generous = fee_bps + self.dice.below(3) as u16;
        let (refund_owner, resolver) = (self.refund_owner(), self.resolver(network));
        let provider = self.dice.pick(&self.cast.providers);
        OpenJob {
            job,
            network,
            buyer,
            terms,
            length_secs,
            open_until: self.now
                + self
                    .dice
                    .mostly(wait, 20, |dice| dice.pick(&[0, -1, YEAR, YEAR + 1])),
            funds,
            cosigner,
            provider: self.dice.one_in(4).then_some(provider),
            refund_owner,
            resolver,
            max_fee_bps: self
                .dice
                .mostly(generous, 30, |_| fee_bps.saturating_sub(1)),
        }
    }

    /// Mostly a living set of the network; sometimes none, or any.
    fn set_of(&mut self, network: Id) -> Option<Id> {
        let own = self.model.sets.iter().filter(|(_, s)| s.network == network);
        let manned = |id: &Id| {
            let mut nodes = self.model.nodes.values();
            nodes.any(|node| node.set == Some(*id))
        };
        let living: Vec<Id> = own
            .filter(|(id, s)| s.has_quorum() && manned(id))
            .map(|(id, _)| *id)
            .collect();
        match self.dice.below(20) {
            0 | 1 => None,
            2 => self.dice.pick_some(self.cast.sets.clone()),
            _ => self.dice.pick_some(living),
        }
    }

    pub(super) fn terms(&mut self, set: Option<Id>) -> Terms {
        let quality = set.and_then(|set| self.model.sets.get(&set));
        let quality = quality.map(|set| set.args.quality);
        let dice = &mut *self.dice;
        let window_secs = dice.pick(&[60, 60, 97, 120, 300]);
        let windows = 1 + dice.below(60);
        let (cut, few) = (dice.below(u64::from(window_secs)), dice.below(50));
        let mut terms = Terms {
            mint: dice.pick(&[PAY, PAY, PAY, PAY_2022, PAY_2022, STAKE, REWARD]),
            set,
            price: dice.pick(&[1, 1, 2, 3, 7, 1_000, 1 + few]),
            per: dice.pick(&[1, 1, 2, 3, 7, 100, 10_000]),
            cap: dice.pick(&[1, 2, 5, 10, 97, 97, 1_000]),
            bond: dice.pick(&[0, 1, 40, 200, 200, 400, 900, 5_000]),
            challenge_bond: dice.pick(&[0, few, few, few]),
            max_length_secs: windows * u64::from(window_secs) + cut,
            window_secs,
            grace_secs: dice.pick(&[1, 30, window_secs, 3 * window_secs, 7 * window_secs]),
            challenge_secs: dice.pick(&[0, 1, 30, window_secs, 5 * window_secs]),
            ruling_secs: dice.pick(&[0, 59, 60, 100, 601, 601, 1_200, 1_200]),
            notice_secs: dice.pick(&[0, 1, 30, window_secs, 4 * window_secs]),
            fault_windows: dice.pick(&[1, 1, 2, 3]),
        };
        // Half of the jobs offer what their set asks, but perhaps the price.
        if let Some(quality) = quality
            && dice.one_in(2)
        {
            terms.mint = quality.mint;
            terms.bond = terms.bond.max(quality.bond);
            terms.challenge_bond = terms.challenge_bond.min(quality.challenge_bond);
            terms.challenge_secs = terms.challenge_secs.max(quality.challenge_secs);
            terms.ruling_secs = terms.ruling_secs.max(quality.ruling_secs);
        }
        terms
    }

    /// Breaks one bound, or moves a term to it.
    pub(super) fn spoil(&mut self, terms: &mut Terms) {
        match self.dice.below(13) {
            12 => terms.max_length_secs = 10 * YEAR.unsigned_abs() + 1,
            0 => terms.price = 0,
            1 => terms.per = 0,
            2 => terms.cap = 0,
            3 => terms.window_secs = 0,
            4 => terms.grace_secs = 0,
            5 => terms.fault_windows = 0,
            6 => terms.notice_secs = MONTH + self.dice.below(2) as u32,
            7 => terms.ruling_secs = 11_000,
            8 => terms.grace_secs = 16 * terms.window_secs - terms.challenge_secs,
            9 => terms.grace_secs = 16 * terms.window_secs + 1,
            10 => terms.cap = u64::MAX / 2,
            _ => terms.price = u64::MAX,
        }
    }

    pub(super) fn reward_terms(&mut self) -> RewardTerms {
        let dice = &mut *self.dice;
        let epoch_secs = dice.pick(&[60, 97, 150, 300]);
        let start_at = self.now + dice.below(400) as i64 - 200;
        let epochs = 10 + dice.below(60) as i64;
        let mut terms = RewardTerms {
            rate: dice.pick(&[1, 97, 1_000, 1_009, 100_003]),
            ceiling: dice.pick(&[1, 3, 13, 1_000, u64::MAX]),
            node_cap: dice.pick(&[1, 12, 50, 50, u64::MAX]),
            start_at,
            end_at: start_at + epochs * i64::from(epoch_secs),
            epoch_secs,
        };
        let decade = (10 * 365 + 3) * 24 * 60 * 60;
        match dice.below(42) {
            0 => terms.rate = 0,
            1 => terms.ceiling = 0,
            2 => terms.epoch_secs = 59,
            3 => terms.epoch_secs = MONTH + 1,
            4 => terms.end_at = terms.start_at,
            5 => (terms.start_at, terms.end_at) = (self.now - 100, self.now),
            6 => terms.start_at = -1,
            7 => terms.end_at = self.now + decade + 1,
            8 => terms.start_at = self.now - decade - 1,
            _ => {}
        }
        terms
    }
}
