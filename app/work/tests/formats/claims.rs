//! What is said of a window, against what is so.

use {
    crate::work::{Work, input, kernel},
    sluice_math::tree::{ABSENT, Hash},
    sluice_work::{
        check::{Claim, Fault, Part},
        core::Kind,
        evidence::{Evidence, Stop},
        hash,
        inputs::Inputs,
        leaf::{Conviction, Leaf, Opened, Truth, overclaims},
        tree::{TooMany, Tree},
        undone::Undone,
    },
};

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
fn nothing_is_claimed_or_opened_that_a_window_has_not() {
    let work = Work::of(10, 4, Kind::Wasm);
    let shape = work.spec.core.shape().unwrap();
    let none = Inputs::default();
    let of = |window, outputs: usize| Evidence::of(window, vec![Some([1; 32]); outputs], None);
    for (evidence, inputs) in [
        (of(1, 5), &work.inputs),
        (of(2, 3), &work.inputs),
        (of(3, 1), &work.inputs),
        (of(1, 4), &none),
    ] {
        assert_eq!(Claim::of(&evidence, &shape, inputs), Err(TooMany));
        assert_eq!(Opened::of(&evidence, &shape, inputs, 0), None);
    }
    let last = of(2, 2);
    assert!(Opened::of(&last, &shape, &work.inputs, 3).is_some());
    assert_eq!(Opened::of(&last, &shape, &work.inputs, 4), None);
    assert_eq!(Opened::of(&last, &shape, &work.inputs, u32::MAX), None);
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
fn judged_work_stops_behind_the_last_chunk_that_it_claims() {
    let work = Work::of(10, 4, Kind::Sbpf);
    let checked = |work: &Work, done: u32, index| {
        let mut evidence = work.evidence(1, |position| position < done);
        evidence.stop = Some(Stop {
            index,
            reason: Undone::Steps,
        });
        work.check(&evidence, &work.claim(&evidence))
            .map(|chunks| chunks.len())
    };
    assert_eq!(checked(&work, 0, 4), Ok(0));
    assert_eq!(checked(&work, 3, 7), Ok(3));
    assert_eq!(checked(&work, 3, 6), Err(Fault::Stop));
    assert_eq!(checked(&work, 3, 8), Err(Fault::Stop));
    assert_eq!(checked(&work, 4, 8), Err(Fault::Stop), "nothing is left");
    let other = Work::of(10, 4, Kind::Wasm);
    assert_eq!(checked(&other, 3, 7), Err(Fault::Stop), "it does not stop");
}

#[test]
fn what_other_work_leaves_out_convicts_nobody() {
    let work = Work::of(10, 4, Kind::Wasm);
    let core = &work.spec.core;
    let evidence = work.evidence(1, |position| position != 1);
    let claim = work.claim(&evidence);
    let absent = work.opened(&evidence, 1);
    assert_eq!(absent.leaf, None);
    assert_eq!(absent.convicts(core, &claim, None), None);
    // The fourth chunk of the window is the third that it claims.
    let last = work.opened(&evidence, 3);
    assert!(last.is_claimed(core, &claim));
    let path = work.inputs.tree().unwrap().path(7).unwrap();
    let truth = Truth {
        input: hash::blob(&input(7)),
        path: &path,
        output: Some([1; 32]),
    };
    assert_eq!(
        last.convicts(core, &claim, Some(&truth)),
        Some(Conviction::Output)
    );
    let nothing = Claim { units: 0, ..claim };
    assert!(!last.is_claimed(core, &nothing));
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
    let honest = work.opened(&evidence, 1);
    assert_eq!(honest.leaf, Some(leaf));
    assert!(honest.is_claimed(core, &claim));
    assert_eq!(honest.convicts(core, &claim, Some(&truth)), None);
    assert_eq!(
        Opened::from_bytes(&honest.to_bytes()).as_ref(),
        Some(&honest)
    );
    // Of what is not claimed, nothing is proven: it need not be there.
    let behind = work.opened(&evidence, 3);
    assert_eq!(behind.leaf, None);
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
