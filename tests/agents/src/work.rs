//! Work to be done, and what is true of it.

use {
    anyhow::{Context, Result, ensure},
    rand::Rng,
    rand_chacha::ChaCha8Rng,
    sluice_kernel::{Kernel as Native, native},
    sluice_kernel_digits::{IMAGE, INK},
    sluice_kernel_fractal::{Place, Tile, UNIT_BITS},
    sluice_kernel_search::Search,
    sluice_work::{
        core::{Core, Kind},
        evidence::Evidence,
        hash,
        inputs::Inputs,
        spec::{Rest, Spec},
    },
    std::{fs, path::Path},
};

/// A kernel of the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// Tiles of the Mandelbrot set.
    Fractal,
    /// A search for a low hash.
    Search,
    /// Handwritten digits.
    Digits,
}

impl Kernel {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fractal, Self::Search, Self::Digits];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fractal => "fractal",
            Self::Search => "search",
            Self::Digits => "digits",
        }
    }

    /// The function itself.
    pub const fn native(self) -> Native {
        match self {
            Self::Fractal => sluice_kernel_fractal::kernel,
            Self::Search => sluice_kernel_search::kernel,
            Self::Digits => sluice_kernel_digits::kernel,
        }
    }

    /// What it gives for an input, computed by the function itself.
    ///
    /// # Errors
    /// Where it gives nothing.
    pub fn truth(self, input: &[u8]) -> Result<Vec<u8>> {
        let output = native(self.native(), input);
        Ok(output.context("the kernel gave nothing")?.to_vec())
    }

    /// A small input, unlike any other.
    pub fn input(self, random: &mut ChaCha8Rng) -> Vec<u8> {
        let one = 1i64 << UNIT_BITS;
        match self {
            Self::Fractal => Tile {
                first: Place {
                    re: random.random_range(-2 * one..=0),
                    im: random.random_range(-one..=one),
                },
                right: Place {
                    re: random.random_range(1 << 40..=one >> 6),
                    im: 0,
                },
                width: 16,
                height: 8,
                limit: 200,
            }
            .encode()
            .to_vec(),
            Self::Search => {
                let text: [u8; 16] = random.random();
                let search = Search {
                    start: random.random_range(0..1 << 40),
                    count: 500,
                    bits: 255,
                    text: &text,
                };
                [search.header().as_slice(), &text].concat()
            }
            Self::Digits => {
                let pixels = (0..IMAGE * 4).map(|_| random.random_range(0..=INK));
                pixels.collect()
            }
        }
    }

    /// Its code for an engine, as `cargo xtask kernels` leaves it.
    ///
    /// # Errors
    /// If it is not there.
    pub fn code(self, kind: Kind) -> Result<Vec<u8>> {
        let extension = match kind {
            Kind::Sbpf => "so",
            Kind::Wasm => "wasm",
        };
        let file = format!("{}.{extension}", self.name());
        let kernels = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/kernels");
        fs::read(kernels.join(&file))
            .with_context(|| format!("target/kernels/{file} is missing: run `cargo xtask kernels`"))
    }
}

/// How much work is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// Windows.
    pub windows: u32,
    /// Chunks of each.
    pub per_window: u32,
    /// Units of a chunk.
    pub units: u64,
}

/// A piece of work with all its bytes, and its true outputs.
pub struct Work {
    /// What the job's account names.
    pub spec: Spec,
    /// The kernel's code.
    pub code: Vec<u8>,
    /// The names of its inputs.
    pub list: Inputs,
    /// Their bytes.
    pub inputs: Vec<Vec<u8>>,
    /// What the kernel gives for each, computed by the function itself.
    pub truth: Vec<Vec<u8>>,
}

/// What was done in a window.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// Root over what was claimed.
    pub digest: [u8; 32],
    /// Units of that.
    pub units: u64,
    /// Chunks that are not claimed.
    pub gaps: u64,
}

impl Work {
    /// Work of a kernel, at random, of inputs for which `is_wanted` with their numbers.
    ///
    /// # Errors
    /// If the kernel is not built.
    pub fn new(
        kernel: Kernel,
        kind: Kind,
        amount: Amount,
        random: &mut ChaCha8Rng,
        is_wanted: impl Fn(u32, &[u8]) -> bool,
    ) -> Result<Self> {
        let code = kernel.code(kind)?;
        let count = amount
            .windows
            .checked_mul(amount.per_window)
            .context("that is too much")?;
        let mut inputs = vec![];
        for number in 0..count {
            let input = loop {
                let input = kernel.input(random);
                if is_wanted(number, &input) {
                    break input;
                }
            };
            inputs.push(input);
        }
        let truth: Result<Vec<_>> = inputs.iter().map(|input| kernel.truth(input)).collect();
        let truth = truth?;
        let list = Inputs::of(inputs.iter().map(|input| hash::blob(input)).collect())?;
        let core = Core {
            salt: random.random(),
            kernel: hash::blob(&code),
            inputs: list.root()?,
            units: amount.units,
            slash: 0,
            kernel_len: u32::try_from(code.len())?,
            count,
            per_window: amount.per_window,
            answer_secs: if kind == Kind::Sbpf { 86_400 } else { 0 },
            kind,
            signers_answer: 0,
            reserved: [0; 6],
        };
        let spec = Spec {
            core,
            rest: Rest {
                title: format!("{} of the tests", kernel.name()),
                note: String::new(),
                memory: if kind == Kind::Sbpf { 0 } else { 4 << 20 },
                output: 1_024,
                chunk_millis: 2_000,
            },
        };
        spec.validate()?;
        Ok(Self {
            spec,
            code,
            list,
            inputs,
            truth,
        })
    }

    /// Every blob that members must have, the specification first.
    pub fn blobs(&self) -> impl Iterator<Item = Vec<u8>> {
        let first = [
            self.spec.to_bytes(),
            self.code.clone(),
            self.list.to_bytes(),
        ];
        first.into_iter().chain(self.inputs.iter().cloned())
    }

    /// What a worker's evidence of a window comes to.
    ///
    /// # Errors
    /// If one of the outputs is not the true one, or the work has no such window.
    pub fn judge(&self, evidence: &Evidence) -> Result<Done> {
        let shape = self.spec.core.shape()?;
        let (first, due) = shape.due(evidence.window);
        ensure!(due > 0, "the work has no window {}", evidence.window);
        let truth = self.truth.iter().skip(usize::try_from(first)?);
        for ((number, claimed), truth) in (first..).zip(&evidence.outputs).zip(truth) {
            let is_true = claimed.is_none_or(|claimed| claimed == hash::blob(truth));
            ensure!(is_true, "chunk {number} is not as it is claimed");
        }
        let done = u64::try_from(evidence.done())?;
        Ok(Done {
            digest: evidence.tree(&shape, &self.list)?.root(),
            units: done.saturating_mul(shape.units()),
            gaps: u64::from(due).saturating_sub(done),
        })
    }

    /// The chunks of a window.
    pub fn chunks(&self, window: u32) -> impl Iterator<Item = (u32, &[u8])> {
        let per_window = self.spec.core.per_window;
        let first = window.saturating_mul(per_window);
        let inputs = (0..).zip(&self.inputs);
        inputs
            .skip(usize::try_from(first).unwrap_or(usize::MAX))
            .take(usize::try_from(per_window).unwrap_or_default())
            .map(|(number, input)| (number, input.as_slice()))
    }
}
