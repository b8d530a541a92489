//! Attester sets: what one is made of, who is live in it, and how attesters enter and leave.

use {
    super::{
        Attester, Effect, Fail, Id, Key, Mint, Reference, Subject, Terms, ensure, find, find_mut,
        registry::{MOST_FEES_BPS, Standing},
    },
    std::collections::BTreeSet,
};

/// What an attester set is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetArgs {
    pub fee_owner: Key,
    /// May remove members.
    pub revoker: Key,
    pub fee_bps: u16,
    pub threshold: u8,
    /// Strictly ascending.
    pub keys: Vec<Key>,
    pub quality: Quality,
}

/// What a set asks of jobs whose units shall count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quality {
    pub mint: Mint,
    /// Least base units paid for so many units.
    pub price: u64,
    pub per: u64,
    /// Least bond, and the highest a challenger's may be; base units of the stake mint.
    pub bond: u64,
    pub challenge_bond: u64,
    /// Shortest times.
    pub challenge_secs: u32,
    pub ruling_secs: u32,
}

impl Quality {
    fn is_sound(&self) -> bool {
        let asked = [self.mint, self.price, self.per, self.bond];
        let month = 30 * 24 * 60 * 60;
        let times = self.challenge_secs > 0 && self.ruling_secs >= 60;
        let long = self.challenge_secs.max(self.ruling_secs) > month;
        !asked.contains(&0) && times && !long && self.bond >= self.challenge_bond
    }

    /// True when the units of a job under `terms` count.
    pub fn is_met_by(&self, terms: &Terms) -> bool {
        let [paid, asked] = [(terms.price, self.per), (self.price, terms.per)]
            .map(|(price, per)| u128::from(price) * u128::from(per));
        let stakes = terms.bond >= self.bond && terms.challenge_bond <= self.challenge_bond;
        let [hurried, rushed] = [
            terms.challenge_secs < self.challenge_secs,
            terms.ruling_secs < self.ruling_secs,
        ];
        terms.mint == self.mint && paid >= asked && stakes && !hurried && !rushed
    }
}

impl SetArgs {
    pub(super) fn validate(&self) -> Result<(), Fail> {
        let (count, threshold) = (self.keys.len(), usize::from(self.threshold));
        let sound = count <= 16 && (1..=16).contains(&threshold) && threshold <= count;
        ensure(sound, "ThresholdOutOfBounds")?;
        ensure(self.fee_bps <= MOST_FEES_BPS, "FeeTooHigh")?;
        ensure(self.quality.is_sound(), "QualityOutOfBounds")?;
        let distinct: BTreeSet<Key> = self.keys.iter().copied().filter(|key| *key != 0).collect();
        let ascending = distinct.into_iter().collect::<Vec<Key>>() == self.keys;
        ensure(ascending, "KeysNotAscending")
    }
}

/// An attester set with the comings and goings of its members.
#[derive(Clone, Debug)]
pub struct AttesterSet {
    pub network: Id,
    pub args: SetArgs,
    /// Indices that ever entered.
    pub entered: BTreeSet<u8>,
    /// Indices that left again.
    pub left: BTreeSet<u8>,
}

impl AttesterSet {
    /// Indices of the members that are live.
    pub fn live(&self) -> BTreeSet<u8> {
        self.entered.difference(&self.left).copied().collect()
    }

    /// Keys of the members that are live.
    pub fn live_keys(&self) -> Vec<Key> {
        let live = self.live();
        live.iter().filter_map(|index| self.key(*index)).collect()
    }

    /// The key at `index`.
    pub fn key(&self, index: u8) -> Option<Key> {
        self.args.keys.get(usize::from(index)).copied()
    }

    /// True while enough members are live to prove anything.
    pub fn has_quorum(&self) -> bool {
        self.live().len() >= usize::from(self.args.threshold)
    }
}

impl Reference {
    pub(super) fn enter_set(
        &mut self,
        set: Id,
        attester: Id,
        index: u8,
        by: Key,
    ) -> Result<Effect, Fail> {
        find(&self.sets, set)?;
        let (_, own) = self.own_stake(Subject::Attester(attester))?;
        let owner = find(&self.attesters, attester)?.owner;
        ensure(owner == by, "NotOwner")?;
        let (key, live) = self.member(set, attester, |_, _| true)?;
        let members = find(&self.sets, set)?;
        ensure(members.key(index) == Some(key), "NotAMember")?;
        ensure(!members.entered.contains(&index), "AlreadyEntered")?;
        let network = find(&self.networks, members.network)?;
        let member = find(&self.attesters, attester)?;
        // An attester's pool backs one bond, its own: the new one stands in the place of the old.
        let bond = network.params.min_bond.max(member.bond);
        let standing = member.standing;
        ensure(standing != Standing::Tombstoned, "AttesterTombstoned")?;
        ensure(live == 0 || standing == Standing::Good, "BondSlashed")?;
        ensure(own >= bond, "StakeTooLow")?;
        let member = find_mut(&mut self.attesters, attester)?;
        (member.bond, member.standing) = (bond, Standing::Good);
        find_mut(&mut self.sets, set)?.entered.insert(index);
        Ok(Effect::default())
    }

    pub(super) fn leave_set(
        &mut self,
        set: Id,
        attester: Id,
        index: u8,
        by: Key,
    ) -> Result<Effect, Fail> {
        self.pool_of(Subject::Attester(attester))?;
        let (key, _) = self.member(set, attester, |member, set| {
            let fallen = member.standing != Standing::Good;
            by == member.owner || by == set.args.revoker || fallen
        })?;
        let members = find_mut(&mut self.sets, set)?;
        ensure(members.key(index) == Some(key), "NotAMember")?;
        ensure(members.live().contains(&index), "NotLive")?;
        members.left.insert(index);
        Ok(Effect::default())
    }

    /// The attester's key and in how many sets it is live, if whoever acts for it in `set` `may`.
    fn member(
        &self,
        set: Id,
        attester: Id,
        may: impl Fn(&Attester, &AttesterSet) -> bool,
    ) -> Result<(Key, usize), Fail> {
        let members = find(&self.sets, set)?;
        let member = find(&self.attesters, attester)?;
        ensure(member.network == members.network, "WrongNetwork")?;
        ensure(may(member, members), "NotOwner")?;
        Ok((member.key, self.live_bits(member)))
    }
}
