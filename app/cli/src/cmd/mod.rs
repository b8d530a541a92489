//! Nouns and their verbs.

mod address;
mod airdrop;
mod attester;
mod attester_set;
mod batch;
mod challenge;
mod config;
mod crank;
mod doctor;
mod events;
mod job;
mod kernel;
mod listing;
mod migrate;
mod network;
mod node;
mod offer;
mod provider;
mod rewards;
mod run;
mod shell;
mod stake;
mod statement;
mod step;
mod terms;
mod token;
mod transaction;
mod watch;

pub use doctor::PATIENCE;
use {
    crate::{failure::Result, output::Fields, screen::Screen, session::Session},
    clap::Subcommand,
    sluice_client::Ledger,
};

/// What a command is about.
#[derive(Subcommand, Debug)]
pub enum Noun {
    /// Settlement networks: roles, mints and parameters.
    #[command(subcommand)]
    Network(network::Verb),
    /// Keys that countersign statements.
    #[command(subcommand)]
    Attester(attester::Verb),
    /// Immutable sets of attesters.
    #[command(subcommand)]
    AttesterSet(attester_set::Verb),
    /// Sellers of compute.
    #[command(subcommand)]
    Provider(provider::Verb),
    /// Machines of providers.
    #[command(subcommand)]
    Node(node::Verb),
    /// Offers of nodes' slots under whole terms.
    #[command(subcommand)]
    Offer(offer::Verb),
    /// Live offers of a network, ranked: takeable before untakeable, then by mint, price per unit, live members beyond the
    /// quorum, record (jobs completed, windows proven, resignations, slashes) and free slots.
    Market(offer::market::Market),
    /// Stake behind providers and attesters.
    #[command(subcommand)]
    Stake(stake::Verb),
    /// Dividends of stake pools, in the network's dividend mint.
    #[command(subcommand)]
    Dividends(stake::dividends::Verb),
    /// Jobs and their escrow.
    #[command(subcommand)]
    Job(job::Verb),
    /// Statements of work: signing and submitting, one by one and in batches.
    #[command(subcommand)]
    Attest(job::attest::Verb),
    /// Kernels, for people who write them: a project, its build, and what every engine makes of it.
    #[command(subcommand)]
    Kernel(kernel::Verb),
    /// Bonded objections to proven windows, and the rulings on them.
    #[command(subcommand)]
    Challenge(challenge::Verb),
    /// Every step that is due and that anyone may send: upholds, slashes signers, settles, pays, sweeps, credits, refunds,
    /// releases, closes, clears offers, reports work to reward pools, folds, claims what was folded, closes epochs, shares and
    /// ended pools, burns what was slashed, claims dividends.
    Crank(crank::Crank),
    // Its doc is its own: what it does stands with its words.
    Run(Box<run::Run>),
    /// Reward pools and the shares of nodes.
    #[command(subcommand)]
    Rewards(rewards::Verb),
    /// Whole networks, brought about from a manifest by numbered steps that can be run again.
    #[command(subcommand)]
    Migrate(migrate::Verb),
    /// What became true, read back from past transactions.
    Events(events::Events),
    /// Every token that moved for a buyer or a provider, as CSV, held against the chain.
    #[command(subcommand)]
    Statement(statement::Verb),
    /// Accounts as they change, live: one line for each change, or on a terminal a view that changes in place.
    #[command(subcommand)]
    Watch(watch::Verb),
    /// Wrapped SOL.
    #[command(subcommand)]
    Token(token::Verb),
    /// Transactions that are signed in one place and sent from another.
    #[command(subcommand)]
    Transaction(transaction::Verb),
    /// The profile: a cluster, the accounts that most commands are about, and names for addresses.
    #[command(subcommand)]
    Config(config::Verb),
    /// Checks what has to be right before a transaction can be sent: profile, cluster, key, money, notes; of what is wrong, says
    /// how it is mended.
    Doctor(doctor::Doctor),
    /// Has a test cluster's faucet give SOL to the signer, or to --to; with --mint, mints test tokens.
    Airdrop(airdrop::Airdrop),
    /// Addresses of accounts, derived offline.
    #[command(subcommand)]
    Address(address::Verb),
    /// Prints the completions of a shell.
    Completions(shell::Completions),
    /// Writes the manual pages, a file for each command.
    Man(shell::Man),
}

impl Noun {
    /// True for a command that reads the same accounts again until they change.
    pub const fn waits_for_changes(&self) -> bool {
        matches!(
            self,
            Self::Watch(_) | Self::Statement(_) | Self::Events(_) | Self::Run(_)
        )
    }

    /// True for the command that tells what is wrong and goes on.
    pub const fn examines(&self) -> bool {
        matches!(self, Self::Doctor(_))
    }

    /// True for a command that talks to no cluster, or to one that need not have the program.
    pub const fn needs_no_program(&self) -> bool {
        match self {
            Self::Address(_)
            | Self::Airdrop(_)
            | Self::Config(_)
            | Self::Completions(_)
            | Self::Doctor(_)
            | Self::Kernel(_)
            | Self::Man(_) => true,
            Self::Attest(verb) => verb.is_offline(),
            Self::Transaction(verb) => verb.is_offline(),
            _ => false,
        }
    }

    /// True for a command that signs or sends bytes that are given to it.
    pub const fn signs_what_is_no_instruction(&self) -> bool {
        match self {
            Self::Attest(verb) => verb.signs(),
            Self::Transaction(verb) => verb.signs_or_sends(),
            _ => false,
        }
    }

    /// Runs the verb: its result, unless it wrote that itself.
    pub fn run(
        self,
        session: &mut Session<impl Ledger>,
        screen: &mut Screen,
    ) -> Result<Option<Fields>> {
        let result = match self {
            Self::Events(noun) => return noun.run(session, screen),
            Self::Run(noun) => return noun.run(session, screen),
            Self::Statement(verb) => return verb.run(session, screen),
            Self::Watch(verb) => return verb.run(session, screen),
            Self::Network(verb) => verb.run(session),
            Self::Attester(verb) => verb.run(session),
            Self::AttesterSet(verb) => verb.run(session),
            Self::Provider(verb) => verb.run(session),
            Self::Node(verb) => verb.run(session),
            Self::Offer(verb) => verb.run(session),
            Self::Market(noun) => noun.run(session),
            Self::Stake(verb) => verb.run(session),
            Self::Dividends(verb) => verb.run(session),
            Self::Challenge(verb) => verb.run(session),
            Self::Token(verb) => verb.run(session),
            Self::Job(verb) => verb.run(session),
            Self::Attest(verb) => verb.run(session),
            Self::Crank(noun) => noun.run(session),
            Self::Rewards(verb) => verb.run(session),
            Self::Transaction(verb) => verb.run(session),
            Self::Migrate(verb) => verb.run(session),
            Self::Config(verb) => {
                let is_written = !session.is_dry_run();
                verb.run(&mut session.profile, is_written)
            }
            Self::Doctor(noun) => Ok(noun.run(session)),
            Self::Airdrop(noun) => noun.run(session),
            Self::Address(verb) => verb.run(),
            Self::Kernel(verb) => verb.run(session, screen),
            Self::Completions(noun) => noun.run(),
            Self::Man(noun) => noun.run(),
        };
        result.map(Some)
    }
}
