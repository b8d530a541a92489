use {super::*, crate::wire::Countersigned};

fn copy(from: &FilePath, to: &FilePath) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_keeps_journal_admission_and_verdicts() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let signed = world.ask_honest(0).await;
    assert_eq!(code(&world.ask_honest(1).await), "early");
    let lie = world.lie(1, &[0]).await;
    assert_eq!(code(&world.ask(&lie).await), "output");
    world.kernels.take_runs();
    world.open();
    assert_eq!(world.attester().began(), START + 70);
    assert_eq!(world.ask_honest(0).await, signed);
    let mut fewer = world.work.honest(0);
    fewer[3] = None;
    let sealed = world.work.seal(0, fewer);
    assert_eq!(code(&world.ask(&sealed).await), "contradiction");
    assert_eq!(code(&world.ask(&lie).await), "output");
    world.at(200);
    assert_eq!(world.ask_honest(1).await.0, StatusCode::OK);
    assert_eq!(world.kernels.take_runs(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_died_between_journal_and_answer_gives_the_same_signature() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    let sealed = world.work.seal(0, world.work.honest(0));
    let statement = Statement::of(&world.job(), 0, sealed.claim.units, sealed.claim.digest);
    // The journal is written and the key asked; nobody hears of it.
    let lost = world.attester().signatory.sign(&statement).unwrap();
    world.open();
    let (status, signed) = world.ask(&sealed).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(read::<Countersigned>(&signed).signature, lost.signature);
    assert_eq!(world.kernels.take_runs(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_signs_no_window_that_ended_before_it_began() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    let copied = folder();
    copy(world.folder.path(), copied.path());
    world.at(100);
    let first = world.ask_honest(0).await;
    assert_eq!(first.0, StatusCode::OK);
    // The copy does not know that it signed that.
    world.ledger.chain().now = START + 110;
    world.open_in(copied.path().to_owned());
    assert_eq!(world.attester().began(), START + 170);
    let mut fewer = world.work.honest(0);
    fewer[3] = None;
    let sealed = world.work.seal(0, fewer);
    assert_eq!(code(&world.ask(&sealed).await), "before_start");
    assert_eq!(code(&world.ask_honest(0).await), "before_start");
    // What ends later it signs.
    world.at(200);
    assert_eq!(world.ask_honest(1).await.0, StatusCode::OK);
    // It goes on from there.
    world.open_in(copied.path().to_owned());
    assert_eq!(world.attester().began(), START + 170);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_was_lost_signs_no_window_that_ended_before() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    world.at(100);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    world.router = Router::new();
    world.attester = None;
    let own = world.own.pubkey();
    let folder = world.folder.path();
    fs::remove_file(folder.join(format!("{own}.signed"))).unwrap();
    // One of its two files is enough.
    world.open();
    assert_eq!(world.attester().began(), START + 70);
    world.router = Router::new();
    world.attester = None;
    let folder = world.folder.path();
    fs::remove_file(folder.join(format!("{own}.signed"))).unwrap();
    fs::remove_file(folder.join(format!("journal/signed/{own}.signed"))).unwrap();
    world.open();
    assert_eq!(world.attester().began(), START + 160);
    assert_eq!(code(&world.ask_honest(0).await), "before_start");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_with_the_same_key_does_not_begin() {
    let world = World::new(Kind::Wasm, policy());
    let Err(error) = world.try_open(world.folder.path()) else {
        panic!("two processes sign with one key");
    };
    let told = format!("{error:#}");
    assert!(told.contains("another process attests"), "{told}");
}

/// All files from one moment, over those that are there: their inodes stay, and nothing that is read in them tells.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_written_over_the_files_signs_no_window_that_ended_before() {
    let mut world = World::admitted(Kind::Wasm, policy()).await;
    // The copy is of a process that ended.
    world.router = Router::new();
    world.attester = None;
    let kept = folder();
    copy(world.folder.path(), kept.path());
    world.open();
    world.at(100);
    assert_eq!(world.ask_honest(0).await.0, StatusCode::OK);
    world.router = Router::new();
    world.attester = None;
    copy(kept.path(), world.folder.path());
    world.ledger.chain().now = START + 110;
    world.open();
    assert_eq!(world.attester().began(), START + 170);
    let mut fewer = world.work.honest(0);
    fewer[3] = None;
    let sealed = world.work.seal(0, fewer);
    assert_eq!(code(&world.ask(&sealed).await), "before_start");
}
