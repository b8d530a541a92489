//! Challenges, rulings and equivocation.

use {
    super::{SYSTEM_PROGRAM, attester::bonded, build, stake::stake_vault},
    crate::address,
    sluice::{
        accounts, instruction,
        state::{Challenge, Job, Ruling, StakePool},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Challenges `window` of a job; the bond comes from the challenger's associated account. Signers: `payer`, `challenger`.
#[allow(clippy::too_many_arguments)]
pub fn challenge(
    payer: &Address,
    challenger: &Address,
    key: &Address,
    job: &Job,
    stake_mint: &Address,
    token_program: &Address,
    window: u32,
    (reason, evidence): (u16, [u8; 32]),
) -> Instruction {
    let pool = address::stake_pool(&job.provider);
    build(
        accounts::OpenChallenge {
            payer: *payer,
            challenger: *challenger,
            job: *key,
            challenge: address::challenge(key, job.incarnation, window),
            pool,
            source: address::token_account(challenger, stake_mint, token_program),
            vault: address::vault(&pool),
            mint: *stake_mint,
            token_program: *token_program,
            system_program: SYSTEM_PROGRAM,
        },
        instruction::Challenge {
            incarnation: job.incarnation,
            window,
            reason,
            evidence,
        },
    )
}

/// Adds the hash of a piece of evidence. Signer: `author`.
pub fn add_evidence(author: &Address, challenge: &Address, piece: [u8; 32]) -> Instruction {
    build(
        accounts::AddEvidence {
            author: *author,
            challenge: *challenge,
        },
        instruction::AddEvidence { piece },
    )
}

/// Rules on a challenge. Signer: `ruler`, the job's resolver; anyone to uphold after the ruling time.
pub fn rule_challenge(ruler: &Address, challenge: &Challenge, ruling: Ruling) -> Instruction {
    build(
        accounts::RuleChallenge {
            ruler: *ruler,
            job: challenge.job,
            challenge: of(challenge),
            pool: challenge.pool,
        },
        instruction::RuleChallenge { ruling },
    )
}

/// Slashes the signer at `index` of a window ruled void and signed falsely: the attester of `key` and `owner`. Signer: none.
pub fn slash_signer(
    challenge: &Challenge,
    key: &Address,
    owner: &Address,
    index: u8,
) -> Instruction {
    let attester = address::attester(&challenge.network, key);
    build(
        accounts::SlashSigner {
            challenge: of(challenge),
            set: challenge.set,
            bonded: bonded(&attester),
            position: address::position(&address::stake_pool(&attester), owner),
        },
        instruction::SlashSigner { index },
    )
}

/// Pays a ruled challenge's bond to whoever won and closes it. Signer: none.
pub fn settle_challenge(
    challenge: &Challenge,
    pool: &StakePool,
    token_program: &Address,
) -> Instruction {
    let winner = if challenge.verdict == sluice::state::Verdict::Upheld.byte() {
        &challenge.payee
    } else {
        &challenge.challenger
    };
    build(
        accounts::SettleChallenge {
            from: stake_vault(&challenge.pool, pool, winner, token_program),
            challenge: of(challenge),
            rent_payer: challenge.rent_payer,
        },
        instruction::SettleChallenge {},
    )
}

fn of(challenge: &Challenge) -> Address {
    address::challenge(&challenge.job, challenge.incarnation, challenge.window)
}
