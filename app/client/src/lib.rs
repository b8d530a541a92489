//! Client for the Sluice program: addresses, instructions, accounts, what is due of them, statements, errors, two ledgers to send to,
//! and the way from a manifest to a network.
//!
//! Building an instruction needs no network. Layouts, seeds and argument types are the program crate's own.
//!
//! Two examples show it at work: `examples/dapp.rs` takes the best offer of a market and shows the job, `examples/worker.rs` proves
//! every window of a job and pulls the pay.

pub mod account;
pub mod address;
pub mod amount;
pub mod books;
pub mod due;
pub mod error;
pub mod event;
pub mod foreign;
#[cfg(feature = "found")]
pub mod found;
pub mod hex;
pub mod instruction;
pub mod ledger;
pub mod market;
pub mod mint;
pub mod quorum;
pub mod send;
pub mod statement;
#[cfg(feature = "found")]
pub mod text;
pub mod view;
pub mod watch;

pub use {
    error::{ClientError, ProgramError, Result},
    event::Event,
    ledger::{Ledger, Receipt},
    sluice::{
        Equivocation, ID, NetworkArgs, OfferArgs, OpenArgs, TakeArgs, events,
        identity::Identity,
        state::{
            Attester, AttesterSet, Challenge, EndCause, Epoch, Job, JobState, Network,
            NetworkChange, NetworkParams, NetworkRoles, Node, NodeArgs, Offer, Parts, Position,
            Provider, Quality, Record, RewardPool, RewardTerms, Ruling, Seen, SetArgs, Share,
            Shortfall, StakePool, Standing, Terms, Unstake, Verdict,
        },
    },
};
