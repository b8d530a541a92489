//! What is asked of one member.

use {
    sluice_member::{
        blob::Name,
        member::{Caller, Member, Unasked},
        wire::{Admission, Admitted, Claimed, OfWindow, Received, Terms},
    },
    solana_address::Address,
};

/// Asks members in the name of a buyer. Any thread may wait for an answer, and none waits for ever.
pub trait Ask: Sync {
    /// What a member says of itself.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn terms(&self, member: &Member) -> Result<Terms, Unasked>;

    /// Whether a member will check a job's windows.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn admit(&self, member: &Member, asked: &Admission) -> Result<Admitted, Unasked>;

    /// How much of a blob a member has for a job.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn here(&self, member: &Member, job: &Address, name: &Name) -> Result<Received, Unasked>;

    /// Puts a blob for a job.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn put(&self, member: &Member, job: &Address, name: &Name, bytes: &[u8])
    -> Result<(), Unasked>;

    /// The bytes of a blob of a job.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn get(&self, member: &Member, job: &Address, name: &Name) -> Result<Vec<u8>, Unasked>;

    /// What was claimed of a window, as far as a member says.
    ///
    /// # Errors
    /// See [`Unasked`].
    fn claims(&self, member: &Member, asked: &OfWindow) -> Result<Vec<Claimed>, Unasked>;
}

impl Ask for Caller {
    fn terms(&self, member: &Member) -> Result<Terms, Unasked> {
        self.terms(member)
    }

    fn admit(&self, member: &Member, asked: &Admission) -> Result<Admitted, Unasked> {
        self.admit(member, asked)
    }

    fn here(&self, member: &Member, job: &Address, name: &Name) -> Result<Received, Unasked> {
        self.here(member, job, name)
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

    fn get(&self, member: &Member, job: &Address, name: &Name) -> Result<Vec<u8>, Unasked> {
        self.get(member, job, None, name)
    }

    fn claims(&self, member: &Member, asked: &OfWindow) -> Result<Vec<Claimed>, Unasked> {
        self.claims(member, asked)
    }
}
