//! Addresses and the seeds they come from.

use {
    crate::{
        check, hash,
        json::{ToJson, object},
        key,
    },
    serde_json::Value,
    sluice_client::{address, instruction::token::TOKEN_2022_PROGRAM},
    solana_address::Address,
};

fn case<const N: usize>(kind: &str, seeds: [(&str, &dyn ToJson); N], address: Address) -> Value {
    object([
        ("kind", &kind),
        ("seeds", &object(seeds)),
        ("address", &address),
    ])
}

#[test]
fn addresses_follow_from_these_seeds() {
    let [network, buyer, worker, subject] = ["network", "buyer", "worker", "subject"].map(key);
    let (name, digest) = (address::network_name("localnet").unwrap(), hash("digest"));
    let (id, incarnation, window) = (u64::MAX - 1, 1 << 40, u32::MAX - 2);
    let cases = [
        case(
            "network",
            [("creator", &buyer), ("name", &name)],
            address::network(&buyer, &name),
        ),
        case(
            "attester",
            [("network", &network), ("key", &worker)],
            address::attester(&network, &worker),
        ),
        case(
            "attester_set",
            [("network", &network), ("digest", &digest)],
            address::attester_set(&network, &digest),
        ),
        case(
            "batch",
            [("payer", &buyer), ("set", &subject), ("root", &digest)],
            address::batch(&buyer, &subject, &digest),
        ),
        case(
            "provider",
            [("network", &network), ("owner", &buyer)],
            address::provider(&network, &buyer),
        ),
        case(
            "node",
            [("provider", &subject), ("worker", &worker)],
            address::node(&subject, &worker),
        ),
        case(
            "offer",
            [("node", &subject), ("id", &id)],
            address::offer(&subject, id),
        ),
        case(
            "stake_pool",
            [("subject", &subject)],
            address::stake_pool(&subject),
        ),
        case(
            "position",
            [("pool", &subject), ("staker", &buyer)],
            address::position(&subject, &buyer),
        ),
        case(
            "unstake",
            [("position", &subject), ("nonce", &id)],
            address::unstake(&subject, id),
        ),
        case(
            "job",
            [("network", &network), ("buyer", &buyer), ("id", &id)],
            address::job(&network, &buyer, id),
        ),
        case(
            "challenge",
            [
                ("job", &subject),
                ("incarnation", &incarnation),
                ("window", &window),
            ],
            address::challenge(&subject, incarnation, window),
        ),
        case(
            "dividends",
            [("pool", &subject)],
            address::dividends(&subject),
        ),
        case(
            "reward_pool",
            [("network", &network), ("creator", &buyer), ("id", &id)],
            address::reward_pool(&network, &buyer, id),
        ),
        case(
            "epoch",
            [("pool", &subject), ("index", &id)],
            address::epoch(&subject, id),
        ),
        case(
            "share",
            [("pool", &subject), ("node", &worker)],
            address::share(&subject, &worker),
        ),
        case("vault", [("account", &subject)], address::vault(&subject)),
        case(
            "token_account",
            [
                ("owner", &buyer),
                ("mint", &subject),
                ("token_program", &TOKEN_2022_PROGRAM),
            ],
            address::token_account(&buyer, &subject, &TOKEN_2022_PROGRAM),
        ),
    ];
    check("addresses", &Value::Array(cases.into()));
}
