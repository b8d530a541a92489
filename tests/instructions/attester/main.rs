//! Attesters, from their registration to the loss of their bond: one file per instruction, the fields written and every named error.
mod close_attester;
mod register_attester;
mod show_equivocation;
mod update_attester;

const HOUR: i64 = 3_600;
/// The bond of the world's attesters.
const BOND: u64 = sluice_tests::world::PARAMS.min_bond;
