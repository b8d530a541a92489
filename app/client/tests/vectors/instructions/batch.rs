//! Instructions of batches. `jobs` are the accounts behind those of the IDL, each to be written.

use {
    super::case,
    crate::{hash, key, signer},
    bytemuck::Zeroable,
    serde_json::Value,
    sluice::state::{AttesterSet, Batch},
    sluice_client::{
        BatchRun, address,
        batch::Tree,
        instruction as ix,
        statement::{Countersignature, Statement, batch_message},
    },
    solana_signer::Signer,
};

/// Statements of two jobs, in turn.
fn statement(number: u32) -> Statement {
    Statement {
        context: hash(&format!("context {}", number % 2)),
        window: number,
        units: 100 + u64::from(number),
        digest: hash(&format!("evidence {number}")),
    }
}

/// The tree of six statements.
fn tree() -> Tree {
    Tree::new((0..6).map(|number| statement(number).hash()).collect()).unwrap()
}

/// The run of `leaves` leaves at `index`, with these statements in it, each of the job that it is of.
fn run(index: usize, leaves: usize, told: &[usize]) -> BatchRun {
    let said = |place: usize| {
        let number = u32::try_from(place).ok()?;
        told.contains(&place)
            .then(|| (u8::from(number % 2 == 1), statement(number)))
    };
    tree().run(index, leaves, said).unwrap()
}

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let [payer, operator, worker, set_key, provider] =
        ["payer", "operator", "worker", "set", "provider"].map(key);
    let jobs = ["job", "another job"].map(key);
    let keys = ["attester 1", "attester 2", "attester 3"].map(signer);
    let mut set = AttesterSet::zeroed();
    set.keys[0] = keys[2].pubkey();
    set.keys[1] = key("attester");
    set.keys[2] = keys[0].pubkey();
    set.keys[3] = keys[1].pubkey();
    set.count = 4;
    let root = tree().root();
    let sign = |one: &dyn Signer| Countersignature {
        key: one.pubkey(),
        signature: one.sign_message(&batch_message(&set_key, &root)),
    };
    let [one, two, three] = keys.each_ref().map(|key| sign(key));
    let expires_at = 1_800_000_000;
    let batch_key = address::batch(&payer, &set_key, &root);
    let batch = Batch {
        set: set_key,
        root,
        payer,
        expires_at,
        ..Batch::zeroed()
    };
    let signed = [one, three];
    let [_, posted] = ix::post_batch(&payer, (&set_key, &set), root, expires_at, &signed).unwrap();
    let [_, endorsed] = ix::endorse_batch(&batch_key, &batch, &set, &[two]).unwrap();
    let address = (&batch_key, &set_key);
    let [whole, alone] = [run(0, 4, &[0, 1, 3]), run(5, 1, &[5])];
    let cases = [
        case(
            "post_batch",
            [("payer", &payer)],
            [("set", &set_key), ("batch", &batch_key)],
            [
                ("root", &root),
                ("expires_at", &expires_at),
                ("members", &0x20u64),
            ],
            &posted,
        ),
        case(
            "endorse_batch",
            [],
            [("batch", &batch_key), ("set", &set_key)],
            [("members", &0x3u64)],
            &endorsed,
        ),
        case(
            "attest_batch",
            [("authority", &operator)],
            [
                ("batch", &batch_key),
                ("set", &set_key),
                ("provider", &provider),
                ("jobs", &jobs.to_vec()),
            ],
            [("args", &whole)],
            &ix::attest_batch(&operator, address, Some(provider), &jobs, whole.clone()),
        ),
        case(
            "attest_batch",
            [("authority", &worker)],
            [
                ("batch", &batch_key),
                ("set", &set_key),
                ("jobs", &jobs.to_vec()),
            ],
            [("args", &alone)],
            &ix::attest_batch(&worker, address, None, &jobs, alone.clone()),
        ),
        case(
            "close_batch",
            [("payer", &payer)],
            [("batch", &batch_key)],
            [],
            &ix::close_batch(&batch_key, &batch),
        ),
    ];
    cases.into()
}
