//! The main path, by the built command alone.

use {
    crate::shell::Shell,
    sluice_client::{Ledger, address, instruction::token::Mint},
    solana_address::Address,
    solana_signer::Signer,
};

/// Exit code of what the program refuses.
const REFUSED: i32 = 6;

#[test]
fn a_job_is_opened_proven_paid_and_closed() {
    let s = Shell::new("command");
    let (network, usdc, node, pool) = {
        let w = s.chain.world();
        (w.network, w.usdc, w.node, w.reward_pool)
    };
    let shown = s.ok("buyer", &format!("network show {network}"));
    assert_eq!(shown["fee_bps"], 250);
    s.configured(&format!("job list --network {network}"));
    let shown = s.ok("buyer", &format!("rewards show {pool} --node {node}"));
    assert_eq!(shown["node"]["claimable"]["amount"], "0");

    let job = s.field("buyer", &s.opening(1), "job");
    s.ok("operator", &format!("job accept {job} --node {node}"));
    let early = s.refused("buyer", &format!("job release {job}"), REFUSED);
    assert_eq!(early, "NotSettled");

    s.warp("1h");
    let digest = "ab".repeat(32);
    let sign = format!("attest sign --job {job} --window 0 --units 100 --digest {digest}");
    let files = ["worker", "attester-3", "attester-1"].map(|name| {
        let signed = s.ok(name, &sign);
        s.keep(&format!("signed-by-{name}"), &signed)
    });
    let proven = s.ok("buyer", &format!("attest submit {job} {}", files.join(" ")));
    assert_eq!(proven["units"], "100");

    s.warp("7200");
    s.ok("buyer", &format!("job mature {job}"));
    let paid = s.ok("buyer", &format!("job pay {job}"));
    assert_eq!(paid["paid"]["amount"], "965000");
    s.ok("buyer", &format!("job sweep {job}"));
    s.ok("buyer", &format!("job credit {job}"));
    let back = s.ok("buyer", &format!("job refund {job}"));
    assert_eq!(back["refunded"]["amount"], "1000000");
    s.ok("buyer", &format!("job release {job}"));
    s.ok("buyer", &format!("job close {job}"));

    let cast = &s.chain.world().cast;
    let held = |owner: Address| held(&s, &owner, &usdc);
    assert_eq!(held(cast.provider.pubkey()), 965_000);
    assert_eq!(held(cast.treasury.pubkey()), 25_000);
    assert_eq!(held(cast.attester_fees.pubkey()), 10_000);
    assert_eq!(held(cast.buyer.pubkey()), 9_999_000_000);
}

fn held(s: &Shell, owner: &Address, mint: &Mint) -> u64 {
    let account = address::token_account(owner, &mint.address, &mint.token_program);
    s.chain.ledger().token_balance(&account).unwrap()
}
