//! Networks, attesters, sets, providers and nodes.

use {
    super::{SYSTEM_PROGRAM, build, challenge::bonded, optional},
    crate::address,
    sluice::{
        NetworkArgs, OfferArgs, accounts, instruction,
        state::{Node, NodeArgs, Offer, Provider, SetArgs},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

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

/// Registers a node under `set`, or under none if it is zero. Signers: `payer`, `owner`, `worker`.
pub fn register_node(
    payer: &Address,
    owner: &Address,
    worker: &Address,
    network: &Address,
    set: &Address,
    args: NodeArgs,
) -> Instruction {
    let provider = address::provider(network, owner);
    build(
        accounts::RegisterNode {
            payer: *payer,
            owner: *owner,
            worker: *worker,
            provider,
            set: optional(set),
            node: address::node(&provider, worker),
            system_program: SYSTEM_PROGRAM,
        },
        instruction::RegisterNode { args },
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

/// Describes a machine anew. Signer: `operator`.
pub fn update_node(
    operator: &Address,
    node_key: &Address,
    node: &Node,
    args: NodeArgs,
) -> Instruction {
    build(
        accounts::UpdateNode {
            operator: *operator,
            provider: node.provider,
            node: *node_key,
        },
        instruction::UpdateNode { args },
    )
}

/// Closes a node without jobs. Signer: `owner`, the provider's.
pub fn close_node(owner: &Address, node_key: &Address, node: &Node) -> Instruction {
    build(
        accounts::CloseNode {
            owner: *owner,
            provider: node.provider,
            node: *node_key,
            rent_payer: node.rent_payer,
        },
        instruction::CloseNode {},
    )
}

/// Offers slots of a node under whole terms. Signers: `payer`, `operator`.
pub fn post_offer(
    payer: &Address,
    operator: &Address,
    node_key: &Address,
    node: &Node,
    args: OfferArgs,
) -> Instruction {
    build(
        accounts::PostOffer {
            payer: *payer,
            operator: *operator,
            network: node.network,
            provider: node.provider,
            node: *node_key,
            offer: address::offer(node_key, args.id),
            mint: args.terms.mint,
            system_program: SYSTEM_PROGRAM,
        },
        instruction::PostOffer { args },
    )
}

/// Withdraws an offer. Signer: `operator`.
pub fn withdraw_offer(operator: &Address, offer_key: &Address, offer: &Offer) -> Instruction {
    close_offer(operator, offer_key, offer, Some(offer.provider))
}

/// Clears away an offer that expired or was used up. Signer: `closer`, anyone.
pub fn clear_offer(closer: &Address, offer_key: &Address, offer: &Offer) -> Instruction {
    close_offer(closer, offer_key, offer, None)
}

fn close_offer(
    closer: &Address,
    offer_key: &Address,
    offer: &Offer,
    provider: Option<Address>,
) -> Instruction {
    build(
        accounts::CloseOffer {
            closer: *closer,
            offer: *offer_key,
            rent_payer: offer.rent_payer,
            provider,
        },
        instruction::CloseOffer {},
    )
}
