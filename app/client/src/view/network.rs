//! A network's roles and parameters.

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
