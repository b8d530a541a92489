use {
    crate::signed::{STATEMENT, by, keys, of},
    sluice::{attestation::verify_cosigned, error::SluiceError},
    sluice_client::statement::{Path, Statement},
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// What comes of `data` if `worker` and `cosigner` must have signed.
fn check(data: &[u8], worker: &Keypair, cosigner: &Keypair) -> Result<(), SluiceError> {
    use SluiceError::*;
    let statement = STATEMENT.hash();
    verify_cosigned(data, &statement, &worker.pubkey(), &cosigner.pubkey()).map_err(|error| {
        [
            MalformedSignatures,
            WrongStatement,
            WorkerNotSigned,
            WrongSignerCount,
            CosignerNotSigned,
        ]
        .into_iter()
        .find(|named| error == (*named).into())
        .unwrap_or_else(|| panic!("{error:?}"))
    })
}

#[test]
fn worker_and_cosigner_in_this_order_are_enough() {
    let keys = keys(2);
    let [worker, cosigner] = &keys[..] else {
        unreachable!()
    };
    let data = by(Path::Cosigned, [worker, cosigner]);
    assert_eq!(check(&data, worker, cosigner), Ok(()));
    assert_eq!(
        check(&data, cosigner, worker),
        Err(SluiceError::WorkerNotSigned)
    );
}

#[test]
fn fewer_more_or_other_signers_are_refused() {
    let keys = keys(3);
    let [worker, cosigner, stranger] = &keys[..] else {
        unreachable!()
    };
    let refused = |signers: &[&Keypair], error| {
        let data = by(Path::Cosigned, signers.iter().copied());
        assert_eq!(check(&data, worker, cosigner), Err(error));
    };
    refused(&[worker], SluiceError::WrongSignerCount);
    refused(&[worker, cosigner, stranger], SluiceError::WrongSignerCount);
    refused(&[worker, cosigner, cosigner], SluiceError::WrongSignerCount);
    refused(&[worker, stranger], SluiceError::CosignerNotSigned);
    refused(&[worker, worker], SluiceError::CosignerNotSigned);
    refused(&[cosigner, cosigner], SluiceError::WorkerNotSigned);
    refused(&[stranger, cosigner], SluiceError::WorkerNotSigned);
    refused(&[cosigner], SluiceError::WorkerNotSigned);
}

#[test]
fn the_quorum_tag_and_other_statements_are_refused() {
    let keys = keys(2);
    let [worker, cosigner] = &keys[..] else {
        unreachable!()
    };
    let other = Statement {
        units: STATEMENT.units + 1,
        ..STATEMENT
    };
    for data in [
        by(Path::Quorum, [worker, cosigner]),
        of(&other, Path::Cosigned, [worker, cosigner]),
    ] {
        assert_eq!(
            check(&data, worker, cosigner),
            Err(SluiceError::WrongStatement)
        );
    }
}

#[test]
fn anything_but_the_canonical_layout_is_refused() {
    let keys = keys(2);
    let [worker, cosigner] = &keys[..] else {
        unreachable!()
    };
    let whole = by(Path::Cosigned, [worker, cosigner]);
    for len in 0..whole.len() {
        assert_eq!(
            check(&whole[..len], worker, cosigner),
            Err(SluiceError::MalformedSignatures)
        );
    }
}
