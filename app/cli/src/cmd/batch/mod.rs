//! `sluice attest batch`: members sign the root of a tree of statements; workers and operators prove windows from it.

mod build;
mod close;
mod endorse;
mod file;
mod list;
mod post;
mod prove;
mod show;

use {
    crate::{cmd::listing::List, failure::Result, output::Fields, session::Session},
    clap::{Args, Subcommand},
    sluice_client::Ledger,
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Lists statements about jobs of one set under one root.
    ///
    /// Each statement counts once, be it signed by its worker or by a member; two different ones about one window are refused. They stand by provider, node, job
    /// and window, so that what one worker or operator proves lies side by side.
    Build(build::Build),
    /// Signs the root of a batch as a member of its set and prints the signature as JSON.
    ///
    /// Every statement under the root is written down first, as `sluice attest sign` writes it down: a key that signed another statement
    /// about one of the windows, by itself or in a batch, signs nothing. A batch whose root is not that of its statements is refused.
    Endorse(endorse::Endorse),
    /// Posts a batch with members' signatures, or adds those that it lacks; the payer can close it from its date on.
    Post(post::Post),
    /// Proves the windows of a batch that can be proven now; their worker signs, or with --operator their provider's operator.
    Prove(prove::Prove),
    /// Shows a batch and who signed it.
    Show(Target),
    /// Lists batches, and whether enough live members signed each.
    List(List<list::Batches>),
    /// Closes a batch from its date on; its payer signs and gets the rent back.
    Close(Target),
}

/// The batch that a verb is about.
#[derive(Args, Debug)]
pub struct Target {
    /// Address of the batch.
    batch: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Build(verb) => verb.run(session),
            Self::Endorse(verb) => verb.run(session),
            Self::Post(verb) => verb.run(session),
            Self::Prove(verb) => verb.run(session),
            Self::Show(target) => show::one(session, &target.batch),
            Self::List(verb) => verb.run(session),
            Self::Close(target) => close::close(session, &target.batch),
        }
    }
}
