use {super::*, crate::progress::Screen, std::path::Path};

fn film() -> Film {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let options = Options {
        elf: target.join("deploy/sluice.so"),
        kernel: target.join("kernels/fractal.so"),
        out: target.join("demo"),
        side: 1,
    };
    Film::new(&options).unwrap()
}

fn attester() -> Attester {
    let bar = Screen::new(true).bar("attester", 1);
    Attester::new(Keypair::new_from_array([1; 32]), bar)
}

/// What node 0 computes in its first window.
fn deliveries(film: &Film) -> Vec<Delivery> {
    let bar = Screen::new(true).bar("node", 1);
    compute_all(film, 0, 0, &bar).unwrap()
}

/// A job of node 0's work.
fn job(film: &Film) -> Job {
    let mut job: Job = bytemuck::Zeroable::zeroed();
    job.spec_hash = film.works[0].spec.hash();
    job.terms.cap = film.works[0].shape.cap().unwrap();
    job
}

#[test]
fn an_attester_signs_what_it_computed_and_nothing_else() {
    let film = film();
    let (job, mut attester, all) = (job(&film), attester(), deliveries(&film));
    let submit =
        |count| Submission::of(&film.works[0], &job, 0, 0, all.get(..count).unwrap()).unwrap();
    let good = submit(2);
    assert_eq!(good.statement.units, u64::from(2 * TILES));
    let mut answer = |job: &Job, submission: &Submission| attester.confirm(&film, job, submission);
    assert!(answer(&job, &good).is_ok());

    let mut other = job;
    other.spec_hash[0] ^= 1;
    assert!(matches!(answer(&other, &good), Err(Refusal::OtherWork)));
    let mut other = job;
    other.context[0] ^= 1;
    assert!(matches!(answer(&other, &good), Err(Refusal::OtherJob)));
    let mut more = submit(2);
    more.statement.units += 1;
    assert!(matches!(
        answer(&job, &more),
        Err(Refusal::Fault(Fault::TooMany))
    ));
    let mut hidden = submit(2);
    hidden.outputs.pop();
    let last = 2 * TILES - 1;
    assert!(matches!(
        answer(&job, &hidden),
        Err(Refusal::Fault(Fault::Missing(index, Part::Output))) if index == last
    ));
    // Less of the window, which was done as well, would be a second statement.
    assert!(matches!(
        answer(&job, &submit(1)),
        Err(Refusal::Unsigned(_))
    ));
}

#[test]
fn an_attester_names_the_chunk_in_which_one_bit_is_flipped() {
    let film = film();
    let (job, mut all) = (job(&film), deliveries(&film));
    all[1].outputs[77][0] ^= 1;
    let bad = Submission::of(&film.works[0], &job, 0, 0, &all).unwrap();
    let refusal = attester().confirm(&film, &job, &bad).unwrap_err();
    assert_eq!(refusal.chunk(), Some(TILES + 77));
    assert_eq!(plan::place_of(0, TILES + 77), (3, 77));
}

#[test]
fn a_worker_that_cuts_corners_delivers_a_tile_again_and_again() {
    let film = film();
    let node = plan::node_of(plan::BOTCHED);
    let outputs = compute(&film, node, plan::BOTCHED).unwrap();
    let (computed, pretended) = outputs.split_at(plan::BOTCHED_FROM as usize);
    assert_eq!(computed.len() + pretended.len(), TILES as usize);
    assert!(
        pretended
            .iter()
            .all(|output| Some(output) == computed.last())
    );
}
