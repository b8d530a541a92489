//! What is sent, how often, and what a later run learns of it.

use {
    super::scripted::{Fate, Scripted, Site},
    crate::{
        error::ClientError,
        ledger::Outcome,
        send::{Became, Error, Plan},
    },
    solana_address::Address,
    solana_hash::Hash,
    solana_instruction::{AccountMeta, Instruction},
    solana_signer::null_signer::NullSigner,
    solana_transaction_error::TransactionError,
    std::{rc::Rc, time::Duration},
};

const RESULT: &str = "the job is paid";

fn plan() -> Plan {
    Plan::of(Instruction {
        program_id: sluice::ID,
        accounts: vec![],
        data: vec![26],
    })
}

/// A run whose transaction was lost sight of, its only one or a step among several.
fn lost(site: &Site, in_steps: bool) -> Scripted {
    let mut ledger = Scripted::new([Fate::IsLost]);
    let mut journal = site.journal();
    journal.in_steps(in_steps);
    let sent = site
        .envelope
        .send(&mut ledger, &mut journal, &site.keys, plan(), &RESULT);
    assert!(matches!(
        sent,
        Err(Error::Client(ClientError::Unknown { .. }))
    ));
    assert!(journal.is_in_doubt());
    journal.close();
    ledger
}

/// What expires is not signed again, and goes out as it is.
fn is_sent_once(site: &Site) {
    let mut ledger = Scripted::new([Fate::Expires]);
    let mut journal = site.journal();
    let sent = site
        .envelope
        .send(&mut ledger, &mut journal, &site.keys, plan(), &RESULT);
    assert!(matches!(sent, Err(Error::Client(ClientError::Expired(_)))));
    assert_eq!((ledger.sent.len(), ledger.resent), (1, 1));
}

/// What the next run learns.
fn learns(site: &Site, ledger: &mut Scripted) -> Result<Became<String>, Error> {
    let mut journal = site.journal();
    assert!(journal.has_any());
    let left = journal.left::<String>(ledger, &site.keys)?.unwrap();
    let became = left.settle(ledger, &mut journal);
    assert_eq!(journal.is_in_doubt(), became.is_err());
    journal.close();
    became
}

#[test]
fn what_expired_is_signed_anew_with_another_blockhash() {
    let site = Site::new();
    let mut ledger = Scripted::new([Fate::Expires, Fate::Lands]);
    let mut journal = site.journal();
    let receipt = site
        .envelope
        .send(&mut ledger, &mut journal, &site.keys, plan(), &RESULT)
        .unwrap();
    let [first, second] = ledger.sent[..] else {
        panic!("{:?}", ledger.sent);
    };
    assert_ne!(first, second);
    assert_eq!(receipt.signature, second);
    // The note is of the second, and goes once its result is told.
    let note = std::fs::read_to_string(site.note()).unwrap();
    assert!(note.contains(&second.to_string()), "{note}");
    journal.close();
    assert!(!site.has_notes());
}

#[test]
fn what_is_submitted_without_a_note_is_signed_once_and_told_when_it_is_lost() {
    let site = Site::new();
    let plan = plan();
    let submit = |ledger: &mut Scripted| {
        let prepared = site.envelope.prepare(ledger, &plan)?;
        prepared.sign()?.submit(ledger, Duration::from_secs(1))
    };
    let mut ledger = Scripted::new([Fate::Lands]);
    assert_eq!(submit(&mut ledger).unwrap().signature, ledger.sent[0]);
    let mut ledger = Scripted::new([Fate::Expires, Fate::Lands]);
    assert!(matches!(
        submit(&mut ledger),
        Err(Error::Client(ClientError::Expired(_)))
    ));
    assert_eq!(ledger.sent.len(), 1);
    let mut ledger = Scripted::new([Fate::IsLost]);
    assert!(matches!(
        submit(&mut ledger),
        Err(Error::Client(ClientError::Unknown { .. }))
    ));
    assert_eq!((ledger.sent.len(), site.has_notes()), (1, false));
}

#[test]
fn what_was_signed_apart_is_sent_once_and_by_others_too() {
    let mut site = Site::new();
    site.envelope.is_signed_apart = true;
    is_sent_once(&site);
}

#[test]
fn what_a_key_has_still_to_sign_is_neither_noted_nor_sent() {
    let mut site = Site::new();
    let absent = Address::new_from_array([7; 32]);
    let mut plan = plan();
    for one in &mut plan.instructions {
        one.accounts.push(AccountMeta::new_readonly(absent, true));
    }
    plan.signers.push(Rc::new(NullSigner::new(&absent)));
    for is_signed_apart in [false, true] {
        site.envelope.is_signed_apart = is_signed_apart;
        let mut ledger = Scripted::new([]);
        let mut journal = site.journal();
        let sent = site
            .envelope
            .send(&mut ledger, &mut journal, &site.keys, plan.clone(), &RESULT);
        let Err(Error::NotSigned(keys)) = sent else {
            panic!("it was sent");
        };
        assert_eq!(keys, [absent]);
        assert!(ledger.sent.is_empty() && !site.has_notes());
    }
}

#[test]
fn what_has_a_blockhash_of_its_own_is_not_signed_again() {
    let mut site = Site::new();
    site.envelope.blockhash = Some(Hash::new_from_array([9; 32]));
    is_sent_once(&site);
}

#[test]
fn nothing_is_sent_after_a_transaction_in_doubt() {
    let site = Site::new();
    let mut ledger = Scripted::new([Fate::IsLost]);
    let mut journal = site.journal();
    for _ in 0..2 {
        let _ = site
            .envelope
            .send(&mut ledger, &mut journal, &site.keys, plan(), &RESULT);
    }
    assert_eq!(ledger.sent.len(), 1);
    assert!(matches!(journal.require_no_doubt(), Err(Error::InDoubt)));
}

#[test]
fn a_fee_above_the_limit_is_not_paid() {
    let mut site = Site::new();
    site.envelope.max_fee = Some(4_999);
    let mut ledger = Scripted::new([]);
    let mut journal = site.journal();
    let sent = site
        .envelope
        .send(&mut ledger, &mut journal, &site.keys, plan(), &RESULT);
    let Err(Error::FeeAboveLimit { fee, most }) = sent else {
        panic!("it was sent");
    };
    assert_eq!((fee, most, ledger.sent.len()), (5_000, 4_999, 0));
}

#[test]
fn what_landed_is_told_by_the_next_run_and_not_sent_again() {
    let site = Site::new();
    let mut ledger = lost(&site, false);
    ledger.outcome = Outcome::Landed;
    let Became::Done {
        signature,
        age,
        result,
        ..
    } = learns(&site, &mut ledger).unwrap()
    else {
        panic!("it was not told");
    };
    assert_eq!((result.as_str(), signature), (RESULT, ledger.sent[0]));
    assert!((0..60).contains(&age));
    assert_eq!(ledger.sent.len(), 1);
    assert!(!site.has_notes());
}

#[test]
fn what_can_still_land_goes_out_again_as_it_is() {
    let site = Site::new();
    let mut ledger = lost(&site, false);
    let became = learns(&site, &mut ledger).unwrap();
    assert!(matches!(became, Became::Done { .. }));
    assert_eq!(ledger.sent[0], ledger.sent[1]);
}

#[test]
fn what_failed_or_expired_changed_nothing() {
    let failed = Outcome::Failed(TransactionError::AccountInUse);
    for outcome in [failed, Outcome::Expired] {
        let site = Site::new();
        let mut ledger = lost(&site, false);
        ledger.outcome = outcome;
        let became = learns(&site, &mut ledger).unwrap();
        assert!(matches!(became, Became::Undone));
        assert!(!site.has_notes());
    }
    // It could still land when it was looked up, and did not.
    let site = Site::new();
    let mut ledger = lost(&site, false);
    ledger.fates.push_back(Fate::Expires);
    let became = learns(&site, &mut ledger).unwrap();
    assert!(matches!(became, Became::Undone));
}

#[test]
fn a_step_that_landed_leaves_the_rest_to_the_next_run() {
    let site = Site::new();
    let mut ledger = lost(&site, true);
    ledger.outcome = Outcome::Landed;
    let became = learns(&site, &mut ledger).unwrap();
    assert!(matches!(became, Became::Step));
    assert!(!site.has_notes());
}

#[test]
fn what_stays_unknown_keeps_its_note() {
    let site = Site::new();
    let mut ledger = lost(&site, false);
    ledger.fates.push_back(Fate::IsLost);
    assert!(learns(&site, &mut ledger).is_err());
    assert!(site.has_notes());
}
