//! What each job asks for: its specification, its inputs, and the kernel that turns one into an output.

use {
    crate::{
        film,
        plan::{self, FRAMES_PER_WINDOW, NODE_LABELS, NODES, TILES, WINDOWS},
    },
    anyhow::{Context, Result},
    sluice_work::{
        core::{Core, Kind},
        engine::{
            Engine, Kernel, Limits,
            sbpf::{Mode, Sbpf},
        },
        hash,
        inputs::Inputs,
        sluice_math::work::Shape,
        spec::{Rest, SBPF_OUTPUT_LEN, Spec},
        undone::Undone,
    },
    std::fs,
};

/// The work of one node's job: a chunk is a tile, and a unit.
pub struct Work {
    pub spec: Spec,
    pub shape: Shape,
    pub inputs: Inputs,
    /// The inputs themselves, by chunk.
    blobs: Vec<Vec<u8>>,
}

/// All jobs' work, and the kernel that does it, compiled once for every machine here.
pub struct Film {
    /// By node.
    pub works: Vec<Work>,
    kernel: Box<dyn Kernel>,
}

impl Film {
    /// The film whose tiles have the chosen side, drawn by the chosen kernel.
    pub fn new(options: &plan::Options) -> Result<Self> {
        let path = &options.kernel;
        let code = fs::read(path).with_context(|| {
            let path = path.display();
            format!("cannot read {path}: run `cargo xtask kernels fractal` first")
        })?;
        let kernel = Sbpf::new(Mode::Jit)?.load(&code)?;
        let works = (0..NODES).map(|node| Work::new(node, options.side, &code));
        Ok(Self {
            works: works.collect::<Result<_>>()?,
            kernel,
        })
    }

    /// The output for `input`, a tile's.
    pub fn run(&self, work: &Work, input: &[u8]) -> Result<Vec<u8>, Undone> {
        self.kernel.run(input, &Limits::from(&work.spec.rest))
    }
}

impl Work {
    fn new(node: usize, side: u16, code: &[u8]) -> Result<Self> {
        let frames = (0..WINDOWS).flat_map(|window| plan::frames_of(node, window));
        let tiles = frames.flat_map(|frame| film::tiles(frame, side));
        let blobs: Vec<_> = tiles.map(|tile| tile.encode().to_vec()).collect();
        let inputs = Inputs::of(blobs.iter().map(|blob| hash::blob(blob)).collect())?;
        let label = NODE_LABELS[node];
        let spec = Spec {
            core: Core {
                salt: hash::blob(format!("sluice demo: salt of {label}").as_bytes()),
                kernel: hash::blob(code),
                inputs: inputs.root()?,
                units: 1,
                slash: plan::SLASH,
                kernel_len: u32::try_from(code.len())?,
                count: u32::try_from(blobs.len())?,
                per_window: FRAMES_PER_WINDOW * TILES,
                answer_secs: plan::ANSWER_SECS,
                kind: Kind::Sbpf,
                signers_answer: 0,
                reserved: [0; 6],
            },
            rest: Rest {
                title: "a zoom, every third frame".to_owned(),
                note: format!("{TILES} tiles a frame, in rows from the top"),
                memory: 0,
                output: SBPF_OUTPUT_LEN,
                chunk_millis: 1_000,
            },
        };
        spec.validate()?;
        Ok(Self {
            shape: spec.core.shape()?,
            spec,
            inputs,
            blobs,
        })
    }

    /// The inputs of the tiles of `frame`, one of this node's.
    pub fn frame(&self, frame: u32) -> impl Iterator<Item = &[u8]> {
        let tiles = TILES as usize;
        let before = frame as usize / NODES * tiles;
        self.blobs
            .iter()
            .map(Vec::as_slice)
            .skip(before)
            .take(tiles)
    }

    /// The input of chunk `index`.
    pub fn input(&self, index: u32) -> Option<&[u8]> {
        self.blobs.get(index as usize).map(Vec::as_slice)
    }
}
