//! Every format: what it is in bytes and in JSON, what it refuses, and what it proves.

use {
    proptest::prelude::*,
    sluice_math::tree::{ABSENT, Hash},
    sluice_work::{
        check::{self, Claim, Fault, Part},
        core::{BadCore, Core, Kind, LEN},
        evidence::{Evidence, Stop},
        hash,
        inputs::{Inputs, is_input},
        leaf::{Conviction, Leaf, Opened, Truth, overclaims},
        spec::{BadSpec, Rest, Spec},
        tree::Tree,
        undone::Undone,
    },
};

/// What the kernel of these tests gives: the input backwards.
fn kernel(input: &[u8]) -> Vec<u8> {
    input.iter().rev().copied().collect()
}

fn input(index: u32) -> Vec<u8> {
    format!("input {index}").into_bytes()
}

/// Work of `count` chunks, `per_window` to a window, two units each.
struct Work {
    spec: Spec,
    inputs: Inputs,
}

impl Work {
    fn of(count: u32, per_window: u32, kind: Kind) -> Self {
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
    fn evidence(&self, window: u32, does: impl Fn(u32) -> bool) -> Evidence {
        let (first, due) = self.spec.core.shape().unwrap().due(window);
        let outputs = (0..due)
            .map(|position| does(position).then(|| hash::blob(&kernel(&input(first + position)))));
        let mut outputs: Vec<_> = outputs.collect();
        while outputs.last() == Some(&None) {
            outputs.pop();
        }
        Evidence {
            window,
            outputs,
            stop: None,
        }
    }

    fn claim(&self, evidence: &Evidence) -> Claim {
        let shape = self.spec.core.shape().unwrap();
        Claim {
            window: evidence.window,
            units: 2 * evidence.done() as u64,
            digest: evidence.tree(&shape, &self.inputs).unwrap().root(),
        }
    }

    fn check(&self, evidence: &Evidence, claim: &Claim) -> Result<Vec<check::Chunk>, Fault> {
        check::claimed(&self.spec, &self.inputs, evidence, claim)
    }

    /// A place of the window's tree, opened.
    fn opened(&self, evidence: &Evidence, position: u32, leaf: Option<Leaf>) -> Opened {
        let shape = self.spec.core.shape().unwrap();
        let path = evidence.tree(&shape, &self.inputs).unwrap().path(position);
        Opened {
            position,
            leaf,
            path: path.unwrap(),
        }
    }
}

#[test]
fn a_core_is_its_fields_one_after_the_other() {
    let core = Work::of(10, 4, Kind::Sbpf).spec.core;
    let bytes = core.to_bytes();
    assert_eq!(bytes.len(), LEN);
    assert_eq!(bytes[..32], core.salt);
    assert_eq!(bytes[32..64], core.kernel);
    assert_eq!(bytes[64..96], core.inputs);
    assert_eq!(bytes[96..104], 2_u64.to_le_bytes());
    assert_eq!(bytes[104..112], 1_000_u64.to_le_bytes());
    let numbers = [6_u32, 10, 4, 21_600].map(u32::to_le_bytes).concat();
    assert_eq!(bytes[112..128], numbers);
    assert_eq!(bytes[128..], [2, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(Core::from_bytes(&bytes), Ok(core));
}

#[test]
fn a_core_that_no_work_can_have_is_refused() {
    let good = Work::of(10, 4, Kind::Sbpf).spec.core;
    let with = |change: fn(&mut Core)| {
        let mut core = good.clone();
        change(&mut core);
        Core::from_bytes(&core.to_bytes())
    };
    assert_eq!(
        with(|core| core.kernel_len = 0),
        Err(BadCore::KernelLength(65_536))
    );
    assert_eq!(
        with(|core| core.kernel_len = 65_537),
        Err(BadCore::KernelLength(65_536))
    );
    assert_eq!(with(|core| core.count = 0), Err(BadCore::Shape));
    assert_eq!(with(|core| core.per_window = 1_025), Err(BadCore::Shape));
    assert_eq!(with(|core| core.units = u64::MAX), Err(BadCore::Shape));
    assert_eq!(
        with(|core| core.signers_answer = 2),
        Err(BadCore::Malformed)
    );
    assert_eq!(with(|core| core.reserved[5] = 1), Err(BadCore::Malformed));
    assert_eq!(with(|core| core.kind = Kind::Wasm), Err(BadCore::NotJudged));
    let mut bytes = good.to_bytes();
    bytes[128] = 3;
    assert_eq!(Core::from_bytes(&bytes), Err(BadCore::Malformed));
    assert_eq!(
        Core::from_bytes(&good.to_bytes()[1..]),
        Err(BadCore::Malformed)
    );
    assert_eq!(
        Core::from_bytes(&[good.to_bytes().as_slice(), &[0]].concat()),
        Err(BadCore::Malformed)
    );
}

#[test]
fn a_specification_is_named_by_core_and_the_hash_of_the_rest() {
    let spec = Work::of(10, 4, Kind::Wasm).spec;
    let bytes = spec.to_bytes();
    assert_eq!(Spec::from_bytes(&bytes), Ok(spec.clone()));
    let (core, rest) = bytes.split_at(LEN);
    let named = hash::sha256(&[b"sluice:spec:v1", core, &hash::sha256(&[rest])]);
    assert_eq!(spec.hash(), named);
    let mut other = spec.clone();
    other.rest.title.push('!');
    assert_ne!(other.hash(), named);
    let mut other = spec.clone();
    other.core.salt[0] ^= 1;
    assert_ne!(other.hash(), named);
}

#[test]
fn a_specification_for_people_is_json_in_which_no_number_is_lost() {
    let mut spec = Work::of(10, 4, Kind::Sbpf).spec;
    spec.core.slash = u64::MAX;
    let json = serde_json::to_value(&spec).unwrap();
    assert_eq!(json["core"]["slash"], u64::MAX.to_string());
    assert_eq!(json["core"]["kind"], "sbpf");
    assert_eq!(json["core"]["salt"], "07".repeat(32));
    assert_eq!(serde_json::from_value::<Spec>(json.clone()).unwrap(), spec);
    let mut odd = json;
    odd["core"]["colour"] = "red".into();
    assert!(serde_json::from_value::<Spec>(odd).is_err());
}

#[test]
fn a_specification_outside_of_its_bounds_is_refused() {
    let refused = |kind, change: fn(&mut Rest)| {
        let mut spec = Work::of(10, 4, kind).spec;
        change(&mut spec.rest);
        Spec::from_bytes(&spec.to_bytes()).unwrap_err()
    };
    assert_eq!(refused(Kind::Sbpf, |rest| rest.memory = 1), BadSpec::Limits);
    assert_eq!(
        refused(Kind::Sbpf, |rest| rest.output = 1_025),
        BadSpec::Limits
    );
    assert_eq!(refused(Kind::Wasm, |rest| rest.memory = 0), BadSpec::Limits);
    assert_eq!(
        refused(Kind::Wasm, |rest| rest.output = (64 << 20) + 1),
        BadSpec::Limits
    );
    assert_eq!(
        refused(Kind::Wasm, |rest| rest.chunk_millis = 0),
        BadSpec::Limits
    );
    assert_eq!(
        refused(Kind::Wasm, |rest| rest.title = "x".repeat(65)),
        BadSpec::Text
    );
    assert_eq!(
        refused(Kind::Wasm, |rest| rest.note = "x".repeat(1_025)),
        BadSpec::Text
    );
    let bytes = Work::of(10, 4, Kind::Wasm).spec.to_bytes();
    assert_eq!(
        Spec::from_bytes(&bytes[..bytes.len() - 1]),
        Err(BadSpec::Malformed)
    );
    assert_eq!(
        Spec::from_bytes(&[bytes.as_slice(), &[0]].concat()),
        Err(BadSpec::Malformed)
    );
}

#[test]
fn inputs_are_listed_in_their_order_and_stand_at_their_place() {
    let work = Work::of(10, 4, Kind::Sbpf);
    let bytes = work.inputs.to_bytes();
    assert_eq!(bytes.len(), 4 + 10 * 32);
    assert_eq!(Inputs::from_bytes(&bytes).as_ref(), Some(&work.inputs));
    assert_eq!(Inputs::from_bytes(&bytes[..bytes.len() - 1]), None);
    assert_eq!(Inputs::from_bytes(&[u8::MAX; 36]), None);
    let (shape, tree) = (work.spec.core.shape().unwrap(), work.inputs.tree().unwrap());
    let root = work.spec.core.inputs;
    for index in 0..10 {
        let (name, path) = (hash::blob(&input(index)), tree.path(index).unwrap());
        assert!(is_input(&shape, &root, index, &name, &path));
        assert!(!is_input(&shape, &root, index ^ 1, &name, &path));
        assert!(!is_input(&shape, &root, index, &[1; 32], &path));
        assert!(!is_input(&shape, &root, index, &name, &path[1..]));
    }
    // Behind the end there is nothing, though the tree has leaves there.
    assert!(!is_input(
        &shape,
        &root,
        10,
        &ABSENT,
        &tree.path(10).unwrap()
    ));
    assert_eq!(tree.path(16), None);
}

#[test]
fn honest_windows_are_what_they_claim() {
    for kind in [Kind::Wasm, Kind::Sbpf] {
        let work = Work::of(10, 4, kind);
        for (window, due) in [(0, 4), (1, 4), (2, 2), (3, 0)] {
            for done in 0..=due {
                let evidence = work.evidence(window, |position| position < done);
                let bytes = evidence.to_bytes();
                assert_eq!(Evidence::from_bytes(&bytes).as_ref(), Some(&evidence));
                let chunks = work.check(&evidence, &work.claim(&evidence)).unwrap();
                assert_eq!(chunks.len(), done as usize);
                for chunk in chunks {
                    let input = input(chunk.index);
                    let run = |input: &[u8]| Ok(kernel(input));
                    assert_eq!(chunk.check(&input, Some(&kernel(&input)), run), Ok(()));
                }
            }
        }
    }
}

#[test]
fn a_false_claim_names_its_fault() {
    let work = Work::of(10, 4, Kind::Wasm);
    let evidence = work.evidence(1, |position| position != 1);
    let claim = work.claim(&evidence);
    assert_eq!(
        work.check(&evidence, &claim).unwrap().len(),
        3,
        "other work may leave a chunk out"
    );
    let with = |change: fn(&mut Claim)| {
        let mut claim = claim;
        change(&mut claim);
        work.check(&evidence, &claim).unwrap_err()
    };
    assert_eq!(with(|claim| claim.units += 1), Fault::Remainder);
    assert_eq!(with(|claim| claim.units += 2), Fault::Count);
    assert_eq!(with(|claim| claim.units = 10), Fault::TooMany);
    assert_eq!(with(|claim| claim.window = 0), Fault::Window);
    assert_eq!(with(|claim| claim.digest[0] ^= 1), Fault::Digest);
    let mut other = Work::of(10, 4, Kind::Wasm);
    other.inputs = Inputs::of(work.inputs.names()[..9].to_vec()).unwrap();
    assert_eq!(other.check(&evidence, &claim), Err(Fault::Inputs));
    let judged = Work::of(10, 4, Kind::Sbpf);
    assert_eq!(judged.check(&evidence, &claim), Err(Fault::Gap));

    let chunk = work.check(&evidence, &claim).unwrap()[0];
    let good = input(4);
    let run = |input: &[u8]| Ok(kernel(input));
    assert_eq!(
        chunk.check(b"other", None, run),
        Err(Fault::Bytes(4, Part::Input))
    );
    assert_eq!(
        chunk.check(&good, Some(b"other"), run),
        Err(Fault::Bytes(4, Part::Output))
    );
    assert_eq!(
        chunk.check(&good, None, |_| Ok(vec![1])),
        Err(Fault::Output(4))
    );
    let trap = |_: &[u8]| Err(Undone::Trap);
    assert_eq!(
        chunk.check(&good, None, trap),
        Err(Fault::Undone(4, Undone::Trap))
    );
}

#[test]
fn evidence_has_one_form_and_a_bound() {
    let evidence = Evidence {
        window: 3,
        outputs: vec![Some([1; 32]), None],
        stop: Some(Stop {
            index: 13,
            reason: Undone::Steps,
        }),
    };
    assert_eq!(
        Evidence::from_bytes(&evidence.to_bytes()),
        None,
        "what is not claimed at the end is not written"
    );
    let mut evidence = Evidence {
        outputs: vec![Some([1; 32])],
        ..evidence
    };
    assert_eq!(
        Evidence::from_bytes(&evidence.to_bytes()).as_ref(),
        Some(&evidence)
    );
    evidence.outputs = vec![Some([1; 32]); 1_024];
    assert!(Evidence::from_bytes(&evidence.to_bytes()).is_some());
    evidence.outputs.push(Some([1; 32]));
    assert_eq!(Evidence::from_bytes(&evidence.to_bytes()), None);
}

#[test]
fn units_that_are_too_many_convict_without_a_leaf() {
    let core = Work::of(10, 4, Kind::Sbpf).spec.core;
    let claim = |window, units| Claim {
        window,
        units,
        digest: [0; 32],
    };
    assert_eq!(overclaims(&core, &claim(0, 8)), None);
    assert_eq!(overclaims(&core, &claim(0, 7)), Some(Conviction::Remainder));
    assert_eq!(overclaims(&core, &claim(0, 10)), Some(Conviction::TooMany));
    assert_eq!(overclaims(&core, &claim(2, 6)), Some(Conviction::TooMany));
    assert_eq!(
        overclaims(&core, &claim(u32::MAX, 2)),
        Some(Conviction::TooMany)
    );
}

#[test]
fn one_leaf_proves_a_lie_and_none_proves_one_against_the_truth() {
    let work = Work::of(10, 4, Kind::Sbpf);
    let core = &work.spec.core;
    let evidence = work.evidence(1, |position| position < 3);
    let claim = work.claim(&evidence);
    let inputs = work.inputs.tree().unwrap();
    let path = inputs.path(5).unwrap();
    let (name, output) = (hash::blob(&input(5)), hash::blob(&kernel(&input(5))));
    let truth = Truth {
        input: name,
        path: &path,
        output: Some(output),
    };
    let leaf = Leaf {
        index: 5,
        input: name,
        output,
    };
    let honest = work.opened(&evidence, 1, Some(leaf));
    assert!(honest.is_claimed(core, &claim));
    assert_eq!(honest.convicts(core, &claim, Some(&truth)), None);
    assert_eq!(
        Opened::from_bytes(&honest.to_bytes()).as_ref(),
        Some(&honest)
    );
    // Of what is not claimed, nothing is proven: it need not be there.
    let behind = work.opened(&evidence, 3, None);
    assert!(!behind.is_claimed(core, &claim));
    assert_eq!(behind.convicts(core, &claim, None), None);

    // The same window as a liar seals it.
    let lie = |leaf: Option<Leaf>| {
        let place = leaf.map_or(ABSENT, |leaf| leaf.hash());
        let mut leaves: Vec<Hash> = (4..7)
            .map(|index| {
                hash::chunk_leaf(
                    index,
                    &hash::blob(&input(index)),
                    &hash::blob(&kernel(&input(index))),
                )
            })
            .collect();
        leaves[1] = place;
        let tree = Tree::of_window(leaves, 4).unwrap();
        let opened = Opened {
            position: 1,
            leaf,
            path: tree.path(1).unwrap(),
        };
        (
            opened,
            Claim {
                digest: tree.root(),
                ..claim
            },
        )
    };
    let convicted = |leaf, truth: Option<&Truth>| {
        let (opened, claim) = lie(leaf);
        opened.convicts(core, &claim, truth)
    };
    assert_eq!(convicted(None, None), Some(Conviction::Padding));
    assert_eq!(
        convicted(Some(Leaf { index: 4, ..leaf }), None),
        Some(Conviction::Index)
    );
    let other = Leaf {
        input: [1; 32],
        ..leaf
    };
    assert_eq!(
        convicted(Some(other), Some(&truth)),
        Some(Conviction::Input)
    );
    assert_eq!(
        convicted(Some(other), None),
        None,
        "without the input nobody knows"
    );
    let other = Leaf {
        output: [1; 32],
        ..leaf
    };
    assert_eq!(
        convicted(Some(other), Some(&truth)),
        Some(Conviction::Output)
    );
    assert_eq!(
        convicted(
            Some(other),
            Some(&Truth {
                output: None,
                ..truth
            })
        ),
        None
    );
    // A truth that is none proves nothing.
    let false_path = inputs.path(4).unwrap();
    assert_eq!(
        convicted(
            Some(other),
            Some(&Truth {
                path: &false_path,
                ..truth
            })
        ),
        None
    );
    // Nor does a leaf of another window's tree.
    assert_eq!(
        lie(Some(other)).0.convicts(core, &claim, Some(&truth)),
        None
    );
}

proptest! {
    #[test]
    fn no_bytes_make_a_decoder_panic_and_what_is_read_is_what_was_written(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(core) = Core::from_bytes(&bytes) {
            prop_assert_eq!(core.to_bytes().to_vec(), bytes.clone());
        }
        if let Ok(spec) = Spec::from_bytes(&bytes) {
            prop_assert_eq!(spec.to_bytes(), bytes.clone());
        }
        if let Some(inputs) = Inputs::from_bytes(&bytes) {
            prop_assert_eq!(inputs.to_bytes(), bytes.clone());
        }
        if let Some(evidence) = Evidence::from_bytes(&bytes) {
            prop_assert_eq!(evidence.to_bytes(), bytes.clone());
        }
        if let Some(opened) = Opened::from_bytes(&bytes) {
            prop_assert_eq!(opened.to_bytes(), bytes);
        }
    }

    #[test]
    fn a_changed_bit_is_another_specification(place in 0_usize..LEN, bit in 0_u8..8) {
        let spec = Work::of(10, 4, Kind::Sbpf).spec;
        let mut bytes = spec.to_bytes();
        bytes[place] ^= 1 << bit;
        if let Ok(other) = Spec::from_bytes(&bytes) {
            prop_assert_ne!(other.hash(), spec.hash());
        }
    }
}
