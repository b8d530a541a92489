//! The node: it answers, quickly, and is not behind.

use {
    super::report::Report,
    crate::{
        chain::{self, Chain},
        config,
    },
    sluice_client::{
        Clock, CommitmentConfig, Ledger,
        ledger::{Patience, Rpc, cluster_name},
    },
    std::time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Slower than this, a daemon reads what was.
const SLOW: Duration = Duration::from_millis(1_000);
/// Slots that finalized state is usually behind, and then some.
const LAG: u64 = 150;
/// Further apart, seconds, a machine's clock is mended.
const APART_SECS: u64 = 60;

/// The chain behind the configured node, if it answers.
pub fn reach(config: &config::Chain, report: &mut Report) -> Option<Chain<Rpc>> {
    let patience = || Patience {
        call: Duration::from_secs(10),
        total: Duration::from_secs(20),
        ..Patience::default()
    };
    let at = |commitment| {
        let websocket = config.url.websocket();
        Rpc::patient(config.url.clone(), websocket, commitment, patience())
    };
    let chain = Chain {
        ledger: at(CommitmentConfig::confirmed()),
        network: config.network,
        clock: std::sync::Arc::default(),
    };
    let finalized = at(CommitmentConfig::finalized());
    let is_there = answers(&chain, &finalized, &config.url.to_string(), report);
    is_there.then_some(chain)
}

/// Genesis, latency, lag and clock.
pub fn answers(
    chain: &Chain<impl Ledger>,
    finalized: &impl Ledger,
    url: &str,
    report: &mut Report,
) -> bool {
    match measured(chain, finalized) {
        Ok(node) => {
            node.told(url, report);
            true
        }
        Err(error) => {
            report.fail(
                "node",
                format!("{url}: {error}"),
                "See that the node is up and that `url` in [chain] is right; nothing of the chain was looked at.",
            );
            false
        }
    }
}

struct Measured {
    cluster: String,
    latency: Duration,
    /// Slots between confirmed and finalized state.
    lag: u64,
    /// Seconds that the chain's clock is behind this machine's; negative where it is ahead.
    behind: i64,
}

fn measured(chain: &Chain<impl Ledger>, finalized: &impl Ledger) -> chain::Result<Measured> {
    // The first call connects; the second one alone tells how far the node is.
    let genesis = chain.ledger.genesis()?;
    let asked = Instant::now();
    let clock = chain.ledger.clock()?;
    let latency = asked.elapsed();
    chain.clock.read(clock.unix_timestamp);
    let Clock { slot, .. } = finalized.clock()?;
    let cluster = cluster_name(&genesis).map_or_else(
        || format!("a chain of its own that began with {genesis}"),
        str::to_owned,
    );
    let here = SystemTime::now().duration_since(UNIX_EPOCH);
    let here = i64::try_from(here.unwrap_or_default().as_secs()).unwrap_or(i64::MAX);
    Ok(Measured {
        cluster,
        latency,
        lag: clock.slot.saturating_sub(slot),
        behind: here.saturating_sub(clock.unix_timestamp),
    })
}

impl Measured {
    fn told(&self, url: &str, report: &mut Report) {
        let millis = self.latency.as_millis();
        let said = format!("{url} answers in {millis} ms: {}", self.cluster);
        if self.latency > SLOW {
            report.warn(
                "node",
                said,
                "Use a node that is closer: what a slow one tells is past.",
            );
        } else {
            report.ok("node", said);
        }
        let said = format!("finalized state is {} slots behind", self.lag);
        if self.lag > LAG {
            report.warn(
                "finality",
                said,
                "Use another node if it stays so: attesters look at finalized state alone.",
            );
        } else {
            report.ok("finality", said);
        }
        let way = if self.behind < 0 {
            "ahead of"
        } else {
            "behind"
        };
        let said = format!(
            "the chain's clock is {} seconds {way} this machine's",
            self.behind.unsigned_abs()
        );
        if self.behind.unsigned_abs() > APART_SECS {
            report.warn(
                "clock",
                said,
                "Set this machine's clock or use another node; deadlines follow the chain's clock alone, and a local chain's may be anything.",
            );
        } else {
            report.ok("clock", said);
        }
    }
}
