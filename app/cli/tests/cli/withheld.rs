//! Recipients whose token account takes nothing: named with what lifts it, and nothing moves.

use {
    crate::{
        bench::Bench,
        mints::in_business,
        rewarding::{edit, pool, prove},
        scene::{DAY, HOUR, Scene},
    },
    serde_json::Value,
    sluice_cli::Exit,
    sluice_client::{
        Ledger, Provider,
        address::{self, token_account, vault},
        instruction::token::{Mint, TOKEN_2022_PROGRAM},
    },
    solana_address::Address,
};

/// Where a token account says that it is frozen.
const STATE_AT: usize = 108;
/// Where a token account holds its amount.
const AMOUNT_AT: usize = 64;
/// Where a mint names its freeze authority.
const FREEZE_AUTHORITY_AT: usize = 46;

impl Scene {
    /// Changes the data of an account of Token-2022.
    fn edit(&mut self, address: &Address, edit: impl FnOnce(&mut Vec<u8>)) {
        let chain = &mut self.bench.ledger.chain;
        let mut data = chain.account(address).unwrap().unwrap().data;
        edit(&mut data);
        chain.put(address, data, &TOKEN_2022_PROGRAM).unwrap();
    }

    /// The pulls that are due, each with whose account of which mint it pays.
    fn pulls(&mut self, job: &str, ticket: &str) -> Vec<(String, Address, Mint)> {
        let (provider, owner, buyer, treasury) =
            (self.provider.clone(), self.owner, self.buyer, self.treasury);
        let (pay, stake) = (self.bench.pay, self.bench.stake);
        for receiver in [owner, treasury] {
            self.bench.give(&receiver, &pay, 1);
        }
        self.wait(5 * HOUR);
        vec![
            (format!("job pay {job}"), owner, pay),
            (format!("job sweep {job}"), treasury, pay),
            (format!("job refund {job}"), buyer, pay),
            (
                format!("dividends claim {provider} --staker {owner}"),
                owner,
                pay,
            ),
            (format!("stake withdraw {ticket}"), owner, stake),
        ]
    }

    /// Every pull is refused with a sentence that holds `says`, under `name`, and moves nothing.
    #[track_caller]
    fn withholds(&mut self, pull: &(String, Address, Mint), name: &str, says: &[&str]) {
        let (line, owner, mint) = pull;
        let account = token_account(owner, &mint.address, &mint.token_program).to_string();
        let held = self.bench.held(owner, mint);
        let ran = self.bench.run("guild", line);
        assert_eq!(ran.exit, Exit::Refused, "{line}: {}", ran.err);
        let told: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
        assert_eq!(told["error"]["name"], name, "{line}");
        let message = told["error"]["message"].as_str().unwrap();
        for part in says.iter().chain([&&*account, &&*owner.to_string()]) {
            assert!(message.contains(*part), "{line}: {message} lacks {part}");
        }
        assert_eq!(self.bench.held(owner, mint), held, "{line}");
    }
}

#[test]
fn a_frozen_account_is_named_with_who_thaws_it() {
    let (mut s, job, _, ticket) = in_business();
    s.bench.funded("guild");
    let authority = s.bench.key("issuer");
    let (pay, stake) = (s.bench.pay.address, s.bench.stake.address);
    let pulls = s.pulls(&job, &ticket);
    for pull in &pulls {
        let (_, owner, mint) = pull;
        let account = token_account(owner, &mint.address, &mint.token_program);
        s.edit(&account, |data| data[STATE_AT] = 2);
        for issued in [pay, stake] {
            s.edit(&issued, |data| {
                data[FREEZE_AUTHORITY_AT..][..4].copy_from_slice(&1u32.to_le_bytes());
                data[FREEZE_AUTHORITY_AT + 4..][..32].copy_from_slice(authority.as_ref());
            });
        }
        s.withholds(
            pull,
            "AccountFrozen",
            &["is frozen", &authority.to_string()],
        );
        for issued in [pay, stake] {
            s.edit(&issued, |data| data[FREEZE_AUTHORITY_AT..][..36].fill(0));
        }
        s.withholds(pull, "AccountFrozen", &["nobody can thaw it"]);
        s.edit(&account, |data| data[STATE_AT] = 1);
    }
}

#[test]
fn an_account_that_wants_memos_is_named_with_what_lifts_that() {
    let (mut s, job, _, ticket) = in_business();
    s.bench.funded("guild");
    let pulls = s.pulls(&job, &ticket);
    for pull in &pulls {
        let (line, owner, mint) = pull;
        let account = token_account(owner, &mint.address, &mint.token_program);
        // MemoTransfer, one byte, set.
        s.edit(&account, |data| data.extend([8, 0, 1, 0, 1]));
        let says = ["without a memo", "disable-required-transfer-memos"];
        s.withholds(pull, "MemoRequired", &says);
        // Lifted: the account is paid with the extension still on it.
        s.edit(&account, |data| *data.last_mut().unwrap() = 0);
        s.bench.ok("guild", line);
        s.edit(&account, |data| data.truncate(data.len() - 5));
    }
}

#[test]
fn the_crank_pays_the_others_when_one_account_takes_nothing() {
    for (is_frozen, says) in [(true, "is frozen"), (false, "without a memo")] {
        let (mut s, job, _, ticket) = in_business();
        s.bench.funded("guild");
        let pulls = s.pulls(&job, &ticket);
        let (_, owner, pay) = &pulls[0];
        let account = token_account(owner, &pay.address, &pay.token_program);
        s.edit(&account, |data| match is_frozen {
            true => data[STATE_AT] = 2,
            false => data.extend([8, 0, 1, 0, 1]),
        });
        let (treasury, buyer) = (s.treasury, s.buyer);
        let before = [treasury, buyer].map(|one| s.bench.held(&one, pay));
        let ran = s.bench.run("guild", &format!("crank {job}"));
        assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
        let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(told["failed"].as_array().unwrap().len(), 1, "{told}");
        let why = told["failed"][0]["why"].as_str().unwrap();
        for part in [&*account.to_string(), &*owner.to_string(), says] {
            assert!(why.contains(part), "{why} lacks {part}");
        }
        let after = [treasury, buyer].map(|one| s.bench.held(&one, pay));
        assert_eq!(after, [before[0] + 10_000, before[1] + 4_000_000]);
    }
}

#[test]
fn a_close_that_returns_donations_names_the_account_that_takes_none() {
    let (mut s, job, _, ticket) = in_business();
    s.bench.funded("guild");
    for (line, ..) in &s.pulls(&job, &ticket)[..3] {
        s.bench.ok("guild", line);
    }
    s.bench.ok("guild", &format!("job release {job}"));
    let (buyer, pay) = (s.buyer, s.bench.pay);
    let vault = vault(&job.parse().unwrap());
    s.edit(&vault, |data| {
        data[AMOUNT_AT..][..8].copy_from_slice(&7u64.to_le_bytes())
    });
    let pull = (format!("job close {job}"), buyer, pay);
    let account = token_account(&buyer, &pay.address, &pay.token_program);
    s.edit(&account, |data| data[STATE_AT] = 2);
    s.withholds(&pull, "AccountFrozen", &["nobody can thaw it"]);
    s.edit(&account, |data| {
        data[STATE_AT] = 1;
        data.extend([8, 0, 1, 0, 1]);
    });
    s.withholds(&pull, "MemoRequired", &["without a memo"]);
    s.edit(&account, |data| data.truncate(data.len() - 5));
    s.bench.ok("guild", &pull.0);
}

/// A pool in Token-2022 with a share of the owner's node and one of the guild's, each with half of a day's ten tokens, and the nodes.
fn two_shares() -> (Scene, String, [String; 2]) {
    let mut s = Scene::on(Bench::in_2022());
    let (network, set, pay) = (s.network.clone(), s.set.clone(), s.bench.pay);
    let (owner, guild, operator) = (s.owner, s.bench.key("guild"), s.bench.key("operator"));
    let register = format!("provider register --network {network} --operator {operator}");
    let other = s.bench.field("guild", &register, "provider");
    s.bench.ok("guild", &format!("stake deposit {other} 500"));
    s.bench.key("second");
    let worker = s.bench.path("second");
    let register =
        format!("node register --provider {other} --worker {worker} --set {set} --slots 1");
    let nodes = [s.node.clone(), s.bench.field("guild", &register, "node")];
    // A quarter is theirs, and the rest their delegators'.
    for provider in [s.provider.clone(), other] {
        edit::<Provider>(&mut s, &provider, |provider| {
            provider.commission_bps = 2_500;
        });
    }
    let pool = pool(&mut s, 1);
    for node in &nodes {
        s.bench
            .ok("operator", &format!("rewards join {pool} --node {node}"));
    }
    let report = format!(
        "rewards report {pool} --node {} --node {}",
        nodes[0], nodes[1]
    );
    s.wait(DAY);
    s.bench.ok("buyer", &report);
    for node in &nodes {
        prove(&mut s, node, 5);
    }
    s.bench.ok("buyer", &report);
    for receiver in [owner, guild] {
        s.bench.give(&receiver, &pay, 1);
    }
    s.wait(2 * DAY);
    (s, pool, nodes)
}

/// Makes a token account take nothing, and take transfers again.
type Switch = (fn(&mut Vec<u8>), fn(&mut Vec<u8>));

/// Of each way to take nothing: its name, the switch, and what a refusal says.
const WAYS: [(&str, Switch, &str); 2] = [
    (
        "AccountFrozen",
        (|data| data[STATE_AT] = 2, |data| data[STATE_AT] = 1),
        "nobody can thaw it",
    ),
    (
        "MemoRequired",
        (
            |data| data.extend([8, 0, 1, 0, 1]),
            |data| data.truncate(data.len() - 5),
        ),
        "disable-required-transfer-memos",
    ),
];

#[test]
fn a_share_whose_owner_takes_nothing_does_not_hold_up_the_crank() {
    for (name, (stop, _), says) in WAYS {
        let (mut s, pool, nodes) = two_shares();
        let (network, owner, guild, pay) = (
            s.network.clone(),
            s.owner,
            s.bench.key("guild"),
            s.bench.pay,
        );
        let account = token_account(&owner, &pay.address, &pay.token_program);
        s.edit(&account, stop);
        let claim = format!("rewards claim {pool} --node {}", nodes[0]);
        s.withholds(&(claim, owner, pay), name, &[says]);
        let ran = s.bench.run("buyer", &format!("crank --network {network}"));
        assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
        let told: Value = serde_json::from_str(&ran.out).unwrap();
        let [failed] = told["failed"].as_array().unwrap().as_slice() else {
            panic!("{told}");
        };
        assert_eq!(
            (&failed["account"], &failed["step"]),
            (&pool.into(), &"claim".into())
        );
        let why = failed["why"].as_str().unwrap();
        assert!(
            why.contains(says) && why.contains(&account.to_string()),
            "{why}"
        );
        // A quarter of half of ten tokens.
        assert_eq!(s.bench.held(&guild, &pay), 1_250_001, "{told}");
        assert_eq!(s.bench.held(&owner, &pay), 1);
    }
}

#[test]
fn claims_by_hand_go_on_and_say_which_were_withheld_and_why() {
    for (name, (stop, go), says) in WAYS {
        let (mut s, pool, nodes) = two_shares();
        let (owner, guild, pay) = (s.owner, s.bench.key("guild"), s.bench.pay);
        let account = token_account(&owner, &pay.address, &pay.token_program);
        s.edit(&account, stop);
        let claim = format!("rewards claim {pool} --all");
        // Told before anything is sent, too.
        let trial = s.bench.run("buyer", &format!("--dry-run {claim}"));
        let ran = s.bench.run("buyer", &claim);
        for ran in [&trial, &ran] {
            assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
            let told: Value = serde_json::from_str(&ran.out).unwrap();
            let (paid, withheld) = (&told["paid"], &told["withheld"]);
            assert_eq!(paid.as_array().unwrap().len(), 1, "{told}");
            assert_eq!(paid[0]["node"], nodes[1], "{told}");
            assert_eq!(told["totals"][0]["amount"]["amount"], "1250000");
            assert_eq!(withheld.as_array().unwrap().len(), 1, "{told}");
            assert_eq!(withheld[0]["node"], nodes[0], "{told}");
            assert_eq!(withheld[0]["to"], owner.to_string());
            assert_eq!(withheld[0]["amount"]["amount"], "1250000");
            let why = withheld[0]["why"].as_str().unwrap();
            assert!(why.contains(says), "{why}");
        }
        assert_eq!(s.bench.held(&guild, &pay), 1_250_001);
        assert_eq!(s.bench.held(&owner, &pay), 1);
        // What is left is the withheld one: alone it is the failure.
        s.withholds(&(claim.clone(), owner, pay), name, &[says]);
        s.wait(DAY / 2);
        s.bench.ok("buyer", &format!("rewards fold {pool} --all"));
        s.edit(&account, go);
        let told = s.bench.ok("buyer", &claim).json();
        assert_eq!(told["withheld"].as_array().unwrap().len(), 0);
        assert_eq!(s.bench.held(&owner, &pay), 1_250_001);
        // Nobody can be paid: nothing is sent, and each is told.
        let (mut s, pool, _) = two_shares();
        let (owner, guild) = (s.owner, s.bench.key("guild"));
        for to in [owner, guild] {
            s.edit(
                &token_account(&to, &s.bench.pay.address, &TOKEN_2022_PROGRAM),
                stop,
            );
        }
        let sent = s.bench.ledger.submitted;
        let ran = s
            .bench
            .seen("buyer", &format!("rewards claim {pool} --all"));
        assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
        assert!(ran.out.contains("withheld  2\n"), "{}", ran.out);
        assert!(
            ran.out.lines().all(|line| line.chars().count() <= 80),
            "{}",
            ran.out
        );
        assert_eq!(s.bench.ledger.submitted, sent);
    }
}

#[test]
fn delegators_are_paid_though_the_vault_of_others_is_frozen() {
    let (mut s, pool, nodes) = two_shares();
    let provider = s.provider.clone();
    s.bench.ok(
        "buyer",
        &format!("rewards pay-delegators {pool} --node {}", nodes[0]),
    );
    let stake_pool = address::stake_pool(&provider.parse().unwrap());
    let vault = address::dividends(&stake_pool);
    s.edit(&vault, |data| data[STATE_AT] = 2);
    for node in &nodes {
        prove(&mut s, node, 5);
    }
    s.bench.ok("buyer", &format!("rewards fold {pool} --all"));
    s.bench.ok("buyer", &format!("rewards report {pool} --all"));
    s.wait(DAY + DAY / 2);
    let ran = s
        .bench
        .run("buyer", &format!("rewards pay-delegators {pool} --all"));
    assert_eq!(ran.exit, Exit::Partly, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["paid"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told["paid"][0]["node"], nodes[1]);
    assert_eq!(told["withheld"][0]["node"], nodes[0]);
    assert_eq!(told["withheld"][0]["to"], stake_pool.to_string());
    let why = told["withheld"][0]["why"].as_str().unwrap();
    assert!(why.contains(&vault.to_string()), "{why}");
    let frozen = s.bench.ledger.chain.token_balance(&vault).unwrap();
    assert_eq!(frozen, 3_750_000, "{told}");
}
