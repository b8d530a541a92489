//! Every proof, held against what is true: what each input gives is known here, and computed natively.

use {
    super::{checks::Checks, story::Story, sums},
    crate::{
        buyer,
        journals::Heard,
        stage::{Manner, Stage},
        wrong,
    },
    anyhow::{Context, Result, ensure},
    sluice_client::JobState,
    sluice_work::{core::Kind, hash, inputs::Inputs, spec::Spec},
    std::collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

type Hash = [u8; 32];

/// What members call a chunk that is false.
const ACCUSING: [&str; 2] = ["output", "undone"];

/// What is true of every input that was ever rented for.
#[derive(Default)]
pub struct Truth {
    outputs: HashMap<Hash, Hash>,
    results: HashSet<Hash>,
    lies: HashSet<Hash>,
    kernels: HashSet<Hash>,
}

/// What became of windows.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    /// By how their workers behave: windows proven.
    pub proven: BTreeMap<&'static str, u64>,
    /// Chunks in them, each of which is true.
    pub chunks: u64,
    /// Chunks of them that were not claimed.
    pub gaps: u64,
    /// Windows of which a lie was refused.
    pub lies: u64,
    /// Seconds from a window's end to its proof, of honest workers.
    pub delays: Vec<u64>,
}

impl Truth {
    /// Learns what is true of inputs: each with its output.
    ///
    /// # Errors
    /// Where a kernel is not built.
    pub fn learn<'a>(
        &mut self,
        truth: impl IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)>,
    ) -> Result<()> {
        if self.kernels.is_empty() {
            for kernel in crate::work::Kernel::ALL {
                for kind in [Kind::Wasm, Kind::Sbpf] {
                    self.kernels.insert(hash::blob(&kernel.code(kind)?));
                }
            }
        }
        for (input, output) in truth {
            let (name, output) = (hash::blob(input), hash::blob(output));
            if wrong::is_lie(input) {
                self.lies.insert(name);
            }
            self.outputs.insert(name, output);
            self.results.insert(output);
        }
        Ok(())
    }

    /// True of blobs that need not be kept: inputs, true outputs, kernels.
    pub fn is_known(&self, name: &Hash) -> bool {
        self.outputs.contains_key(name)
            || self.results.contains(name)
            || self.kernels.contains(name)
    }

    /// Holds every proof of a job that is gone against the truth, and every refusal that named a chunk.
    ///
    /// # Errors
    /// With what is not as it should be.
    pub fn judge(
        &self,
        stage: &Stage,
        story: &Story,
        heard: &mut Heard,
        verdicts: &mut Verdicts,
        checks: &mut Checks,
    ) -> Result<()> {
        let job = story.key;
        if story.last.state == JobState::Open.byte() {
            // Nobody ever worked on it.
            return Ok(());
        }
        let manner = manner(stage, story)?;
        let proofs = buyer::proofs(stage, &job)?;
        checks.same("proofs", &proofs.len(), &story.windows.len(), || {
            format!("proofs of job {job}, in its logs and in its ring")
        })?;
        let refused = heard.refused.iter().filter(|one| one.job == job);
        // What a machine of a member's may be to blame for is no accusation.
        let refused = refused.filter(|one| ACCUSING.contains(&one.told.code.as_str()));
        let named: BTreeSet<_> = refused
            .filter_map(|one| Some((one.window, one.told.chunk?)))
            .collect();
        heard.refused.retain(|one| one.job != job);
        if proofs.is_empty() && named.is_empty() {
            return Ok(());
        }
        let (spec, list) = work(story, heard)?;
        let shape = spec.core.shape()?;
        for proof in &proofs {
            let logged = &proof.logged;
            let window = logged.window;
            let of = || format!("window {window} of job {job}");
            let seen = story.windows.get(&window).map(|seen| seen.units);
            checks.same("proofs", &seen, &Some(logged.accepted), of)?;
            let evidence = heard.shown(&job, window)?;
            let (first, due) = shape.due(window);
            let mut done = 0u64;
            for (number, claimed) in (first..).zip(&evidence.outputs) {
                let Some(claimed) = claimed else { continue };
                done = done.saturating_add(1);
                let truth = list.name(number).and_then(|input| self.outputs.get(input));
                checks.same("truth", &Some(claimed), &truth, || {
                    format!("chunk {number} in {}", of())
                })?;
            }
            let root = evidence.tree(&shape, &list)?.root();
            checks.same("truth", &logged.digest, &root, of)?;
            let units = done.saturating_mul(shape.units());
            checks.same("proofs", &logged.accepted, &units, of)?;
            verdicts.chunks = verdicts.chunks.saturating_add(done);
            let gaps = u64::from(due).saturating_sub(done);
            verdicts.gaps = verdicts.gaps.saturating_add(gaps);
            let delay = proof.at.saturating_sub(sums::end(&story.first, window));
            let delay = u64::try_from(delay).with_context(of)?;
            if manner == Manner::Honest {
                verdicts.delays.push(delay);
            }
            let count = verdicts.proven.entry(name(manner)).or_default();
            *count = count.saturating_add(1);
        }
        for (window, chunk) in &named {
            let input = list.name(*chunk);
            let is_lie = input.is_some_and(|input| self.lies.contains(input));
            checks.holds("lies", manner == Manner::Liar && is_lie, || {
                format!("chunk {chunk} in window {window} of job {job} was refused to a {manner:?} worker")
            })?;
        }
        let windows: BTreeSet<_> = named.iter().map(|(window, _)| window).collect();
        let lies = u64::try_from(windows.len())?;
        verdicts.lies = verdicts.lies.saturating_add(lies);
        Ok(())
    }
}

/// The specification and the inputs of a job, as members were given them.
fn work(story: &Story, heard: &Heard) -> Result<(Spec, Inputs)> {
    let job = story.key;
    let mut blobs = heard.blobs.values();
    let spec = blobs.find_map(|blob| {
        let spec = Spec::from_bytes(blob).ok()?;
        (spec.hash() == story.first.spec_hash).then_some(spec)
    });
    let spec = spec.with_context(|| format!("nobody brought the work of job {job}"))?;
    let mut blobs = heard.blobs.values();
    let list = blobs.find_map(|blob| {
        let list = Inputs::from_bytes(blob)?;
        (list.root().ok()? == spec.core.inputs).then_some(list)
    });
    let list = list.with_context(|| format!("nobody brought the inputs of job {job}"))?;
    ensure!(list.names().len() == usize::try_from(spec.core.count)?);
    Ok((spec, list))
}

fn manner(stage: &Stage, story: &Story) -> Result<Manner> {
    let mut crews = stage.crews.iter();
    let crew = crews.find(|crew| crew.nodes.contains(&story.last.node));
    Ok(crew.context("nobody works on this node")?.manner)
}

const fn name(manner: Manner) -> &'static str {
    match manner {
        Manner::Honest => "honest",
        Manner::Liar => "liar",
        Manner::Slow => "slow",
        Manner::Steady => "steady",
        Manner::Silent => "silent",
    }
}
