//! A whole network as processes: attesters and workers on the local chain, a buyer, and what is held at the end.
//!
//! - [`stage`]: the network, its keys and its agents, some of whom do not behave.
//! - [`work`]: kernels, inputs, and what their outputs truly are, computed here and natively.
//! - [`buyer`]: opens jobs, brings blobs, waits, closes.
//! - [`play`]: all of it together, from the first job to the last base unit.
//! - [`room`]: a disk that fills.
//! - [`books`]: who holds what, and what of it a job accounts for.
//! - [`tap`]: what leaves an attester and what comes to it, recorded.
//! - [`faulty`]: a node that drops, lags, lies and refuses.
//! - [`journals`]: what keys signed, from every source there is.
//! - [`delays`]: how long proofs are awaited.
//! - [`verdict`]: what became of windows, held against the truth.
//! - [`chaos`]: who is killed when.
//! - [`renter`]: who rents by the command; [`offered`]: what nodes offer.
//! - [`plot`]: members who sign a worker's lies.
//! - [`usage`]: what processes hold of the machine.
//! - [`soak`]: random buyers, providers, attesters and faults for as long as one likes.

pub mod books;
pub mod buyer;
pub mod chaos;
pub mod delays;
pub mod faulty;
pub mod journals;
pub mod offered;
pub mod play;
pub mod plot;
pub mod renter;
pub mod room;
pub mod soak;
pub mod stage;
pub mod tap;
pub mod twice;
pub mod usage;
pub mod verdict;
pub mod work;
pub mod wrong;
