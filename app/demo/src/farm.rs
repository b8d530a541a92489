//! The machines: workers that compute frames and attesters that compute them again, each on a thread of its own.

use {
    crate::{
        plan::{self, ATTESTERS, NODE_LABELS, NODES, Options, TILES},
        progress::{Bar, Screen},
        work::{Film, Work},
    },
    anyhow::{Result, anyhow},
    sluice_client::{
        Job,
        statement::{Countersignature, Journal, NotJournalled, Path, Statement},
    },
    sluice_work::{
        check::{Claim, Fault, Part, claimed},
        evidence::Evidence,
        hash,
        undone::Undone,
    },
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::thread,
    thiserror::Error,
};

/// A frame as a worker delivered it: the output for each of its tiles.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub frame: u32,
    pub outputs: Vec<Vec<u8>>,
}

/// What a worker shows of a window: the statement that it asks for, and what the statement is about.
pub struct Submission<'a> {
    pub node: usize,
    pub statement: Statement,
    evidence: Evidence,
    /// By position from the window's first chunk.
    outputs: Vec<&'a [u8]>,
}

impl<'a> Submission<'a> {
    /// Claims all tiles of `deliveries`, the first frames of `window`.
    pub fn of(
        work: &Work,
        job: &Job,
        node: usize,
        window: u32,
        deliveries: &'a [Delivery],
    ) -> Result<Self> {
        let outputs = deliveries.iter().flat_map(|delivery| &delivery.outputs);
        let outputs: Vec<_> = outputs.map(Vec::as_slice).collect();
        let names = outputs.iter().map(|output| Some(hash::blob(output)));
        let evidence = Evidence::of(window, names.collect(), None);
        let claim = Claim::of(&evidence, &work.shape, &work.inputs)?;
        Ok(Self {
            node,
            statement: Statement::of(job, window, claim.units, claim.digest),
            evidence,
            outputs,
        })
    }
}

/// A member of the attester set: it believes only what it has computed itself.
pub struct Attester {
    key: Keypair,
    /// In memory: the keys and the chain end with the process.
    journal: Journal,
    bar: Bar,
}

/// Why an attester does not sign.
#[derive(Debug, Error)]
pub enum Refusal {
    /// The job names another specification, or counts other units.
    #[error("the job asks for other work")]
    OtherWork,
    /// What is claimed was not done.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The statement is about another job.
    #[error("the statement is about another job")]
    OtherJob,
    /// The signature could not be made.
    #[error(transparent)]
    Unsigned(NotJournalled),
}

impl Refusal {
    /// The chunk that is not what it is claimed to be.
    pub const fn chunk(&self) -> Option<u32> {
        match self {
            Self::Fault(Fault::Output(index) | Fault::Undone(index, _)) => Some(*index),
            _ => None,
        }
    }
}

impl Attester {
    /// An attester that has signed nothing yet.
    pub fn new(key: Keypair, bar: Bar) -> Self {
        Self {
            journal: Journal::in_memory(&key.pubkey()),
            key,
            bar,
        }
    }

    /// Signs what `submission` states if every chunk of it is what this attester computes itself, and it signed nothing else about
    /// the window.
    pub fn confirm(
        &mut self,
        film: &Film,
        job: &Job,
        submission: &Submission,
    ) -> Result<Countersignature, Refusal> {
        let (node, statement) = (submission.node, &submission.statement);
        let work = &film.works[node];
        if job.spec_hash != work.spec.hash() || work.shape.cap() != Some(job.terms.cap) {
            return Err(Refusal::OtherWork);
        }
        let claim = Claim {
            window: statement.window,
            units: statement.units,
            digest: statement.digest,
        };
        let chunks = claimed(&work.spec, &work.inputs, &submission.evidence, &claim)?;
        for (position, chunk) in chunks.iter().enumerate() {
            let missing = |part| Fault::Missing(chunk.index, part);
            let input = work.input(chunk.index).ok_or(missing(Part::Input))?;
            let output = submission.outputs.get(position);
            let output = output.ok_or(missing(Part::Output))?;
            chunk.check(input, Some(output), |input| film.run(work, input))?;
            let (frame, tile) = plan::place_of(node, chunk.index);
            if tile == TILES - 1 {
                self.bar.step(format!("frame {frame:02} recomputed"));
            }
        }
        let mine = Statement::of(job, claim.window, claim.units, claim.digest);
        if mine != *statement {
            return Err(Refusal::OtherJob);
        }
        self.journal
            .sign(&mine, Path::Quorum, &self.key)
            .map_err(Refusal::Unsigned)
    }
}

/// All machines, the work that they do, and the workers' bars.
pub struct Farm {
    pub film: Film,
    pub attesters: Vec<Attester>,
    bars: Vec<Bar>,
}

impl Farm {
    /// A farm of three workers and as many attesters as there are keys.
    pub fn new(options: &Options, keys: Vec<Keypair>, screen: &Screen) -> Result<Self> {
        let per_node = u64::from(plan::FRAMES) / NODES as u64;
        let nodes = NODE_LABELS.iter();
        let bars = nodes.map(|label| screen.bar(&format!("node {label}"), per_node));
        let bars = bars.collect();
        let attesters = (1..=ATTESTERS).zip(keys).map(|(number, key)| {
            let bar = screen.bar(&format!("attester {number}"), plan::FRAMES.into());
            Attester::new(key, bar)
        });
        Ok(Self {
            film: Film::new(options)?,
            attesters: attesters.collect(),
            bars,
        })
    }

    /// Computes the frames of `window` on every node; returns them by node.
    pub fn work(&self, window: u32) -> Result<Vec<Vec<Delivery>>> {
        let film = &self.film;
        thread::scope(|scope| {
            let workers: Vec<_> = (0..NODES)
                .zip(&self.bars)
                .map(|(node, bar)| scope.spawn(move || compute_all(film, node, window, bar)))
                .collect();
            let frames = workers.into_iter().map(|worker| {
                let ended = worker.join();
                Ok(ended.map_err(|_| anyhow!("a worker's thread died"))??)
            });
            frames.collect()
        })
    }

    /// Asks every attester about `submission`.
    pub fn countersign(
        &mut self,
        job: &Job,
        submission: &Submission,
    ) -> Result<Vec<Result<Countersignature, Refusal>>> {
        let film = &self.film;
        thread::scope(|scope| {
            let asked: Vec<_> = self
                .attesters
                .iter_mut()
                .map(|attester| scope.spawn(move || attester.confirm(film, job, submission)))
                .collect();
            let answers = asked.into_iter().map(|attester| {
                let ended = attester.join();
                ended.map_err(|_| anyhow!("an attester's thread died"))
            });
            answers.collect()
        })
    }

    /// Leaves the bars as they are.
    pub fn rest(&self) {
        let attesters = self.attesters.iter().map(|attester| &attester.bar);
        self.bars.iter().chain(attesters).for_each(Bar::finish);
    }
}

/// One worker's window, frame by frame.
fn compute_all(film: &Film, node: usize, window: u32, bar: &Bar) -> Result<Vec<Delivery>, Undone> {
    let frames = plan::frames_of(node, window).into_iter();
    let computed = frames.map(|frame| {
        let outputs = compute(film, node, frame)?;
        bar.step(format!("frame {frame:02} computed"));
        Ok(Delivery { frame, outputs })
    });
    computed.collect()
}

/// The outputs of a frame's tiles. What a worker that cuts corners does not compute is the tile before, once more.
fn compute(film: &Film, node: usize, frame: u32) -> Result<Vec<Vec<u8>>, Undone> {
    let work = &film.works[node];
    let mut outputs: Vec<Vec<u8>> = Vec::with_capacity(TILES as usize);
    for (tile, input) in (0..).zip(work.frame(frame)) {
        let output = match outputs.last() {
            Some(before) if plan::is_skipped(frame, tile) => before.clone(),
            _ => film.run(work, input)?,
        };
        outputs.push(output);
    }
    Ok(outputs)
}

#[cfg(test)]
mod tests;
