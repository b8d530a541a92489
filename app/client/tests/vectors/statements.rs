//! What is signed, and the ed25519 instructions that carry the signatures.

use {
    crate::{
        check, hash,
        json::{ToJson, hex, object, record},
        key, signer,
    },
    bytemuck::Zeroable,
    sluice::{attestation, state::AttesterSet},
    sluice_client::statement::{
        self, Countersignature, Path, Statement, ed25519_instruction, equivocation_instruction,
    },
    solana_signer::Signer,
};

record! {
    Countersignature { key, signature }
    Statement { context, window, units, digest }
}

impl ToJson for solana_signature::Signature {
    fn json(&self) -> serde_json::Value {
        hex(self.as_ref())
    }
}

pub fn list<T: ToJson>(items: &[T]) -> serde_json::Value {
    items.iter().map(ToJson::json).collect()
}

#[test]
fn statements_are_signed_and_carried_so() {
    let (domain, job, incarnation, node) = (hash("domain"), key("job"), 1 << 33, key("node"));
    let statement = Statement {
        context: attestation::context(&domain, &job, incarnation, &node),
        window: 0x0102_0304,
        units: 0x0506_0708_090a_0b0c,
        digest: hash("evidence"),
    };
    let other = Statement {
        units: 1,
        ..statement
    };
    let names = ["worker", "attester 1", "attester 2", "attester 3"];
    let keys = names.map(signer);
    let sign = |statement: &Statement, path| {
        let signed = keys.iter().map(|key| statement.sign(path, key).unwrap());
        signed.collect::<Vec<_>>()
    };
    let (quorum, cosigned) = (
        sign(&statement, Path::Quorum),
        sign(&statement, Path::Cosigned),
    );
    let worker = quorum[0];

    let mut set = AttesterSet::zeroed();
    let mut members = [&keys[1], &keys[2], &keys[3]].map(Signer::pubkey);
    members.sort_by_key(|key| key.to_bytes());
    set.keys[..3].copy_from_slice(&members);
    set.keys[3] = worker.key;
    set.count = 3;
    let (ordered, bits) = statement::order_members(&set, &quorum[1..]).unwrap();
    let pair: Vec<_> = ordered.iter().skip(1).rev().copied().collect();
    let (_, pair_bits) = statement::order_members(&set, &pair).unwrap();
    assert!(statement::order_members(&set, &[worker]).is_err());

    let message = statement.message(Path::Quorum);
    let carried = [vec![worker], ordered].concat();
    let both = [&statement, &other].map(|statement| {
        let signed = statement.sign(Path::Quorum, &keys[1]).unwrap();
        (signed, statement.message(Path::Quorum))
    });
    check(
        "statements",
        &object([
            ("domain", &domain),
            ("job", &job),
            ("incarnation", &incarnation),
            ("node", &node),
            ("statement", &statement),
            ("hash", &statement.hash()),
            ("quorum_message", &message),
            ("cosigned_message", &statement.message(Path::Cosigned)),
            ("seeds", &list(&names.map(hash))),
            ("quorum", &list(&quorum)),
            ("cosigned", &list(&cosigned)),
            ("set_keys", &list(&set.keys)),
            ("set_count", &set.count),
            ("members", &bits),
            ("last_two_members", &pair_bits),
            (
                "ed25519",
                &hex(&ed25519_instruction(&message, &carried).unwrap().data),
            ),
            ("other", &other),
            ("equivocation", &hex(&equivocation_instruction(&both).data)),
        ]),
    );
}
