//! Why there is no bill.

use {
    super::Figures,
    sluice_client::{Address, ClientError, books},
};

/// Result of reading a bill.
pub type Result<T> = std::result::Result<T, Error>;

/// What keeps a bill from being written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The run did not open a job there, as far as the history tells.
    #[error("no job that this run opened is in the history of {0}")]
    NotOpened(Address),
    /// The same job is in the list twice.
    #[error("the job {0} is in the bill twice")]
    Twice(Address),
    /// The jobs are paid in several mints.
    #[error("the job {0} is paid in another mint than the run's first one")]
    Mints(Address),
    /// What came into a job's escrow is not what left it and is left in it.
    #[error(transparent)]
    Unbalanced(Box<Unbalanced>),
    /// The job moved on while it was read, again and again.
    #[error("the job {0} changed while its history was read")]
    Changed(Address),
    /// The numbers of an account contradict each other.
    #[error("the account of the job {0} is inconsistent")]
    Inconsistent(Address),
    /// Sums are beyond 64 bits.
    #[error("the sums of the bill overflow")]
    Overflow,
    /// The buyer's books cannot be closed.
    #[error(transparent)]
    Books(#[from] books::Error),
    /// A read failed.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// A job whose history does not come to what its account says, base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the job {job} does not balance: deposited {} and topped up {}, but paid {}, network fee {}, attestation fee {}, refunded {}, left \
     by an unknown door {} and still in escrow {}",
    .figures.deposited, .figures.topped_up, .figures.paid, .figures.network_fee, .figures.attestation_fee, .figures.refunded,
    .figures.unseen, .figures.in_escrow
)]
pub struct Unbalanced {
    /// The job.
    pub job: Address,
    /// As its rows and its account say.
    pub figures: Figures,
}

impl Error {
    /// True where another look may help: chain and history are read one after the other.
    pub(super) const fn may_pass(&self) -> bool {
        matches!(self, Self::Unbalanced(_) | Self::Changed(_))
    }
}
