//! `--as-instruction`: what is printed for a proposal is what the same command sends.

use {
    crate::{
        counting::Loses,
        printed::{borsh, is_sent, names, transactions},
        scene::Scene,
    },
    base64::{Engine, prelude::BASE64_STANDARD},
    clap::Command,
    serde_json::json,
    sluice::constants::WRAPPED_SOL,
    sluice_cli::Exit,
    sluice_client::{Ledger, Provider, address},
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

#[test]
fn every_noun_that_sends_prints_what_it_sends() {
    let mut s = Scene::new();
    let (network, provider, node) = (s.network.clone(), s.provider.clone(), s.node.clone());
    let (set, attester) = (s.set.clone(), s.attesters[0].clone());
    let (pay, stake) = (s.bench.pay.address, s.bench.stake);
    let (next, challenger) = (s.bench.funded("next"), s.bench.funded("challenger"));
    s.bench.give(&challenger, &stake, 100_000_000_000);
    s.bench.key("fourth");
    let fourth = s.bench.path("fourth");
    let hash = "02".repeat(32);
    let unwrap = wrapped(&mut s);
    let job = s.active(1);
    s.wait(3_600);
    let proof = ["worker", "a1", "a2"].map(|name| s.sign(name, &job, 0, 100, "quorum"));
    let proof = format!("attest submit {job} {}", proof.join(" "));
    let open = s.open_line(3);
    let stake = stake.address;
    let terms =
        "--price 1 --cap 100 --window 1h --grace 1h --challenge-time 1h --notice 1h --bond 20";
    let lines = [
        (
            "admin",
            "create_network",
            format!(
                "network create other --stake-mint {stake} --treasury {next} --min-stake 1 --min-bond 1 --unbonding 7d --fee-bps 1 --domain-nonce {hash}"
            ),
        ),
        (
            "guild",
            "register_attester",
            format!("attester register --network {network} --key {fourth}"),
        ),
        (
            "admin",
            "create_attester_set",
            format!(
                "attester-set create --network {network} --key {next} --threshold 1 --meter {hash} --fee-owner {next} --pay-mint {pay} --least-price 1 --least-bond 20"
            ),
        ),
        (
            "operator",
            "post_offer",
            format!("offer post --node {node} --id 1 --mint {pay} {terms} --slots 1 --expires +1d"),
        ),
        (
            "owner",
            "set_operator",
            format!("provider set-operator {provider} {next}"),
        ),
        (
            "next",
            "update_node",
            format!("node update {node} --region 7"),
        ),
        ("owner", "stake", format!("stake deposit {provider} 1")),
        (
            "buyer",
            "add_dividends",
            format!("dividends add {provider} 1"),
        ),
        ("buyer", "open_job", open),
        ("buyer", "attest", proof),
        (
            "challenger",
            "challenge",
            format!("challenge open --job {job} --window 0 --reason 3 --evidence {hash}"),
        ),
        (
            "buyer",
            "create_reward_pool",
            format!(
                "rewards create --network {network} --id 1 --set {set} --mint {pay} --rate 10 --ceiling 0.05 --node-cap 1000 --end +3d"
            ),
        ),
        ("buyer", "", unwrap),
        (
            "guild",
            "leave_attester_set",
            format!("attester leave {attester} --set {set}"),
        ),
    ];
    let mut nouns: Vec<String> = vec![];
    for (name, instruction, line) in lines {
        let printed = s.printed(name, &line);
        let shown = names(&printed);
        assert_eq!(
            shown.last().copied().unwrap_or_default(),
            instruction,
            "{printed:#}"
        );
        // What is sent here is compared with what is printed.
        s.bench.ok(name, &line);
        nouns.extend(line.split(' ').next().map(str::to_owned));
    }
    for noun in sluice_cli::command()
        .get_subcommands()
        .map(Command::get_name)
    {
        let known = nouns.iter().any(|one| one == noun)
            || STEPS.contains(&noun)
            || SEND_NOTHING.contains(&noun);
        assert!(known, "{noun}: print one of its verbs here");
    }
}

/// Lets the buyer have wrapped SOL; returns the words that unwrap it.
fn wrapped(s: &mut Scene) -> String {
    let (sol, minter) = (WRAPPED_SOL[0], s.bench.key("minter"));
    s.bench.ledger.chain.create_mint(&sol, &minter, 9).unwrap();
    let pay = s.bench.pay.address.to_string();
    let line = s.open_line(9).replace(&pay, &sol.to_string());
    let job = s.bench.field("buyer", &line, "job");
    s.bench.ok("buyer", &format!("job cancel {job}"));
    s.bench.ok("guild", &format!("job refund {job}"));
    "token unwrap".to_owned()
}

/// Nouns whose commands send one step after the other.
const STEPS: [&str; 2] = ["crank", "migrate"];

/// Nouns that send no instruction of their own, or many over time.
const SEND_NOTHING: [&str; 13] = [
    "run",
    "kernel",
    "address",
    "airdrop",
    "completions",
    "config",
    "doctor",
    "events",
    "man",
    "market",
    "statement",
    "transaction",
    "watch",
];

#[test]
fn a_vault_of_another_program_needs_no_key_and_no_funds() {
    let mut s = Scene::new();
    let job = s.open(1);
    let (vault, _) = Address::find_program_address(&[b"vault"], &Address::new_from_array([7; 32]));
    let (network, sponsor) = (s.network.clone(), s.bench.key("sponsor"));
    let register = format!(
        "--output json --as-instruction -k {vault} --fee-payer {sponsor} provider register --network {network} --operator {vault}"
    );
    let before = (s.bench.ledger.submitted, s.bench.ledger.simulated.get());
    let printed = s.bench.raw(&register).json();
    let provider = address::provider(&network.parse().unwrap(), &vault).to_string();
    assert_eq!(printed["provider"], provider);
    let [one] = printed["instructions"].as_array().unwrap().as_slice() else {
        panic!("{printed:#}");
    };
    assert_eq!(one["program"], sluice_client::ID.to_string());
    assert_eq!(one["instruction"], "register_provider");
    let account = |name: &str, address: &str, signer: bool, writable: bool| json!({ "name": name, "address": address, "signer": signer, "writable": writable });
    assert_eq!(
        one["accounts"],
        json!([
            account("payer", &sponsor.to_string(), true, true),
            account("owner", &vault.to_string(), true, false),
            account("network", &network, false, false),
            account("provider", &provider, false, true),
            account(
                "system_program",
                "11111111111111111111111111111111",
                false,
                false
            ),
        ])
    );
    // A proposal may be carried out long after the vault holds what it takes.
    let top_up = format!("--output json --as-instruction -k {vault} job top-up {job} 500");
    let printed = s.bench.raw(&top_up).json();
    assert_eq!(names(&printed), ["top_up_job"]);
    assert_eq!(
        before,
        (s.bench.ledger.submitted, s.bench.ledger.simulated.get())
    );
    // Only who holds the role is asked for it.
    let pause = format!("--as-instruction -k {vault} network pause {network} --for 1d");
    s.bench
        .refused(&pause, Exit::Key, "is not the network's guardian");
}

#[test]
fn an_instruction_is_shown_to_people() {
    let mut s = Scene::new();
    let (owner, provider) = (s.owner, s.provider.clone());
    let next = s.bench.key("next");
    let line = format!("--as-instruction -k {owner} provider set-operator {provider} {next}");
    let ran = s.bench.raw(&line);
    assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
    let data = [&[7][..], &next.to_bytes()].concat();
    let whole = Instruction {
        program_id: sluice_client::ID,
        accounts: vec![
            AccountMeta::new_readonly(owner, true),
            AccountMeta::new(provider.parse().unwrap(), false),
        ],
        data: data.clone(),
    };
    let widest = owner.to_string().len().max(provider.len());
    let expected = [
        "instructions  1".to_owned(),
        "  transaction         1".to_owned(),
        format!("  program             {}", sluice_client::ID),
        "  instruction         set_operator".to_owned(),
        "  accounts            2".to_owned(),
        format!("    name      {:widest$}  signer  writable", "address"),
        format!("    owner     {:widest$}  yes     no", owner.to_string()),
        format!("    provider  {provider:widest$}  no      yes"),
        format!(
            "  data base58         {}",
            bs58::encode(&data).into_string()
        ),
        format!("  data base64         {}", BASE64_STANDARD.encode(&data)),
        format!(
            "  instruction base64  {}",
            BASE64_STANDARD.encode(borsh(&whole))
        ),
    ];
    assert!(ran.out.starts_with(&expected.join("\n")), "{}", ran.out);
    let state: Provider = s
        .bench
        .ledger
        .chain
        .get(&provider.parse().unwrap())
        .unwrap();
    assert_ne!(state.operator, next);
}

#[test]
fn an_instruction_that_no_program_can_call_is_printed_with_a_note() {
    let mut s = Scene::new();
    let job = s.active(1);
    s.wait(3_600);
    let proof = ["worker", "a1", "a2"].map(|name| s.sign(name, &job, 0, 100, "quorum"));
    let printed = s.printed("buyer", &format!("attest submit {job} {}", proof.join(" ")));
    let all = printed["instructions"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    for one in all {
        let note = one["note"].as_str().unwrap();
        assert!(note.starts_with("no program can call this"), "{note}");
    }
    let printed = s.printed("buyer", &format!("job cancel {job}"));
    assert_eq!(printed["instructions"][0].get("note"), None);
    // What is there already is no instruction to print.
    let context = "05".repeat(32);
    for line in [
        format!(
            "--as-instruction attest sign --context {context} --window 0 --units 1 --digest {context}"
        ),
        "--as-instruction transaction sign AA==".to_owned(),
        "--as-instruction transaction send AA==".to_owned(),
    ] {
        s.bench.refused_as(
            "buyer",
            &line,
            Exit::BadInput,
            "prints what a command would send itself",
        );
    }
    for other in ["--dry-run", "--sign-only"] {
        let line = format!("--as-instruction {other} job cancel {job}");
        s.bench
            .refused_as("buyer", &line, Exit::Usage, "cannot be used with");
    }
}

#[test]
fn a_command_in_steps_prints_its_first_transaction() {
    let mut s = Scene::new();
    let (open, active) = (s.open(1), s.active(2));
    s.wait(6 * 3_600);
    for line in [
        format!("job renew {open} --id 3"),
        format!("crank {active}"),
    ] {
        let printed = s.printed("buyer", &line);
        let first = transactions(&printed).remove(0);
        let before = s.bench.ledger.sent.len();
        s.bench.ok("buyer", &line);
        is_sent(&first, &s.bench.ledger.sent[before]);
    }
}

#[test]
fn printing_leaves_no_note_and_takes_none_up() {
    let mut s = Scene::new();
    let job = s.open(1);
    let top_up = format!("job top-up {job} 0.5");
    s.bench.ledger.loses = Some((0, Loses::TheAnswer));
    assert_eq!(s.bench.run("buyer", &top_up).exit, Exit::Unknown);
    let notes = |s: &Scene| std::fs::read_dir(s.bench.path("state")).unwrap().count();
    assert_eq!(notes(&s), 1);
    let printed = s.printed("buyer", &top_up);
    assert_eq!(names(&printed), ["top_up_job"]);
    assert_eq!(notes(&s), 1);
    let resumed = s.bench.ok("buyer", &top_up).json();
    assert_eq!(resumed["resumed"], true, "{resumed}");
    s.printed("buyer", &top_up);
    assert_eq!(notes(&s), 0);
}
