//! The targets without an engine: every input of the corpus, and random ones, in a plain `cargo test`.

use {
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    sluice_fuzz::{TARGETS, Target},
    std::{fs, path::Path},
};

/// The inputs in the tree, by name.
fn corpus(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target.name);
    let mut inputs: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read(path).unwrap()))
        .collect();
    inputs.sort();
    inputs
}

/// What was found once stays tested, and the corpus alone reaches every place that a target exists to reach.
#[test]
fn the_corpus_passes_and_reaches_every_place() {
    for target in TARGETS {
        for (name, input) in corpus(target) {
            println!("{name}");
            (target.run)(&input);
        }
        for place in target.places {
            assert!(place.count() > 0, "{}: {}", target.name, place.name);
        }
    }
}

#[test]
fn the_corpus_is_small() {
    for target in TARGETS {
        let corpus = corpus(target);
        assert!((1..=100).contains(&corpus.len()), "{}", target.name);
        assert!(corpus.iter().all(|(_, input)| input.len() <= 1_024));
    }
}

#[test]
fn random_inputs_and_inputs_of_the_corpus_changed_at_random_pass() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for target in TARGETS {
        let corpus = corpus(target);
        for round in 0..3_000 {
            let mut input = match corpus.get(round % (2 * corpus.len())) {
                Some((_, input)) => input.clone(),
                None => (0..rng.random_range(0..256))
                    .map(|_| rng.random())
                    .collect(),
            };
            for _ in 0..rng.random_range(0..4) {
                if let Some(last) = input.len().checked_sub(1) {
                    input[rng.random_range(0..=last)] = rng.random();
                }
            }
            (target.run)(&input);
        }
    }
}
