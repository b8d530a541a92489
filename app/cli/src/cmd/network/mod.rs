//! `sluice network`.

mod change;
mod create;
mod list;
mod pause;
mod roles;
pub mod show;

use {
    crate::{cmd::listing::List, failure::Result, output::Fields, session::Session},
    clap::Subcommand,
    sluice_client::Ledger,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Creates a network; the signer is its creator and, unless told otherwise, holds every role.
    Create(Box<create::Create>),
    /// Shows roles, mints, parameters, the pending change and the pause.
    Show(show::Show),
    /// Lists networks with their stake mint, fee and pause.
    List(List<list::Networks>),
    /// Proposes other parameters or roles, in place of any pending change; the signer is the admin. It can be applied after the
    /// timelock, for 14 days.
    Propose(Box<change::Propose>),
    /// Puts the pending change in force; anyone may send it.
    Apply(change::Apply),
    /// Names the candidate for admin, or withdraws it; the signer is the admin.
    NameAdmin(roles::NameAdmin),
    /// Makes the candidate the admin and drops the pending change; the signer is the candidate.
    AcceptAdmin(roles::AcceptAdmin),
    /// Pauses intake, or lifts the pause; the signer is the guardian. Every exit stays open.
    Pause(pause::Pause),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Create(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
            Self::List(verb) => verb.run(session),
            Self::Propose(verb) => verb.run(session),
            Self::Apply(verb) => verb.run(session),
            Self::NameAdmin(verb) => verb.run(session),
            Self::AcceptAdmin(verb) => verb.run(session),
            Self::Pause(verb) => verb.run(session),
        }
    }
}
