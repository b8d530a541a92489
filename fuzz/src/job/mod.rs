//! A job's pure functions under extreme terms: any sequence of steps, each held against a slow model of the same job, and at
//! the end every base unit has to have left.

mod actions;
mod course;
mod model;
mod opening;

use {
    crate::{Place, Target, pick::Pick},
    course::Course,
};

/// What the runs have to have seen.
mod places {
    use crate::Place;

    pub static OPENED: Place = Place::new("terms accepted and funded");
    pub static REFUSED_TERMS: Place = Place::new("terms or deposit refused");
    pub static STARTED: Place = Place::new("a job started");
    pub static PROVEN: Place = Place::new("units proven by a quorum");
    pub static COSIGNED: Place = Place::new("units proven by a cosigner");
    pub static HEARTBEAT: Place = Place::new("a window of no units");
    pub static MATURED: Place = Place::new("units matured");
    pub static CHALLENGED: Place = Place::new("a window challenged");
    pub static UPHELD: Place = Place::new("a window upheld");
    pub static VOID: Place = Place::new("a window void");
    pub static TOPPED_UP: Place = Place::new("a deposit added");
    pub static ENDED: Place = Place::new("an end moved");
    pub static FAULTED: Place = Place::new("a fault");
    pub static PULLED: Place = Place::new("a pull while it runs");
    pub static REFUNDED: Place = Place::new("a refund while it runs");
    pub static REFUSED: Place = Place::new("a step refused");
    pub static WAIVED: Place = Place::new("a taken job given back");
    pub static SETTLED: Place = Place::new("a job settled to the last base unit");
}

use places::*;

pub static TARGET: Target = Target {
    name: "job",
    run,
    places: &ALL,
};

static ALL: [&Place; 18] = [
    &OPENED,
    &REFUSED_TERMS,
    &STARTED,
    &PROVEN,
    &COSIGNED,
    &HEARTBEAT,
    &MATURED,
    &CHALLENGED,
    &UPHELD,
    &VOID,
    &TOPPED_UP,
    &ENDED,
    &FAULTED,
    &PULLED,
    &REFUNDED,
    &REFUSED,
    &WAIVED,
    &SETTLED,
];

/// Steps of one run.
const MOST_STEPS: usize = 48;

fn run(input: &[u8]) {
    let pick = &mut Pick::new(input);
    let Some(mut course) = Course::open(opening::opening(pick)) else {
        REFUSED_TERMS.reach();
        return;
    };
    OPENED.reach();
    for _ in 0..MOST_STEPS {
        if pick.is_empty() {
            break;
        }
        course.step(pick);
    }
    course.settle();
    SETTLED.reach();
}
