//! Instructions that prove a window.

use {
    super::case,
    crate::{hash, job, json::object, key, signer},
    bytemuck::Zeroable,
    serde_json::Value,
    sluice::state::AttesterSet,
    sluice_client::{
        instruction as ix,
        statement::{Path, Statement},
    },
    solana_signer::Signer,
};

/// Instructions, built.
pub fn cases() -> Vec<Value> {
    let key = key("job");
    let job = job::job(&key);
    let statement = Statement::of(&job, 3, 99, hash("evidence"));
    let keys = ["worker", "attester 1", "attester 2"].map(signer);
    let mut set = AttesterSet::zeroed();
    set.keys[0] = keys[2].pubkey();
    set.keys[1] = keys[1].pubkey();
    set.count = 2;
    let signed = |path| {
        keys.each_ref()
            .map(|key| statement.sign(path, key).unwrap())
    };
    let [worker, one, two] = signed(Path::Quorum);
    let [_, quorum] = ix::attest(&key, &job, &set, &statement, worker, &[one, two]).unwrap();
    let [worker, cosigner, _] = signed(Path::Cosigned);
    let [_, cosigned] = ix::attest_cosigned(&key, &statement, worker, cosigner).unwrap();
    let claim = object([
        ("window", &statement.window),
        ("units", &statement.units),
        ("digest", &statement.digest),
    ]);
    let cases = [
        case(
            "attest",
            [],
            [("job", &key), ("set", &job.terms.set)],
            [("args", &claim), ("members", &0x10u64)],
            &quorum,
        ),
        case(
            "attest_cosigned",
            [],
            [("job", &key)],
            [("args", &claim)],
            &cosigned,
        ),
    ];
    cases.into()
}
