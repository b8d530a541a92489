//! The members of a set, as a worker asks them.

use {
    crate::{
        blobs::Name,
        member::{Caller, Member, Unasked},
        wire::{Admission, Admitted, Countersigned, Submission},
    },
    solana_address::Address,
};

/// Asks members of a set in the name of one node's worker. Any thread may wait for an answer.
pub trait Members: Send + Sync {
    /// Whether it will check a job's windows.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn admit(&self, member: &Member, asked: &Admission) -> Result<Admitted, Unasked>;

    /// Puts a blob for a job.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn put(&self, member: &Member, job: &Address, name: &Name, bytes: &[u8])
    -> Result<(), Unasked>;

    /// The bytes of a blob of a job, which hash to its name.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn get(
        &self,
        member: &Member,
        job: &Address,
        node: Option<&Address>,
        name: &Name,
    ) -> Result<Vec<u8>, Unasked>;

    /// Asks for a countersignature.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn submit(&self, member: &Member, claim: &Submission) -> Result<Countersigned, Unasked>;
}

impl Members for Caller {
    fn admit(&self, member: &Member, asked: &Admission) -> Result<Admitted, Unasked> {
        self.admit(member, asked)
    }

    fn put(
        &self,
        member: &Member,
        job: &Address,
        name: &Name,
        bytes: &[u8],
    ) -> Result<(), Unasked> {
        self.put(member, job, name, bytes)
    }

    fn get(
        &self,
        member: &Member,
        job: &Address,
        node: Option<&Address>,
        name: &Name,
    ) -> Result<Vec<u8>, Unasked> {
        self.get(member, job, node, name)
    }

    fn submit(&self, member: &Member, claim: &Submission) -> Result<Countersigned, Unasked> {
        self.submit(member, claim)
    }
}
