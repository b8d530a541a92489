//! Random buyers, providers, attesters and faults for as long as one likes.
//!
//! `SLUICE_SOAK_SECS` sets how long runs begin, `SLUICE_SEED` what is drawn.

use {
    crate::folder,
    sluice_agents_tests::soak::{Settings, Soak},
    std::{env, fs, time::Duration},
};

/// As long as it takes to see that everything begins and ends.
const SECS: u64 = 180;

#[test]
#[ignore = "it takes as long as one likes: `cargo xtask soak --for 90m`"]
fn nothing_is_lost_and_nothing_grows_whatever_happens() {
    let settings = Settings {
        folder: folder("soak"),
        length: Duration::from_secs(number("SLUICE_SOAK_SECS").unwrap_or(SECS)),
        seed: number("SLUICE_SEED").unwrap_or(1),
    };
    println!("seed {}", settings.seed);
    let report = Soak::new(&settings).unwrap().run();
    let file = settings.folder.join("report.json");
    fs::write(&file, format!("{:#}\n", report.json())).unwrap();
    println!("{}\nthe same as JSON: {}", report.table(), file.display());
    if let Some(failure) = report.failure {
        panic!("{failure}");
    }
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}
