//! Chunks that are computed on this machine: nobody else does them, or what came was false.

use {
    super::{Engine, Result},
    crate::store::ChunkState,
    sluice_client::Ledger,
};

impl<L: Ledger> Engine<'_, L> {
    /// Begins with what is to be computed here, a few chunks at a time.
    pub(super) fn compute_here(&mut self) -> Result<()> {
        for chunk in self.store.chunks_in(ChunkState::Here)? {
            if !self.compute(chunk.number, chunk.name) {
                break;
            }
        }
        Ok(())
    }

    /// Ends a run in good order: nothing more is placed, and chunks that no job has are done with.
    pub(super) fn give_up(&mut self) -> Result<()> {
        for state in [ChunkState::Waiting, ChunkState::Here] {
            for chunk in self.store.chunks_in(state)? {
                self.store.fail(chunk.number, "the run was cancelled")?;
            }
        }
        Ok(())
    }
}
