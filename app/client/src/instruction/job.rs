//! Jobs: escrow in, proofs, escrow out.

use {
    super::{SYSTEM_PROGRAM, build, optional},
    crate::{
        address,
        error::Result,
        statement::{self, Countersignature, Path, Statement},
    },
    sluice::{
        OpenArgs, accounts,
        constants::INSTRUCTIONS_SYSVAR,
        instruction, shared_accounts,
        state::{AttesterSet, Job, JobState, Network, Terms},
        vault,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Opens and funds a job from the buyer's associated account. Signers: `payer`, `buyer`.
pub fn open_job(
    payer: &Address,
    buyer: &Address,
    network: &Address,
    token_program: &Address,
    args: OpenArgs,
) -> Instruction {
    let job = address::job(network, buyer, args.id);
    build(
        accounts::OpenJob {
            payer: *payer,
            funding: funding(buyer, network, &args.terms, &job, token_program),
            job,
            system_program: SYSTEM_PROGRAM,
        },
        instruction::OpenJob {
            args,
            vault_bump: vault::address(&job).1,
        },
    )
}

pub(super) fn funding(
    buyer: &Address,
    network: &Address,
    terms: &Terms,
    job: &Address,
    token_program: &Address,
) -> shared_accounts::Funding {
    shared_accounts::Funding {
        buyer: *buyer,
        network: *network,
        set: optional(&terms.set),
        vault: address::vault(job),
        mint: terms.mint,
        source: address::token_account(buyer, &terms.mint, token_program),
        token_program: *token_program,
    }
}

pub(super) fn placement(
    provider: &Address,
    owner: &Address,
    node: &Address,
    credential: Option<Address>,
) -> shared_accounts::Placement {
    let pool = address::stake_pool(provider);
    shared_accounts::Placement {
        provider: *provider,
        node: *node,
        pool,
        position: address::position(&pool, owner),
        credential,
    }
}

/// Accepts an open job onto `node`. Signer: `operator`.
pub fn accept_job(
    operator: &Address,
    owner: &Address,
    job_key: &Address,
    job: &Job,
    node: &Address,
) -> Instruction {
    accept_job_with_credential(operator, owner, job_key, job, node, None)
}

/// The same in a network that may pin an identity: shows the owner's attestation, see [`address::credential`].
pub fn accept_job_with_credential(
    operator: &Address,
    owner: &Address,
    job_key: &Address,
    job: &Job,
    node: &Address,
    credential: Option<Address>,
) -> Instruction {
    let provider = address::provider(&job.network, owner);
    build(
        accounts::AcceptJob {
            operator: *operator,
            network: job.network,
            job: *job_key,
            set: optional(&job.terms.set),
            placement: placement(&provider, owner, node, credential),
        },
        instruction::AcceptJob {
            incarnation: job.incarnation,
        },
    )
}

/// Adds `amount` base units from the funder's associated account. Signer: `funder`.
pub fn top_up_job(
    funder: &Address,
    job_key: &Address,
    job: &Job,
    token_program: &Address,
    amount: u64,
) -> Instruction {
    build(
        accounts::TopUpJob {
            funder: *funder,
            job: *job_key,
            vault: job.vault,
            mint: job.terms.mint,
            source: address::token_account(funder, &job.terms.mint, token_program),
            token_program: *token_program,
        },
        instruction::TopUpJob {
            incarnation: job.incarnation,
            amount,
        },
    )
}

/// Proves a window by worker and quorum: the ed25519 instruction and the program's, to be sent in this order. Signer: none.
pub fn attest(
    job_key: &Address,
    job: &Job,
    set: &AttesterSet,
    statement: &Statement,
    worker: Countersignature,
    attesters: &[Countersignature],
) -> Result<[Instruction; 2]> {
    let (ordered, members) = statement::order_members(set, attesters)?;
    let signatures: Vec<_> = std::iter::once(worker).chain(ordered).collect();
    Ok([
        statement::ed25519_instruction(&statement.message(Path::Quorum), &signatures)?,
        build(
            accounts::Attest {
                job: *job_key,
                set: job.terms.set,
                instructions: INSTRUCTIONS_SYSVAR,
            },
            instruction::Attest {
                window: statement.window,
                units: statement.units,
                digest: statement.digest,
                members,
            },
        ),
    ])
}

/// Proves a window by worker and cosigner: the ed25519 instruction and the program's. Signer: none.
pub fn attest_cosigned(
    job_key: &Address,
    statement: &Statement,
    worker: Countersignature,
    cosigner: Countersignature,
) -> Result<[Instruction; 2]> {
    Ok([
        statement::ed25519_instruction(&statement.message(Path::Cosigned), &[worker, cosigner])?,
        build(
            accounts::AttestCosigned {
                job: *job_key,
                instructions: INSTRUCTIONS_SYSVAR,
            },
            instruction::AttestCosigned {
                window: statement.window,
                units: statement.units,
                digest: statement.digest,
            },
        ),
    ])
}

/// Turns ripe proofs into earnings. Signer: none.
pub fn mature(job_key: &Address) -> Instruction {
    build(accounts::Mature { job: *job_key }, instruction::Mature {})
}

/// Accounts of a pull from a job's escrow to `owner`.
fn exit(
    job_key: &Address,
    job: &Job,
    owner: &Address,
    token_program: &Address,
) -> accounts::MoveEscrow {
    accounts::MoveEscrow {
        job: *job_key,
        vault: job.vault,
        mint: job.terms.mint,
        destination: address::token_account(owner, &job.terms.mint, token_program),
        given_away: None,
        token_program: *token_program,
    }
}

/// Pays the provider. Signer: none.
pub fn pay(job_key: &Address, job: &Job, token_program: &Address) -> Instruction {
    build(
        exit(job_key, job, &job.payee, token_program),
        instruction::Pay {},
    )
}

/// Pays the network's fee to its treasury. Signer: none.
pub fn sweep_treasury(
    job_key: &Address,
    job: &Job,
    network: &Network,
    token_program: &Address,
) -> Instruction {
    build(
        accounts::SweepTreasury {
            network: job.network,
            escrow: exit(job_key, job, &network.roles.treasury, token_program),
        },
        instruction::SweepTreasury {},
    )
}

/// Pays the attestation fee to the set's fee owner. Signer: none.
pub fn sweep_attesters(job_key: &Address, job: &Job, token_program: &Address) -> Instruction {
    build(
        exit(job_key, job, &job.attestation_owner, token_program),
        instruction::SweepAttesters {},
    )
}

/// Returns to the refund owner what can no longer be earned. Signer: none.
pub fn refund(job_key: &Address, job: &Job, token_program: &Address) -> Instruction {
    build(
        exit(job_key, job, &job.refund_owner, token_program),
        instruction::Refund {},
    )
}

/// Ends a job: at once while open or when its set has lost its quorum, else after the notice. Signer: the buyer.
pub fn cancel_job(job_key: &Address, job: &Job) -> Instruction {
    let incarnation = job.incarnation;
    build(
        end(&job.buyer, job_key, job),
        instruction::CancelJob { incarnation },
    )
}

/// Ends an active job for its provider: after the notice, or at once where it need not wait. Signer: `operator`.
pub fn resign_job(operator: &Address, job_key: &Address, job: &Job) -> Instruction {
    let incarnation = job.incarnation;
    build(
        end(operator, job_key, job),
        instruction::ResignJob { incarnation },
    )
}

/// Gives back a taken job of which nothing is proven, at any time before its release. Signer: `operator`.
pub fn waive_job(operator: &Address, job_key: &Address, job: &Job) -> Instruction {
    let incarnation = job.incarnation;
    build(
        end(operator, job_key, job),
        instruction::WaiveJob { incarnation },
    )
}

/// Ends an active job at once whose last windows were all unproven. Signer: `party`, the buyer or the operator.
pub fn fault_job(party: &Address, job_key: &Address, job: &Job) -> Instruction {
    let incarnation = job.incarnation;
    build(
        end(party, job_key, job),
        instruction::FaultJob { incarnation },
    )
}

/// The set is always shown, where there is one: whether it lost its quorum is for the program to see.
fn end(party: &Address, job_key: &Address, job: &Job) -> accounts::EndJob {
    let active = job.state == JobState::Active.byte();
    accounts::EndJob {
        party: *party,
        job: *job_key,
        provider: active.then_some(job.provider),
        set: optional(&job.terms.set),
    }
}

/// Frees the bond and the slot of a settled job. Signer: none.
pub fn release_job(job_key: &Address, job: &Job) -> Instruction {
    build(
        accounts::ReleaseJob {
            job: *job_key,
            node: job.node,
            provider: job.provider,
            pool: address::stake_pool(&job.provider),
        },
        instruction::ReleaseJob {},
    )
}

/// Closes a job that owes nothing. Signer: none.
pub fn close_job(job_key: &Address, job: &Job, token_program: &Address) -> Instruction {
    build(
        accounts::CloseJob {
            job: *job_key,
            rent_payer: job.rent_payer,
            vault: job.vault,
            mint: job.terms.mint,
            destination: address::token_account(&job.refund_owner, &job.terms.mint, token_program),
            given_away: None,
            token_program: *token_program,
        },
        instruction::CloseJob {},
    )
}

/// Moves newly matured quorum units to the job's node. Signer: none.
pub fn credit(job_key: &Address, job: &Job) -> Instruction {
    build(
        accounts::Credit {
            job: *job_key,
            node: job.node,
        },
        instruction::Credit {},
    )
}
