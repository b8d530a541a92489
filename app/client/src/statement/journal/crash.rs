//! A process that is killed while it writes, for tests.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
};

thread_local! {
    /// Steps until the end.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
}

/// Ends the run if its time has come: nothing behind it is done, nothing before it undone.
pub fn step() {
    LEFT.with(|left| match left.get() {
        Some(0) => {
            left.set(None);
            resume_unwind(Box::new(()));
        }
        Some(more) => left.set(Some(more - 1)),
        None => {}
    });
}

/// What `run` came to, unless it was killed after so many steps.
pub fn killed_after<T>(steps: u32, run: impl FnOnce() -> T) -> Option<T> {
    LEFT.set(Some(steps));
    let outcome = catch_unwind(AssertUnwindSafe(run));
    LEFT.set(None);
    outcome.ok()
}
