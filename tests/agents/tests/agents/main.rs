//! Workers and attesters as processes on a local chain.

mod day;
mod delays;
mod faults;
mod kills;
mod long;
mod newcomer;
mod offers;
mod readme;
mod rents;
mod short;
mod soak;

use {
    rand::SeedableRng,
    rand_chacha::ChaCha8Rng,
    sluice_agents_tests::work::{Amount, Kernel, Work},
    sluice_work::core::Kind,
    std::{
        path::{Path, PathBuf},
        sync::{Mutex, MutexGuard, PoisonError},
    },
};

/// Held by plays in which much happens at once: two of them on two cores miss dates that each alone meets.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where a test has its keys, agents and logs.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("agents")
        .join(name)
}

/// Work in which the chunks that `lies` names are those that the liar computes wrongly, and no other is.
fn work_with(kernel: Kernel, kind: Kind, amount: Amount, seed: u64, lies: &[u32]) -> Work {
    use sluice_agents_tests::wrong::is_lie;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let is_wanted = |number: u32, input: &[u8]| is_lie(input) == lies.contains(&number);
    Work::new(kernel, kind, amount, &mut random, is_wanted).unwrap()
}

/// Work as it comes.
fn any_work(kernel: Kernel, kind: Kind, amount: Amount, seed: u64) -> Work {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    Work::new(kernel, kind, amount, &mut random, |_, _| true).unwrap()
}
