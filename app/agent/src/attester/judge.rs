//! What an attester thinks of a claim once it looked.

use {
    super::{kernels::Kernels, work::Work},
    crate::{
        http::denied::{Denied, Why},
        recompute::{Source, Window, recompute},
    },
    sluice_work::{
        check::{self, Claim, Fault, Part},
        engine::Limits,
        evidence::Evidence,
        hash,
        undone::Undone,
    },
};

/// How much longer an interpreter may take than a compiler's code.
const SLOWER: u32 = 20;
/// Longest time that an interpreter is given for one chunk, milliseconds, if the chunk has less itself.
const PATIENCE: u32 = 60_000;

/// A claim, its evidence, and what it is about.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The job's work.
    pub work: &'a Work,
    /// What the worker signed.
    pub claim: &'a Claim,
    /// What it says that it computed.
    pub evidence: &'a Evidence,
    /// Where inputs and outputs are.
    pub source: &'a dyn Source,
    /// What runs kernels.
    pub kernels: &'a dyn Kernels,
}

impl Case<'_> {
    /// Chunks that the claim's units come to, if they do.
    pub fn chunks(&self) -> Option<u32> {
        let shape = self.work.spec.core.shape().ok()?;
        shape.claimed(self.claim.window, self.claim.units).ok()
    }

    /// Holds the claim to its evidence and runs the chunks at `places` again, on so many threads.
    ///
    /// # Errors
    /// See [`Case::denied`].
    pub fn recompute(&self, places: &[u32], threads: usize) -> Result<(), Denied> {
        let window = Window {
            spec: &self.work.spec,
            inputs: &self.work.inputs,
            evidence: self.evidence,
            claim: self.claim,
        };
        let run = |input: &[u8]| self.run(input);
        recompute(&window, places, self.source, &run, threads).map_err(|fault| self.blamed(&fault))
    }

    /// Runs the chunk at a place among those claimed by other people's code, too, and refuses where it gives something else. Where that
    /// takes too long, nothing is known.
    ///
    /// # Errors
    /// [`Why::Engines`].
    pub fn compare(&self, place: u32) -> Result<(), Denied> {
        let Some((index, output)) = self.claimed_at(place) else {
            return Ok(());
        };
        match self.by_other(index, &output) {
            Some(false) => Err(Denied {
                chunk: Some(index),
                ..Why::Engines.into()
            }),
            _ => Ok(()),
        }
    }

    /// True if other people's code gives this output for a chunk, false if it gives something else or nothing; none where nobody knows.
    fn by_other(&self, index: u32, output: &[u8; 32]) -> Option<bool> {
        let package = self.work.engines.other()?;
        let input = self.source.blob(self.work.inputs.name(index)?)?;
        let limits = self.work.limits();
        let slower = limits.millis.saturating_mul(SLOWER).min(PATIENCE);
        let limits = Limits {
            millis: slower.max(limits.millis),
            ..limits
        };
        match self.kernels.run(package, &input, &limits) {
            Ok(own) => Some(hash::blob(&own) == *output),
            Err(reason) => {
                tracing::debug!(index, %reason, "the interpreter gave nothing");
                self.is_of_kernel(reason).then_some(false)
            }
        }
    }

    /// What is said of a fault. No worker answers for a chunk of which other people's code gives what it claims: then a compiler or a
    /// machine is wrong.
    fn blamed(&self, fault: &Fault) -> Denied {
        let denied = self.denied(fault);
        let chunk = denied
            .chunk
            .filter(|_| matches!(denied.why, Why::Output | Why::Undone));
        let claimed = chunk.and_then(|index| Some((index, self.claimed_of(index)?)));
        match claimed.and_then(|(index, output)| self.by_other(index, &output)) {
            Some(true) => Denied {
                why: Why::Engines,
                ..denied
            },
            _ => denied,
        }
    }

    /// Sees for itself what another member says is false: that chunk, or the claim alone. The evidence counts only as far as the worker
    /// signed its root.
    ///
    /// # Errors
    /// The fault; [`Why::NoFault`] where there is none, and what this machine could not see.
    pub fn look(&self, chunk: Option<u32>) -> Result<(), Denied> {
        let (spec, inputs) = (&self.work.spec, &self.work.inputs);
        let shape = spec.core.shape().map_err(|_| Why::NoFault)?;
        shape
            .claimed(self.claim.window, self.claim.units)
            .map_err(|overclaim| self.denied(&overclaim.into()))?;
        if !self.is_signed() {
            return Err(Why::NoFault.into());
        }
        // The worker signed neither of them.
        let evidence = Evidence {
            window: self.claim.window,
            stop: None,
            ..self.evidence.clone()
        };
        let claimed = check::claimed(spec, inputs, &evidence, self.claim);
        let chunks = claimed.map_err(|fault| self.denied(&fault))?;
        let named = chunks.iter().find(|one| Some(one.index) == chunk);
        let named = named.ok_or(Why::NoFault)?;
        let input = self.source.blob(&named.input);
        let input = input.ok_or_else(|| Denied::missing(named.input))?;
        named
            .check(&input, None, |input| self.run(input))
            .map_err(|fault| self.blamed(&fault))
    }

    /// True if others can see from claim and evidence that the worker lied.
    pub fn is_provable(&self, why: Why) -> bool {
        match why {
            Why::Output | Why::Undone => true,
            Why::Remainder | Why::TooManyChunks => self.chunks().is_none(),
            Why::Count | Why::Gap => self.is_signed(),
            _ => false,
        }
    }

    /// True if the evidence's root is what the worker signed.
    fn is_signed(&self) -> bool {
        let shape = self.work.spec.core.shape().ok();
        let tree = shape.and_then(|shape| self.evidence.tree(&shape, &self.work.inputs).ok());
        tree.is_some_and(|tree| tree.root() == self.claim.digest)
    }

    fn run(&self, input: &[u8]) -> Result<Vec<u8>, Undone> {
        let first = self.work.engines.first();
        self.kernels.run(first, input, &self.work.limits())
    }

    /// Number and output of the chunk at a place among those claimed.
    fn claimed_at(&self, place: u32) -> Option<(u32, [u8; 32])> {
        let shape = self.work.spec.core.shape().ok()?;
        let (first, _) = shape.due(self.claim.window);
        let outputs = (first..).zip(&self.evidence.outputs);
        let mut claimed = outputs.filter_map(|(index, output)| Some((index, (*output)?)));
        claimed.nth(usize::try_from(place).ok()?)
    }

    /// What is said of a fault: the worker answers for it, or nobody does.
    fn denied(&self, fault: &Fault) -> Denied {
        let of_chunk = |why: Why, chunk| Denied {
            chunk: Some(chunk),
            ..why.into()
        };
        match *fault {
            Fault::Window => Why::OtherWindow.into(),
            Fault::Remainder => Why::Remainder.into(),
            Fault::TooMany => Why::TooManyChunks.into(),
            Fault::Count => Why::Count.into(),
            Fault::Gap => Why::Gap.into(),
            Fault::Stop => Why::Stop.into(),
            Fault::Digest => Why::Digest.into(),
            Fault::Output(chunk) => of_chunk(Why::Output, chunk),
            Fault::Undone(chunk, reason) if self.is_of_kernel(reason) => {
                of_chunk(Why::Undone, chunk)
            }
            Fault::Undone(chunk, _) | Fault::Bytes(chunk, _) => of_chunk(Why::NotChecked, chunk),
            Fault::Missing(chunk, part) => Denied {
                blob: self.name_of(chunk, part),
                ..of_chunk(Why::Missing, chunk)
            },
            // The list was held to the specification when the job was admitted.
            Fault::Inputs => Why::NotChecked.into(),
        }
    }

    fn name_of(&self, index: u32, part: Part) -> Option<[u8; 32]> {
        if part == Part::Input {
            return self.work.inputs.name(index).copied();
        }
        self.claimed_of(index)
    }

    /// The output that is claimed of a chunk.
    fn claimed_of(&self, index: u32) -> Option<[u8; 32]> {
        let (_, position) = self.work.spec.core.shape().ok()?.place(index)?;
        let outputs = &self.evidence.outputs;
        *outputs.get(usize::try_from(position).ok()?)?
    }

    /// True of what the kernel does on every machine. Time, memory and processes are this machine's, and so is how much of a stack a
    /// compiler's code takes. That every engine takes the kernel in was seen when the job was admitted: one that does not now lacks
    /// something else.
    const fn is_of_kernel(&self, reason: Undone) -> bool {
        match reason {
            Undone::Trap | Undone::Steps | Undone::NoOutput | Undone::Output => true,
            Undone::Stack => self.work.engines.other().is_none(),
            Undone::Import
            | Undone::Code
            | Undone::Memory
            | Undone::Time
            | Undone::Input
            | Undone::Died => false,
        }
    }
}
