//! `sluice challenge`.

mod open;
mod rule;
mod settle;
pub mod show;

use {
    crate::{cmd::listing::List, failure::Result, output::Fields, session::Session},
    clap::{Args, Subcommand},
    sluice_client::Ledger,
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Challenges a window that a quorum proved, before it matures: its units and the signer's bond are held until the ruling.
    Open(open::Open),
    /// Extends a challenge's chain of evidence; the signer is the author.
    Evidence(open::Evidence),
    /// Rules on a challenged window. The job's resolver signs, in the second half of the ruling time; after it anyone, and
    /// only to uphold.
    Rule(rule::Rule),
    /// Slashes the bond of an attester that signed a window ruled void and signed falsely; anyone may send it.
    SlashSigner(settle::SlashSigner),
    /// Pays a ruled challenge's bond to the challenger (void, or lapsed without a ruling) or the provider's owner (upheld) and
    /// closes it; anyone may send it.
    Settle(Target),
    /// Shows a challenge: its verdict, what it holds, its dates, its evidence and the signers left.
    Show(Target),
    /// Lists challenges.
    List(List<show::Challenges>),
}

/// The challenge that a verb is about.
#[derive(Args, Debug)]
pub struct Target {
    /// Address of the challenge.
    challenge: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Open(verb) => verb.run(session),
            Self::Evidence(verb) => verb.run(session),
            Self::Rule(verb) => verb.run(session),
            Self::SlashSigner(verb) => verb.run(session),
            Self::Settle(target) => settle::settle(session, &target.challenge),
            Self::Show(target) => show::one(session, &target.challenge),
            Self::List(verb) => verb.run(session),
        }
    }
}
