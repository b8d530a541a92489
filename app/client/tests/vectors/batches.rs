//! Trees of statements, the runs that windows are proven by, what a verifier refuses, and what members sign of a tree.

use {
    crate::{
        check, hash,
        json::{hex, object},
        key, signer,
        statements::list,
    },
    bytemuck::Zeroable,
    serde_json::Value,
    sluice::{
        constants::{MAX_BATCH_DEPTH, MAX_RUN},
        hash::sha256,
        state::{AttesterSet, Batch},
    },
    sluice_client::{
        BatchLeaf, BatchRun,
        batch::Tree,
        statement::{
            self, Countersignature, Path, Statement, batch_message, ed25519_instruction,
            equivocation_instruction,
        },
    },
    sluice_math::tree::{self, Hash},
    solana_signer::Signer,
};

/// The jobs that statements are about, in turn.
const JOBS: usize = 3;

fn contexts() -> Vec<Hash> {
    (0..JOBS)
        .map(|number| hash(&format!("context {number}")))
        .collect()
}

fn statement(number: usize) -> Statement {
    Statement {
        context: contexts()[number % JOBS],
        window: (number / JOBS) as u32,
        units: 1 << (number % 64),
        digest: hash(&format!("evidence {number}")),
    }
}

fn tree(count: usize) -> Tree {
    Tree::new((0..count).map(|number| statement(number).hash()).collect()).unwrap()
}

/// The run of `leaves` leaves at `index`, which says the statements at these places.
fn run(tree: &Tree, index: usize, leaves: usize, said: &[usize]) -> BatchRun {
    let said = |place: usize| {
        let job = (place % JOBS) as u8;
        said.contains(&place).then(|| (job, statement(place)))
    };
    tree.run(index, leaves, said).unwrap()
}

/// What the program makes of a run, from the contexts of its jobs: the root that it leads to, if it has the right form.
fn reached(run: &BatchRun, contexts: &[Hash]) -> Option<Hash> {
    let statements = run.entries.len();
    let leaves = statements + run.others.len();
    if !leaves.is_power_of_two() || leaves > MAX_RUN as usize || statements == 0 {
        return None;
    }
    let above = u64::from(run.mask) >> leaves;
    let is_told = run.mask.count_ones() as usize == statements && above == 0;
    let is_aligned = (run.first as usize).is_multiple_of(leaves);
    let depth = leaves.ilog2();
    if !is_told || !is_aligned || depth as usize + run.path.len() > MAX_BATCH_DEPTH {
        return None;
    }
    let (mut entries, mut others) = (run.entries.iter(), run.others.iter());
    let mut hashes = Vec::new();
    for place in 0..leaves {
        if run.mask >> place & 1 == 0 {
            hashes.push(*others.next()?);
            continue;
        }
        let entry = entries.next()?;
        let said = Statement {
            context: *contexts.get(usize::from(entry.job))?,
            window: entry.window,
            units: entry.units,
            digest: entry.digest,
        };
        hashes.push(said.hash());
    }
    let own = tree::fold(sha256, &mut hashes)?;
    tree::root_from(sha256, &own, run.first >> depth, &run.path)
}

/// A tree of so many statements: its root, some paths, and runs of each length.
fn grown(count: usize) -> Value {
    let tree = tree(count);
    let statements: Vec<_> = (0..count).map(statement).collect();
    let mut places = vec![0, count / 2, count - 1];
    places.dedup();
    let path = |index: &usize| {
        let path = tree.path(*index, 0);
        let root = tree::root_from(sha256, &tree.leaf(*index), *index as u32, &path);
        assert_eq!(root, Some(tree.root()));
        object([("index", &(*index as u32)), ("path", &path)])
    };
    let mut runs = vec![];
    for level in 0..=tree.depth().min(MAX_RUN.ilog2() as usize) {
        let leaves = 1 << level;
        for index in &places {
            let first = index / leaves * leaves;
            let there: Vec<_> = (first..count.min(first + leaves)).collect();
            // All that stand there, and every second one.
            let some: Vec<_> = there.iter().copied().step_by(2).collect();
            for said in [there, some] {
                let run = run(&tree, *index, leaves, &said);
                assert_eq!(reached(&run, &contexts()), Some(tree.root()));
                let said: Vec<_> = said.iter().map(|place| *place as u32).collect();
                runs.push(object([
                    ("index", &(*index as u32)),
                    ("leaves", &(leaves as u32)),
                    ("said", &said),
                    ("run", &run),
                ]));
            }
        }
    }
    runs.dedup();
    object([
        ("statements", &list(&statements)),
        (
            "leaves",
            &(0..count).map(|place| tree.leaf(place)).collect::<Vec<_>>(),
        ),
        ("depth", &(tree.depth() as u32)),
        ("root", &tree.root()),
        ("paths", &places.iter().map(path).collect::<Vec<_>>()),
        ("runs", &runs),
    ])
}

/// Changes of a run that leave it without the right form, or let it lead elsewhere.
type Change = fn(&mut BatchRun);

/// What has not the form of a run.
const MALFORMED: [(&str, Change); 16] = [
    ("no leaf", |run| {
        (run.mask, run.entries, run.others) = (0, vec![], vec![]);
    }),
    ("three leaves", |run| {
        run.others.pop();
    }),
    ("five leaves", |run| run.others.push([0; 32])),
    ("64 leaves", |run| run.others.resize(61, [0; 32])),
    ("no statement", |run| {
        (run.mask, run.entries) = (0, vec![]);
        run.others.resize(4, [0; 32]);
    }),
    ("a bit too few", |run| run.mask = 0b0011),
    ("a bit too many", |run| run.mask = 0b1111),
    ("a bit above the leaves", |run| run.mask = 0b1_0011),
    ("the highest bit", |run| run.mask = 1 << 31 | 0b0011),
    ("a first leaf within the run", |run| run.first += 1),
    ("a first leaf within the run, by half of it", |run| {
        run.first += 2;
    }),
    ("a first leaf outside of the tree", |run| run.first += 8),
    ("the right half, by the path of the whole", |run| {
        run.first = 6;
        run.mask = 0b01;
        run.entries.drain(..2);
    }),
    ("the last leaf of all", |run| run.first = u32::MAX - 3),
    ("a path that is too deep", |run| {
        run.path.resize(19, [0; 32]);
    }),
    ("a job that is not there", |run| {
        run.entries[0].job = JOBS as u8;
    }),
];

/// What leads to another root.
const ELSEWHERE: [(&str, Change); 13] = [
    ("another place", |run| run.first = 0),
    ("a path that is too short", |run| {
        (run.first, run.path) = (0, vec![]);
    }),
    ("a path that is too long", |run| run.path.push([0; 32])),
    ("another sibling", |run| run.path[0][31] ^= 1),
    ("another window", |run| run.entries[0].window += 1),
    ("more units", |run| run.entries[1].units += 1),
    ("another digest", |run| run.entries[2].digest[0] ^= 0x80),
    ("another job", |run| run.entries[0].job ^= 1),
    ("a hash where nothing stands", |run| run.others[0] = [7; 32]),
    ("statements that changed places", |run| {
        run.entries.swap(0, 1);
    }),
    ("a mask of other places", |run| run.mask = 0b1110),
    ("a node for a leaf", |run| {
        let [left, right] = [0, 1].map(|_| run.others[0]);
        run.others[0] = tree::node(sha256, &left, &right);
    }),
    ("the same statement twice", |run| {
        run.entries[1] = run.entries[0];
    }),
];

/// Runs that are refused, and by which name. All are the run of the last three of seven statements, changed.
fn refused() -> Vec<Value> {
    let tree = tree(7);
    let sound = run(&tree, 4, 4, &[4, 5, 6]);
    assert_eq!(reached(&sound, &contexts()), Some(tree.root()));
    let malformed = MALFORMED.map(|case| ("MalformedRun", case));
    let elsewhere = ELSEWHERE.map(|case| ("NotInBatch", case));
    let cases = malformed.into_iter().chain(elsewhere);
    cases
        .map(|(why, (name, change))| {
            let mut run = sound.clone();
            change(&mut run);
            let found = match reached(&run, &contexts()) {
                None => "MalformedRun",
                Some(root) if root != tree.root() => "NotInBatch",
                Some(_) => "",
            };
            assert_eq!(found, why, "{name}");
            object([
                ("name", &name),
                ("root", &tree.root()),
                ("why", &why),
                ("run", &run),
            ])
        })
        .collect()
}

/// What members sign of a tree, and how their signatures are carried.
fn signed() -> Value {
    let (set_key, root) = (key("set"), tree(7).root());
    let message = batch_message(&set_key, &root);
    let names = ["attester 1", "attester 2", "attester 3"];
    let keys = names.map(signer);
    let mut set = AttesterSet::zeroed();
    for (place, signer) in set.keys.iter_mut().zip(keys.iter().rev()) {
        *place = signer.pubkey();
    }
    set.count = 3;
    let signatures = keys.each_ref().map(|key| sign(key, &message));
    let (ordered, members) = statement::order_members(&set, &signatures).unwrap();
    let carried = ed25519_instruction(&message, &ordered).unwrap();
    object([
        ("set", &set_key),
        ("root", &root),
        ("hash", &Batch::hash(&set_key, &root)),
        ("message", &message),
        ("seeds", &list(&names.map(hash))),
        ("set_keys", &list(&set.keys)),
        ("set_count", &set.count),
        ("signatures", &list(&signatures)),
        ("members", &members),
        ("ed25519", &hex(&carried.data)),
    ])
}

fn sign(key: &dyn Signer, message: &[u8]) -> Countersignature {
    Countersignature {
        key: key.pubkey(),
        signature: key.sign_message(message),
    }
}

/// Two statements about one window, of which the first stands in a batch and the second was signed by itself.
fn equivocation() -> Value {
    let key_of = signer("attester 1");
    let tree = tree(7);
    let first = statement(5);
    let second = Statement { units: 1, ..first };
    let leaf = BatchLeaf {
        set: key("set"),
        index: 5,
        path: tree.path(5, 0),
    };
    let messages = [
        batch_message(&leaf.set, &tree.root()),
        second.message(Path::Quorum),
    ];
    let both = messages.map(|message| (sign(&key_of, &message), message));
    object([
        ("seed", &hash("attester 1")),
        ("first", &first),
        ("leaf", &leaf),
        ("second", &second),
        ("messages", &list(&messages)),
        ("ed25519", &hex(&equivocation_instruction(&both).data)),
    ])
}

#[test]
fn batches_are_built_proven_and_signed_so() {
    check(
        "batches",
        &object([
            ("contexts", &contexts()),
            ("trees", &list(&[1, 2, 3, 7, 33].map(grown))),
            ("refused", &refused()),
            ("signed", &signed()),
            ("equivocation", &equivocation()),
        ]),
    );
}
