//! Instructions: what a caller gives, and the bytes and accounts that come of it. Accounts that follow from those given are
//! not given.

mod challenge;
mod job;
mod network;
mod proof;
mod registry;
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
        Equivocation, NetworkArgs, NodeArgs, OfferArgs, OpenArgs, Ruling, Seen, SetArgs, TakeArgs,
        address,
        instruction::{NOUNS, noun_of, token::TOKEN_PROGRAM},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

record! {
    Equivocation { job, incarnation, node, units, digests, window }
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
    let cases = [
        network::cases(),
        registry::cases(),
        job::cases(),
        proof::cases(),
        challenge::cases(),
        stake::cases(),
        rewards::cases(),
    ]
    .concat();
    let noun = |case: &Value| noun_of(case["name"].as_str().unwrap()).unwrap();
    for (wanted, names) in NOUNS {
        let of = cases.iter().filter(|case| noun(case) == wanted);
        let of: Vec<Value> = of.cloned().collect();
        for name in names {
            let built = of.iter().any(|case| case["name"] == *name);
            assert!(built, "{name} has no vector");
        }
        check(&format!("{wanted}_instructions"), &Value::Array(of));
    }
}
