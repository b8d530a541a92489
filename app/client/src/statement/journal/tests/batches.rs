//! Statements that are said by the root of a tree: a window has one, whichever way it is signed.

use {
    super::{super::crash::killed_after, *},
    crate::{batch::Tree, statement::batch_message},
    solana_signer::{PresignerError, null_signer::NullSigner},
};

const SET: Address = Address::new_from_array([5; 32]);

/// A statement about another window of the same job.
const fn about(window: u32) -> Statement {
    Statement {
        window,
        ..STATEMENT
    }
}

impl Home {
    fn sign_batch(&self, statements: &[Statement]) -> Result<([u8; 32], Countersignature)> {
        self.open(Some(&self.file))?
            .sign_batch(&SET, statements, &self.key)
    }

    fn lines(&self) -> [String; 2] {
        self.places()
            .map(|place| fs::read_to_string(place).unwrap())
    }
}

#[test]
fn a_root_is_signed_once_every_statement_under_it_is_written_down() {
    let home = Home::new();
    let all = [STATEMENT, NEXT, about(5)];
    let (root, by) = home.sign_batch(&all).unwrap();
    let tree = Tree::new(all.iter().map(Statement::hash).collect()).unwrap();
    assert_eq!(root, tree.root());
    let message = batch_message(&SET, &root);
    assert!(by.signature.verify(by.key.as_ref(), &message));
    // One line for all of them, in both files, and no other when it is signed again.
    let written = home.lines();
    assert_eq!(written[0], written[1]);
    assert_eq!(written[0].lines().count(), 1);
    assert!(
        written[0].starts_with("{\"state\":\"signed\""),
        "{written:?}"
    );
    assert_eq!(home.sign_batch(&all).unwrap(), (root, by));
    assert_eq!(home.lines(), written);
    // What is new in a tree is a line; what was said before stays where it stands.
    home.sign_batch(&[NEXT, about(6), STATEMENT]).unwrap();
    assert_eq!(home.lines()[0].lines().count(), 2);
    let journal = home.open(None).unwrap();
    for told in [STATEMENT, NEXT, about(5), about(6)] {
        assert_eq!(journal.said(&told, Way::Quorum), Some(&told));
        assert_eq!(journal.said(&told, Way::Cosigned), None);
    }
}

#[test]
fn a_second_statement_about_a_window_is_refused_on_either_way() {
    let home = Home::new();
    // A batch, then a statement.
    home.sign_batch(&[STATEMENT, NEXT]).unwrap();
    assert!(is_contradiction(home.sign(&OTHER)));
    home.sign(&STATEMENT).unwrap();
    // The cosigner's path is another one.
    let mut journal = home.open(None).unwrap();
    journal.sign(&OTHER, Way::Cosigned, &home.key).unwrap();
    drop(journal);
    // A statement, then a batch; nothing of the batch is written down.
    home.sign(&about(7)).unwrap();
    let written = home.lines();
    let second = Statement { window: 7, ..OTHER };
    for refused in [
        &[about(8), second][..],
        &[second],
        &[about(8), OTHER],
        // Two of its own.
        &[about(8), Statement { window: 8, ..OTHER }],
    ] {
        assert!(is_contradiction(home.sign_batch(refused)));
        assert_eq!(home.lines(), written);
    }
    home.sign_batch(&[about(7), about(8), about(8)]).unwrap();
    assert!(is_contradiction(
        home.sign(&Statement { window: 8, ..OTHER })
    ));
    // A batch, then a batch; and the other file alone tells it, too.
    fs::remove_file(&home.places()[0]).unwrap();
    let refused = home.sign_batch(&[about(9), Statement { window: 4, ..OTHER }]);
    assert!(is_contradiction(refused));
}

#[test]
fn a_signature_made_elsewhere_is_taken_for_a_batch_if_it_is_of_it() {
    let home = Home::new();
    let by = home.key.pubkey();
    let all = [STATEMENT, NEXT];
    let given = |statements: &[Statement]| {
        let mut other = Journal::in_memory(&by);
        let signed = other.sign_batch(&SET, statements, &home.key);
        signed.unwrap().1.signature
    };
    let mut journal = home.open(Some(&home.file)).unwrap();
    let refused = journal.take_batch(&SET, &all, given(&[NEXT]));
    assert!(matches!(refused, Err(NotJournalled::NotOfThis(_))));
    let one = STATEMENT.sign(Way::Quorum, &home.key).unwrap().signature;
    let refused = journal.take_batch(&SET, &[STATEMENT], one);
    assert!(matches!(refused, Err(NotJournalled::NotOfThis(_))));
    // Nothing that certainly was not signed stays.
    journal
        .sign_batch(&SET, &all, &NullSigner::new(&by))
        .unwrap_err();
    let odd = SignerError::PresignerError(PresignerError::VerificationFailure);
    let local = Asked::new(&home.key, false, Some(odd));
    journal.sign_batch(&SET, &all, &local).unwrap_err();
    assert_eq!(home.lines(), ["", ""]);
    journal.take_batch(&SET, &all, given(&all)).unwrap();
    drop(journal);
    assert!(is_contradiction(home.sign(&OTHER)));
    assert!(is_contradiction(
        home.sign(&Statement { window: 4, ..OTHER })
    ));
}

#[test]
fn a_wallet_that_may_have_signed_a_root_said_all_of_it() {
    let home = Home::new();
    let unsure = SignerError::UserCancel("no".to_owned());
    let wallet = Asked::new(&home.key, true, Some(unsure));
    let mut journal = home.open(None).unwrap();
    journal
        .sign_batch(&SET, &[STATEMENT, NEXT], &wallet)
        .unwrap_err();
    drop(journal);
    for other in [OTHER, Statement { window: 4, ..OTHER }] {
        let refused = home.sign_from(None, &other).unwrap_err().to_string();
        assert!(refused.contains("was asked to sign"), "{refused}");
    }
}

#[test]
fn a_tree_has_a_statement() {
    let home = Home::new();
    let refused = home.sign_batch(&[]);
    assert!(matches!(refused, Err(NotJournalled::NoTree(0))));
}

#[test]
fn whenever_a_process_is_killed_no_second_statement_is_signed_beside_a_batch() {
    for (file, all) in [(true, 14), (false, 7)] {
        let mut steps = 0;
        loop {
            let home = Home::new();
            let file = file.then_some(&*home.file);
            let asked = Asked::new(&home.key, false, None);
            home.sign_from(file, &STATEMENT).unwrap();
            let mut journal = home.open(file).unwrap();
            let tree = [STATEMENT, NEXT, about(5)];
            let done = killed_after(steps, || journal.sign_batch(&SET, &tree, &asked).unwrap());
            drop(journal);
            let other = |window| Statement { window, ..OTHER };
            let outcomes = [4, 5].map(|window| home.sign_from(file, &other(window)));
            assert!(is_contradiction(home.sign_from(file, &OTHER)));
            match outcomes {
                [Ok(_), Ok(_)] => assert_eq!(asked.times.get(), 0, "{steps}"),
                outcomes => {
                    assert!(outcomes.into_iter().all(is_contradiction), "{steps}");
                    let mut journal = home.open(file).unwrap();
                    journal.sign_batch(&SET, &tree, &home.key).unwrap();
                }
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
fn a_damaged_batch_stops_every_signature() {
    let home = Home::new();
    let notes = &home.places()[1];
    let signed = home
        .open(None)
        .unwrap()
        .sign_batch(&SET, &[STATEMENT, NEXT], &home.key);
    signed.unwrap();
    let text = fs::read_to_string(notes).unwrap();
    let mut damaged = vec![
        text.replacen("\"30\"", "\"31\"", 1),
        text.replacen("0909", "0908", 1),
        text.replacen("\"root\":\"", "\"root\":\"x", 1),
        text.replacen(&SET.to_string(), "nobody", 1),
        text.replacen("signed", "adding", 1) + &text,
        text.repeat(2),
    ];
    // Whole once, and cut since.
    let word = line::WORD_AT + Stage::Signed.word().len();
    damaged.extend(
        [word, word + 20, text.len() / 2, text.len() - 2].map(|len| text[..len].to_owned()),
    );
    for damaged in damaged {
        fs::write(notes, &damaged).unwrap();
        for statement in [STATEMENT, OTHER, about(5)] {
            let refused = home.sign_from(None, &statement);
            assert!(
                matches!(refused, Err(NotJournalled::Damaged { .. })),
                "{damaged}: {refused:?}"
            );
        }
    }
    // Torn while it was written: nobody was asked.
    let adding = text.replacen("signed", "adding", 1);
    for len in [word, text.len() / 2, text.len()] {
        fs::write(notes, &adding[..len]).unwrap();
        home.sign_from(None, &OTHER).unwrap();
    }
}
