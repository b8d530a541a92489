//! Governance of a network: changes, the admin's handover, pauses.

use {
    super::build,
    sluice::{accounts, instruction, state::NetworkChange},
    solana_address::Address,
    solana_instruction::Instruction,
};

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
