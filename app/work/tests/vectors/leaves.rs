//! What one leaf proves, and what it does not.

use {
    crate::{
        check, claim, hashes, hex, opened,
        work::{Work, input, kernel},
    },
    serde_json::{Value, json},
    sluice_work::{
        check::Claim,
        core::{Core, Kind},
        hash,
        leaf::{Conviction, Leaf, Opened, Truth, overclaims},
        sluice_math::tree::ABSENT,
        tree::Tree,
    },
};

/// The chunk that lies are told of: the second of the window with number 1.
const INDEX: u32 = 5;

fn honest() -> Leaf {
    Leaf {
        index: INDEX,
        input: hash::blob(&input(INDEX)),
        output: hash::blob(&kernel(&input(INDEX))),
    }
}

/// The window with this leaf at its second place, opened there, and the claim of so many units.
fn window(leaf: Option<Leaf>, units: u64) -> (Opened, Claim) {
    let own = |index| {
        let bytes = input(index);
        hash::chunk_leaf(index, &hash::blob(&bytes), &hash::blob(&kernel(&bytes)))
    };
    let mut leaves: Vec<_> = (4..8).map(own).collect();
    leaves[1] = leaf.map_or(ABSENT, |leaf| leaf.hash());
    let tree = Tree::of_window(leaves, 4).unwrap();
    let opened = Opened {
        position: 1,
        leaf,
        path: tree.path(1).unwrap(),
    };
    let claim = Claim {
        window: 1,
        units,
        digest: tree.root(),
    };
    (opened, claim)
}

/// One case, as the vectors write it.
fn case(name: &str, core: &Core, shown: &(Opened, Claim), truth: Option<&Truth>) -> Value {
    let (place, said) = shown;
    let known = truth.map(|truth| {
        json!({
            "input": hex(truth.input),
            "path": hashes(truth.path),
            "output": truth.output.map(hex),
        })
    });
    let found = place.convicts(core, said, truth);
    json!({
        "name": name,
        "core": hex(core.to_bytes()),
        "claim": claim(said),
        "opened": opened(place),
        "truth": known,
        "is_claimed": place.is_claimed(core, said),
        "conviction": found.map(|conviction| format!("{conviction:?}")),
    })
}

#[test]
fn leaves_convict_so() {
    let [judged, other] = [Kind::Sbpf, Kind::Wasm].map(|kind| Work::of(10, 4, kind));
    let (core, free) = (&judged.spec.core, &other.spec.core);
    let tree = judged.inputs.tree().unwrap();
    let [path, elsewhere] = [INDEX, INDEX ^ 1].map(|index| tree.path(index).unwrap());
    let leaf = honest();
    let truth = Truth {
        input: leaf.input,
        path: &path,
        output: Some(leaf.output),
    };
    let not_run = Truth {
        output: None,
        ..truth
    };
    let misplaced = Truth {
        path: &elsewhere,
        ..truth
    };
    let good = window(Some(leaf), 8);
    let gone = window(None, 8);
    let lie = |change: fn(&mut Leaf)| {
        let mut leaf = leaf;
        change(&mut leaf);
        window(Some(leaf), 8)
    };
    let index = lie(|leaf| leaf.index = 4);
    let input = lie(|leaf| leaf.input[0] ^= 1);
    let output = lie(|leaf| leaf.output[0] ^= 1);
    // What stands in a tree of another depth is not there, wherever its path leads.
    let deeper = {
        let leaf = Some(Leaf { index: 4, ..leaf });
        let leaves = leaf.iter().map(Leaf::hash).cycle().take(4).collect();
        let tree = Tree::of_window(leaves, 8).unwrap();
        let (digest, path) = (tree.root(), tree.path(1).unwrap());
        let opened = Opened {
            leaf,
            path,
            ..good.0.clone()
        };
        (opened, Claim { digest, ..good.1 })
    };
    // One bit of what is shown.
    let bent = |change: fn(&mut Opened, &mut Claim)| {
        let (mut opened, mut claim) = gone.clone();
        change(&mut opened, &mut claim);
        (opened, claim)
    };
    let few = |units| (gone.0.clone(), Claim { units, ..gone.1 });
    let cases = [
        case("honest", core, &good, Some(&truth)),
        case("padding", core, &gone, None),
        case("another index", core, &index, None),
        case("another input", core, &input, Some(&truth)),
        case("another input, the true one unknown", core, &input, None),
        case("another output", core, &output, Some(&truth)),
        case(
            "another output, not run again",
            core,
            &output,
            Some(&not_run),
        ),
        case(
            "another output, the truth of another place",
            core,
            &output,
            Some(&misplaced),
        ),
        case("nothing, and nothing claimed", core, &few(0), None),
        case("nothing behind what is claimed", core, &few(2), None),
        case("more units than the window has", core, &few(10), None),
        case("other work: honest", free, &good, Some(&truth)),
        case("other work: left out", free, &gone, None),
        case("other work: another index", free, &index, None),
        case("other work: another output", free, &output, Some(&truth)),
        case(
            "a bit of the position",
            core,
            &bent(|opened, _| opened.position ^= 2),
            None,
        ),
        case(
            "a high bit of the position",
            core,
            &bent(|opened, _| opened.position ^= 1 << 31),
            None,
        ),
        case(
            "a bit of the path",
            core,
            &bent(|opened, _| opened.path[1][31] ^= 128),
            None,
        ),
        case(
            "a bit of the digest",
            core,
            &bent(|_, claim| claim.digest[0] ^= 1),
            None,
        ),
        case(
            "a shorter path",
            core,
            &bent(|opened, _| opened.path.truncate(1)),
            None,
        ),
        case("a deeper tree", core, &deeper, None),
        case(
            "a longer path",
            core,
            &bent(|opened, _| opened.path.push(ABSENT)),
            None,
        ),
    ];
    check("work_leaves", &Value::from(cases.to_vec()));
}

#[test]
fn units_convict_so() {
    let core = Work::of(10, 4, Kind::Sbpf).spec.core;
    let cases = [
        (0, 8),
        (0, 7),
        (0, 10),
        (2, 4),
        (2, 6),
        (u32::MAX, 2),
        (1, u64::MAX),
    ];
    let cases = cases.map(|(window, units)| {
        let said = Claim {
            window,
            units,
            digest: ABSENT,
        };
        let found = overclaims(&core, &said);
        let found = found.map(|conviction: Conviction| format!("{conviction:?}"));
        json!({ "core": hex(core.to_bytes()), "claim": claim(&said), "conviction": found })
    });
    check("work_overclaims", &Value::from(cases.to_vec()));
}
