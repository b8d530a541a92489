//! What the precompile and the runtime lay out: signatures in an instruction, instructions in the sysvar.

use {crate::pick::Pick, sluice::constants::ED25519_PROGRAM};

const RECORD_LEN: usize = 14;

/// Signatures of one message: count, records, the message, then key and signature of each.
pub fn shared(message: &[u8; 48], keys: &[[u8; 32]]) -> Vec<u8> {
    let message_at = 2 + RECORD_LEN * keys.len();
    let mut data = head(keys.len());
    for index in 0..keys.len() {
        let key_at = message_at + 48 + 96 * index;
        record(&mut data, key_at, message_at);
    }
    data.extend_from_slice(message);
    for key in keys {
        signer(&mut data, key);
    }
    data
}

/// Two signatures, each with its own message behind it.
pub fn apart(keys: &[[u8; 32]; 2], messages: &[[u8; 48]; 2]) -> Vec<u8> {
    let mut data = head(2);
    for key_at in [30, 174] {
        record(&mut data, key_at, key_at + 96);
    }
    for (key, message) in keys.iter().zip(messages) {
        signer(&mut data, key);
        data.extend_from_slice(message);
    }
    data
}

fn head(count: usize) -> Vec<u8> {
    vec![u8::try_from(count).unwrap_or(u8::MAX), 0]
}

fn record(data: &mut Vec<u8>, key_at: usize, message_at: usize) {
    for field in [key_at + 32, 0xffff, key_at, 0xffff, message_at, 48, 0xffff] {
        short(data, field);
    }
}

fn signer(data: &mut Vec<u8>, key: &[u8; 32]) {
    data.extend_from_slice(key);
    data.extend_from_slice(&[0xee; 64]);
}

/// The instructions sysvar of a transaction in which `signatures` stand before an instruction of ours.
pub fn image(pick: &mut Pick, signatures: &[u8]) -> Vec<u8> {
    let before = pick.below(3);
    let after = pick.below(2);
    let accounts = pick.below(4);
    let mut instructions: Vec<(u8, [u8; 32], &[u8])> = vec![];
    instructions.resize(before.into(), (accounts, [9; 32], &[1, 2, 3]));
    instructions.push((0, ED25519_PROGRAM.to_bytes(), signatures));
    instructions.push((accounts, sluice::ID.to_bytes(), &[4; 12]));
    instructions.resize(
        instructions.len() + usize::from(after),
        (accounts, sluice::ID.to_bytes(), &[]),
    );

    let mut image = vec![];
    short(&mut image, instructions.len());
    let table = image.len();
    image.resize(table + 2 * instructions.len(), 0);
    for (index, (accounts, program, data)) in instructions.iter().enumerate() {
        let offset = u16::try_from(image.len()).unwrap_or(u16::MAX);
        image[table + 2 * index..][..2].copy_from_slice(&offset.to_le_bytes());
        short(&mut image, usize::from(*accounts));
        image.resize(image.len() + 33 * usize::from(*accounts), 3);
        image.extend_from_slice(program);
        short(&mut image, data.len());
        image.extend_from_slice(data);
    }
    short(&mut image, usize::from(before) + 1);
    image
}

fn short(bytes: &mut Vec<u8>, value: usize) {
    let value = u16::try_from(value).unwrap_or(u16::MAX);
    bytes.extend_from_slice(&value.to_le_bytes());
}
