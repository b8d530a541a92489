//! `sluice rewards`.

pub mod claim;
pub mod close;
mod create;
mod epoch;
pub mod fund;
mod plan;
mod share;
pub mod shares;
pub mod show;
pub mod work;

use {
    crate::{cmd::listing::List, failure::Result, output::Fields, session::Session},
    clap::{Args, Subcommand},
    sluice_client::Ledger,
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Creates a reward pool for one attester set; its terms never change. The signer is the creator.
    Create(create::Create),
    /// Adds funds while an epoch of the pool can still count work; anyone may send it.
    Fund(fund::Fund),
    /// Joins a node of the pool's set; the provider's operator signs.
    Join(Member),
    /// Reports nodes' new units, as many nodes a transaction as fit it; before the start, and the first time after a later
    /// joining, a report only sets the baseline; anyone may send it.
    Report(shares::Which),
    /// Pays providers' owners what has streamed to their nodes' shares, as many a transaction as fit it; anyone may send it. Of a
    /// pool the signer's, unless --node or --all says whose; of every pool with --all. With --dry-run: shows the amounts.
    Claim(shares::Which),
    /// Gives the delegators' part of what has streamed to the stake pools of the providers, as dividends; anyone may send it. With
    /// --dry-run: shows the amounts.
    PayDelegators(shares::Which),
    /// Books the rewards of shares' ended epochs and frees their slots; anyone may send it.
    Fold(shares::Which),
    /// Closes an epoch whose shares are all folded; anyone may send it.
    CloseEpoch(work::CloseEpoch),
    /// Pays what an ended pool has unallocated to its refund owner; anyone may send it.
    Return(close::Pool),
    /// Closes a node's share that was paid all it earned; the provider's owner signs, after the pool's end anyone.
    Leave(Member),
    /// Closes an ended pool without shares and epochs; what it holds goes to the refund owner; anyone may send it.
    Close(close::Pool),
    /// Tells which epochs the funds cover, when a pool runs dry and what a unit of work earns, if every epoch that can still be
    /// paid brings the same work; sends nothing. What open epochs will return is not counted.
    Plan(plan::Plan),
    /// Shows a pool and, with --node, what a node's share has earned.
    Show(show::Show),
    /// Lists reward pools.
    List(List<show::Pools>),
    /// Shares of nodes in reward pools.
    #[command(subcommand)]
    Share(share::Verb),
    /// Epochs of reward pools.
    #[command(subcommand)]
    Epoch(epoch::Verb),
}

/// A node and the pool it works in.
#[derive(Args, Debug)]
pub struct Member {
    /// Address of the reward pool.
    pool: Address,
    /// Address of the node; by default the only one of the signer's provider.
    #[arg(
        long,
        env = "SLUICE_NODE",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    node: Option<Address>,
}

/// How a node is told.
const ASK: &str = "give one with --node";

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Create(verb) => verb.run(session),
            Self::Fund(verb) => verb.run(session),
            Self::Join(member) => fund::join(session, &member),
            Self::Report(which) => work::report(session, &which),
            Self::Claim(which) => claim::claim(session, &which),
            Self::PayDelegators(which) => claim::pay_delegators(session, &which),
            Self::Fold(which) => work::fold(session, &which),
            Self::CloseEpoch(verb) => verb.run(session),
            Self::Return(pool) => pool.return_unallocated(session),
            Self::Leave(member) => close::leave(session, &member),
            Self::Close(pool) => pool.close(session),
            Self::Plan(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
            Self::List(verb) => verb.run(session),
            Self::Share(verb) => verb.run(session),
            Self::Epoch(verb) => verb.run(session),
        }
    }
}
