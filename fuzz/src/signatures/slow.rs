//! The same questions answered the slow way: by following every offset as the precompile does, then asking whether that is the
//! one layout that is allowed.

use sluice::{
    attestation::{TAG_COSIGNED, TAG_QUORUM},
    constants::ED25519_PROGRAM,
    state::AttesterSet,
};

/// The key and the message that one record of the precompile names.
type Signature<'a> = (&'a [u8], &'a [u8]);

/// The signatures of an instruction in which all share one message; `None` for any but the canonical layout.
pub fn shared(data: &[u8]) -> Option<Vec<Signature<'_>>> {
    let count = usize::from(*data.first()?);
    let message_at = 2 + 14 * count;
    let expected = (0..count).map(|index| {
        let key_at = message_at + 48 + 96 * index;
        (key_at, message_at)
    });
    let signatures = signatures(data, expected)?;
    (count >= 1 && data.len() == message_at + 48 + 96 * count).then_some(signatures)
}

/// Follows every record: keys, signatures and messages lie in this instruction, where `expected` says.
fn signatures(
    data: &[u8],
    expected: impl Iterator<Item = (usize, usize)>,
) -> Option<Vec<Signature<'_>>> {
    if *data.get(1)? != 0 {
        return None;
    }
    let mut signatures = vec![];
    for (index, place) in expected.enumerate() {
        let field = |number: usize| u16_at(data, 2 + 14 * index + 2 * number);
        let (signature_at, key_at, message_at) = (field(0)?, field(2)?, field(4)?);
        let in_this_instruction = [field(1)?, field(3)?, field(6)?] == [0xffff; 3];
        if !in_this_instruction || field(5)? != 48 {
            return None;
        }
        if (key_at, message_at) != place || signature_at != key_at + 32 {
            return None;
        }
        data.get(signature_at..signature_at + 64)?;
        signatures.push((
            data.get(key_at..key_at + 32)?,
            data.get(message_at..message_at + 48)?,
        ));
    }
    Some(signatures)
}

/// The mask of a quorum.
pub fn quorum(
    data: &[u8],
    statement: &[u8; 32],
    worker: &[u8; 32],
    set: &AttesterSet,
    members: u64,
) -> Option<u16> {
    let signatures = shared(data)?;
    let ids: Vec<usize> = (0..16)
        .map(|place| (members >> (4 * place) & 15) as usize)
        .collect();
    let threshold = usize::from(set.threshold);
    let named = ids.get(..threshold)?;
    let ascending = named.windows(2).all(|pair| pair[0] < pair[1]);
    let no_more = ids[threshold..].iter().all(|id| *id == 0);
    let live = named.iter().all(|id| set.live >> id & 1 == 1);
    let mut keys = vec![worker.as_slice()];
    keys.extend(named.iter().map(|id| set.keys[*id].as_array().as_slice()));
    let right = signed(&signatures, &keys, &TAG_QUORUM, statement);
    (ascending && no_more && live && right).then(|| named.iter().map(|id| 1u16 << id).sum())
}

/// True when worker and cosigner signed.
pub fn cosigned(data: &[u8], statement: &[u8; 32], worker: &[u8; 32], cosigner: &[u8; 32]) -> bool {
    shared(data).is_some_and(|signatures| {
        signed(&signatures, &[worker, cosigner], &TAG_COSIGNED, statement)
    })
}

/// True when `key` signed both statements.
pub fn both(data: &[u8], key: &[u8; 32], said: [(&[u8; 16], &[u8; 32]); 2]) -> bool {
    let places = [(30, 126), (174, 270)];
    let length = data.len() == 318 && data[0] == 2;
    length
        && signatures(data, places.into_iter()).is_some_and(|signatures| {
            signatures
                .iter()
                .zip(said)
                .all(|(one, (tag, hash))| signed(std::slice::from_ref(one), &[key], tag, hash))
        })
}

/// True when exactly `keys` signed the statement under the tag, in this order.
fn signed(
    signatures: &[Signature<'_>],
    keys: &[&[u8]],
    tag: &[u8; 16],
    statement: &[u8; 32],
) -> bool {
    let message = [tag.as_slice(), statement].concat();
    signatures
        .iter()
        .copied()
        .eq(keys.iter().map(|key| (*key, message.as_slice())))
}

/// The data of the ed25519 instruction before the current one, which is ours.
pub fn previous(image: &[u8]) -> Option<&[u8]> {
    let current = u16_at(image, image.len().checked_sub(2)?)?;
    let (_, program, _) = instruction(image, current)?;
    let (accounts, precompile, data) = instruction(image, current.checked_sub(1)?)?;
    let ours = program == sluice::ID.as_array();
    (ours && precompile == ED25519_PROGRAM.as_array() && accounts == 0).then_some(data)
}

fn instruction(image: &[u8], index: usize) -> Option<(usize, &[u8], &[u8])> {
    let at = u16_at(image, 2 + 2 * index)?;
    let accounts = u16_at(image, at)?;
    let program_at = at + 2 + 33 * accounts;
    let program = image.get(program_at..program_at + 32)?;
    let len = u16_at(image, program_at + 32)?;
    let data = image.get(program_at + 34..program_at + 34 + len)?;
    Some((accounts, program, data))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let pair = bytes.get(at..at + 2)?;
    Some(usize::from(pair[0]) + 256 * usize::from(pair[1]))
}
