//! `sluice kernel check --on-chain`: the chain itself computes a kernel's inputs.

use {
    crate::shell::Shell,
    sha2::{Digest, Sha256},
    sluice_client::{
        Address, Ledger, Signer, hex,
        loader::{self, LOADER, Rent},
        send::Envelope,
    },
    solana_system_interface::instruction::transfer,
    std::{fs, path::Path, rc::Rc, thread::sleep, time::Duration},
};

/// Rent of a program's own account, which stays.
const LOST: u64 = 1_141_440;
/// Fee of a transaction with one signature.
const FEE: u64 = 5_000;

/// A tile of 16 by 16 pixels: first pixel, way to the next, width, height, limit.
fn tile() -> Vec<u8> {
    let mut bytes = vec![];
    for value in [-(1i64 << 28), -(1 << 28), 1 << 20, 1 << 20] {
        bytes.extend(value.to_le_bytes());
    }
    for value in [16u16, 16, 100] {
        bytes.extend(value.to_le_bytes());
    }
    bytes
}

fn kernel() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("target/kernels/fractal.so");
    path.canonicalize().unwrap().display().to_string()
}

/// Where a program of a payer is, or its buffer.
fn place(payer: &Address, code: &[u8], what: &str, number: u32) -> Address {
    let mut hasher = Sha256::new();
    hasher.update(what);
    hasher.update(number.to_le_bytes());
    hasher.update(Sha256::digest(code));
    let seed = hex::encode(&hasher.finalize());
    Address::create_with_seed(payer, &seed[..32], &LOADER).unwrap()
}

#[test]
fn the_chain_gives_what_the_engines_give_and_gives_the_rent_back() {
    let s = Shell::new("kernel");
    let inputs = s.path("inputs");
    fs::create_dir_all(&inputs).unwrap();
    fs::write(format!("{inputs}/tile"), tile()).unwrap();
    fs::write(format!("{inputs}/nothing"), []).unwrap();
    fs::write(format!("{inputs}/too-long"), vec![0; 2_000]).unwrap();
    let buyer = s.chain.world().cast.buyer.pubkey();
    let holds = || s.chain.ledger().account(&buyer).unwrap().unwrap().lamports;
    let before = holds();
    let line = format!(
        "kernel check {} --inputs {inputs} --on-chain --yes",
        kernel()
    );
    // Nothing is spent by asking what it costs.
    let planned = s.ok("buyer", &format!("{line} --dry-run"));
    assert_eq!(planned["rent_lost"]["amount"], "1141440");
    assert_eq!(holds(), before);

    // Killed in the middle of it: what was begun goes on.
    let mut killed = s.command(&s.key("buyer"), &line).spawn().unwrap();
    while holds() == before {
        assert!(killed.try_wait().unwrap().is_none(), "it ended");
        sleep(Duration::from_millis(20));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();

    let told = s.ok("buyer", &line);
    println!("{told:#}");
    assert_eq!(told["verdict"], "same");
    let trials = told["trials"].as_array().unwrap();
    let of = |input: &str, engine: &str| {
        let mut found = trials.iter();
        let is = |one: &&serde_json::Value| one["input"] == input && one["engine"] == engine;
        found.find(is).unwrap().clone()
    };
    let (engine, chain) = (of("tile", "sbpf"), of("tile", "chain"));
    assert!(engine["sha256"].is_string());
    assert_eq!(engine["sha256"], chain["sha256"]);
    let units: u64 = chain["compute_units"].as_str().unwrap().parse().unwrap();
    assert!(units > 1_000, "{units}");
    assert!(of("nothing", "chain")["undone"].is_string());
    let long = of("too-long", "chain")["undone"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(long.starts_with("it has 2000 bytes"), "{long}");
    let len = fs::read(kernel()).unwrap().len();
    // Buffer, its parts, deployment, closing.
    let most = u64::try_from(len / 900 + 4).unwrap() * FEE;
    let spent = before - holds();
    assert!((LOST..=LOST + most).contains(&spent), "{spent}");
}

#[test]
fn a_deployment_that_was_broken_off_goes_on_and_a_program_that_is_there_is_taken() {
    let s = Shell::new("kernel-broken-off");
    let mut ledger = s.chain.ledger();
    let key = s.chain.world().cast.buyer.insecure_clone();
    let envelope = Envelope::new(Rc::new(key));
    let code = fs::read(kernel()).unwrap();
    let units = 1_400_000;

    let rent = loader::rent(&ledger, code.len()).unwrap();

    let first = loader::deploy(&mut ledger, &envelope, &code, rent).unwrap();
    let again = loader::deploy(&mut ledger, &envelope, &code, rent).unwrap();
    assert_eq!(again, first);
    loader::await_slot(&ledger, &first).unwrap();
    let payer = envelope.payer.pubkey();
    let called = loader::call(&ledger, &payer, &first.program, &tile(), units).unwrap();
    assert_eq!(called.outcome.unwrap().unwrap().len(), 512);
    loader::close(&mut ledger, &envelope, &first).unwrap();

    // Whoever knows the payer and the code knows the next addresses, too. Lamports at the program's and the buffer's are no harm; at the
    // data's they spoil the address, and the next one is taken.
    let giver = &s.chain.world().cast.funder;
    let [second, third] = [1, 2].map(|number| place(&payer, &code, "program", number));
    let buffer = place(&payer, &code, "buffer", 0);
    let data = Address::find_program_address(&[second.as_ref()], &LOADER).0;
    let give = |to| transfer(&giver.pubkey(), to, 1_000_000);
    let gifts = [give(&second), give(&data), give(&third), give(&buffer)];
    ledger.send(&gifts, giver, &[]).unwrap();
    // The address is lost; the code is deployed anew elsewhere.
    let other = loader::deploy(&mut ledger, &envelope, &code, rent).unwrap();
    assert_eq!(other.program, third);
    loader::await_slot(&ledger, &other).unwrap();
    loader::close(&mut ledger, &envelope, &other).unwrap();
    assert!(ledger.account(&other.data).unwrap().is_none());
    assert!(ledger.account(&buffer).unwrap().is_none());
}

#[test]
fn what_the_chain_refuses_is_paid_back_and_no_more_rent_is_paid_than_was_told() {
    let s = Shell::new("kernel-refused");
    let mut ledger = s.chain.ledger();
    let key = s.chain.world().cast.buyer.insecure_clone();
    let envelope = Envelope::new(Rc::new(key));
    let payer = envelope.payer.pubkey();
    let holds = |ledger: &_| Ledger::account(ledger, &payer).unwrap().unwrap().lamports;
    let before = holds(&ledger);
    let code = vec![7; 2_000];
    let rent = loader::rent(&ledger, code.len()).unwrap();
    let less = Rent {
        most: rent.most - 2_000_000,
        ..rent
    };
    let refused = loader::deploy(&mut ledger, &envelope, &code, less).unwrap_err();
    assert!(refused.to_string().contains("of rent"), "{refused}");
    assert_eq!(holds(&ledger), before);

    loader::deploy(&mut ledger, &envelope, &code, rent).unwrap_err();
    let buffer = place(&payer, &code, "buffer", 0);
    assert!(ledger.account(&buffer).unwrap().is_none());
    let spent = before - holds(&ledger);
    assert!(spent <= 5 * FEE, "{spent}");
}
