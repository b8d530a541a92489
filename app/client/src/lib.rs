#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod account;
pub mod address;
pub mod amount;
pub mod batch;
pub mod books;
pub mod builder;
pub mod called;

pub mod due;
pub mod error;
pub mod event;
#[cfg(feature = "rpc")]
pub mod explorer;
pub mod foreign;
#[cfg(feature = "found")]
pub mod found;
mod held;
pub mod hex;
pub mod instruction;
#[cfg(feature = "found")]
pub mod interface;
pub mod ledger;
pub mod loader;
pub mod market;
pub mod mint;
pub mod own;
pub mod quorum;
pub mod send;
pub mod statement;
#[cfg(feature = "found")]
pub mod text;
pub mod view;
pub mod waiting;
pub mod watch;

pub use {
    builder::{OpenBuilder, TermsBuilder},
    error::{ClientError, Frozen, ProgramError, Result},
    event::Event,
    ledger::{Ledger, Receipt},
    sluice::{
        BatchEntry, BatchLeaf, BatchRun, Equivocation, ID, NetworkArgs, OfferArgs, OpenArgs,
        TakeArgs, constants,
        error::SluiceError,
        events,
        identity::Identity,
        state::{
            Attester, AttesterSet, Batch, Challenge, EndCause, Epoch, Job, JobState, Network,
            NetworkChange, NetworkParams, NetworkRoles, Node, NodeArgs, Offer, Parts, Position,
            Provider, Quality, Record, RewardPool, RewardTerms, Ruling, Seen, SetArgs, Share,
            Shortfall, StakePool, Standing, Terms, Unstake, Verdict,
        },
    },
};
// What signs, travels and is read, of the versions that this crate is built on: a second copy of another version would be another type.
pub use {
    anchor_lang::Discriminator,
    bytemuck::Pod,
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_commitment_config::CommitmentConfig,
    solana_hash::Hash,
    solana_instruction::{AccountMeta, Instruction},
    solana_keypair::{Keypair, read_keypair_file},
    solana_message::Message,
    solana_signature::Signature,
    solana_signer::{Signer, SignerError, null_signer::NullSigner},
    solana_transaction::Transaction,
    solana_transaction_error::TransactionError,
};
