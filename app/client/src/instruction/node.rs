//! Nodes: the machines of providers.

use {
    super::{SYSTEM_PROGRAM, build, optional},
    crate::address,
    sluice::{
        accounts, instruction,
        state::{Node, NodeArgs},
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Pads a URI to the 64 bytes of a node's account; `None` when it is longer.
pub fn node_uri(uri: &str) -> Option<[u8; 64]> {
    let mut bytes = [0; 64];
    bytes.get_mut(..uri.len())?.copy_from_slice(uri.as_bytes());
    Some(bytes)
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
