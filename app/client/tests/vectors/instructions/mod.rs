//! Instructions: what a caller gives, and the bytes and accounts that come of it. Accounts that follow from those given are
//! not given.

mod attester;
mod attester_set;
mod batch;
mod challenge;
mod job;
mod network;
mod node;
mod offer;
mod provider;
mod rewards;
mod stake;

use {
    crate::{
        check,
        json::{ToJson, hex, object, record},
        key,
    },
    serde_json::Value,
    sluice_client::{
        BatchEntry, BatchLeaf, BatchRun, Equivocation, NetworkArgs, NodeArgs, OfferArgs, OpenArgs,
        Ruling, Seen, SetArgs, TakeArgs, address,
        instruction::{NOUNS, token::TOKEN_PROGRAM},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    std::collections::BTreeSet,
};

record! {
    BatchEntry { job, window, units, digest }
    BatchLeaf { set, index, path }
    BatchRun { first, mask, entries, others, path }
    Equivocation { job, incarnation, node, units, digests, window, first, second }
    Ruling { void, signers_lied, reason, slash, evidence }
    NetworkArgs { name, nonce, roles, params, min_unbonding_secs, dividend_secs }
    NodeArgs { metadata_hash, uri, slots_total, class, region }
    OfferArgs { id, terms, slots, expires_at }
    OpenArgs {
        id, terms, length_secs, open_until, funds, spec_hash, cosigner, provider, refund_owner, resolver, max_fee_bps,
    }
    Seen { incarnation, price, per }
    SetArgs { meter, fee_owner, revoker, fee_bps, threshold, count, keys, quality }
    TakeArgs { id, seen, length_secs, funds, spec_hash, cosigner, refund_owner, resolver, max_fee_bps }
}

type Given<'a, const N: usize> = [(&'a str, &'a dyn ToJson); N];

/// One instruction, from signers, other accounts and arguments.
fn case<const S: usize, const A: usize, const D: usize>(
    name: &str,
    signers: Given<S>,
    accounts: Given<A>,
    arguments: Given<D>,
    built: &Instruction,
) -> Value {
    let metas: Value = built
        .accounts
        .iter()
        .map(|meta| {
            object([
                ("address", &meta.pubkey),
                ("signer", &meta.is_signer),
                ("writable", &meta.is_writable),
            ])
        })
        .collect();
    object([
        ("name", &name),
        ("signers", &object(signers)),
        ("accounts", &object(accounts)),
        ("arguments", &object(arguments)),
        ("metas", &metas),
        ("data", &hex(&built.data)),
    ])
}

fn ata(owner: &str, mint: &str) -> Address {
    address::token_account(&key(owner), &key(mint), &TOKEN_PROGRAM)
}

/// Every instruction, in the file of its noun.
#[test]
fn instructions_are_built_so() {
    let by_noun = [
        ("network", network::cases()),
        ("provider", provider::cases()),
        ("node", node::cases()),
        ("attester", attester::cases()),
        ("attester_set", attester_set::cases()),
        ("batch", batch::cases()),
        ("offer", offer::cases()),
        ("job", job::cases()),
        ("challenge", challenge::cases()),
        ("stake", stake::cases()),
        ("rewards", rewards::cases()),
    ];
    let nouns: BTreeSet<_> = by_noun.iter().map(|(noun, _)| *noun).collect();
    assert_eq!(nouns, NOUNS.iter().map(|(noun, _)| *noun).collect());
    for (noun, cases) in by_noun {
        let named: BTreeSet<_> = cases
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        let names = NOUNS.iter().find(|(one, _)| *one == noun).unwrap().1;
        assert_eq!(named, names.iter().copied().collect(), "vectors of {noun}");
        check(&format!("{noun}_instructions"), &Value::Array(cases));
    }
}
