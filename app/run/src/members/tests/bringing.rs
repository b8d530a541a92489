use super::*;

#[test]
fn every_blob_goes_to_every_member_once_and_to_all_at_the_same_time() {
    let circle = circle(4);
    let mut folder = Folder::new(3);
    // The same input twice in the work is one blob.
    folder.names.push(folder.names[1]);
    (0..4).for_each(|place| circle.at(place).lag = Duration::from_millis(30));
    let began = Instant::now();
    let brought = circle.bring(&folder);
    assert!(brought.iter().all(Result::is_ok));
    assert_eq!(brought.len(), 4);
    for place in 0..4 {
        assert_eq!(circle.at(place).put, folder.names[..3]);
    }
    assert_eq!(circle.take_asked(), ["hppp"; 4]);
    assert_eq!(circle.ask.most_running.load(Ordering::SeqCst), 4);
    assert!(began.elapsed() < Duration::from_millis(4 * 120));
}

#[test]
fn what_is_there_is_neither_read_nor_sent_again() {
    let circle = circle(2);
    let folder = Folder::new(5);
    let there = folder.names[..3].iter().copied();
    circle.at(0).blobs = there
        .map(|name| (name, folder.blobs[&name].clone()))
        .collect();
    assert!(circle.bring(&folder).iter().all(Result::is_ok));
    assert_eq!(circle.take_asked(), ["hhhhpp", "hppppp"]);
    assert_eq!(folder.reads.load(Ordering::SeqCst), 2 + 5);
    assert!(circle.bring(&folder).iter().all(Result::is_ok));
    assert_eq!(circle.take_asked(), ["hhhhh"; 2]);
    assert_eq!(folder.reads.load(Ordering::SeqCst), 2 + 5);
    // A member that lost one in the middle has it again.
    circle.at(1).blobs.remove(&folder.names[2]);
    assert!(circle.bring(&folder).iter().all(Result::is_ok));
    assert_eq!(circle.at(1).blobs.len(), 5);
}

#[test]
fn what_passes_is_waited_for_and_what_does_not_ends_that_members_part_alone() {
    let circle = circle(4);
    let folder = Folder::new(3);
    // The first answer is about what is there.
    circle.at(0).refusals = [
        "no_job",
        "no_job",
        "busy",
        "chain",
        "disk",
        "",
        "not_its_hash",
    ]
    .into();
    circle.at(1).refusals = ["no_job", "quota"].into();
    circle.at(2).refuses = Some("no_party");
    let brought = circle.bring(&folder);
    let codes: Vec<_> = brought
        .iter()
        .map(|one| match one {
            Ok(()) => "ok",
            Err(NotBrought::Member(error)) => error.code().unwrap(),
            Err(error) => panic!("{error}"),
        })
        .collect();
    assert_eq!(codes, ["ok", "quota", "no_party", "ok"]);
    assert_eq!(circle.at(0).blobs.len(), 3);
    assert_eq!(circle.take_asked()[1..3], ["hp", "hp"]);
}

#[test]
fn patience_ends_and_counts_from_the_last_blob_that_was_taken() {
    let circle = circle(3);
    let folder = Folder::new(4);
    circle.at(0).refuses = Some("busy");
    circle.at(1).refuses = Some("");
    // All in all longer than the patience, each less.
    let each = [&["busy"; 9][..], &["ok"]].concat();
    circle.at(2).refusals = [vec!["no_job"], each.repeat(4)].concat().into();
    let began = Instant::now();
    let brought = circle.bring(&folder);
    let waited = began.elapsed();
    assert!(waited >= circle.waits.patience && waited < circle.waits.patience * 4);
    let [busy, silent, slow] = &brought[..] else {
        panic!()
    };
    assert!(matches!(busy, Err(NotBrought::Member(error)) if error.code() == Some("busy")));
    let is_silent = matches!(silent, Err(NotBrought::Member(Unasked::Silent(_))));
    assert!(is_silent && slow.is_ok());
    assert!(!busy.as_ref().unwrap_err().is_own());
}

#[test]
fn a_file_that_changed_or_is_gone_is_the_buyers_own_fault_and_not_sent() {
    let circle = circle(2);
    let mut folder = Folder::new(3);
    folder.blobs.insert(folder.names[1], b"edited".to_vec());
    // This member has it from before.
    let before = (folder.names[0], vec![0; 10]);
    let had = (folder.names[1], vec![1; 10]);
    circle.at(1).blobs = [before, had].into();
    let brought = circle.bring(&folder);
    let changed = brought[0].as_ref().unwrap_err();
    assert!(changed.is_own());
    assert!(matches!(changed, NotBrought::Changed(name) if *name == folder.names[1]));
    assert!(changed.to_string().contains(&hex::encode(folder.names[1])));
    assert!(brought[1].is_ok());
    assert_eq!(circle.at(0).put, folder.names[..1]);
    folder.blobs.remove(&folder.names[1]);
    let brought = circle.bring(&folder);
    let gone = brought[0].as_ref().unwrap_err();
    assert!(gone.is_own() && matches!(gone, NotBrought::Unread { .. }));
}

#[test]
fn nothing_is_brought_where_nobody_is_or_nothing_is_to_be_brought() {
    assert!(circle(0).bring(&Folder::new(2)).is_empty());
    let brought = circle(1).bring(&Folder::default());
    assert!(brought[0].is_ok());
}

#[test]
fn inputs_behind_the_first_blobs_are_put_four_at_once() {
    let circle = circle(1);
    let folder = Folder::new(28);
    circle.at(0).lag = Duration::from_millis(20);
    let began = Instant::now();
    assert!(circle.bring(&folder)[0].is_ok());
    // One question, eight in a row, twenty in four lanes.
    assert!(began.elapsed() < Duration::from_millis(20 * 25));
    assert_eq!(circle.ask.most_running.load(Ordering::SeqCst), 4);
    let manners = circle.at(0);
    assert_eq!(manners.put[..8], folder.names[..8]);
    assert_eq!((manners.put.len(), manners.blobs.len()), (28, 28));
}

#[test]
fn a_refusal_or_a_stop_ends_every_lane() {
    let town = circle(1);
    let folder = Folder::new(200);
    town.at(0).refusals = vec!["ok"; 12].into();
    town.at(0).refusals.push_back("quota");
    let refused = town.bring(&folder).remove(0).unwrap_err();
    assert!(matches!(refused, NotBrought::Member(error) if error.code() == Some("quota")));
    assert!(town.at(0).put.len() < 20);

    let town = circle(1);
    let stop = AtomicBool::new(true);
    let brought = town.bring_to(&town.members()[0], &JOB, &folder, &stop);
    assert!(brought.is_ok());
    assert_eq!(town.at(0).put.len(), 8);
}

/// Brings and has admitted, by a circle that two have to admit.
fn brought(circle: &Arc<Circle<Town>>, folder: Folder) -> Result<(), String> {
    let stop = Arc::new(AtomicBool::new(false));
    circle.brought(&JOB, &Arc::new(folder), ([1; 32], [2; 32]), &stop)
}

#[test]
fn a_slow_member_holds_up_no_admission_and_gets_everything_all_the_same() {
    let circle = Arc::new(circle(3));
    circle.at(2).lag = Duration::from_millis(100);
    let began = Instant::now();
    brought(&circle, Folder::new(4)).unwrap();
    assert!(began.elapsed() < Duration::from_millis(100));
    assert_eq!(circle.take_asked()[..2], ["hppppa"; 2]);
    while circle.at(2).asked.len() < 6 {
        assert!(began.elapsed() < Duration::from_secs(10));
        sleep(Duration::from_millis(5));
    }
    assert_eq!(circle.at(2).blobs.len(), 4);
}

#[test]
fn who_is_given_too_little_or_admits_too_little_is_named() {
    let circle = Arc::new(circle(3));
    circle.at(1).refuses = Some("too_much");
    circle.at(2).is_liar = true;
    let why = brought(&circle, Folder::new(2)).unwrap_err();
    assert!(why.starts_with("only 1 members admit it"), "{why}");
    for place in [1, 2] {
        assert!(
            why.contains(&circle.members()[place].key.to_string()),
            "{why}"
        );
    }
    assert!(why.contains("another work"), "{why}");
}
