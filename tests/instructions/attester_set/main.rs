//! Attester sets: one file per instruction, the fields written and every named error.
mod create_attester_set;
mod enter_attester_set;
mod leave_attester_set;
mod removed;

/// The bond of the world's attesters.
const BOND: u64 = sluice_tests::world::PARAMS.min_bond;
