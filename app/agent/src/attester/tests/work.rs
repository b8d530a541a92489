//! The work of these tests: it can be done but for one chunk.

use {
    super::{Name, PER_WINDOW, UNITS, engines::TWICE},
    sluice_work::{
        check::Claim,
        core::{Core, Kind},
        evidence::Evidence,
        hash,
        inputs::Inputs,
        spec::{Rest, Spec},
    },
    std::collections::HashMap,
};

/// What a window's worker did, before it is signed.
#[derive(Clone)]
pub struct Sealed {
    pub evidence: Evidence,
    pub claim: Claim,
}

pub struct Work {
    pub spec: Spec,
    pub inputs: Inputs,
    /// Everything by name.
    pub blobs: HashMap<Name, Vec<u8>>,
}

impl Work {
    /// Three windows of four chunks.
    pub fn new(kind: Kind) -> Self {
        let mut blobs = HashMap::new();
        let mut put = |bytes: Vec<u8>| {
            let name = hash::blob(&bytes);
            blobs.insert(name, bytes);
            name
        };
        let code = wat::parse_str(TWICE).unwrap();
        let kernel_len = u32::try_from(code.len()).unwrap();
        let kernel = put(code);
        // The last chunk of the second window cannot be done.
        let inputs = (0..12u8).map(|chunk| {
            let first = if chunk == 7 { 255 } else { chunk };
            vec![first, chunk, 77]
        });
        let names: Vec<_> = inputs.map(&mut put).collect();
        for name in 0..12u8 {
            let first = if name == 7 { 255 } else { name };
            put([first, name, 77].repeat(2));
        }
        let inputs = Inputs::of(names).unwrap();
        let is_judged = kind == Kind::Sbpf;
        let core = Core {
            salt: [9; 32],
            kernel,
            inputs: inputs.root().unwrap(),
            units: UNITS,
            slash: 0,
            kernel_len,
            count: 12,
            per_window: PER_WINDOW,
            answer_secs: 0,
            kind,
            signers_answer: u8::from(is_judged),
            reserved: [0; 6],
        };
        let rest = Rest {
            title: "twice".to_owned(),
            memory: if is_judged { 0 } else { 1 << 20 },
            output: 64,
            chunk_millis: 1_000,
            ..Rest::default()
        };
        let spec = Spec { core, rest };
        put(spec.to_bytes());
        put(inputs.to_bytes());
        Self {
            spec,
            inputs,
            blobs,
        }
    }

    pub fn output(&self, chunk: u32) -> Name {
        let input = &self.blobs[self.inputs.name(chunk).unwrap()];
        hash::blob(&input.repeat(2))
    }

    /// All of a window but what cannot be done.
    pub fn honest(&self, window: u32) -> Vec<Option<Name>> {
        let first = window * PER_WINDOW;
        (first..first + PER_WINDOW)
            .map(|chunk| (chunk != 7).then(|| self.output(chunk)))
            .collect()
    }

    pub fn seal(&self, window: u32, outputs: Vec<Option<Name>>) -> Sealed {
        let evidence = Evidence::of(window, outputs, None);
        let shape = self.spec.core.shape().unwrap();
        let claim = Claim::of(&evidence, &shape, &self.inputs).unwrap();
        Sealed { evidence, claim }
    }
}
