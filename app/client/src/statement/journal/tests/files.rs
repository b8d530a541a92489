//! What becomes of the files: taken away, cut, damaged, written by others.

use {
    super::{super::crash::killed_after, *},
    std::{
        thread,
        time::{Duration, Instant},
    },
};

#[test]
fn a_journal_that_is_taken_away_while_it_is_held_stops_every_signature() {
    let home = Home::new();
    let asked = Asked::new(&home.key, false, None);
    let mut journal = home.open(Some(&home.file)).unwrap();
    journal.sign(&STATEMENT, Way::Quorum, &asked).unwrap();
    for place in home.places() {
        let kept = place.with_extension("kept");
        let mut refused = |how: &str| {
            for statement in [STATEMENT, OTHER, NEXT] {
                let refused = journal.sign(&statement, Way::Quorum, &asked);
                assert!(matches!(refused, Err(NotJournalled::Replaced(_))), "{how}");
            }
        };
        fs::rename(&place, &kept).unwrap();
        refused("moved");
        fs::copy(&kept, &place).unwrap();
        refused("replaced");
        fs::rename(&kept, &place).unwrap();
        let text = fs::read(&place).unwrap();
        fs::write(&place, "").unwrap();
        refused("emptied");
        fs::write(&place, [&text[..], b"more"].concat()).unwrap();
        refused("written");
        fs::write(&place, text).unwrap();
    }
    assert_eq!(asked.times.get(), 1);
    // It is as it was again.
    journal.sign(&NEXT, Way::Quorum, &asked).unwrap();
    assert_eq!(
        home.open(None).unwrap_err().to_string(),
        NotJournalled::AtWork(home.places()[1].clone()).to_string()
    );
}

#[test]
fn a_last_line_without_its_end_is_said() {
    let home = Home::new();
    home.sign(&STATEMENT).unwrap();
    home.sign(&NEXT).unwrap();
    for place in home.places() {
        let whole = fs::read(&place).unwrap();
        fs::write(&place, whole.strip_suffix(b"\n").unwrap()).unwrap();
    }
    let other = Statement { window: 4, ..OTHER };
    assert!(is_contradiction(home.sign(&other)));
    home.sign(&Statement { window: 5, ..OTHER }).unwrap();
    for place in home.places() {
        assert_eq!(fs::read_to_string(place).unwrap().lines().count(), 3);
    }
}

#[test]
fn a_line_is_cut_off_only_if_its_key_was_never_asked() {
    let home = Home::new();
    let [beside, notes] = home.places();
    let read = |place: &Path| fs::read_to_string(place).unwrap();
    home.sign(&STATEMENT).unwrap();
    let kept = read(&notes);
    home.sign(&NEXT).unwrap();
    let whole = read(&notes);
    let other = Statement { window: 4, ..OTHER };
    // Torn while it was written: nobody was asked.
    let adding = whole
        .replacen("signed\",\"key", "adding\",\"key", 2)
        .replacen("adding", "signed", 1);
    let word = kept.len() + line::WORD_AT + Stage::Adding.word().len();
    for len in word..=adding.len() {
        home.forget();
        fs::write(&notes, &adding[..len]).unwrap();
        home.sign_from(None, &other).unwrap();
        assert!(is_contradiction(home.sign_from(None, &NEXT)), "{len}");
    }
    // Whole once, and cut since: what it said is in the other file, or nothing more is signed.
    for len in kept.len() + 1..whole.len() - 1 {
        home.forget();
        fs::write(&notes, &whole[..len]).unwrap();
        for _ in 0..2 {
            let refused = home.sign_from(None, &other);
            assert!(
                matches!(refused, Err(NotJournalled::Damaged { line: 2, .. })),
                "{len}"
            );
        }
        fs::write(&beside, &whole).unwrap();
        assert!(is_contradiction(home.sign(&other)), "{len}");
        assert_eq!(read(&notes), whole);
    }
}

#[test]
fn whenever_a_process_is_killed_no_second_statement_is_signed() {
    for (file, all) in [(true, 14), (false, 7)] {
        let mut steps = 0;
        loop {
            let home = Home::new();
            let file = file.then_some(&*home.file);
            let asked = Asked::new(&home.key, false, None);
            home.sign_from(file, &STATEMENT).unwrap();
            let mut journal = home.open(file).unwrap();
            let done = killed_after(steps, || journal.sign(&NEXT, Way::Quorum, &asked).unwrap());
            drop(journal);
            let other = Statement { window: 4, ..OTHER };
            let outcome = home.sign_from(file, &other);
            assert!(is_contradiction(home.sign_from(file, &OTHER)));
            match outcome {
                Ok(_) => assert_eq!(asked.times.get(), 0, "{steps}"),
                Err(NotJournalled::Contradicts { .. }) => {
                    home.sign_from(file, &NEXT).unwrap();
                }
                Err(error) => panic!("{steps}: {error}"),
            }
            if done.is_some() {
                break;
            }
            steps += 1;
        }
        assert_eq!(steps, all);
    }
}

#[test]
fn a_damaged_line_stops_every_signature() {
    let home = Home::new();
    let [beside, notes] = home.places();
    home.sign(&STATEMENT).unwrap();
    let text = fs::read_to_string(&notes).unwrap();
    let stranger = Home::new();
    stranger.sign(&STATEMENT).unwrap();
    for damaged in [
        text.replacen("\"30\"", "\"31\"", 1),
        text.replacen("0909", "0908", 1),
        text.replacen('{', "[", 1),
        text.replacen("signed", "adding", 1) + &text,
        text.repeat(2),
        "\n".to_owned() + &text,
        text.clone() + "garbage",
        text.clone() + "\0\0\0",
        fs::read_to_string(&stranger.places()[1]).unwrap(),
    ] {
        fs::write(&notes, &damaged).unwrap();
        for statement in [STATEMENT, OTHER, NEXT] {
            let refused = home.sign(&statement);
            assert!(
                matches!(refused, Err(NotJournalled::Damaged { .. })),
                "{damaged}: {refused:?}"
            );
        }
        assert_eq!(fs::read_to_string(&notes).unwrap(), damaged);
    }
    // Each file is whole, and they contradict each other.
    fs::rename(&beside, home.folder.join("kept")).unwrap();
    fs::remove_file(&notes).unwrap();
    home.sign_from(None, &OTHER).unwrap();
    fs::rename(home.folder.join("kept"), &beside).unwrap();
    assert!(matches!(
        home.sign(&NEXT),
        Err(NotJournalled::Disagree { window: 3, .. })
    ));
}

#[cfg(unix)]
#[test]
fn a_journal_that_a_stranger_may_write_stops_every_signature() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = Home::new();
    home.sign(&STATEMENT).unwrap();
    let allow = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let exposed = || {
        let refused = home.sign(&NEXT);
        assert!(
            matches!(refused, Err(NotJournalled::Exposed(_))),
            "{refused:?}"
        );
    };
    for place in home.places() {
        // What this process makes is its own, whatever others are given by default.
        assert_eq!(
            fs::metadata(&place).unwrap().permissions().mode() & 0o777,
            0o600
        );
        for mode in [0o620, 0o602, 0o666] {
            allow(&place, mode);
            exposed();
        }
        allow(&place, 0o644);
        let folder = place.parent().unwrap();
        allow(folder, 0o777);
        exposed();
        // As in /tmp, where nobody renames what is another's.
        allow(folder, 0o1777);
        home.sign(&STATEMENT).unwrap();
        allow(folder, 0o755);
        let kept = place.with_extension("kept");
        fs::rename(&place, &kept).unwrap();
        symlink(&kept, &place).unwrap();
        let refused = home.sign(&NEXT);
        assert!(
            matches!(refused, Err(NotJournalled::Unusable { .. })),
            "{refused:?}"
        );
        fs::remove_file(&place).unwrap();
        fs::rename(&kept, &place).unwrap();
    }
    home.sign(&NEXT).unwrap();
}

#[test]
fn nothing_is_signed_that_cannot_be_written_down() {
    let home = Home::new();
    let asked = Asked::new(&home.key, false, None);
    for place in home.places() {
        fs::create_dir_all(&place).unwrap();
        let refused = home.open(Some(&home.file));
        assert!(matches!(refused, Err(NotJournalled::Unusable { .. })));
        fs::remove_dir(&place).unwrap();
    }
    fs::remove_dir_all(&home.state).unwrap();
    fs::write(&home.state, "").unwrap();
    assert!(matches!(
        home.open(None),
        Err(NotJournalled::Unusable { .. })
    ));
    fs::remove_file(&home.state).unwrap();
    // The disk fails in the middle.
    let mut journal = home.open(Some(&home.file)).unwrap();
    journal.places[1].break_file();
    for _ in 0..2 {
        let refused = journal.sign(&STATEMENT, Way::Quorum, &asked);
        assert!(matches!(refused, Err(NotJournalled::Unusable { .. })));
    }
    drop(journal);
    for place in home.places() {
        assert_eq!(fs::read(place).unwrap(), b"");
    }
    assert_eq!(asked.times.get(), 0);
    home.sign(&OTHER).unwrap();
}

#[test]
fn of_those_who_sign_at_once_one_does() {
    let home = Home::new();
    thread::scope(|scope| {
        let ways = [None, Some(&*home.file), None, Some(&*home.file)];
        let signing: Vec<_> = ways
            .into_iter()
            .zip(30..)
            .map(|(way, units)| {
                let home = &home;
                let statement = Statement { units, ..STATEMENT };
                let key = home.key.insecure_clone();
                scope.spawn(move || {
                    let mut journal = Journal::open(&key.pubkey(), way, &home.state)?;
                    journal.sign(&statement, Way::Quorum, &key)
                })
            })
            .collect();
        let outcomes = signing.into_iter().map(|one| one.join().unwrap());
        let (signed, refused): (Vec<_>, Vec<_>) = outcomes.partition(|one| one.is_ok());
        assert_eq!(signed.len(), 1);
        assert!(refused.into_iter().all(is_contradiction));
    });
}

#[test]
fn a_hundred_thousand_statements_are_read_in_a_minute_and_one_more_is_written_at_once() {
    let home = Home::new();
    home.sign(&STATEMENT).unwrap();
    let name = home.key.pubkey().to_string();
    let lines = (0..100_000).map(|window| {
        let said = Said {
            statement: Statement {
                context: [5; 32],
                window,
                ..STATEMENT
            },
            way: Way::Quorum,
            stage: Stage::Signed,
        };
        said.line(&name).unwrap()
    });
    let text = lines.collect::<Vec<_>>().concat();
    let [beside, notes] = home.places();
    fs::write(&beside, &text).unwrap();
    let begin = Instant::now();
    let mut journal = home.open(Some(&home.file)).unwrap();
    assert!(
        begin.elapsed() < Duration::from_secs(60),
        "{:?}",
        begin.elapsed()
    );
    let begin = Instant::now();
    journal.sign(&NEXT, Way::Quorum, &home.key).unwrap();
    assert!(
        begin.elapsed() < Duration::from_secs(2),
        "{:?}",
        begin.elapsed()
    );
    drop(journal);
    assert_eq!(
        [&beside, &notes].map(|place| fs::metadata(place).unwrap().len()),
        [fs::metadata(&notes).unwrap().len(); 2]
    );
    let last = Statement {
        context: [5; 32],
        window: 99_999,
        ..OTHER
    };
    assert!(is_contradiction(home.sign_from(None, &last)));
}
