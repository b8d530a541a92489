//! Instructions of a network.

use {
    super::case,
    crate::{hash, key},
    serde_json::Value,
    sluice_client::{
        Identity, NetworkArgs, NetworkChange, NetworkParams, NetworkRoles, address,
        instruction as ix,
    },
};

/// What a network is created with.
fn network_args() -> NetworkArgs {
    NetworkArgs {
        name: address::network_name("localnet").unwrap(),
        nonce: hash("nonce"),
        roles: NetworkRoles {
            admin: key("owner"),
            guardian: key("operator"),
            resolver: key("worker"),
            treasury: key("payer"),
        },
        params: NetworkParams {
            min_stake: 100,
            min_bond: 50,
            unbonding_secs: 86_400,
            timelock_secs: 172_800,
            fee_bps: 250,
            reserve: [0; 6],
            identity: Identity {
                credential: key("credential"),
                schema: key("schema"),
            },
        },
        min_unbonding_secs: 3_600,
        dividend_secs: 86_401,
    }
}

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [admin, candidate, network] = ["owner", "operator", "network"].map(key);
    let [payer, mint, dividend_mint] = ["payer", "mint", "dividend mint"].map(key);
    let args = network_args();
    let change = NetworkChange {
        params: args.params,
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
        case(
            "create_network",
            [("payer", &payer), ("creator", &admin)],
            [("stake_mint", &mint), ("dividend_mint", &dividend_mint)],
            [("args", &args)],
            &ix::create_network(&payer, &admin, &mint, &dividend_mint, args),
        ),
    ];
    cases.into()
}
