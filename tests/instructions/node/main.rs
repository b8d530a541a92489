//! Nodes: one file per instruction, the fields written and every named error.
mod close_node;
mod register_node;
mod update_node;
