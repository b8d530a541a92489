//! Work that can be checked: specifications in bytes and in JSON, lists of inputs, evidence, opened leaves, and what they prove.
//! What is decoded is what was encoded, trees are those that a plain loop builds, and one changed bit proves nothing.

mod bent;
mod decode;
mod layout;
mod leaves;
mod lists;
mod naive;
mod recipe;
mod shapes;
mod windows;

use crate::{Target, pick::Pick};

/// What the runs have to have seen.
mod places {
    use crate::Place;

    pub static CORE: Place = Place::new("a core decoded");
    pub static NO_CORE: Place = Place::new("a core refused");
    pub static SPEC: Place = Place::new("a specification decoded");
    pub static NO_SPEC: Place = Place::new("a specification refused");
    pub static JSON: Place = Place::new("a specification read from JSON");
    pub static NO_JSON: Place = Place::new("JSON refused");
    pub static LIST: Place = Place::new("a list of inputs decoded");
    pub static NO_LIST: Place = Place::new("a list of inputs refused");
    pub static INPUT: Place = Place::new("an input found at its place");
    pub static NO_INPUT: Place =
        Place::new("an input, place, path or root with another bit refused");
    pub static EVIDENCE: Place = Place::new("evidence decoded");
    pub static NO_EVIDENCE: Place = Place::new("evidence refused");
    pub static OPENED: Place = Place::new("an opened leaf decoded");
    pub static NO_OPENED: Place = Place::new("an opened leaf refused");
    pub static WINDOW: Place = Place::new("a window that is what it claims");
    pub static INPUTS: Place = Place::new("a window of other inputs");
    pub static OTHER_WINDOW: Place = Place::new("evidence of another window");
    pub static REMAINDER: Place = Place::new("units that are no number of chunks");
    pub static TOO_MANY: Place = Place::new("more chunks than a window has");
    pub static COUNT: Place = Place::new("units of other chunks than the evidence has");
    pub static GAP: Place = Place::new("judged work with a gap");
    pub static STOP: Place = Place::new("a stop at another chunk");
    pub static DIGEST: Place = Place::new("a digest of other evidence");
    pub static STOPPED: Place = Place::new("a window that stops");
    pub static HONEST: Place = Place::new("a leaf that convicts nobody");
    pub static OVERCLAIM: Place = Place::new("a conviction for the units alone");
    pub static PADDING: Place = Place::new("a conviction for a chunk that is not there");
    pub static INDEX: Place = Place::new("a conviction for another chunk");
    pub static OTHER_INPUT: Place = Place::new("a conviction for another input");
    pub static OTHER_OUTPUT: Place = Place::new("a conviction for another output");
    pub static CHANGED: Place =
        Place::new("a leaf, place, path or digest with another bit refused");
    pub static SHAPE: Place = Place::new("work divided into windows");
    pub static NO_SHAPE: Place = Place::new("work that cannot be divided so");
}

use places::*;

pub static TARGET: Target = Target {
    name: "work",
    run,
    places: &[
        &CORE,
        &NO_CORE,
        &SPEC,
        &NO_SPEC,
        &JSON,
        &NO_JSON,
        &LIST,
        &NO_LIST,
        &INPUT,
        &NO_INPUT,
        &EVIDENCE,
        &NO_EVIDENCE,
        &OPENED,
        &NO_OPENED,
        &WINDOW,
        &INPUTS,
        &OTHER_WINDOW,
        &REMAINDER,
        &TOO_MANY,
        &COUNT,
        &GAP,
        &STOP,
        &DIGEST,
        &STOPPED,
        &HONEST,
        &OVERCLAIM,
        &PADDING,
        &INDEX,
        &OTHER_INPUT,
        &OTHER_OUTPUT,
        &CHANGED,
        &SHAPE,
        &NO_SHAPE,
    ],
};

fn run(input: &[u8]) {
    let pick = &mut Pick::new(input);
    match pick.below(12) {
        0 => bent::core(pick),
        1 => bent::spec(pick),
        2 => bent::json(pick),
        3 => lists::list(pick),
        4 => lists::path(pick),
        5 => bent::evidence(pick),
        6 => bent::opened(pick),
        7 | 8 => windows::window(pick),
        9 => leaves::leaf(pick),
        10 => shapes::shape(pick),
        _ => decode::any(pick),
    }
}
