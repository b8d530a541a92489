//! SOL of a faucet.

use {crate::bench::Bench, sluice_cli::Exit, sluice_client::Ledger};

const SOL: u64 = 1_000_000_000;

#[test]
fn an_airdrop_is_there_when_it_is_told() {
    let mut bench = Bench::new();
    let key = bench.key("newcomer");
    let ran = bench.ok("newcomer", "airdrop 1.5");
    assert_eq!(ran.base("given"), SOL * 3 / 2);
    assert_eq!(ran.base("balance"), SOL * 3 / 2);
    assert_eq!(ran.json()["to"], key.to_string());
    let account = bench.ledger.chain.account(&key).unwrap().unwrap();
    assert_eq!(account.lamports, SOL * 3 / 2);
}

#[test]
fn an_airdrop_goes_where_it_is_told_to_and_needs_no_key_or_program() {
    let mut bench = Bench::new();
    bench.ledger.bare = true;
    let friend = bench.key("friend");
    bench.raw(&format!("config set name.friend {friend}"));
    let ran = bench.raw("--output json airdrop 2 --to friend");
    assert_eq!(ran.base("balance"), 2 * SOL);
    let account = bench.ledger.chain.account(&friend).unwrap().unwrap();
    assert_eq!(account.lamports, 2 * SOL);
}

#[test]
fn an_airdrop_that_is_none_is_refused_and_a_trial_asks_for_none() {
    let mut bench = Bench::new();
    let key = bench.key("newcomer");
    for (line, exit, says) in [
        ("airdrop 0", Exit::BadInput, "gives nothing"),
        ("airdrop much", Exit::BadInput, "'much' is not an amount"),
        ("airdrop 1.0000000001", Exit::BadInput, "is not an amount"),
        ("airdrop 1 --sign-only", Exit::BadInput, "nothing to sign"),
        (
            "airdrop 1 --as-instruction",
            Exit::BadInput,
            "no instruction",
        ),
        ("airdrop", Exit::Usage, "were not provided"),
    ] {
        bench.refused_as("newcomer", line, exit, says);
    }
    let tried = bench.ok("newcomer", "airdrop 1 --dry-run");
    assert_eq!(tried.json()["dry_run"], true);
    assert_eq!(bench.ledger.chain.account(&key).unwrap(), None);
}

#[test]
fn test_tokens_are_minted_by_the_authority_of_their_mint_alone() {
    let mut bench = Bench::new();
    let (friend, admin) = (bench.key("friend"), bench.funded("admin"));
    bench.funded("other");
    let mint = bench.key("mint");
    let mint = bench.ledger.chain.create_mint(&mint, &admin, 6).unwrap();
    let line = format!("airdrop 2.5 --mint {} --to {friend}", mint.address);
    bench.refused_as("other", &line, Exit::Key, "is not the mint's authority");
    for amount in ["0", "0.0000001"] {
        let line = format!("airdrop {amount} --mint {}", mint.address);
        let exit = Exit::BadInput;
        bench.refused_as("admin", &line, exit, "");
    }
    let printed = bench.raw(&format!("--output json -k {admin} --as-instruction {line}"));
    assert_eq!(printed.json()["instructions"].as_array().unwrap().len(), 2);
    // The second time the account is there.
    for held in [2_500_000, 5_000_000] {
        let ran = bench.ok("admin", &line);
        assert_eq!(ran.base("given"), 2_500_000);
        assert_eq!(bench.held(&friend, &mint), held);
    }
    let line = format!("airdrop 1 --mint {friend}");
    bench.refused_as("admin", &line, Exit::NotFound, "there is no mint at");
}
