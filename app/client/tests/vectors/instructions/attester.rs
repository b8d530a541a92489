//! Instructions of attesters.

use {
    super::case,
    crate::{hash, key as named},
    bytemuck::Zeroable,
    serde_json::Value,
    sluice_client::{Attester, BatchLeaf, Equivocation, address, instruction as ix},
};

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, owner, network, key, equivocal] =
        ["payer", "owner", "network", "attester", "worker"].map(named);
    let attester = address::attester(&network, &key);
    let doubted = address::attester(&network, &equivocal);
    let position = address::position(&address::stake_pool(&doubted), &owner);
    let state = Attester {
        network,
        owner,
        key: equivocal,
        rent_payer: payer,
        ..Attester::zeroed()
    };
    let shown = Equivocation {
        job: named("job"),
        incarnation: 77,
        node: named("node"),
        units: [1, 2],
        digests: [hash("one"), hash("two")],
        window: 9,
        first: None,
        second: None,
    };
    // The first one stands in a batch; the second was signed by itself, or stands in another batch.
    let leaf = |index: u32, siblings: &[&str]| BatchLeaf {
        set: named("set"),
        index,
        path: siblings.iter().map(|name| hash(name)).collect(),
    };
    let one_side = Equivocation {
        first: Some(leaf(5, &["left", "right", "top"])),
        ..shown.clone()
    };
    let both_sides = Equivocation {
        second: Some(leaf(0, &[])),
        ..one_side.clone()
    };
    let show = |shown: &Equivocation| {
        case(
            "show_equivocation",
            [],
            [
                ("network", &network),
                ("attester", &doubted),
                ("position", &position),
            ],
            [("args", shown)],
            &ix::show_equivocation(&network, &equivocal, &owner, shown.clone()),
        )
    };
    let cases = [
        case(
            "register_attester",
            [("payer", &payer), ("owner", &owner), ("key", &key)],
            [("network", &network)],
            [],
            &ix::register_attester(&payer, &owner, &key, &network),
        ),
        case(
            "update_attester",
            [("owner", &owner)],
            [("attester", &attester)],
            [("uri", &[7u8; 64])],
            &ix::update_attester(&owner, &key, &network, [7; 64]),
        ),
        show(&shown),
        show(&one_side),
        show(&both_sides),
        case(
            "close_attester",
            [("owner", &owner)],
            [("attester", &doubted), ("rent_payer", &payer)],
            [],
            &ix::close_attester(&state),
        ),
    ];
    cases.into()
}
