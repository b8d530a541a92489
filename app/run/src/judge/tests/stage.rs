//! A window that is played: ten chunks, and what is here of them.

use {
    super::*,
    crate::order::Verify,
    sluice_work::{
        check::{Chunk, Claim},
        core::Core,
        evidence::Evidence,
        hash,
        inputs::Inputs,
        sluice_math::tree::Hash,
        spec::{Rest, Spec},
    },
    std::{collections::HashMap, io},
};

pub static GO_ON: AtomicBool = AtomicBool::new(false);
pub const SEED: [u8; 32] = [7; 32];

/// What is here of a work, and what was given as right.
#[derive(Default)]
pub struct Here {
    pub blobs: HashMap<Hash, Vec<u8>>,
    pub right: Mutex<HashMap<u32, Vec<u8>>>,
    pub is_full: bool,
}

impl Blobs for Here {
    fn input(&self, chunk: &Chunk) -> Option<Vec<u8>> {
        self.blobs.get(&chunk.input).cloned()
    }

    fn output(&self, chunk: &Chunk) -> Option<Vec<u8>> {
        self.blobs.get(&chunk.output).cloned()
    }

    fn right(&self, chunk: &Chunk, output: Vec<u8>) -> io::Result<()> {
        if self.is_full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let before = self.right.lock().unwrap().insert(chunk.index, output);
        assert_eq!(before, None, "it comes once");
        Ok(())
    }
}

impl Here {
    fn put(&mut self, blob: Vec<u8>) -> Hash {
        let name = hash::blob(&blob);
        self.blobs.insert(name, blob);
        name
    }
}

/// Ten chunks, one window; `claimed` is what the worker claims of them.
pub struct Stage {
    pub spec: Spec,
    pub inputs: Inputs,
    pub claimed: Vec<Option<Hash>>,
    pub here: Here,
}

pub fn input(number: u8) -> Vec<u8> {
    vec![number; 3]
}

pub fn stage() -> Stage {
    let mut here = Here::default();
    let names = (0..10).map(|number| here.put(input(number))).collect();
    let outputs = (0..10).map(|number| Some(here.put(twice(&input(number)).unwrap())));
    let claimed = outputs.collect();
    let inputs = Inputs::of(names).unwrap();
    let core = Core {
        salt: [0; 32],
        kernel: hash::blob(b"code"),
        inputs: inputs.root().unwrap(),
        units: 5,
        slash: 0,
        kernel_len: 4,
        count: 10,
        per_window: 10,
        answer_secs: 0,
        kind: Kind::Wasm,
        signers_answer: 0,
        reserved: [0; 6],
    };
    let rest = Rest {
        memory: 1 << 16,
        output: 6,
        chunk_millis: 1_000,
        ..Rest::default()
    };
    Stage {
        spec: Spec { core, rest },
        inputs,
        claimed,
        here,
    }
}

impl Stage {
    /// Claims a lie of these chunks, whose bytes are here.
    pub fn lying(mut self, of: &[usize]) -> Self {
        let lie = self.here.put(b"a lie!".to_vec());
        for place in of {
            self.claimed[*place] = Some(lie);
        }
        self
    }

    pub fn evidence(&self) -> Evidence {
        Evidence::of(0, self.claimed.clone(), None)
    }

    pub fn claim(&self) -> Claim {
        let shape = self.spec.core.shape().unwrap();
        Claim::of(&self.evidence(), &shape, &self.inputs).unwrap()
    }

    pub fn judge_by(
        &self,
        played: &Arc<Played>,
        verify: Verify,
        seed: &[u8; 32],
        stop: &AtomicBool,
    ) -> Result<Judged, Unjudged> {
        let window = Window {
            spec: &self.spec,
            inputs: &self.inputs,
            evidence: &self.evidence(),
            claim: &self.claim(),
        };
        judge(self.spec.core.kind, played.clone()).window(&window, &self.here, verify, seed, stop)
    }

    pub fn judge(&self, played: &Arc<Played>, verify: Verify) -> Judged {
        self.judge_by(played, verify, &SEED, &GO_ON).unwrap()
    }

    pub fn right(&self) -> Vec<u32> {
        let mut right: Vec<_> = self.here.right.lock().unwrap().keys().copied().collect();
        right.sort_unstable();
        right
    }
}

pub fn findings(judged: &Judged) -> Vec<Finding> {
    judged.chunks.iter().map(|(_, finding)| *finding).collect()
}
