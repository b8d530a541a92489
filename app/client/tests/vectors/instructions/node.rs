//! Instructions of nodes.

use {
    super::{attester_set, case},
    crate::{hash, key},
    bytemuck::Zeroable,
    serde_json::Value,
    sluice_client::{Node, NodeArgs, address, instruction as ix},
};

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, owner, operator, worker] = ["payer", "owner", "operator", "worker"].map(key);
    let [network, provider] = ["network", "provider"].map(key);
    let set = address::attester_set(&network, &attester_set::args().digest());
    let of_owner = address::provider(&network, &owner);
    let node = address::node(&provider, &worker);
    let state = Node {
        network,
        provider,
        rent_payer: payer,
        ..Node::zeroed()
    };
    let mut uri = [0; 64];
    uri[..5].copy_from_slice(b"a://b");
    let args = NodeArgs {
        metadata_hash: hash("metadata"),
        uri,
        slots_total: 8,
        class: 258,
        region: 772,
    };
    let cases = [
        case(
            "register_node",
            [("payer", &payer), ("owner", &owner), ("worker", &worker)],
            [("provider", &of_owner), ("set", &set)],
            [("args", &args)],
            &ix::register_node(&payer, &owner, &worker, &network, &set, args),
        ),
        case(
            "update_node",
            [("operator", &operator)],
            [("provider", &provider), ("node", &node)],
            [("args", &args)],
            &ix::update_node(&operator, &node, &state, args),
        ),
        case(
            "close_node",
            [("owner", &owner)],
            [
                ("provider", &provider),
                ("node", &node),
                ("rent_payer", &payer),
            ],
            [],
            &ix::close_node(&owner, &node, &state),
        ),
    ];
    cases.into()
}
