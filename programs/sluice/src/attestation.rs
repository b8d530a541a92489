//! Bytes of an ed25519 precompile instruction to verified signers: pure and total.
//!
//! One canonical layout and no other: `[n, 0]`, `n` records of 14 bytes, the 48-byte message once, then `n` times key (32)
//! and signature (64). The precompile has verified every record before our instruction runs; what remains to be checked is
//! that each record points at exactly these bytes of its own instruction, and who the keys are.

use {
    crate::{constants::*, error::SluiceError, hash, state::AttesterSet},
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable, bytes_of},
};

/// Tag of the statements that a quorum countersigns.
pub const TAG_QUORUM: [u8; TAG_LEN] = *b"sluice:quorum:v1";
/// Tag of the batches of statements that members sign.
pub const TAG_BATCH: [u8; TAG_LEN] = *b"sluice:batches:1";
/// Tag of the statements that the buyer's cosigner countersigns.
pub const TAG_COSIGNED: [u8; TAG_LEN] = *b"sluice:cosign:v1";

/// Bytes of a tag.
pub const TAG_LEN: usize = 16;
/// Bytes of a message: tag and statement hash.
pub const MESSAGE_LEN: usize = TAG_LEN + 32;
/// Bytes before the first record: the count and a zero.
pub const HEAD_LEN: usize = 2;
/// Bytes of a record, which says where one key, signature and message lie: seven numbers of 16 bits.
pub const RECORD_LEN: usize = 14;
/// Bytes of a key.
pub const KEY_LEN: usize = 32;
/// Bytes of a signer: its key and its signature.
pub const SIGNER_LEN: usize = KEY_LEN + 64;
/// Where the two keys lie in an instruction that shows an equivocation.
pub const EQUIVOCATION_KEYS_AT: [u16; 2] = {
    let first = HEAD_LEN + 2 * RECORD_LEN;
    [short(first), short(first + SIGNER_LEN + MESSAGE_LEN)]
};
/// Record index meaning "this instruction".
const SELF: u16 = u16::MAX;

/// What a worker claims to have done in one window. Its bytes are those of the statement, so that they are hashed in one piece.
#[repr(C, packed(4))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
pub struct Claimed {
    /// Number of the window, from 0 on.
    pub window: u32,
    /// Units of work.
    pub units: u64,
    /// Hash of the evidence, chosen by the meter.
    pub digest: [u8; 32],
}

/// What was verified: a claim, and the members that signed it.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// What the worker says.
    pub claimed: &'a Claimed,
    /// The members that signed, a bit each; 0 when the cosigner signed in their place.
    pub signers: u16,
    /// Hash of the statement.
    pub statement: &'a [u8; 32],
}

/// The hash that worker and countersigners sign under a tag: what was done, in which job, in which window.
pub fn statement_hash(context: &[u8; 32], claimed: &Claimed) -> [u8; 32] {
    hash::sha256(&[context, bytes_of(claimed)])
}

/// A job's context: `sha256(domain, job, incarnation, node)`.
pub fn context(domain: &[u8; 32], job: &Address, incarnation: u64, node: &Address) -> [u8; 32] {
    hash::sha256(&[
        domain,
        job.as_ref(),
        &incarnation.to_le_bytes(),
        node.as_ref(),
    ])
}

/// A canonical precompile instruction, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed<'a> {
    /// Tag and hash of the statement.
    pub message: &'a [u8; MESSAGE_LEN],
    signers: &'a [[u8; SIGNER_LEN]],
}

impl<'a> Signed<'a> {
    /// Number of signatures.
    pub const fn count(&self) -> usize {
        self.signers.len()
    }

    /// The key of signer `index`.
    pub fn key(&self, index: usize) -> Option<&'a [u8; KEY_LEN]> {
        self.signers.get(index)?.first_chunk()
    }
}

/// Parses the data of an ed25519 instruction; `None` for anything but the canonical layout.
pub fn parse(data: &[u8]) -> Option<Signed<'_>> {
    let ([count, padding], rest) = data.split_first_chunk::<2>()?;
    let n = usize::from(*count);
    if *padding != 0 || n == 0 {
        return None;
    }
    let (records, rest) = rest.split_at_checked(n.checked_mul(RECORD_LEN)?)?;
    let (message, rest) = rest.split_first_chunk::<MESSAGE_LEN>()?;
    let (signers, tail) = rest.as_chunks::<SIGNER_LEN>();
    if !tail.is_empty() || signers.len() != n {
        return None;
    }
    let message_at = message_at(*count);
    let mut key_at = message_at + short(MESSAGE_LEN);
    let (records, _) = records.as_chunks::<RECORD_LEN>();
    for given in records {
        if *given != record(message_at, key_at) {
            return None;
        }
        key_at = key_at.checked_add(short(SIGNER_LEN))?;
    }
    Some(Signed { message, signers })
}

/// Where the shared message of `count` signatures lies; the first signer follows it.
pub fn message_at(count: u8) -> u16 {
    u16::from(count) * short(RECORD_LEN) + short(HEAD_LEN)
}

/// The only record accepted: the key lies at `key_at`, its signature after it and the message at `message_at`, all in this
/// instruction.
pub fn record(message_at: u16, key_at: u16) -> [u8; RECORD_LEN] {
    let fields = [
        key_at.saturating_add(short(KEY_LEN)),
        SELF,
        key_at,
        SELF,
        message_at,
        short(MESSAGE_LEN),
        SELF,
    ];
    let mut record = [0; RECORD_LEN];
    for (bytes, field) in record.as_chunks_mut::<2>().0.iter_mut().zip(fields) {
        *bytes = field.to_le_bytes();
    }
    record
}

/// A length of the layout, all of which are small, as a number of a record.
const fn short(len: usize) -> u16 {
    let [low, high, ..] = len.to_le_bytes();
    u16::from_le_bytes([low, high])
}

/// Data of the ed25519 instruction immediately before ours, which must be top level and have no accounts.
///
/// `sysvar` is the data of the instructions sysvar: a u16 count, a u16 offset each, then each instruction (u16 number of
/// accounts, 33 bytes each, program id, u16 length, data), and last the u16 index of the current one.
pub fn previous_ed25519(sysvar: &[u8]) -> Result<&[u8]> {
    let (_, current) = sysvar
        .split_last_chunk::<2>()
        .ok_or(SluiceError::NoSignatures)?;
    let current = u16::from_le_bytes(*current);
    let previous = current.checked_sub(1).ok_or(SluiceError::NoSignatures)?;
    let (_, program, _) = instruction(sysvar, current).ok_or(SluiceError::NoSignatures)?;
    require!(program == crate::ID.as_array(), SluiceError::NotTopLevel);
    let (accounts, program, data) =
        instruction(sysvar, previous).ok_or(SluiceError::NoSignatures)?;
    require!(
        program == ED25519_PROGRAM.as_array() && accounts == 0,
        SluiceError::NoSignatures
    );
    Ok(data)
}

/// Number of accounts, program id and data of instruction `index`.
fn instruction(sysvar: &[u8], index: u16) -> Option<(u16, &[u8; 32], &[u8])> {
    let at = usize::from(index).checked_mul(2)?.checked_add(2)?;
    let offset = u16::from_le_bytes(*sysvar.get(at..)?.first_chunk()?);
    let (accounts, rest) = sysvar
        .get(usize::from(offset)..)?
        .split_first_chunk::<2>()?;
    let accounts = u16::from_le_bytes(*accounts);
    let rest = rest.get(usize::from(accounts).checked_mul(33)?..)?;
    let (program, rest) = rest.split_first_chunk::<32>()?;
    let (len, rest) = rest.split_first_chunk::<2>()?;
    let data = rest.get(..usize::from(u16::from_le_bytes(*len)))?;
    Some((accounts, program, data))
}

/// Parses `data`, and refuses any other message than `tag` + `statement`.
fn parse_signed<'a>(
    data: &'a [u8],
    tag: &[u8; TAG_LEN],
    statement: &[u8; 32],
) -> Result<Signed<'a>> {
    let signed = parse(data).ok_or(SluiceError::MalformedSignatures)?;
    let (head, body) = signed.message.split_at(TAG_LEN);
    require!(
        head == tag && body == statement,
        SluiceError::WrongStatement
    );
    Ok(signed)
}

/// Parses as [`parse_signed`], and refuses any other first signer than `worker`.
fn signed_by_worker<'a>(
    data: &'a [u8],
    tag: &[u8; TAG_LEN],
    statement: &[u8; 32],
    worker: &Address,
) -> Result<Signed<'a>> {
    let signed = parse_signed(data, tag, statement)?;
    require!(
        signed.key(0) == Some(worker.as_array()),
        SluiceError::WorkerNotSigned
    );
    Ok(signed)
}

/// Verifies worker and exactly `threshold` distinct live members; returns the mask of the members.
///
/// `members` names them: their indices in the set, ascending, four bits each, the lowest first.
pub fn verify_quorum(
    data: &[u8],
    statement: &[u8; 32],
    worker: &Address,
    set: &AttesterSet,
    mut members: u64,
) -> Result<u16> {
    let signed = signed_by_worker(data, &TAG_QUORUM, statement, worker)?;
    let threshold = usize::from(set.threshold);
    require!(
        signed.count() == threshold.saturating_add(1),
        SluiceError::WrongSignerCount
    );
    let mut mask = 0u16;
    for signer in 1..=threshold {
        let index = u8::try_from(members & 15).map_err(|_| SluiceError::MemberNotLive)?;
        members >>= 4;
        let bit = 1u16
            .checked_shl(u32::from(index))
            .ok_or(SluiceError::MemberNotLive)?;
        require!(mask < bit, SluiceError::MembersNotAscending);
        let member = set.live_member(index).ok_or(SluiceError::MemberNotLive)?;
        require!(
            signed.key(signer) == Some(member.as_array()),
            SluiceError::NotAMember
        );
        mask |= bit;
    }
    require!(members == 0, SluiceError::MembersNotAscending);
    Ok(mask)
}

/// The bit of the next of `members`, who is above all in `mask`, is live and is signer number `signer`: a step of [`verify_quorum`]. That has
/// it written out, because the call costs every direct proof four compute units.
#[inline(always)]
fn member(
    signed: &Signed,
    signer: usize,
    set: &AttesterSet,
    members: &mut u64,
    mask: u16,
) -> Result<u16> {
    let index = u8::try_from(*members & 15).map_err(|_| SluiceError::MemberNotLive)?;
    *members >>= 4;
    let bit = 1u16
        .checked_shl(u32::from(index))
        .ok_or(SluiceError::MemberNotLive)?;
    require!(mask < bit, SluiceError::MembersNotAscending);
    let member = set.live_member(index).ok_or(SluiceError::MemberNotLive)?;
    require!(
        signed.key(signer) == Some(member.as_array()),
        SluiceError::NotAMember
    );
    Ok(bit)
}

/// Verifies one or more distinct live members under a batch; returns their mask.
///
/// `members` names them as in [`verify_quorum`].
pub fn verify_batch(
    data: &[u8],
    batch: &[u8; 32],
    set: &AttesterSet,
    mut members: u64,
) -> Result<u16> {
    let signed = parse_signed(data, &TAG_BATCH, batch)?;
    let mut mask = 0u16;
    for signer in 0..signed.count() {
        mask |= member(&signed, signer, set, &mut members, mask)?;
    }
    require!(members == 0, SluiceError::MembersNotAscending);
    Ok(mask)
}

/// Verifies worker and cosigner.
pub fn verify_cosigned(
    data: &[u8],
    statement: &[u8; 32],
    worker: &Address,
    cosigner: &Address,
) -> Result<()> {
    let signed = signed_by_worker(data, &TAG_COSIGNED, statement, worker)?;
    require!(signed.count() == 2, SluiceError::WrongSignerCount);
    require!(
        signed.key(1) == Some(cosigner.as_array()),
        SluiceError::CosignerNotSigned
    );
    Ok(())
}

/// What a member signed: a statement, or a batch in which it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// [`TAG_QUORUM`] or [`TAG_BATCH`].
    pub tag: &'a [u8; TAG_LEN],
    /// Hash of the statement, or of the batch.
    pub hash: [u8; 32],
}

/// Verifies that `key` signed both: two signatures in one instruction, a message each.
///
/// Layout: the count 2 and a zero, two records, then for each signature its key, itself and its message.
pub fn verify_both(data: &[u8], key: &Address, both: &[Said; 2]) -> Result<()> {
    let (head, rest) = data
        .split_first_chunk::<{ HEAD_LEN + 2 * RECORD_LEN }>()
        .ok_or(SluiceError::MalformedSignatures)?;
    let (parts, tail) = rest.as_chunks::<{ SIGNER_LEN + MESSAGE_LEN }>();
    let mut expected = [0; HEAD_LEN + 2 * RECORD_LEN];
    expected[0] = 2;
    let (_, records) = expected.split_at_mut(HEAD_LEN);
    for (expected, key_at) in records
        .as_chunks_mut::<RECORD_LEN>()
        .0
        .iter_mut()
        .zip(EQUIVOCATION_KEYS_AT)
    {
        *expected = record(key_at + short(SIGNER_LEN), key_at);
    }
    require!(
        *head == expected && tail.is_empty() && parts.len() == 2,
        SluiceError::MalformedSignatures
    );
    for (part, said) in parts.iter().zip(both) {
        let (signer, message) = part.split_at(SIGNER_LEN);
        let (tag, body) = message.split_at(TAG_LEN);
        require!(
            tag == said.tag && body == said.hash,
            SluiceError::WrongStatement
        );
        require!(signer.starts_with(key.as_ref()), SluiceError::NotAMember);
    }
    Ok(())
}
