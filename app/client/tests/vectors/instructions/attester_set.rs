//! Instructions of attester sets.

use {
    super::case,
    crate::{hash, key as named},
    serde_json::Value,
    sluice_client::{Quality, SetArgs, address, instruction as ix},
    solana_address::Address,
};

/// What a set of two is created with.
pub fn args() -> SetArgs {
    let mut args = SetArgs {
        meter: hash("meter"),
        fee_owner: named("owner"),
        revoker: named("operator"),
        fee_bps: 100,
        threshold: 1,
        count: 2,
        keys: [Address::default(); 16],
        quality: Quality {
            mint: named("mint"),
            price: 7,
            per: 1_000,
            bond: 20_000_000_000,
            challenge_bond: 5_000_000_000,
            challenge_secs: 3_600,
            ruling_secs: 7_200,
        },
    };
    args.keys[..2].copy_from_slice(&["attester", "worker"].map(named));
    args
}

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, owner, network] = ["payer", "owner", "network"].map(named);
    let key = named("attester");
    let attester = address::attester(&network, &key);
    let args = args();
    let set = address::attester_set(&network, &args.digest());
    let cases = [
        case(
            "create_attester_set",
            [("payer", &payer)],
            [("network", &network)],
            [("digest", &args.digest()), ("args", &args)],
            &ix::create_attester_set(&payer, &network, args),
        ),
        case(
            "enter_attester_set",
            [("owner", &owner)],
            [
                ("network", &network),
                ("set", &set),
                ("attester", &attester),
            ],
            [("index", &1u8)],
            &ix::enter_attester_set(&owner, &network, &set, &key, 1),
        ),
        case(
            "leave_attester_set",
            [("remover", &owner)],
            [("set", &set), ("attester", &attester)],
            [("index", &1u8)],
            &ix::leave_attester_set(&owner, &network, &set, &key, 1),
        ),
    ];
    cases.into()
}
