//! Instructions with real signatures, whole and taken apart.

use {
    sluice::attestation::{MESSAGE_LEN, Signed},
    sluice_client::statement::{Countersignature, Path, Statement, ed25519_instruction},
    sluice_tests::world::{seeded, sign_all},
    solana_keypair::Keypair,
};

/// The statement that the host's tests sign.
pub const STATEMENT: Statement = Statement {
    context: [1; 32],
    window: 7,
    units: 90,
    digest: [2; 32],
};

/// `count` keys, the same in every run and strictly ascending.
pub fn keys(count: u64) -> Vec<Keypair> {
    use solana_signer::Signer;
    let mut keys: Vec<_> = (0..count).map(|number| seeded(9_000 + number)).collect();
    keys.sort_by_key(|key| key.pubkey().to_bytes());
    keys
}

/// Data of a canonical instruction in which `keys` sign [`STATEMENT`].
pub fn by<'a>(path: Path, keys: impl IntoIterator<Item = &'a Keypair>) -> Vec<u8> {
    of(&STATEMENT, path, keys)
}

/// Data of a canonical instruction in which `keys` sign `statement`.
pub fn of<'a>(
    statement: &Statement,
    path: Path,
    keys: impl IntoIterator<Item = &'a Keypair>,
) -> Vec<u8> {
    let signatures = sign_all(statement, path, keys.into_iter());
    data(&statement.message(path), &signatures)
}

/// Data of the canonical instruction with these signatures, right or wrong.
pub fn data(message: &[u8; MESSAGE_LEN], signatures: &[Countersignature]) -> Vec<u8> {
    ed25519_instruction(message, signatures).unwrap().data
}

/// Data of a canonical instruction with `n` signatures.
pub fn canonical(n: u8) -> Vec<u8> {
    by(Path::Quorum, &keys(u64::from(n)))
}

/// The keys in a parsed instruction.
pub fn keys_of<'a>(signed: &Signed<'a>) -> Vec<&'a [u8; 32]> {
    (0..signed.count())
        .map(|index| signed.key(index).unwrap())
        .collect()
}
