//! Notes that are torn, of another version, another's, or held by another process.

use {
    super::scripted::{Fate, Scripted, Site},
    crate::send::{Error, Journal, Plan, noted},
    serde_json::{Value, json},
    solana_address::Address,
    std::{collections::BTreeSet, fs},
};

/// Leaves a note behind, as a run that lost sight of its transaction does.
fn leave(site: &Site) -> Scripted {
    let mut ledger = Scripted::new([Fate::IsLost]);
    let sent = site.envelope.send(
        &mut ledger,
        &mut site.journal(),
        &site.keys,
        Plan::default(),
        &"paid",
    );
    assert!(sent.is_err());
    ledger
}

#[test]
fn a_torn_note_is_of_something_that_was_not_sent() {
    let site = Site::new();
    let ledger = leave(&site);
    let note = site.note();
    let text = fs::read(&note).unwrap();
    for len in [0, text.len() / 2, text.len() - 1] {
        fs::write(&note, &text[..len]).unwrap();
        let left = site.journal().left::<String>(&ledger, &site.keys).unwrap();
        assert!(left.is_none());
        assert!(!note.exists());
    }
}

#[test]
fn notes_are_listed_with_their_signatures_and_whether_somebody_is_at_work() {
    let site = Site::new();
    let folder = site.dir.clone();
    assert_eq!(noted(&folder).unwrap(), []);
    let ledger = leave(&site);
    let found = noted(&folder).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].signature, ledger.sent[0]);
    assert!(found[0].at > 0 && !found[0].is_at_work);
    let mut journal = site.journal();
    journal.left::<String>(&ledger, &site.keys).unwrap();
    assert!(noted(&folder).unwrap()[0].is_at_work);
    drop(journal);
    let note = site.note();
    fs::write(&note, "torn").unwrap();
    assert_eq!(noted(&folder).unwrap(), []);
}

#[test]
fn a_note_that_was_left_is_settled_before_another_is_written() {
    let site = Site::new();
    leave(&site);
    let mut ledger = Scripted::new([]);
    let sent = site.envelope.send(
        &mut ledger,
        &mut site.journal(),
        &site.keys,
        Plan::default(),
        &"paid",
    );
    assert!(matches!(sent, Err(Error::LeftBehind)));
    assert!(ledger.sent.is_empty() && site.has_notes());
}

#[test]
fn a_note_of_another_version_or_result_is_refused_and_stays() {
    let site = Site::new();
    let ledger = leave(&site);
    let note = site.note();
    let text = fs::read_to_string(&note).unwrap();
    let as_number = site.journal().left::<u64>(&ledger, &site.keys);
    assert!(matches!(as_number, Err(Error::OtherVersion(_))));
    fs::write(&note, text.replace("\"version\":1", "\"version\":2")).unwrap();
    let newer = site.journal().left::<String>(&ledger, &site.keys);
    let Err(Error::OtherVersion(path)) = newer else {
        panic!("it was read");
    };
    assert_eq!(path, note);
    assert!(note.exists());
}

#[test]
fn a_note_keeps_the_form_of_its_version() {
    let site = Site::new();
    leave(&site);
    let text = fs::read_to_string(site.note()).unwrap();
    let note: Value = serde_json::from_str(&text).unwrap();
    let found = note.as_object().unwrap().keys().map(String::as_str);
    let fields = [
        "version",
        "signature",
        "noted_at",
        "transaction",
        "lifetime",
        "is_last",
        "fields",
    ];
    assert_eq!(found.collect::<BTreeSet<_>>(), BTreeSet::from(fields));
    assert_eq!(note["version"], 1);
    assert_eq!(
        (&note["is_last"], &note["fields"]),
        (&true.into(), &"paid".into())
    );
    let lifetime = json!({"Blockhash": {
        "hash": "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi",
        "last_valid_block_height": 150,
        "slot": 7,
    }});
    assert_eq!(note["lifetime"], lifetime);
}

#[test]
fn two_runs_do_not_share_a_note() {
    let site = Site::new();
    let ledger = leave(&site);
    let mut one = site.journal();
    assert!(one.left::<String>(&ledger, &site.keys).unwrap().is_some());
    let other = site.journal().left::<String>(&ledger, &site.keys);
    assert!(matches!(other, Err(Error::AtWork)));
    // Nor does one begin that did not look first.
    let begun = site.envelope.send(
        &mut Scripted::new([]),
        &mut site.journal(),
        &site.keys,
        Plan::default(),
        &"paid",
    );
    assert!(matches!(begun, Err(Error::AtWork)));
    drop(one);
    let again = site.journal().left::<String>(&ledger, &site.keys);
    assert!(again.unwrap().is_some());
}

#[test]
fn a_note_is_of_one_intent_and_of_its_keys() {
    let site = Site::new();
    let ledger = leave(&site);
    let mut other = Journal::of(Some(site.dir.clone()), "refund the job");
    assert!(!other.has_any());
    let left = other.left::<String>(&ledger, &site.keys).unwrap();
    assert!(left.is_none());
    let keys = [site.keys[0], Address::new_from_array([9; 32])];
    let left = site.journal().left::<String>(&ledger, &keys).unwrap();
    assert!(left.is_none());
    let left = site.journal().left::<String>(&ledger, &site.keys).unwrap();
    assert!(left.is_some());
}

#[test]
fn without_a_directory_nothing_is_sent() {
    let site = Site::new();
    let mut ledger = Scripted::new([]);
    let mut journal = Journal::of(None, "pay the job");
    assert!(!journal.has_any());
    let left = journal.left::<String>(&ledger, &site.keys).unwrap();
    assert!(left.is_none());
    let plan = Plan::default();
    let sent = site
        .envelope
        .send(&mut ledger, &mut journal, &site.keys, plan, &"paid");
    assert!(matches!(sent, Err(Error::NoDirectory)));
    assert!(ledger.sent.is_empty());
}
