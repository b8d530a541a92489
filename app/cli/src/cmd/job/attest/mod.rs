//! `sluice attest`: workers, attesters and cosigners sign statements; anyone submits them.

mod sign;
pub mod signed;
mod submit;

use {
    crate::{failure::Result, output::Fields, session::Session},
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
}

impl Verb {
    /// True for a command that talks to no cluster.
    pub const fn is_offline(&self) -> bool {
        match self {
            Self::Sign(verb) => verb.is_offline(),
            Self::Submit(_) => false,
        }
    }

    /// True for a command that signs a statement.
    pub const fn signs(&self) -> bool {
        matches!(self, Self::Sign(_))
    }

    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Sign(verb) => verb.run(session),
            Self::Submit(verb) => verb.run(session),
        }
    }
}
