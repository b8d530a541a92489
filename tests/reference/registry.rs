//! Attesters, providers and their nodes, and the instructions that register them.

use {
    super::{
        Account, Action, AttesterSet, Effect, Fail, IN_USE, Id, JobState, Key, Moment, Reference,
        Subject, ensure, find, find_mut,
    },
    std::collections::BTreeSet,
};

/// A whole, in basis points.
pub const ALL_BPS: u16 = 10_000;
/// Highest sum of fees, basis points.
pub const MOST_FEES_BPS: u16 = 1_000;

/// An attester. In which sets it is live is read off the sets.
#[derive(Clone, Debug)]
pub struct Attester {
    pub network: Id,
    pub owner: Key,
    pub key: Key,
    /// What an offence costs, base units of the stake mint: locked while it is live anywhere and in good standing.
    pub bond: u64,
    pub standing: Standing,
    /// Opening slot.
    pub registration: u64,
}

/// Whether an attester may be live; it only ever falls while it is bonded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Good,
    /// A ruling took its bond.
    Slashed,
    /// It signed two statements about one window.
    Tombstoned,
}

/// A provider. Its record and its nodes are read off the jobs and nodes.
#[derive(Clone, Debug)]
pub struct Provider {
    pub network: Id,
    pub owner: Key,
    pub operator: Key,
    /// Opening slot: tells this registration from an earlier one.
    pub registration: u64,
    /// Commissions and from when on each is in force, unix seconds; none that was replaced before its time.
    pub commissions: Vec<(i64, u16)>,
    /// What every job that was released in this registration adds to its record.
    pub released: Vec<Released>,
}

/// What a released job adds to the records of its provider and node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Released {
    /// Windows that were due and in which nothing counted.
    pub missed: u64,
    /// Whole windows that a quorum proved and no ruling voided; none if the job does not count.
    pub proven: u64,
    /// Every window that was due is among those.
    pub completed: bool,
    /// Why it ended.
    pub cause: super::Cause,
    /// Some window was ruled void.
    pub voided: bool,
    /// Rulings that slashed its bond.
    pub slashes: u64,
}

/// The record that released jobs add up to: missed, proven, accepted, completed, resigned, waived, faulted, voided, slashes.
pub fn record(released: &[Released]) -> [u64; 9] {
    let sum = |part: fn(&Released) -> u64| released.iter().map(part).sum();
    [
        sum(|job| job.missed),
        sum(|job| job.proven),
        sum(|_| 1),
        sum(|job| job.completed.into()),
        sum(|job| (job.cause == super::Cause::Resigned).into()),
        sum(|job| (job.cause == super::Cause::Waived).into()),
        sum(|job| (job.cause == super::Cause::Faulted).into()),
        sum(|job| job.voided.into()),
        sum(|job| job.slashes),
    ]
}

impl Provider {
    /// What of its rewards the owner keeps at `now`, basis points: all, until the first change comes into force.
    pub fn commission(&self, now: i64) -> u16 {
        let begun = self.commissions.iter().rev().find(|(from, _)| *from <= now);
        begun.map_or(ALL_BPS, |(_, bps)| *bps)
    }
}

/// Quorum units that a job gave to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeCredit {
    pub job: Id,
    pub incarnation: u64,
    pub units: u64,
}

/// A machine.
#[derive(Clone, Debug)]
pub struct Node {
    pub network: Id,
    pub provider: Id,
    pub worker: Key,
    pub set: Option<Id>,
    pub slots: u16,
    /// Opening slot: tells this registration from an earlier one.
    pub registration: u64,
    pub credits: Vec<NodeCredit>,
    pub released: Vec<Released>,
}

impl Node {
    /// All quorum units ever credited.
    pub fn units(&self) -> u64 {
        self.credits.iter().map(|credit| credit.units).sum()
    }
}

impl Reference {
    /// In how many sets the attester is live.
    pub fn live_bits(&self, attester: &Attester) -> usize {
        let here = |set: &&AttesterSet| set.network == attester.network;
        let live = |set: &AttesterSet| set.live_keys().contains(&attester.key);
        self.sets.values().filter(here).filter(|s| live(s)).count()
    }

    /// How many slots of `node` jobs hold.
    pub fn slots_used(&self, node: Id) -> usize {
        let holds = |job: &&super::Job| job.state == JobState::Active && job.node == Some(node);
        self.jobs.values().filter(holds).count()
    }

    pub(crate) fn apply_registry(&mut self, at: Moment, action: &Action) -> Result<Effect, Fail> {
        match action {
            Action::RegisterAttester {
                attester,
                network,
                owner,
                key,
            } => {
                find(&self.networks, *network)?;
                let same = |a: &Attester| a.network == *network && a.key == *key;
                let known = self.attesters.contains_key(attester);
                ensure(!known && !self.attesters.values().any(same), IN_USE)?;
                let new = Attester {
                    network: *network,
                    owner: *owner,
                    key: *key,
                    bond: 0,
                    standing: Standing::Good,
                    registration: at.slot,
                };
                self.attesters.insert(*attester, new);
                Ok(Effect::opening(&[Account::Attester(*attester)]))
            }
            Action::CreateSet { set, network, args } => {
                find(&self.networks, *network)?;
                ensure(!self.sets.contains_key(set), IN_USE)?;
                args.validate()?;
                let new = AttesterSet {
                    network: *network,
                    args: args.clone(),
                    entered: BTreeSet::new(),
                    left: BTreeSet::new(),
                };
                self.sets.insert(*set, new);
                Ok(Effect::opening(&[Account::AttesterSet(*set)]))
            }
            Action::EnterSet {
                set,
                attester,
                index,
                by,
            } => self.enter_set(*set, *attester, *index, *by),
            Action::LeaveSet {
                set,
                attester,
                index,
                by,
            } => self.leave_set(*set, *attester, *index, *by),
            Action::RegisterProvider {
                provider,
                network,
                owner,
                operator,
            } => {
                find(&self.networks, *network)?;
                let same = |p: &Provider| p.network == *network && p.owner == *owner;
                let known = self.providers.contains_key(provider);
                ensure(!known && !self.providers.values().any(same), IN_USE)?;
                let new = Provider {
                    network: *network,
                    owner: *owner,
                    operator: *operator,
                    registration: at.slot,
                    commissions: Vec::new(),
                    released: Vec::new(),
                };
                self.providers.insert(*provider, new);
                Ok(Effect::opening(&[Account::Provider(*provider)]))
            }
            Action::RegisterNode {
                node,
                provider,
                by,
                worker,
                set,
                slots,
            } => {
                let Provider { network, owner, .. } = *find(&self.providers, *provider)?;
                let home = match set {
                    Some(set) => find(&self.sets, *set)?.network,
                    None => network,
                };
                let same = |n: &Node| n.provider == *provider && n.worker == *worker;
                let known = self.nodes.contains_key(node);
                ensure(!known && !self.nodes.values().any(same), IN_USE)?;
                ensure(owner == *by, "NotOwner")?;
                ensure(home == network, "WrongNetwork")?;
                ensure(*slots > 0, "NoSlots")?;
                let new = Node {
                    network,
                    provider: *provider,
                    worker: *worker,
                    set: *set,
                    slots: *slots,
                    registration: at.slot,
                    credits: Vec::new(),
                    released: Vec::new(),
                };
                self.nodes.insert(*node, new);
                Ok(Effect::opening(&[Account::Node(*node)]))
            }
            Action::SetOperator {
                provider,
                by,
                operator,
            } => {
                let provider = find_mut(&mut self.providers, *provider)?;
                ensure(provider.owner == *by, "NotOwner")?;
                provider.operator = *operator;
                Ok(Effect::default())
            }
            Action::CloseProvider { provider: id, by } => {
                let provider = find(&self.providers, *id)?;
                ensure(provider.owner == *by, "NotOwner")?;
                ensure(at.slot > provider.registration, "OpeningSlot")?;
                let has_node = self.nodes.values().any(|node| node.provider == *id);
                ensure(!has_node, "StillInUse")?;
                ensure(provider.commission(at.now) == ALL_BPS, "CommissionStands")?;
                self.providers.remove(id);
                Ok(Effect::closing(&[Account::Provider(*id)]))
            }
            Action::UpdateNode { node, by, slots } => {
                let provider = find(&self.nodes, *node)?.provider;
                let operator = find(&self.providers, provider)?.operator;
                ensure(operator == *by, "NotOperator")?;
                ensure(*slots > 0, "NoSlots")?;
                find_mut(&mut self.nodes, *node)?.slots = *slots;
                Ok(Effect::default())
            }
            Action::CloseNode { node: id, by } => {
                let node = find(&self.nodes, *id)?;
                let owner = find(&self.providers, node.provider)?.owner;
                ensure(owner == *by, "NotOwner")?;
                ensure(at.slot > node.registration, "OpeningSlot")?;
                ensure(self.slots_used(*id) == 0, "StillInUse")?;
                self.nodes.remove(id);
                Ok(Effect::closing(&[Account::Node(*id)]))
            }
            Action::UpdateAttester { attester, by } => {
                ensure(find(&self.attesters, *attester)?.owner == *by, "NotOwner")?;
                Ok(Effect::default())
            }
            Action::CloseAttester { attester: id, by } => {
                let attester = find(&self.attesters, *id)?;
                ensure(attester.owner == *by, "NotOwner")?;
                ensure(at.slot > attester.registration, "OpeningSlot")?;
                ensure(attester.standing == Standing::Good, "StandingNotGood")?;
                let staked = self.pool_of(Subject::Attester(*id)).is_ok();
                let live = self.live_bits(attester) > 0;
                ensure(!staked && !live, "StillInUse")?;
                self.attesters.remove(id);
                Ok(Effect::closing(&[Account::Attester(*id)]))
            }
            Action::SetCommission {
                provider: id,
                by,
                bps,
            } => {
                let provider = find(&self.providers, *id)?;
                ensure(provider.owner == *by, "NotOwner")?;
                ensure(*bps <= ALL_BPS, "CommissionTooHigh")?;
                let params = find(&self.networks, provider.network)?.params;
                let from = at.now + i64::from(params.unbonding_secs);
                let provider = find_mut(&mut self.providers, *id)?;
                provider.commissions.retain(|(date, _)| *date <= at.now);
                provider.commissions.push((from, *bps));
                Ok(Effect::default())
            }
            _ => unreachable!("not an action of the registry"),
        }
    }
}
