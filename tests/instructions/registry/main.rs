//! Networks, attesters, sets, providers and nodes: one file per instruction, the fields written and every named error.
mod close_node;
mod close_provider;
mod create_attester_set;
mod create_network;
mod enter_attester_set;
mod leave_attester_set;
mod mint_extensions;
mod mint_policy;
mod records;
mod register_attester;
mod register_node;
mod register_provider;
mod set_commission;
mod set_operator;
mod update_attester;
mod update_node;
