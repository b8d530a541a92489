//! Networks: their creation, and their governance: changes, the admin's handover, pauses.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sluice::{
        NetworkArgs, accounts,
        constants::{DAY_SECS, MIN_TIMELOCK_SECS},
        instruction,
        state::NetworkChange,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// The period of dividends where none is asked for, seconds.
pub const DIVIDEND_SECS: u32 = 7 * DAY_SECS;

/// The timelock where none is asked for, seconds: the shortest that the program takes.
pub fn shortest_timelock(unbonding_secs: u32) -> u32 {
    unbonding_secs.max(MIN_TIMELOCK_SECS)
}

/// A nonce where none is asked for.
pub fn random_nonce() -> [u8; 32] {
    Keypair::new().pubkey().to_bytes()
}

/// Creates a network. Signers: `payer`, `creator`.
pub fn create_network(
    payer: &Address,
    creator: &Address,
    stake_mint: &Address,
    dividend_mint: &Address,
    args: NetworkArgs,
) -> Instruction {
    build(
        accounts::CreateNetwork {
            payer: *payer,
            creator: *creator,
            network: address::network(creator, &args.name),
            stake_mint: *stake_mint,
            dividend_mint: *dividend_mint,
            system_program: SYSTEM_PROGRAM,
        },
        instruction::CreateNetwork { args },
    )
}

fn govern(authority: &Address, network: &Address) -> accounts::Govern {
    accounts::Govern {
        authority: *authority,
        network: *network,
    }
}

/// Proposes other parameters and roles in place of any pending change. Signer: `admin`.
pub fn propose_change(admin: &Address, network: &Address, change: NetworkChange) -> Instruction {
    build(
        govern(admin, network),
        instruction::ProposeChange { change },
    )
}

/// Puts the pending change in force. Signer: `anyone`.
pub fn apply_change(anyone: &Address, network: &Address) -> Instruction {
    build(govern(anyone, network), instruction::ApplyChange {})
}

/// Names the candidate for admin; the zero key withdraws it. Signer: `admin`.
pub fn name_admin(admin: &Address, network: &Address, candidate: &Address) -> Instruction {
    build(
        govern(admin, network),
        instruction::NameAdmin {
            candidate: *candidate,
        },
    )
}

/// Makes the candidate the admin. Signer: `candidate`.
pub fn accept_admin(candidate: &Address, network: &Address) -> Instruction {
    build(govern(candidate, network), instruction::AcceptAdmin {})
}

/// Pauses intake for `secs` seconds, or lifts the pause that runs if 0. Signer: `guardian`.
pub fn pause(guardian: &Address, network: &Address, secs: u32) -> Instruction {
    build(govern(guardian, network), instruction::Pause { secs })
}
