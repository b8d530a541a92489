//! Instructions that govern a network.

use {
    super::{case, registry::network_args},
    crate::key,
    serde_json::Value,
    sluice_client::{NetworkChange, instruction as ix},
};

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [admin, candidate, network] = ["owner", "operator", "network"].map(key);
    let change = NetworkChange {
        params: network_args().params,
        guardian: admin,
        resolver: candidate,
        treasury: network,
    };
    let cases = [
        case(
            "propose_change",
            [("authority", &admin)],
            [("network", &network)],
            [("change", &change), ("args", &change)],
            &ix::propose_change(&admin, &network, change),
        ),
        case(
            "apply_change",
            [("authority", &candidate)],
            [("network", &network)],
            [],
            &ix::apply_change(&candidate, &network),
        ),
        case(
            "name_admin",
            [("authority", &admin)],
            [("network", &network)],
            [("candidate", &candidate)],
            &ix::name_admin(&admin, &network, &candidate),
        ),
        case(
            "accept_admin",
            [("authority", &candidate)],
            [("network", &network)],
            [],
            &ix::accept_admin(&candidate, &network),
        ),
        case(
            "pause",
            [("authority", &admin)],
            [("network", &network)],
            [("secs", &86_400u32)],
            &ix::pause(&admin, &network, 86_400),
        ),
    ];
    cases.into()
}
