//! Batches: posted, endorsed, proven from and closed.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::{
        address,
        error::Result,
        statement::{self, Countersignature},
    },
    sluice::{
        BatchRun, accounts,
        constants::INSTRUCTIONS_SYSVAR,
        instruction,
        state::{AttesterSet, Batch},
    },
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
};

/// Posts a root that members of `set` signed: the ed25519 instruction and the program's, to be sent in this order. The batch can be
/// closed from `expires_at` on, unix seconds. Signer: `payer`.
///
/// # Errors
/// No signature, too many, or one of somebody who is no member.
pub fn post_batch(
    payer: &Address,
    (set_key, set): (&Address, &AttesterSet),
    root: [u8; 32],
    expires_at: i64,
    signatures: &[Countersignature],
) -> Result<[Instruction; 2]> {
    let (ordered, members) = statement::order_members(set, signatures)?;
    let message = statement::batch_message(set_key, &root);
    Ok([
        statement::ed25519_instruction(&message, &ordered)?,
        build(
            accounts::PostBatch {
                payer: *payer,
                set: *set_key,
                batch: address::batch(payer, set_key, &root),
                instructions: INSTRUCTIONS_SYSVAR,
                system_program: SYSTEM_PROGRAM,
            },
            instruction::PostBatch {
                root,
                expires_at,
                members,
            },
        ),
    ])
}

/// Adds members' signatures to a batch: the ed25519 instruction and the program's. Signer: none.
///
/// # Errors
/// See [`post_batch`].
pub fn endorse_batch(
    batch_key: &Address,
    batch: &Batch,
    set: &AttesterSet,
    signatures: &[Countersignature],
) -> Result<[Instruction; 2]> {
    let (ordered, members) = statement::order_members(set, signatures)?;
    let message = statement::batch_message(&batch.set, &batch.root);
    Ok([
        statement::ed25519_instruction(&message, &ordered)?,
        build(
            accounts::EndorseBatch {
                batch: *batch_key,
                set: batch.set,
                instructions: INSTRUCTIONS_SYSVAR,
            },
            instruction::EndorseBatch { members },
        ),
    ])
}

/// Proves the windows of a run, whose entries name `jobs` by their place. Signer: `authority`, which is the worker of all of them, or
/// the operator of `provider`, whose jobs they are.
pub fn attest_batch(
    authority: &Address,
    (batch_key, set): (&Address, &Address),
    provider: Option<Address>,
    jobs: &[Address],
    run: BatchRun,
) -> Instruction {
    let mut attest = build(
        accounts::AttestBatch {
            authority: *authority,
            batch: *batch_key,
            set: *set,
            provider,
        },
        instruction::AttestBatch { run },
    );
    let jobs = jobs.iter().map(|job| AccountMeta::new(*job, false));
    attest.accounts.extend(jobs);
    attest
}

/// Closes a batch from its date on. Signer: the payer.
pub fn close_batch(batch_key: &Address, batch: &Batch) -> Instruction {
    build(
        accounts::CloseBatch {
            payer: batch.payer,
            batch: *batch_key,
        },
        instruction::CloseBatch {},
    )
}
