//! Transactions that are signed in more than one place: offline, by two parties, on a durable nonce.

use {
    crate::{
        bench::{Bench, assert_one_line},
        scene::Scene,
    },
    sluice_cli::Exit,
    sluice_client::{Job, Ledger, ledger::nonce},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    solana_system_interface::instruction::create_nonce_account,
};

const APART: &str = "--sign-only --dump-transaction-message";

/// The words that top `job` up by half a token.
fn top_up(job: &str) -> String {
    format!("job top-up {job} 0.5")
}

fn funded(bench: &Bench, job: &str) -> u64 {
    let address: Address = job.parse().unwrap();
    bench.ledger.chain.get::<Job>(&address).unwrap().funded
}

/// A nonce account that `authority` may advance.
fn open_nonce(bench: &mut Bench, authority: &str) -> String {
    let payer = Keypair::new();
    let account = Keypair::new();
    let authority = bench.key(authority);
    let chain = &mut bench.ledger.chain;
    chain.airdrop(&payer.pubkey(), 1_000_000_000).unwrap();
    let rent = chain.minimum_balance(nonce::LEN).unwrap();
    let create = create_nonce_account(&payer.pubkey(), &account.pubkey(), &authority, rent);
    chain.send(&create, &payer, &[&account]).unwrap();
    chain.advance_slot(1);
    account.pubkey().to_string()
}

#[test]
fn a_message_goes_to_its_signer_and_comes_back_as_a_signature() {
    let mut s = Scene::new();
    let job = s.open(1);
    let (buyer, sponsor) = (s.buyer, s.bench.path("sponsor"));
    s.bench.funded("sponsor");
    let before = (funded(&s.bench, &job), s.bench.ledger.submitted);
    let line = format!(
        "--output json {APART} -k {buyer} --fee-payer {sponsor} {}",
        top_up(&job)
    );
    let made = s.bench.raw(&line).json();
    assert_eq!(made["absent"], serde_json::json!([buyer.to_string()]));
    assert_eq!(made["signers"].as_array().unwrap().len(), 1);
    let message = made["message"].as_str().unwrap().to_owned();
    assert_eq!(before, (funded(&s.bench, &job), s.bench.ledger.submitted));

    // Whoever signs sees what.
    let shown = s
        .bench
        .raw(&format!("--output json transaction show {message}"))
        .json();
    let step = &shown["instructions"].as_array().unwrap()[1];
    assert_eq!(step["program"], "sluice");
    assert_eq!(step["instruction"], "top_up_job");
    assert_eq!(step["args"]["amount"], "500000", "{step}");
    assert_eq!(step["accounts"]["job"], job);

    let file = s.bench.file("message", &format!("{message}\n"));
    let stranger = s.bench.run("stranger", &format!("transaction sign {file}"));
    assert_eq!(stranger.exit, Exit::Key, "{}", stranger.err);
    let by_buyer = s
        .bench
        .field("buyer", &format!("transaction sign {file}"), "signer");

    // Without it, or with another's, nothing is sent.
    s.bench.refused(
        &format!("--fee-payer {sponsor} -k {sponsor} transaction send {file}"),
        Exit::Key,
        &format!("signatures are missing, give them with --signer: {buyer}"),
    );
    let (_, signature) = by_buyer.split_once('=').unwrap();
    let forged = signature.chars().rev().collect::<String>();
    let ran = s.bench.raw(&format!(
        "-k {sponsor} --signer {buyer}={forged} transaction send {file}"
    ));
    assert!(matches!(ran.exit, Exit::Key | Exit::Usage), "{}", ran.err);
    assert_eq!(before, (funded(&s.bench, &job), s.bench.ledger.submitted));

    let send = format!("--output json -k {sponsor} --signer {by_buyer} transaction send {file}");
    let sent = s.bench.raw(&send).text("signature");
    assert_eq!(funded(&s.bench, &job), before.0 + 500_000);
    // The message is one transaction, however often it is sent.
    let again = s.bench.raw(&send).json();
    assert_eq!(again["landed_before"], true, "{again}");
    assert_eq!(again["signature"], sent);
    assert_eq!(funded(&s.bench, &job), before.0 + 500_000);
}

#[test]
fn the_same_command_with_the_signature_sends_what_was_signed() {
    let mut s = Scene::new();
    let job = s.open(1);
    let (buyer, sponsor) = (s.buyer, s.bench.path("sponsor"));
    s.bench.funded("sponsor");
    let before = funded(&s.bench, &job);
    let command = format!("-k {buyer} --fee-payer {sponsor} {}", top_up(&job));
    let made = s
        .bench
        .raw(&format!("--output json {APART} {command}"))
        .json();
    let message = made["message"].as_str().unwrap();
    let by_buyer = s
        .bench
        .field("buyer", &format!("transaction sign {message}"), "signer");
    let fixed = format!(
        "--output json --blockhash {} --with-compute-unit-limit {} --signer {by_buyer}",
        made["blockhash"].as_str().unwrap(),
        made["compute_unit_limit"],
    );
    // Another amount is another message: the signature is not of it.
    let other = command.replace(" 0.5", " 5");
    let ran = s.bench.raw(&format!("{fixed} {other}"));
    assert_eq!(ran.exit, Exit::Key, "{}", ran.err);
    assert_eq!(funded(&s.bench, &job), before);
    s.bench.raw(&format!("{fixed} {command}")).json();
    assert_eq!(funded(&s.bench, &job), before + 500_000);
}

#[test]
fn an_address_alone_does_not_sign() {
    let mut s = Scene::new();
    let job = s.open(1);
    let line = format!("-k {} {}", s.buyer, top_up(&job));
    s.bench.refused(
        &line,
        Exit::Key,
        "is an address: give its signature with --signer",
    );
}

#[test]
fn a_durable_nonce_waits_for_the_signature() {
    let mut s = Scene::new();
    let job = s.open(1);
    let nonce = open_nonce(&mut s.bench, "buyer");
    let before = funded(&s.bench, &job);
    let made = s
        .bench
        .ok(
            "buyer",
            &format!("{APART} --nonce {nonce} {}", top_up(&job)),
        )
        .json();
    assert_eq!(made["absent"], serde_json::json!([]));
    let twin = s
        .bench
        .ok(
            "buyer",
            &format!("{APART} --nonce {nonce} job top-up {job} 0.25"),
        )
        .json();
    // Hours and blockhashes pass.
    s.wait(7_200);
    s.bench.ledger.chain.advance_slot(1_000);
    let send = |made: &serde_json::Value| {
        format!("transaction send {}", made["message"].as_str().unwrap())
    };
    s.bench.ok("buyer", &send(&made));
    assert_eq!(funded(&s.bench, &job), before + 500_000);
    // The nonce has moved on, and with it the other one's chance.
    let ran = s.bench.run("buyer", &send(&twin));
    assert_eq!(ran.exit, Exit::Unreachable, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("did not land"), "{}", ran.err);
    assert_eq!(
        s.bench.ok("buyer", &send(&made)).json()["landed_before"],
        true
    );
    assert_eq!(funded(&s.bench, &job), before + 500_000);
    // Directly, and with an authority of its own.
    s.bench
        .ok("buyer", &format!("--nonce {nonce} {}", top_up(&job)));
    assert_eq!(funded(&s.bench, &job), before + 1_000_000);
    let notary = open_nonce(&mut s.bench, "notary");
    let authority = s.bench.path("notary");
    s.bench.ok(
        "buyer",
        &format!(
            "--nonce {notary} --nonce-authority {authority} {}",
            top_up(&job)
        ),
    );
    assert_eq!(funded(&s.bench, &job), before + 1_500_000);
    let line = format!("--nonce {job} {}", top_up(&job));
    s.bench
        .refused_as("buyer", &line, Exit::BadInput, "is not a durable nonce");
}

#[test]
fn a_signature_is_for_one_transaction() {
    let mut s = Scene::new();
    let job = s.active(1);
    s.wait(4 * 3_600);
    let nonce = open_nonce(&mut s.bench, "buyer");
    // The end of a job takes several steps.
    let ran = s
        .bench
        .run("buyer", &format!("--nonce {nonce} crank {job}"));
    assert_eq!(ran.exit, Exit::Partly, "{}{}", ran.out, ran.err);
    assert!(
        ran.out.contains("this takes several transactions"),
        "{}",
        ran.out
    );
}

#[test]
fn bytes_that_are_no_message_are_refused() {
    let mut bench = Bench::new();
    bench.key("someone");
    for (word, says) in [
        ("bm90IG9uZQ==", "that is no message"),
        ("/nowhere", "that is no message"),
        // A versioned message, which read as another would have other instructions.
        ("gAEAAQAAAAA=", "that is no message"),
    ] {
        let ran = bench.raw(&format!("transaction show {word}"));
        assert_one_line(&ran, Exit::BadInput, says, word);
    }
}
