//! What became of a job's windows, held against the truth.

use {
    crate::{
        buyer::{Order, Proof},
        journals::{Heard, Seen},
        stage::{Manner, Stage},
        wrong,
    },
    anyhow::{Context, Result, bail, ensure},
    std::collections::{BTreeMap, BTreeSet},
};

/// What became of a job.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// How its worker behaves.
    pub manner: Manner,
    /// Windows that are proven, each with the seconds from its end to its proof.
    pub proven: BTreeMap<u32, u64>,
    /// Windows that are not.
    pub unproven: BTreeSet<u32>,
    /// Units that are proven.
    pub units: u64,
    /// Chunks of proven windows that are not claimed.
    pub gaps: u64,
    /// Of those unproven, the ones with a lie, and the chunk that was named when they were refused.
    pub refused: Vec<(u32, u32)>,
}

/// Reads the proofs of a job and holds each against the truth: of the windows that exist, each at most once, with as many units and the root
/// over as many outputs as its worker showed, all of which are true. A window with a lie must be unproven, and a refusal must have named
/// its chunk.
///
/// # Errors
/// With what is not as it should be.
pub fn of(stage: &Stage, order: &Order, seen: &Seen, heard: &Heard) -> Result<Verdict> {
    let manner = manner(stage, seen)?;
    let shape = order.work.spec.core.shape()?;
    let mut verdict = Verdict {
        manner,
        proven: BTreeMap::new(),
        unproven: (0..shape.windows()).collect(),
        units: 0,
        gaps: 0,
        refused: vec![],
    };
    for Proof { logged, at } in order.proofs(stage)? {
        let window = logged.window;
        let done = order.work.judge(&heard.shown(&order.job, window)?)?;
        let delay = delay(seen, window, at)?;
        ensure!(
            verdict.proven.insert(window, delay).is_none(),
            "window {window} of {} was proven twice",
            order.job
        );
        ensure!(
            logged.digest == done.digest && logged.accepted == done.units,
            "window {window} of {} was proven with {} units, and {} were shown",
            order.job,
            logged.accepted,
            done.units
        );
        verdict.unproven.remove(&window);
        verdict.units = verdict.units.saturating_add(done.units);
        verdict.gaps = verdict.gaps.saturating_add(done.gaps);
    }
    if manner == Manner::Liar {
        verdict.refused = lies(order, &verdict, heard)?;
    }
    Ok(verdict)
}

/// Seconds from a window's end until a block with its proof.
fn delay(seen: &Seen, window: u32, at: i64) -> Result<u64> {
    let ends = seen.job.schedule().window_end(window);
    let ends = ends.context("a window ends nowhere")?;
    let delay = u64::try_from(at.saturating_sub(ends));
    delay.with_context(|| format!("window {window} was proven before it ended"))
}

/// The windows with a lie, each with the first chunk that is one. Every refusal must have named that chunk.
fn lies(order: &Order, verdict: &Verdict, heard: &Heard) -> Result<Vec<(u32, u32)>> {
    let mut lies = vec![];
    let all = verdict.proven.keys().chain(&verdict.unproven);
    for window in all {
        let mut chunks = order.work.chunks(*window);
        let Some((chunk, _)) = chunks.find(|(_, input)| wrong::is_lie(input)) else {
            continue;
        };
        if verdict.proven.contains_key(window) {
            bail!("window {window} is proven, and chunk {chunk} is a lie");
        }
        let named = heard.named(&order.job, *window);
        ensure!(
            named == BTreeSet::from([chunk]),
            "the lie in window {window} is chunk {chunk}, and refusals named {named:?}"
        );
        lies.push((*window, chunk));
    }
    Ok(lies)
}

/// How the worker of a job behaves.
///
/// # Errors
/// Where nobody works on its node.
pub fn manner(stage: &Stage, seen: &Seen) -> Result<Manner> {
    let mut crews = stage.crews.iter();
    let crew = crews.find(|crew| crew.nodes.contains(&seen.job.node));
    Ok(crew.context("nobody works on this node")?.manner)
}
