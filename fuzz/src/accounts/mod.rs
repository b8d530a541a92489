//! What is decoded: accounts, events, logs, mints and arguments. Nothing panics, what is read is what was written, and what
//! another layout, length or owner has is refused.

mod arguments;
mod decode;
mod logs;
mod mints;
mod views;

use crate::{Target, pick::Pick};

/// What the runs have to have seen.
mod places {
    use crate::Place;

    pub static ACCOUNT: Place = Place::new("an account decoded");
    pub static NOT_AN_ACCOUNT: Place = Place::new("an account refused");
    pub static VIEW: Place = Place::new("a job viewed");
    pub static CONTRADICTION: Place = Place::new("a job whose numbers contradict each other");
    pub static SUBJECT: Place = Place::new("a subject of stake read");
    pub static POOL: Place = Place::new("a stake pool found");
    pub static EVENT: Place = Place::new("an event read");
    pub static LOGGED: Place = Place::new("an event in a log");
    pub static FOREIGN: Place = Place::new("another program's data in a log passed over");
    pub static CLASSIC: Place = Place::new("a classic mint accepted");
    pub static EXTENDED: Place = Place::new("a mint with extensions accepted");
    pub static REFUSED_MINT: Place = Place::new("a mint refused for an extension");
    pub static ARGUMENTS: Place = Place::new("arguments decoded");
}

use places::*;

pub static TARGET: Target = Target {
    name: "accounts",
    run,
    places: &[
        &ACCOUNT,
        &NOT_AN_ACCOUNT,
        &VIEW,
        &CONTRADICTION,
        &SUBJECT,
        &POOL,
        &EVENT,
        &LOGGED,
        &FOREIGN,
        &CLASSIC,
        &EXTENDED,
        &REFUSED_MINT,
        &ARGUMENTS,
    ],
};

fn run(input: &[u8]) {
    let pick = &mut Pick::new(input);
    match pick.below(6) {
        0 => decode::account(pick),
        1 => views::views(pick),
        2 => logs::event(pick),
        3 => logs::log(pick),
        4 => mints::mint(pick),
        _ => arguments::arguments(pick),
    }
}

/// What Anchor puts before an account or an event: the first bytes of the hash of its kind and name.
fn discriminator(kind: &str, name: &str) -> [u8; 8] {
    let hash = sluice::hash::sha256(&[kind.as_bytes(), b":", name.as_bytes()]);
    *hash.first_chunk().expect("a hash has eight bytes")
}
