//! Instructions of providers.

use {
    super::case,
    crate::key,
    bytemuck::Zeroable,
    serde_json::Value,
    sluice_client::{Provider, address, instruction as ix},
};

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, owner, operator, network] = ["payer", "owner", "operator", "network"].map(key);
    let provider = address::provider(&network, &owner);
    let state = Provider {
        owner,
        rent_payer: payer,
        ..Provider::zeroed()
    };
    let cases = [
        case(
            "register_provider",
            [("payer", &payer), ("owner", &owner)],
            [("network", &network)],
            [("operator", &operator)],
            &ix::register_provider(&payer, &owner, &operator, &network),
        ),
        case(
            "set_commission",
            [("owner", &owner)],
            [("network", &network)],
            [("bps", &1_234u16)],
            &ix::set_commission(&owner, &network, 1_234),
        ),
        case(
            "set_operator",
            [("owner", &owner)],
            [("provider", &provider)],
            [("operator", &operator)],
            &ix::set_operator(&provider, &state, &operator),
        ),
        case(
            "close_provider",
            [("owner", &owner)],
            [("provider", &provider), ("rent_payer", &payer)],
            [],
            &ix::close_provider(&provider, &state),
        ),
    ];
    cases.into()
}
