//! What the docs of an account say of its address is what its address is made of: the TypeScript client is generated from them.

use {
    crate::text,
    serde_json::Value,
    sluice::state::{
        Attester, AttesterSet, Batch, Challenge, Epoch, Job, Network, Node, Offer, Position,
        Provider, RewardPool, Share, StakePool, Unstake,
    },
    solana_address::Address,
};

/// Stands for every number, and for every byte of a hash or a name.
const NUMBER: u8 = 7;

/// A key that stands for the seed of this name.
fn key(seed: &str) -> Address {
    let mut bytes = [0; 32];
    bytes[..seed.len()].copy_from_slice(seed.as_bytes());
    Address::new_from_array(bytes)
}

/// The bytes of a seed, whose field has this type in the IDL.
fn bytes_of(seed: &str, kind: &Value) -> Vec<u8> {
    match kind.as_str() {
        Some("pubkey") => key(seed).to_bytes().to_vec(),
        Some("u64") => u64::from(NUMBER).to_le_bytes().to_vec(),
        Some("u32") => u32::from(NUMBER).to_le_bytes().to_vec(),
        _ => vec![NUMBER; kind["array"][1].as_u64().unwrap().try_into().unwrap()],
    }
}

/// The address that the docs of an account give in the IDL.
fn documented(idl: &Value, account: &str) -> Address {
    let types = idl["types"].as_array().unwrap();
    let found = types.iter().find(|one| one["name"] == account).unwrap();
    let docs = found["docs"].as_array().unwrap().iter();
    let line = docs
        .filter_map(|line| line.as_str()?.strip_prefix("Address: `[\""))
        .next()
        .expect(account);
    let (first, others) = line.split_once("\", ").unwrap();
    let (others, _) = others.split_once(']').unwrap();
    let mut seeds = vec![first.as_bytes().to_vec()];
    let fields = found["type"]["fields"].as_array().unwrap();
    for seed in others.split(", ") {
        let field = fields.iter().find(|field| field["name"] == seed).unwrap();
        seeds.push(bytes_of(seed, &field["type"]));
    }
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    Address::find_program_address(&seeds, &sluice::ID).0
}

#[test]
fn the_docs_of_an_account_give_its_address() {
    let idl: Value = serde_json::from_str(&text("idl/sluice.json")).unwrap();
    let (number, small) = (u64::from(NUMBER), u32::from(NUMBER));
    let [network, owner, pool, node, job] = ["network", "owner", "pool", "node", "job"].map(key);
    let [buyer, creator, provider] = ["buyer", "creator", "provider"].map(key);
    let expected = [
        ("Attester", Attester::address(&network, &key("key"))),
        ("AttesterSet", AttesterSet::address(&network, &[NUMBER; 32])),
        (
            "Batch",
            Batch::address(&key("payer"), &key("set"), &[NUMBER; 32]),
        ),
        ("Challenge", Challenge::address(&job, number, small)),
        ("Epoch", Epoch::address(&pool, number)),
        ("Job", Job::address(&network, &buyer, number)),
        ("Network", Network::address(&creator, &[NUMBER; 16])),
        ("Node", Node::address(&provider, &key("worker"))),
        ("Offer", Offer::address(&node, number)),
        ("Position", Position::address(&pool, &key("staker"))),
        ("Provider", Provider::address(&network, &owner)),
        (
            "RewardPool",
            RewardPool::address(&network, &creator, number),
        ),
        ("Share", Share::address(&pool, &node)),
        ("StakePool", StakePool::address(&key("subject"))),
        ("Unstake", Unstake::address(&key("position"), number)),
    ];
    assert_eq!(expected.len(), idl["accounts"].as_array().unwrap().len());
    for (account, (address, _bump)) in expected {
        assert_eq!(documented(&idl, account), address, "{account}");
    }
}
