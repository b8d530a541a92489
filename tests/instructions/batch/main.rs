//! Batches: one file per instruction, the happy path to the base unit and every named error.
mod attest_batch;
mod close_batch;
mod endorse_batch;
mod post_batch;
mod runs;
mod twice;
mod who;

use {
    sluice_client::{BatchRun, statement::Statement},
    sluice_tests::world::BatchHandle,
};

/// An hour, in seconds.
const HOUR: i64 = 3_600;

/// The whole of a small batch as one run.
fn whole(batch: &BatchHandle, said: &[Statement]) -> BatchRun {
    let leaves = said.len().next_power_of_two();
    let said: Vec<_> = said.iter().copied().enumerate().collect();
    batch.run(0, leaves, &said)
}
