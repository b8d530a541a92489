//! Instructions: what a caller gives, and the bytes and accounts that come of it. Accounts that follow from those given are
//! not given.

mod dispute;
mod job;
mod network;
mod proof;
mod registry;
mod reward;
mod stake;

use {
    crate::{
        json::{ToJson, hex, object, record},
        key,
    },
    serde_json::Value,
    sluice_client::{
        Equivocation, NetworkArgs, NodeArgs, OfferArgs, OpenArgs, Ruling, Seen, SetArgs, TakeArgs,
        address, instruction::token::TOKEN_PROGRAM,
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
