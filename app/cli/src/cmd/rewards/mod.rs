//! `sluice rewards`.

mod create;
mod fund;
mod plan;
mod show;
mod work;

use {
    crate::{failure::Result, output::Fields, session::Session},
    clap::{Args, Subcommand},
    sluice_client::Ledger,
    solana_address::Address,
};

#[derive(Subcommand)]
pub enum Verb {
    /// Creates a reward pool for one attester set; its terms never change. The signer is the creator.
    Create(create::Create),
    /// Adds funds before the pool's end; anyone may send it.
    Fund(fund::Fund),
    /// Joins a node of the pool's set; the provider's operator signs.
    Join(Member),
    /// Reports a node's new units; the first report only sets the baseline; anyone may send it.
    Report(Member),
    /// Pays the provider's owner what has streamed to a node's share; anyone may send it.
    Claim(Member),
    /// Books the rewards of a share's ended epochs and frees its slots; anyone may send it.
    Fold(Member),
    /// Closes an epoch whose shares are all folded; anyone may send it.
    CloseEpoch(work::CloseEpoch),
    /// Tells when a pool runs dry and what a unit of work earns, if every epoch from the next one on brings the same work; sends
    /// nothing. What open epochs will return is not counted.
    Plan(plan::Plan),
    /// Shows a pool and, with --node, what a node's share has earned.
    Show(show::Show),
    /// Lists reward pools.
    List(show::List),
}

/// A node and the pool it works in.
#[derive(Args)]
pub struct Member {
    /// Address of the reward pool.
    pool: Address,
    /// Address of the node.
    #[arg(long, value_name = "ADDRESS")]
    node: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Create(verb) => verb.run(session),
            Self::Fund(verb) => verb.run(session),
            Self::Join(member) => fund::join(session, &member),
            Self::Report(member) => work::report(session, &member),
            Self::Claim(member) => work::claim(session, &member),
            Self::Fold(member) => work::fold(session, &member),
            Self::CloseEpoch(verb) => verb.run(session),
            Self::Plan(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
            Self::List(verb) => verb.run(session),
        }
    }
}
