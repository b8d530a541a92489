//! Attesters, and the evidence that takes their bond.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sluice::{
        Equivocation, accounts, constants::INSTRUCTIONS_SYSVAR, instruction,
        shared_accounts::Bonded, state::Attester,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Registers an attester's key. Signers: `payer`, `owner`, `key`.
pub fn register_attester(
    payer: &Address,
    owner: &Address,
    key: &Address,
    network: &Address,
) -> Instruction {
    build(
        accounts::RegisterAttester {
            payer: *payer,
            owner: *owner,
            key: *key,
            network: *network,
            attester: address::attester(network, key),
            system_program: SYSTEM_PROGRAM,
        },
        instruction::RegisterAttester {},
    )
}

/// Says where an attester is asked for signatures. Signer: its `owner`.
pub fn update_attester(
    owner: &Address,
    key: &Address,
    network: &Address,
    uri: [u8; 64],
) -> Instruction {
    build(
        accounts::UpdateAttester {
            owner: *owner,
            attester: address::attester(network, key),
        },
        instruction::UpdateAttester { uri },
    )
}

/// Shows that the attester of `key` and `owner` signed two statements; goes right after
/// [`crate::statement::equivocation_instruction`]. Signer: none.
pub fn show_equivocation(
    network: &Address,
    key: &Address,
    owner: &Address,
    shown: Equivocation,
) -> Instruction {
    let attester = address::attester(network, key);
    build(
        accounts::ShowEquivocation {
            network: *network,
            bonded: bonded(&attester),
            position: address::position(&address::stake_pool(&attester), owner),
            instructions: INSTRUCTIONS_SYSVAR,
        },
        instruction::ShowEquivocation { shown },
    )
}

/// Closes an attester whose stake pool is gone. Signer: its owner.
pub fn close_attester(attester: &Attester) -> Instruction {
    let key = address::attester(&attester.network, &attester.key);
    build(
        accounts::CloseAttester {
            owner: attester.owner,
            attester: key,
            rent_payer: attester.rent_payer,
            pool: address::stake_pool(&key),
        },
        instruction::CloseAttester {},
    )
}

/// An attester and its pool.
pub(super) fn bonded(attester: &Address) -> Bonded {
    Bonded {
        attester: *attester,
        pool: address::stake_pool(attester),
    }
}
