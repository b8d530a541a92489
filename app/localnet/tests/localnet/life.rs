//! A stake's whole life, and signatures from several places, by the built command alone.

use {
    crate::shell::Shell,
    serde_json::{Value, json},
    sluice_client::{Ledger, address, instruction::token::Mint, ledger::nonce},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    solana_system_interface::instruction::create_nonce_account,
};

/// Nothing listens at this address: a command that succeeds with it needs no node.
const NOWHERE: &str = "--url http://127.0.0.1:1";
const APART: &str = "--sign-only --dump-transaction-message";

fn held(s: &Shell, owner: &Address, mint: &Mint) -> u64 {
    let account = address::token_account(owner, &mint.address, &mint.token_program);
    s.chain.ledger().token_balance(&account).unwrap()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field}: {value}"))
}

#[test]
fn stake_is_given_earns_and_is_taken_back() {
    let s = Shell::new("stake");
    let (provider, stake, reward) = {
        let w = s.chain.world();
        (w.provider, w.stake, w.reward)
    };
    let buyer = s.chain.world().cast.buyer.pubkey();
    let before = held(&s, &buyer, &stake);
    let staked = s.ok("buyer", &format!("stake deposit {provider} 1000"));
    assert_eq!(staked["delegated"], true);
    assert_eq!(held(&s, &buyer, &stake), before - 1_000_000_000_000);

    // Half of the stake is the buyer's, and so is half of what is given to it, rounded down.
    s.ok("funder", &format!("dividends add {provider} 4"));
    s.warp("2d");
    let claimed = s.ok(
        "funder",
        &format!("dividends claim {provider} --staker {buyer}"),
    );
    assert_eq!(claimed["claimed"]["amount"], "1999999999", "{claimed}");
    assert_eq!(held(&s, &buyer, &reward), 1_999_999_999);

    let ticket = s.ok("buyer", &format!("stake unstake {provider} all"));
    let early = s.refused(
        "buyer",
        &format!("stake withdraw {}", text(&ticket, "ticket")),
        6,
    );
    assert_eq!(early, "StillUnbonding");
    s.warp("7d");
    s.ok(
        "buyer",
        &format!("stake withdraw {}", text(&ticket, "ticket")),
    );
    assert_eq!(held(&s, &buyer, &stake), before);
}

#[test]
fn a_job_is_signed_by_two_and_a_deposit_far_from_the_network() {
    let s = Shell::new("apart");
    let (stake, provider) = {
        let w = s.chain.world();
        (w.stake, w.provider)
    };
    let buyer = s.chain.world().cast.buyer.pubkey();

    // The funder pays the fees of a job that the buyer pays for; each has only their own key.
    let funder = s.key("funder");
    let open = s.opening(1);
    let made = s.as_key(
        &buyer.to_string(),
        &format!("{APART} --fee-payer {funder} {open}"),
    );
    assert_eq!(made["absent"], json!([buyer.to_string()]));
    let signed = s.ok(
        "buyer",
        &format!("{NOWHERE} transaction sign {}", text(&made, "message")),
    );
    let sent = s.ok(
        "funder",
        &format!(
            "--signer {} transaction send {}",
            text(&signed, "signer"),
            text(&made, "message")
        ),
    );
    assert!(sent["signature"].is_string());
    let job = s.ok("buyer", &format!("job show {}", text(&made, "job")));
    assert_eq!(text(&job, "buyer"), buyer.to_string());
    assert_eq!(job["funded"]["amount"], "2000000");

    // A deposit on a durable nonce: built online, signed offline a day later, sent by anybody.
    let account = Keypair::new();
    let mut ledger = s.chain.ledger();
    let rent = ledger.minimum_balance(nonce::LEN).unwrap();
    let rich = &s.chain.world().cast.buyer;
    let create = create_nonce_account(&buyer, &account.pubkey(), &buyer, rent);
    ledger.send(&create, rich, &[&account]).unwrap();
    let before = held(&s, &buyer, &stake);
    let deposit = format!("stake deposit {provider} 5");
    let made = s.as_key(
        &buyer.to_string(),
        &format!("{APART} --nonce {} {deposit}", account.pubkey()),
    );
    let message = text(&made, "message");
    s.warp("1d");
    let shown = s.ok("buyer", &format!("{NOWHERE} transaction show {message}"));
    let last = shown["instructions"].as_array().unwrap().last().unwrap();
    assert_eq!(last["instruction"], "stake", "{shown}");
    assert_eq!(last["args"]["amount"], "5000000000", "{last}");
    let signed = s.ok("buyer", &format!("{NOWHERE} transaction sign {message}"));
    let send = format!(
        "--signer {} transaction send {message}",
        text(&signed, "signer")
    );
    s.ok("worker", &send);
    assert_eq!(held(&s, &buyer, &stake), before - 5_000_000_000);
    assert_eq!(s.ok("worker", &send)["landed_before"], true);
    assert_eq!(held(&s, &buyer, &stake), before - 5_000_000_000);
}

#[test]
fn a_job_is_shown_in_one_round_trip() {
    let s = Shell::new("round-trip");
    let job = s.field("buyer", &s.opening(1), "job");
    let proxy = crate::proxy::Proxy::new(s.chain.rpc_url(), |_, _| None);
    s.ok("buyer", &format!("--url {} job show {job}", proxy.url));
    assert_eq!(proxy.calls(), ["getMultipleAccounts"]);
}
