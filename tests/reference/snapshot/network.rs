//! Counters of a network: its roles, parameters, pending change and pause.

use crate::reference::{Key, Network, NetworkParams};

/// Fields of a `Network` that its roles can change; 0 for no key and no date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkCounters {
    pub admin: Key,
    pub pending_admin: Key,
    pub params: ParamCounters,
    pub change: ParamCounters,
    pub change_at: i64,
    pub paused_at: i64,
    pub paused_until: i64,
}

/// Fields of a `NetworkChange`, or of what it replaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParamCounters {
    /// Guardian, resolver, treasury.
    pub roles: [Key; 3],
    pub min_stake: u64,
    pub min_bond: u64,
    pub unbonding_secs: u32,
    pub timelock_secs: u32,
    pub fee_bps: u16,
}

impl ParamCounters {
    /// What a network stores of `params`.
    pub const fn of(params: &NetworkParams) -> Self {
        Self {
            roles: [params.guardian, params.resolver, params.treasury],
            min_stake: params.min_stake,
            min_bond: params.min_bond,
            unbonding_secs: params.unbonding_secs,
            timelock_secs: params.timelock_secs,
            fee_bps: params.fee_bps,
        }
    }
}

impl NetworkCounters {
    /// What `network` stores.
    pub fn of(network: &Network) -> Self {
        let pending = network.pending.as_ref();
        let pause = network.pauses.last();
        Self {
            admin: network.admin(),
            pending_admin: network.candidate.unwrap_or(0),
            params: ParamCounters::of(&network.params),
            change: pending
                .map(|(_, params)| ParamCounters::of(params))
                .unwrap_or_default(),
            change_at: pending.map_or(0, |(due, _)| *due),
            paused_at: pause.map_or(0, |pause| pause.from),
            paused_until: pause.map_or(0, |pause| pause.until),
        }
    }
}
