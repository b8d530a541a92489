//! Attester sets and their members.

use {
    super::{SYSTEM_PROGRAM, attester::bonded, build},
    crate::address,
    sluice::{accounts, constants::NOBODY, instruction, state::SetArgs},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// The keys of a set, given in any order, as [`SetArgs`] takes them, and their number; `None` for more than 16.
pub fn set_keys(given: &[Address]) -> Option<([Address; 16], u8)> {
    let mut keys = [NOBODY; 16];
    let members = keys.get_mut(..given.len())?;
    members.copy_from_slice(given);
    members.sort_by_key(Address::to_bytes);
    Some((keys, u8::try_from(given.len()).ok()?))
}

/// Creates an attester set. Signer: `payer`.
pub fn create_attester_set(payer: &Address, network: &Address, args: SetArgs) -> Instruction {
    let digest = args.digest();
    build(
        accounts::CreateAttesterSet {
            payer: *payer,
            network: *network,
            set: address::attester_set(network, &digest),
            system_program: SYSTEM_PROGRAM,
        },
        instruction::CreateAttesterSet { digest, args },
    )
}

/// Makes the member at `index` live. Signer: the attester's `owner`.
pub fn enter_attester_set(
    owner: &Address,
    network: &Address,
    set: &Address,
    key: &Address,
    index: u8,
) -> Instruction {
    let attester = address::attester(network, key);
    build(
        accounts::EnterAttesterSet {
            owner: *owner,
            network: *network,
            set: *set,
            bonded: bonded(&attester),
            position: address::position(&address::stake_pool(&attester), owner),
        },
        instruction::EnterAttesterSet { index },
    )
}

/// Clears the live bit of the member at `index` for ever. Signer: `remover`, the attester's owner or the set's revoker, or
/// anyone once the attester lost its bond.
pub fn leave_attester_set(
    remover: &Address,
    network: &Address,
    set: &Address,
    key: &Address,
    index: u8,
) -> Instruction {
    let attester = address::attester(network, key);
    build(
        accounts::LeaveAttesterSet {
            remover: *remover,
            set: *set,
            bonded: bonded(&attester),
        },
        instruction::LeaveAttesterSet { index },
    )
}
