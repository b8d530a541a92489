//! Keys: they are there, nobody else reads them, and no two are one.

use {
    super::report::Report,
    crate::config::{self, BadConfig},
    sluice_client::{Address, Signer},
    std::path::{Path, PathBuf},
};

/// The keys of a worker's process.
pub struct Worker {
    /// The operator's.
    pub operator: Address,
    /// The nodes' workers', with their files.
    pub workers: Vec<(Address, PathBuf)>,
}

/// The keys of an attester's process.
pub struct Attester {
    /// The attester's.
    pub attester: Address,
    /// Whoever challenges.
    pub challenger: Option<Address>,
}

/// Those of a worker, if all can be read.
pub fn worker(config: &config::Worker, report: &mut Report) -> Option<Worker> {
    let operator = read("operator", &config.keys.operator, report);
    let workers: Vec<_> = config
        .node
        .iter()
        .map(|node| Some((read("worker", &node.key, report)?, node.key.clone())))
        .collect();
    let workers: Vec<_> = workers.into_iter().collect::<Option<_>>()?;
    let keys: Vec<_> = workers.iter().map(|(key, _)| *key).collect();
    distinct(&keys, report);
    Some(Worker {
        operator: operator?,
        workers,
    })
}

/// Those of an attester, if all can be read.
pub fn attester(config: &config::Attester, report: &mut Report) -> Option<Attester> {
    let attester = read("attester", &config.keys.attester, report);
    let challenger = config
        .guard
        .challenger
        .as_ref()
        .map(|path| read("challenger", path, report));
    let (attester, challenger) = match challenger {
        None => (attester?, None),
        Some(challenger) => (attester?, Some(challenger?)),
    };
    let all: Vec<_> = [attester].into_iter().chain(challenger).collect();
    distinct(&all, report);
    Some(Attester {
        attester,
        challenger,
    })
}

fn read(whose: &str, path: &Path, report: &mut Report) -> Option<Address> {
    match config::key(path) {
        Ok(key) => {
            let key = key.pubkey();
            report.ok("key", format!("{whose} {key}, in {}", path.display()));
            Some(key)
        }
        Err(error) => {
            let remedy = match &error {
                BadConfig::Exposed(_) => format!("`chmod 600 {}`.", path.display()),
                _ => format!(
                    "`sluice-agent init` makes keys and says what they are for; or name the file of the {whose}'s key in the configuration."
                ),
            };
            report.fail("key", error, remedy);
            None
        }
    }
}

/// Two nodes with one key would be one node.
fn distinct(keys: &[Address], report: &mut Report) {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable_by_key(|key| key.to_bytes());
    for pair in sorted.windows(2) {
        if let [one, next] = pair
            && one == next
        {
            report.fail(
                "key",
                format!("{one} is named twice"),
                "Give each its own key file: `solana-keygen new -o FILE` makes one.",
            );
        }
    }
}
