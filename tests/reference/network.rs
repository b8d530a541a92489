//! Networks and who governs them.

use {
    super::{
        Account, Action, Effect, Fail, IN_USE, Id, Key, Mint, Moment, Reference, ensure, find,
        find_mut, registry::MOST_FEES_BPS,
    },
    std::cmp::max,
};

/// Seconds in a day.
const DAY: u32 = 24 * 60 * 60;

/// What a network keeps for ever, and its first admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Founding {
    pub admin: Key,
    pub stake_mint: Mint,
    pub dividend_mint: Mint,
    pub min_unbonding_secs: u32,
    /// Seconds of a period of dividends.
    pub dividend_secs: u32,
}

/// What a network may change, always all of it. A key of 0 is nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkParams {
    pub guardian: Key,
    pub resolver: Key,
    /// Receives the network's fees.
    pub treasury: Key,
    /// Base units of the stake mint.
    pub min_stake: u64,
    pub min_bond: u64,
    pub unbonding_secs: u32,
    pub timelock_secs: u32,
    pub fee_bps: u16,
}

impl NetworkParams {
    fn validate(&self, founding: &Founding) -> Result<(), Fail> {
        let too_short = self.unbonding_secs < founding.min_unbonding_secs;
        ensure(
            !too_short && self.unbonding_secs <= 60 * DAY,
            "UnbondingOutOfBounds",
        )?;
        let patient = self.timelock_secs >= max(2 * DAY, self.unbonding_secs);
        ensure(patient, "TimelockTooShort")?;
        ensure(self.fee_bps <= MOST_FEES_BPS, "FeeTooHigh")?;
        let governed = founding.admin != 0 && self.treasury != 0;
        ensure(governed, "RoleMissing")
    }
}

/// A time without intake, unix seconds: `from` is the first second of it, `until` the first after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    pub from: i64,
    pub until: i64,
}

/// A network.
#[derive(Clone, Debug)]
pub struct Network {
    pub founding: Founding,
    pub params: NetworkParams,
    /// Whoever was admin, in order; the last one is.
    pub admins: Vec<Key>,
    pub candidate: Option<Key>,
    /// What is proposed, and from when on it can be applied, unix seconds.
    pub pending: Option<(i64, NetworkParams)>,
    /// Every pause ever, in order.
    pub pauses: Vec<Pause>,
}

impl Network {
    /// Who governs it.
    pub fn admin(&self) -> Key {
        *self.admins.last().expect("its first admin")
    }

    /// True while nothing is taken in.
    pub fn is_paused(&self, now: i64) -> bool {
        let mut pauses = self.pauses.iter();
        pauses.any(|pause| pause.from <= now && now < pause.until)
    }

    /// When the guardian may pause again, unix seconds.
    pub fn next_pause(&self) -> i64 {
        let last = self.pauses.last();
        last.map_or(i64::MIN, |last| last.until + (last.until - last.from))
    }
}

impl Reference {
    /// The network into which `action` brings something new, if it does.
    pub fn intake(&self, action: &Action) -> Option<Id> {
        match action {
            Action::CreateStakePool { network, .. } | Action::CreateRewardPool { network, .. } => {
                Some(*network)
            }
            Action::OpenJob(open) => Some(open.network),
            Action::TakeOffer(take) => Some(take.network),
            Action::AcceptJob { job, .. } => self.jobs.get(job).map(|job| job.network),
            Action::Stake { pool, .. } => self.stake_pools.get(pool).map(|pool| pool.network),
            Action::FundRewardPool { pool, .. } => {
                self.reward_pools.get(pool).map(|pool| pool.network)
            }
            _ => None,
        }
    }

    /// Refuses what a pause keeps out.
    pub(crate) fn ensure_intake(&self, at: Moment, network: Id) -> Result<(), Fail> {
        let network = find(&self.networks, network)?;
        ensure(!network.is_paused(at.now), "Paused")
    }

    pub(crate) fn apply_governance(&mut self, at: Moment, action: &Action) -> Result<Effect, Fail> {
        match action {
            Action::CreateNetwork {
                network,
                founding,
                params,
            } => {
                ensure(!self.networks.contains_key(network), IN_USE)?;
                ensure(founding.min_unbonding_secs > 0, "TermIsZero")?;
                let period = founding.dividend_secs;
                ensure(
                    (DAY..=30 * DAY).contains(&period),
                    "DividendPeriodOutOfBounds",
                )?;
                params.validate(founding)?;
                let new = Network {
                    founding: *founding,
                    params: *params,
                    admins: vec![founding.admin],
                    candidate: None,
                    pending: None,
                    pauses: Vec::new(),
                };
                self.networks.insert(*network, new);
                return Ok(Effect::opening(&[Account::Network(*network)]));
            }
            Action::ProposeChange {
                network,
                by,
                params,
            } => {
                let network = find_mut(&mut self.networks, *network)?;
                ensure(network.admin() == *by, "NotAdmin")?;
                params.validate(&network.founding)?;
                let due = at.now + i64::from(network.params.timelock_secs);
                network.pending = Some((due, *params));
            }
            Action::ApplyChange { network } => {
                let network = find_mut(&mut self.networks, *network)?;
                let (due, params) = network.pending.ok_or("NoPendingChange")?;
                ensure(at.now >= due, "ChangeNotDue")?;
                ensure(at.now < due + 14 * i64::from(DAY), "ChangeExpired")?;
                network.params = params;
                network.pending = None;
            }
            Action::NameAdmin {
                network,
                by,
                candidate,
            } => {
                let network = find_mut(&mut self.networks, *network)?;
                ensure(network.admin() == *by, "NotAdmin")?;
                network.candidate = *candidate;
            }
            Action::AcceptAdmin { network, by } => {
                let network = find_mut(&mut self.networks, *network)?;
                ensure(network.candidate == Some(*by), "NotCandidate")?;
                network.admins.push(*by);
                network.candidate = None;
                network.pending = None;
            }
            Action::Pause { network, by, secs } => {
                let network = find_mut(&mut self.networks, *network)?;
                ensure(network.params.guardian == *by, "NotGuardian")?;
                if *secs == 0 {
                    ensure(network.is_paused(at.now), "NotPaused")?;
                    let last = network.pauses.last_mut().expect("the one that runs");
                    last.until = at.now;
                } else {
                    ensure(*secs <= 7 * DAY, "PauseTooLong")?;
                    ensure(at.now >= network.next_pause(), "PausedTooRecently")?;
                    let until = at.now + i64::from(*secs);
                    network.pauses.push(Pause {
                        from: at.now,
                        until,
                    });
                }
            }
            _ => unreachable!("not an action of governance"),
        }
        Ok(Effect::default())
    }
}
