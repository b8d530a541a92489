//! A network's roles and parameters, and where their pending change stands.

use sluice::state::{Network, NetworkChange};

/// What a change could replace, as it is now.
pub fn in_force(network: &Network) -> NetworkChange {
    NetworkChange {
        params: network.params,
        guardian: network.roles.guardian,
        resolver: network.roles.resolver,
        treasury: network.roles.treasury,
    }
}

/// What can be done with a change that was proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeState {
    /// Its timelock runs.
    Waits,
    /// Anybody may apply it.
    Applicable,
    /// Nobody applied it in time: it is void.
    Lapsed,
}

impl ChangeState {
    /// The state of the pending change at `now`; `None` where nothing is pending.
    pub const fn of(network: &Network, now: i64) -> Option<Self> {
        if network.change_at == 0 {
            return None;
        }
        Some(if now < network.change_at {
            Self::Waits
        } else if now < network.change_lapses_at() {
            Self::Applicable
        } else {
            Self::Lapsed
        })
    }

    /// The state in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waits => "waits for the timelock",
            Self::Applicable => "can be applied",
            Self::Lapsed => "lapsed",
        }
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable, sluice::constants::CHANGE_LIFE_SECS};

    #[test]
    fn a_change_can_be_applied_from_its_date_until_it_lapses() {
        let mut network = Network::zeroed();
        assert_eq!(ChangeState::of(&network, 5), None);
        network.change_at = 100;
        for (now, state) in [
            (99, ChangeState::Waits),
            (100, ChangeState::Applicable),
            (99 + CHANGE_LIFE_SECS, ChangeState::Applicable),
            (100 + CHANGE_LIFE_SECS, ChangeState::Lapsed),
        ] {
            assert_eq!(ChangeState::of(&network, now), Some(state), "{now}");
        }
    }
}
