//! A target, and the places that it exists to reach.

use std::{
    cell::OnceCell,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

/// A function that takes any bytes and must never panic.
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
    /// What the inputs have to reach for a run to mean anything: above all what is accepted.
    pub places: &'static [&'static Place],
}

/// Somewhere in a target, and how often it was reached.
pub struct Place {
    pub name: &'static str,
    count: AtomicU64,
}

impl Place {
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            count: AtomicU64::new(0),
        }
    }

    /// Counts one visit.
    pub fn reach(&self) {
        self.count.fetch_add(1, Relaxed);
    }

    /// How often it was reached.
    pub fn count(&self) -> u64 {
        self.count.load(Relaxed)
    }
}

/// Prints what was reached when libFuzzer ends the process: its thread drops this on the way out.
struct Report(&'static Target);

impl Drop for Report {
    fn drop(&mut self) {
        for place in self.0.places {
            eprintln!("reached {}: {}", place.name, place.count());
        }
    }
}

impl Target {
    /// Runs one input, and has the places counted printed at the end of the process.
    pub fn run_counted(&'static self, input: &[u8]) {
        thread_local! {
            static REPORT: OnceCell<Report> = const { OnceCell::new() };
        }
        REPORT.with(|report| {
            report.get_or_init(|| Report(self));
        });
        (self.run)(input);
    }
}
