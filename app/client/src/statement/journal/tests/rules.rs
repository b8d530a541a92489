//! What a key may sign, and which record its journal is.

use {
    super::*,
    solana_signer::{PresignerError, null_signer::NullSigner},
};

#[test]
fn a_second_statement_about_a_window_is_refused_and_the_same_one_signed_again() {
    let home = Home::new();
    let first = home.sign(&STATEMENT).unwrap();
    assert_eq!(home.sign(&STATEMENT).unwrap(), first);
    let digest = Statement {
        digest: [8; 32],
        ..STATEMENT
    };
    let mut journal = home.open(Some(&home.file)).unwrap();
    for other in [OTHER, digest] {
        assert!(is_contradiction(journal.sign(
            &other,
            Way::Quorum,
            &home.key
        )));
    }
    journal.sign(&OTHER, Way::Cosigned, &home.key).unwrap();
    // The context tells incarnation and node as well as the job.
    let context = Statement {
        context: [6; 32],
        ..OTHER
    };
    for other in [NEXT, context] {
        journal.sign(&other, Way::Quorum, &home.key).unwrap();
    }
    let refused = journal.sign(&NEXT, Way::Quorum, &Keypair::new());
    assert!(matches!(refused, Err(NotJournalled::OfAnother { .. })));
}

#[test]
fn every_way_to_read_a_key_leads_to_one_record() {
    let home = Home::new();
    let at = |name: &str| home.folder.join(name);
    fs::create_dir(at("elsewhere")).unwrap();
    for name in ["keys/hard.json", "elsewhere/hard.json"] {
        fs::hard_link(&home.file, at(name)).unwrap();
    }
    for name in ["keys/copy.json", "elsewhere/copy.json"] {
        fs::copy(&home.file, at(name)).unwrap();
    }
    let mut ways = vec![None, Some(home.file.clone())];
    ways.extend(["keys/hard.json", "elsewhere/hard.json"].map(|name| Some(at(name))));
    ways.extend(["keys/copy.json", "elsewhere/copy.json"].map(|name| Some(at(name))));
    // A pipe is no file with a folder.
    ways.push(Some(PathBuf::from("/dev/null")));
    #[cfg(unix)]
    for (to, name) in [("keys/key.json", "link.json"), ("keys", "folder")] {
        std::os::unix::fs::symlink(at(to), at(name)).unwrap();
        ways.extend([Some(at("link.json")), Some(at("folder/key.json"))]);
    }
    ways.retain(|way| way.as_ref().is_none_or(|file| file.exists()));
    let mut window = 0;
    for first in &ways {
        for second in &ways {
            window += 1;
            let [one, other] = [STATEMENT, OTHER].map(|told| Statement { window, ..told });
            home.sign_from(first.as_deref(), &one).unwrap();
            let refused = home.sign_from(second.as_deref(), &other);
            assert!(is_contradiction(refused), "{first:?} and {second:?}");
        }
    }
    let moved = at("elsewhere/attester.json");
    fs::rename(&home.file, &moved).unwrap();
    let last = Statement { window, ..OTHER };
    assert!(is_contradiction(home.sign_from(Some(&moved), &last)));
    // On another machine the folder brings it along, and then the notes there have it too.
    fs::remove_dir_all(&home.state).unwrap();
    assert!(is_contradiction(home.sign_from(Some(&moved), &last)));
    assert!(is_contradiction(home.sign_from(None, &last)));
}

#[test]
fn a_key_that_certainly_signed_nothing_may_sign_another_statement() {
    let home = Home::new();
    let by = home.key.pubkey();
    let wrong = STATEMENT.sign(Way::Quorum, &home.key).unwrap().signature;
    let mut journal = home.open(Some(&home.file)).unwrap();
    let refused = journal.take(&OTHER, Way::Quorum, wrong);
    assert!(matches!(refused, Err(NotJournalled::NotOfThis(_))));
    let absent = NullSigner::new(&by);
    journal.sign(&OTHER, Way::Quorum, &absent).unwrap_err();
    let presigned = SignerError::PresignerError(PresignerError::VerificationFailure);
    let local = Asked::new(&home.key, false, Some(presigned));
    journal.sign(&OTHER, Way::Quorum, &local).unwrap_err();
    for place in home.places() {
        assert_eq!(fs::read(place).unwrap(), b"");
    }
    journal.take(&STATEMENT, Way::Quorum, wrong).unwrap();
    drop(journal);
    assert!(is_contradiction(home.sign(&OTHER)));
}

#[test]
fn a_key_that_may_have_signed_is_asked_about_the_same_statement_only() {
    let unsure = || SignerError::UserCancel("no".to_owned());
    let odd = || SignerError::PresignerError(PresignerError::VerificationFailure);
    for (is_interactive, error) in [
        (true, unsure()),
        (true, odd()),
        (false, unsure()),
        (
            false,
            SignerError::Custom("the other end hung up".to_owned()),
        ),
    ] {
        let home = Home::new();
        let wallet = Asked::new(&home.key, is_interactive, Some(error));
        let mut journal = home.open(None).unwrap();
        journal.sign(&STATEMENT, Way::Quorum, &wallet).unwrap_err();
        let refused = journal.sign(&OTHER, Way::Quorum, &wallet).unwrap_err();
        assert!(
            refused
                .to_string()
                .contains("was asked to sign, and may have signed"),
            "{refused}"
        );
        drop(journal);
        let refused = home.sign_from(None, &OTHER).unwrap_err();
        assert!(
            refused.to_string().contains("was asked to sign"),
            "{refused}"
        );
        home.sign_from(None, &STATEMENT).unwrap();
        home.sign_from(None, &NEXT).unwrap();
        let refused = home
            .sign_from(None, &Statement { window: 4, ..OTHER })
            .unwrap_err();
        assert!(
            refused.to_string().contains("signed another statement"),
            "{refused}"
        );
    }
}
