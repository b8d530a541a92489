//! From a plan to a transaction that landed, once, whatever breaks in between.
//!
//! A [`Plan`] says what is wanted; an [`Envelope`], what stands around the instructions of every plan and who pays.
//! [`Envelope::prepare`] checks the payer, simulates and sizes the [`Limits`]. [`Prepared::sign`] signs, and [`Signed::deliver`] notes the
//! transaction in a [`Journal`] before it sends it. After a run that broke off, [`Journal::left`] finds the note and [`Left::settle`] finds out
//! what became of it. [`Envelope::send`] is all of it for a program that nobody looks on at. The rules are decision 10's.
//!
//! Nothing here asks or prints: a command shows what it likes between the steps.

mod deliver;
mod envelope;
mod error;
mod funds;
mod journal;
mod limits;
mod note;
mod plan;
#[cfg(test)]
mod tests;
mod withheld;

pub use {
    deliver::{Prepared, Signed, require_signatures},
    envelope::{Envelope, Nonce, memo},
    error::{Error, Result},
    funds::Funds,
    journal::{Journal, Keys, Noted, noted},
    limits::{Cost, Limits, fee},
    note::{Became, Left},
    plan::{Irreversible, Key, Plan},
    withheld::refusal,
};
