//! Providers.

use {
    super::{SYSTEM_PROGRAM, build},
    crate::address,
    sluice::{accounts, instruction, state::Provider},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Registers a provider. Signers: `payer`, `owner`.
pub fn register_provider(
    payer: &Address,
    owner: &Address,
    operator: &Address,
    network: &Address,
) -> Instruction {
    build(
        accounts::RegisterProvider {
            payer: *payer,
            owner: *owner,
            network: *network,
            provider: address::provider(network, owner),
            system_program: SYSTEM_PROGRAM,
        },
        instruction::RegisterProvider {
            operator: *operator,
        },
    )
}

/// Sets the provider's commission, basis points, from the network's unbonding time on. Signer: the owner.
pub fn set_commission(owner: &Address, network: &Address, bps: u16) -> Instruction {
    build(
        accounts::SetCommission {
            owner: *owner,
            network: *network,
            provider: address::provider(network, owner),
        },
        instruction::SetCommission { bps },
    )
}

/// Names another operator. Signer: the provider's owner.
pub fn set_operator(
    provider_key: &Address,
    provider: &Provider,
    operator: &Address,
) -> Instruction {
    build(
        accounts::SetOperator {
            owner: provider.owner,
            provider: *provider_key,
        },
        instruction::SetOperator {
            operator: *operator,
        },
    )
}

/// Closes a provider without nodes. Signer: the provider's owner.
pub fn close_provider(provider_key: &Address, provider: &Provider) -> Instruction {
    build(
        accounts::CloseProvider {
            owner: provider.owner,
            provider: *provider_key,
            rent_payer: provider.rent_payer,
        },
        instruction::CloseProvider {},
    )
}
