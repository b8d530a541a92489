//! `sluice job`.

mod accept;
pub mod attest;
mod end;
mod fund;
mod open;
mod pull;
mod renew;
pub mod settle;
pub mod show;

use {
    crate::{
        cmd::{
            listing::List,
            offer::{place, take},
        },
        failure::Result,
        output::Fields,
        session::Session,
    },
    clap::{Args, Subcommand},
    sluice_client::{ClientError, Job, Ledger, account},
    solana_address::Address,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Opens and funds a job; its terms are fixed from here on. The signer is the buyer.
    Open(Box<open::Open>),
    /// Takes an open job onto a node; the provider's operator signs.
    Accept(accept::Accept),
    /// Takes an offer: opens and funds a job under its terms, started at once. The signer is the buyer.
    Take(Box<take::Take>),
    /// Takes the best offer that matches; asks first on a terminal. The signer is the buyer.
    Place(Box<place::Place>),
    /// Adds funds before the end; anyone may send it.
    TopUp(fund::TopUp),
    /// Ends a job: at once while open, after the notice while active; the buyer signs.
    Cancel(Target),
    /// Ends an active job for its provider: after the notice, or at once where none is due; the operator signs.
    Resign(Target),
    /// Gives back a job that was taken from an offer, with nothing proven, until it is released; the operator signs.
    Waive(Target),
    /// Ends an active job at once whose last windows were all unproven; the buyer or the operator signs.
    Fault(Target),
    /// Leaves a job and begins another under its terms; run it again to go on. The buyer signs.
    Renew(Box<renew::Renew>),
    /// Shows what is earned, pending, owed, refundable, at risk and paid until.
    Show(Target),
    /// Lists jobs.
    List(List<show::Jobs>),
    /// Turns proofs whose challenge time has passed into earnings; anyone may send it.
    Mature(Target),
    /// Pays the provider what it has earned; anyone may send it.
    Pay(Target),
    /// Pays the fees to the network's treasury and the set's fee owner; anyone may send it.
    Sweep(Target),
    /// Returns to the refund owner what can no longer be earned; anyone may send it.
    Refund(Target),
    /// Moves newly matured quorum units to the node; anyone may send it.
    Credit(Target),
    /// Frees bond and slot of a settled job and writes the record; anyone may send it.
    Release(Target),
    /// Closes a job that owes nothing; rent returns to whoever paid it; anyone may send it.
    Close(Target),
}

/// The job that a verb is about.
#[derive(Args, Debug)]
pub struct Target {
    /// Address of the job.
    job: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Open(verb) => verb.run(session),
            Self::Accept(verb) => verb.run(session),
            Self::TopUp(verb) => verb.run(session),
            Self::Take(verb) => verb.run(session),
            Self::Place(verb) => verb.run(session),
            Self::Cancel(target) => end::cancel(session, &target.job),
            Self::Resign(target) => end::resign(session, &target.job),
            Self::Waive(target) => end::waive(session, &target.job),
            Self::Fault(target) => end::fault(session, &target.job),
            Self::Renew(verb) => verb.run(session),
            Self::Show(target) => show::one(session, &target.job),
            Self::List(verb) => verb.run(session),
            Self::Mature(target) => settle::mature(session, &target.job),
            Self::Pay(target) => pull::pay(session, &target.job),
            Self::Sweep(target) => pull::sweep(session, &target.job),
            Self::Refund(target) => pull::refund(session, &target.job),
            Self::Credit(target) => settle::credit(session, &target.job),
            Self::Release(target) => settle::release(session, &target.job),
            Self::Close(target) => settle::close(session, &target.job),
        }
    }
}

/// The job as it stands now: with everything matured that the next instruction would mature.
pub fn read(session: &Session<impl Ledger>, address: &Address) -> Result<(Job, i64)> {
    let (found, now) = session.look(address)?;
    let found = found.ok_or(ClientError::NoAccount(*address))?;
    let mut job: Job = account::decode(address, &found)?;
    job.mature(now).map_err(inconsistent(address))?;
    Ok((job, now))
}

/// The numbers of an account that the program wrote cannot overflow; if they do, the cluster lied.
pub fn inconsistent<E>(address: &Address) -> impl Fn(E) -> ClientError + use<'_, E> {
    move |_| ClientError::Rpc(format!("the account {address} is inconsistent").into())
}
