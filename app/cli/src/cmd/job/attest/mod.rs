//! `sluice attest`: workers, attesters and cosigners sign statements; anyone submits them.

mod sign;
pub mod signed;
mod submit;

use {
    crate::{cmd::batch, failure::Result, output::Fields, session::Session},
    clap::Subcommand,
    sluice_client::Ledger,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Signs a statement of work and prints the signature as JSON; offline when --context is given.
    ///
    /// What a key signs is written down first: in a file beside the key's, its name and `.signed`, or in the folder `signed` of the
    /// state directory for a key that is in no file. A second statement about a window is refused, because two of them cost an
    /// attester its bond; the same statement may be signed again.
    Sign(sign::Sign),
    /// Proves a window with the signatures of worker and quorum, or of worker and cosigner.
    Submit(submit::Submit),
    /// Batches: members sign the root of a tree of statements once, and each window is proven from it.
    #[command(subcommand)]
    Batch(batch::Verb),
}

impl Verb {
    /// True for a command that talks to no cluster.
    pub const fn is_offline(&self) -> bool {
        match self {
            Self::Sign(verb) => verb.is_offline(),
            Self::Submit(_) | Self::Batch(_) => false,
        }
    }

    /// True for a command that signs a statement, or the root of a tree of them.
    pub const fn signs(&self) -> bool {
        matches!(self, Self::Sign(_) | Self::Batch(batch::Verb::Endorse(_)))
    }

    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Sign(verb) => verb.run(session),
            Self::Submit(verb) => verb.run(session),
            Self::Batch(verb) => verb.run(session),
        }
    }
}
