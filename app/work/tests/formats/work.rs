//! Work whose kernel turns its input around, and what an honest worker says of it.

use sluice_work::{
    check::{self, Claim, Fault},
    core::{Core, Kind},
    evidence::Evidence,
    hash,
    inputs::Inputs,
    leaf::Opened,
    spec::{Rest, Spec},
};

/// What the kernel of these tests gives: the input backwards.
pub fn kernel(input: &[u8]) -> Vec<u8> {
    input.iter().rev().copied().collect()
}

pub fn input(index: u32) -> Vec<u8> {
    format!("input {index}").into_bytes()
}

/// Work of `count` chunks, `per_window` to a window, two units each.
pub struct Work {
    pub spec: Spec,
    pub inputs: Inputs,
}

impl Work {
    pub fn of(count: u32, per_window: u32, kind: Kind) -> Self {
        let names = (0..count).map(|index| hash::blob(&input(index))).collect();
        let inputs = Inputs::of(names).unwrap();
        let is_judged = kind == Kind::Sbpf;
        let core = Core {
            salt: [7; 32],
            kernel: hash::blob(b"kernel"),
            inputs: inputs.tree().unwrap().root(),
            units: 2,
            slash: if is_judged { 1_000 } else { 0 },
            kernel_len: 6,
            count,
            per_window,
            answer_secs: if is_judged { 21_600 } else { 0 },
            kind,
            signers_answer: 0,
            reserved: [0; 6],
        };
        let rest = Rest {
            title: "backwards".to_owned(),
            note: String::new(),
            memory: if is_judged { 0 } else { 1 << 20 },
            output: 1_024,
            chunk_millis: 1_000,
        };
        Self {
            spec: Spec { core, rest },
            inputs,
        }
    }

    /// Honest evidence of `window`, of the positions for which `does` says so.
    pub fn evidence(&self, window: u32, does: impl Fn(u32) -> bool) -> Evidence {
        let (first, due) = self.spec.core.shape().unwrap().due(window);
        let outputs = (0..due)
            .map(|position| does(position).then(|| hash::blob(&kernel(&input(first + position)))));
        Evidence::of(window, outputs.collect(), None)
    }

    pub fn claim(&self, evidence: &Evidence) -> Claim {
        let shape = self.spec.core.shape().unwrap();
        Claim::of(evidence, &shape, &self.inputs).unwrap()
    }

    pub fn check(&self, evidence: &Evidence, claim: &Claim) -> Result<Vec<check::Chunk>, Fault> {
        check::claimed(&self.spec, &self.inputs, evidence, claim)
    }

    /// A place of the window's tree, opened.
    pub fn opened(&self, evidence: &Evidence, position: u32) -> Opened {
        let shape = self.spec.core.shape().unwrap();
        Opened::of(evidence, &shape, &self.inputs, position).unwrap()
    }
}
