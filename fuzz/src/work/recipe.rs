//! Work out of an input's bytes: plain at its end, at the edge of what can be wherever a byte says so.

use {
    super::naive::{Hash, Naive, chunk_leaf, input_leaf, levels},
    crate::pick::Pick,
    sluice_work::{
        check::Claim,
        core::{Core, Kind},
        inputs::Inputs,
        spec::{Rest, Spec},
    },
};

/// One of 256 names.
pub fn name(pick: &mut Pick) -> Hash {
    [pick.byte(); 32]
}

/// `plain`, or any number.
pub fn number(pick: &mut Pick, plain: u32) -> u32 {
    match pick.below(4) {
        0..2 => plain,
        2 => plain.wrapping_add(u32::from(pick.below(3))).wrapping_sub(1),
        _ => pick.secs(u32::MAX),
    }
}

/// A core that can be, or almost.
pub fn core(pick: &mut Pick) -> Core {
    let kind = kind(pick);
    let is_judged = kind == Kind::Sbpf;
    let most = if is_judged { 1 << 16 } else { 1 << 22 };
    Core {
        salt: name(pick),
        kernel: name(pick),
        inputs: name(pick),
        kernel_len: number(pick, most),
        count: number(pick, 1 << 14),
        per_window: number(pick, 1_024),
        units: match pick.below(4) {
            0..3 => 1 + u64::from(pick.byte()),
            _ => pick.wide(),
        },
        slash: if is_judged { pick.wide() } else { 0 },
        answer_secs: if is_judged { pick.secs(u32::MAX) } else { 0 },
        kind,
        signers_answer: if is_judged { pick.below(3) } else { 0 },
        reserved: [0; 6],
    }
}

fn kind(pick: &mut Pick) -> Kind {
    match pick.below(2) {
        0 => Kind::Sbpf,
        _ => Kind::Wasm,
    }
}

/// A specification that can be, or almost.
pub fn spec(pick: &mut Pick) -> Spec {
    let core = core(pick);
    let text = |pick: &mut Pick, most: u16| {
        let plain = usize::from(pick.byte() % 8);
        let len = match pick.below(8) {
            0..6 => plain,
            _ => usize::from(most - 3) + plain,
        };
        let letter = ["a", "\u{0}", "\"", "ä", "\u{feff}"][usize::from(pick.below(5))];
        letter.repeat(len / letter.len())
    };
    let (memory, output) = if core.is_judged() {
        (0, 1_024)
    } else {
        (1 << 30, 64 << 20)
    };
    let rest = Rest {
        title: text(pick, 64),
        note: text(pick, 1_024),
        memory: number(pick, memory),
        output: number(pick, output),
        chunk_millis: number(pick, 3_600_000),
    };
    Spec { core, rest }
}

/// Small work whose inputs are there.
pub struct Work {
    pub spec: Spec,
    pub names: Vec<Hash>,
    pub inputs: Inputs,
}

impl Work {
    pub fn pick(pick: &mut Pick) -> Self {
        let (count, per_window) = (1 + u32::from(pick.below(24)), 1 + u32::from(pick.below(9)));
        let mut spec = spec(&mut Pick::new(&[]));
        let kind = kind(pick);
        let names: Vec<Hash> = (0..count).map(|_| name(pick)).collect();
        let leaves = names.iter().map(input_leaf).collect();
        spec.core = Core {
            inputs: Naive::over(leaves, levels(count.into())).root(),
            units: 1 + u64::from(pick.below(3)),
            count,
            per_window,
            kind,
            ..spec.core
        };
        let inputs = Inputs::of(names.clone()).expect("they are few");
        Self {
            spec,
            names,
            inputs,
        }
    }

    /// The first chunk that `window` is about, and how many.
    pub fn due(&self, window: u32) -> (u32, u32) {
        let Core {
            count, per_window, ..
        } = self.spec.core;
        let due = (0..count).filter(|index| index / per_window == window);
        (due.clone().next().unwrap_or(count), due.count() as u32)
    }

    /// The tree over these leaves of a window.
    pub fn tree(&self, leaves: Vec<Hash>) -> Naive {
        Naive::over(leaves, levels(self.spec.core.per_window.into()))
    }

    /// The leaf of the chunk at `index` with this output.
    pub fn leaf(&self, index: u32, output: &Hash) -> Hash {
        chunk_leaf(index, &self.names[index as usize], output)
    }

    /// How many chunks of the window are claimed, if it is a number that can be.
    pub fn claimed(&self, claim: &Claim) -> Option<u32> {
        let units = self.spec.core.units;
        let (_, due) = self.due(claim.window);
        (0..=due).find(|chunks| u64::from(*chunks) * units == claim.units)
    }
}

/// Turns one bit.
pub fn flip(pick: &mut Pick, hash: &mut Hash) {
    hash[usize::from(pick.below(32))] ^= 1 << pick.below(8);
}
