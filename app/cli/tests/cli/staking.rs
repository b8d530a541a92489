//! `sluice stake`, `dividends` and `provider set-commission`: delegation, dividends, and everything closed again.

use {
    crate::{
        bench::assert_one_line,
        scene::{DAY, Scene},
    },
    sluice_cli::Exit,
    sluice_client::address,
};

/// 100 whole tokens of the stake mint.
const HUNDRED: u64 = 100_000_000_000;

/// A delegator of the scene's provider, with 250 tokens of which 100 are staked.
fn delegate(s: &mut Scene) -> String {
    let delegator = s.bench.funded("delegator");
    let stake = s.bench.stake;
    s.bench.give(&delegator, &stake, 5 * HUNDRED / 2);
    let provider = s.provider.clone();
    let told = s
        .bench
        .ok("delegator", &format!("stake deposit {provider} 100"))
        .json();
    assert_eq!(told["delegated"], true);
    assert_eq!(s.bench.held(&delegator, &stake), 3 * HUNDRED / 2);
    told["pool"].as_str().unwrap().to_owned()
}

#[test]
fn stake_is_delegated_and_earns_dividends() {
    let mut s = Scene::new();
    let (pay, provider) = (s.bench.pay, s.provider.clone());
    let pool = delegate(&mut s);
    let delegator = s.bench.key("delegator");
    let add = format!("dividends add {provider} 6.005");
    s.bench
        .refused_as("guild", &add, Exit::Unfunded, "needs 6.005");
    let exact = format!("dividends add {provider} 1.0000001");
    s.bench
        .refused_as("buyer", &exact, Exit::BadInput, "6 decimals");
    let added = s.bench.ok("buyer", &add).json();
    // Periods of a week, counted from 1970.
    let (now, week) = (s.bench.ledger.chain.now(), 7 * DAY);
    let next = (now / week + 1) * week;
    assert_eq!(added["streams_from"], next);
    assert_eq!(added["streams_until"], next + week);
    let show = format!("stake show {pool} --staker {delegator}");
    assert_eq!(s.bench.run("nobody", &show).base("dividends_due"), 0);
    let whole = format!("stake pool show {provider}");
    assert_eq!(
        s.bench.run("nobody", &whole).base("dividends_next"),
        6_005_000
    );
    s.wait(next - now + week / 2);
    let half = s.bench.run("nobody", &whole);
    assert_eq!(half.base("dividends_streaming"), 3_002_500);
    assert_eq!(half.base("dividends_next"), 0);
    assert_eq!(half.json()["streaming_until"], next + week);
    let half = s.bench.run("nobody", &show);
    assert_eq!(half.base("dividends_due"), 499_999);
    assert_eq!(half.base("dividends_this_period"), 1_000_000);
    assert_eq!(half.json()["period_until"], next + week);
    s.wait(week);

    let shown = s.bench.run("nobody", &show);
    assert_eq!(shown.base("active"), HUNDRED);
    assert_eq!(shown.base("free"), HUNDRED);
    assert_eq!(shown.base("held_by_bonds"), 0);
    assert_eq!(shown.base("at_risk"), HUNDRED);
    assert_eq!(shown.text("price_per_share"), "1");
    assert_eq!(shown.json()["dead"], false);
    // 100 of 600.5 shares, of 6.005, in whole base units.
    assert_eq!(shown.base("dividends_due"), 999_999);
    let claim = format!("dividends claim {provider}");
    assert_eq!(s.bench.ok("delegator", &claim).base("claimed"), 999_999);
    assert_eq!(s.bench.held(&delegator, &pay), 999_999);
    let again = s.bench.run("delegator", &claim);
    assert_eq!(again.exit, Exit::Refused);
    assert!(again.err.contains("NothingDue"), "{}", again.err);
    let shown = s.bench.run("nobody", &show);
    assert_eq!(shown.base("dividends_due"), 0);
    assert_eq!(shown.base("dividends_claimed"), 999_999);

    let owner = s.owner;
    let for_owner = format!("{claim} --staker {owner}");
    assert_eq!(s.bench.ok("guild", &for_owner).base("claimed"), 5_004_999);
    let whole = s
        .bench
        .run("nobody", &format!("stake pool show {provider}"))
        .json();
    assert_eq!(whole["kind"], "provider");
    assert_eq!(whole["behind"], provider.as_str());
    assert_eq!(whole["positions"], "2");
    assert_eq!(whole["dividends_in"]["amount"], "6005000");
}

#[test]
fn a_ticket_is_cancelled() {
    let mut s = Scene::new();
    let pool = delegate(&mut s);
    let delegator = s.bench.key("delegator");
    let ticket = s
        .bench
        .field("delegator", &format!("stake unstake {pool} 40"), "ticket");
    let show = format!("stake show {pool} --staker {delegator}");
    let shown = s.bench.run("nobody", &show);
    assert_eq!(shown.base("thawing"), 2 * HUNDRED / 5);
    assert_eq!(shown.base("at_risk"), HUNDRED);
    assert_eq!(shown.json()["tickets"][0]["ripe"], false);
    s.wait(7 * DAY);
    let shown = s.bench.run("nobody", &show);
    assert_eq!(shown.json()["tickets"][0]["ripe"], true);

    let cancel = format!("stake cancel {ticket}");
    s.bench
        .refused_as("owner", &cancel, Exit::Key, "is not the ticket's staker");
    let told = s.bench.ok("delegator", &cancel);
    assert_eq!(told.base("worth"), 2 * HUNDRED / 5);
    let shown = s.bench.run("nobody", &show);
    assert_eq!(shown.base("active"), HUNDRED);
    assert_eq!(shown.json()["tickets"].as_array().unwrap().len(), 0);
    s.bench.refused_as(
        "delegator",
        &cancel,
        Exit::NotFound,
        "there is no account at",
    );
}

#[test]
fn position_pool_and_attester_close_again() {
    let mut s = Scene::new();
    let (stake, pay, network) = (s.bench.stake, s.bench.pay, s.network.clone());
    s.bench.key("extra");
    let path = s.bench.path("extra");
    let attester = s.bench.field(
        "guild",
        &format!("attester register --network {network} --key {path}"),
        "attester",
    );
    let guild = s.bench.key("guild");
    let before = s.bench.held(&guild, &stake);
    let deposit = format!("stake deposit {attester} 3");
    assert_eq!(s.bench.ok("guild", &deposit).json()["delegated"], false);
    let add = format!("dividends add {attester} 1");
    s.bench.ok("buyer", &add);
    s.wait(14 * DAY);

    let (close, close_pool) = (
        format!("stake close {attester}"),
        format!("stake pool close {attester}"),
    );
    s.bench
        .refused_as("guild", &close, Exit::BadInput, "still has active stake");
    s.bench.refused_as(
        "guild",
        &close_pool,
        Exit::BadInput,
        "still has open positions",
    );
    s.bench
        .refused_as("buyer", &close, Exit::Key, "has no stake behind");
    let ticket = s
        .bench
        .field("guild", &format!("stake unstake {attester} all"), "ticket");
    s.bench
        .refused_as("guild", &close, Exit::BadInput, "still has tickets");
    s.wait(7 * DAY);
    s.bench.ok("guild", &format!("stake withdraw {ticket}"));
    s.bench
        .refused_as("guild", &close, Exit::BadInput, "dividends to claim");
    s.bench.ok("guild", &format!("dividends claim {attester}"));
    assert_eq!(s.bench.held(&guild, &pay), 999_999);

    let close_attester = format!("attester close {attester}");
    s.bench.ok("guild", &close);
    let used = s.bench.run("guild", &close_attester);
    assert_eq!(used.exit, Exit::Refused);
    assert!(used.err.contains("StillInUse"), "{}", used.err);
    s.bench.refused_as(
        "buyer",
        &close_pool,
        Exit::Key,
        "is not the stake pool's owner",
    );
    // What is left in a vault goes to the pool's owner.
    let pool = address::stake_pool(&attester.parse().unwrap());
    s.bench.donate(&address::vault(&pool), &stake, 7);
    s.bench.ok("guild", &close_pool);
    assert_eq!(s.bench.held(&guild, &stake), before + 7);
    assert_eq!(s.bench.held(&guild, &pay), 1_000_000);
    s.bench.refused(
        &format!("stake pool show {attester}"),
        Exit::NotFound,
        "there is no stake pool at",
    );
    s.bench.refused_as(
        "buyer",
        &close_attester,
        Exit::Key,
        "is not the attester's owner",
    );
    s.bench.ok("guild", &close_attester);
    s.bench.refused(
        &format!("attester show {attester}"),
        Exit::NotFound,
        "there is no attester at",
    );
}

#[test]
fn an_attester_says_where_it_is_asked() {
    let mut s = Scene::new();
    let network = s.network.clone();
    s.bench.key("extra");
    let path = s.bench.path("extra");
    let register = format!("attester register --network {network} --key {path}");
    let attester = s.bench.field("guild", &register, "attester");
    let show = format!("attester show {attester}");
    assert_eq!(s.bench.run("nobody", &show).text("uri"), "");
    let update = format!("attester update {attester} --uri https://attester.example");
    s.bench
        .refused_as("buyer", &update, Exit::Key, "is not the attester's owner");
    let told = s.bench.ok("guild", &update);
    assert_eq!(told.text("uri"), "https://attester.example");
    let shown = s.bench.run("nobody", &show);
    assert_eq!(shown.text("uri"), "https://attester.example");
    let long = format!("attester update {attester} --uri {}", "x".repeat(65));
    s.bench
        .refused_as("guild", &long, Exit::BadInput, "longer than 64 bytes");
}

#[test]
fn a_commission_waits_for_the_unbonding_time() {
    let mut s = Scene::new();
    let provider = s.provider.clone();
    let show = format!("provider show {provider}");
    let set = |commission: &str| format!("provider set-commission {provider} {commission}");
    s.bench.refused_as(
        "operator",
        &set("5%"),
        Exit::Key,
        "is not the provider's owner",
    );
    s.bench
        .refused_as("owner", &set("a-fifth"), Exit::Usage, "see --help");
    s.bench.key("owner");
    let line = format!("-k {} {}", s.bench.path("owner"), set("100.01%"));
    let dear = s.bench.raw(&line);
    assert_one_line(&dear, Exit::Refused, "CommissionTooHigh", &line);

    let now = s.bench.ledger.chain.now();
    let told = s.bench.ok("owner", &set("12.5%")).json();
    assert_eq!(told["commission_bps"], 10_000);
    assert_eq!(told["pending_from"], now + 7 * DAY);
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["commission_bps"], 10_000);
    assert_eq!(shown["pending_commission_bps"], 1_250);
    s.wait(7 * DAY);
    let shown = s.bench.run("nobody", &show).json();
    assert_eq!(shown["commission_bps"], 1_250);
    assert!(shown["pending_from"].is_null());
}

#[test]
fn whoever_stakes_behind_a_dear_provider_is_told_before() {
    let mut s = Scene::new();
    let provider = s.provider.clone();
    // Until its owner says otherwise a provider keeps everything.
    let new = s.bench.ok("guild", &format!("stake deposit {provider} 1"));
    assert_eq!(
        new.text("warning"),
        "stakes behind a provider that keeps 100 % of its delegators' rewards"
    );
    let set = |commission: &str| format!("provider set-commission {provider} {commission}");
    s.bench.ok("owner", &set("50%"));
    s.wait(8 * DAY);
    let cheap = s.bench.ok("guild", &format!("stake deposit {provider} 1"));
    assert_eq!(cheap.json()["commission_bps"], 5_000);
    assert!(cheap.json().get("warning").is_none());
    s.bench.ok("owner", &set("87.5%"));
    let line = format!("stake deposit {provider} 2");
    let told = "stakes behind a provider that keeps 87.5 % of its delegators' rewards";
    // It is announced and not yet in force.
    let before = s.bench.ok("guild", &format!("{line} --dry-run")).json();
    assert_eq!(before["warning"], told);
    assert_eq!(before["commission_bps"], 5_000);
    assert_eq!(before["pending_commission_bps"], 8_750);
    s.wait(8 * DAY);
    let pool = s.bench.ok("guild", &line).json();
    assert_eq!(pool["warning"], told);
    assert_eq!(pool["commission_bps"], 8_750);
    let own = s.bench.ok("owner", &line).json();
    assert!(own.get("warning").is_none());
    for show in ["stake show", "stake pool show"] {
        let shown = s.bench.run("nobody", &format!("{show} {provider}")).json();
        assert_eq!(shown["commission_bps"], 8_750, "{show}");
    }
    for (list, rows) in [("provider list", "providers"), ("stake pool list", "pools")] {
        let shown = s.bench.run("nobody", list).json();
        let rows = shown[rows].as_array().unwrap();
        assert!(
            rows.iter().any(|row| row["commission_bps"] == 8_750),
            "{list}"
        );
    }
}
