//! Steps that share transactions, and steps that are refused.

use super::*;

#[test]
fn a_refused_step_holds_up_no_other_and_waits_until_its_account_changes() {
    let mut site = Site::new();
    refusing(&mut site.ledger, 2);
    let (mut purse, mut steps) = (site.purse(u64::MAX), Steps::default());
    let mut turn = |ledger: &mut Fake, now| {
        let due = [1, 2, 3].map(step).into();
        told(&steps.send(ledger, &mut purse, Priority::Routine, now, due))
    };
    let [one, two, three] = [1, 2, 3].map(account);
    let all = [(one, true), (two, false), (three, true)];
    assert_eq!(turn(&mut site.ledger, 0), all);
    // Only the others share a transaction from now on.
    let simulated = site.ledger.simulated.get();
    assert_eq!(turn(&mut site.ledger, 60), [(one, true), (three, true)]);
    assert_eq!(site.ledger.simulated.get(), simulated + 1);
    site.ledger
        .accounts
        .insert(two, sluice_client::Account::default());
    assert_eq!(turn(&mut site.ledger, 120), all);
    assert_eq!(turn(&mut site.ledger, 180).len(), 2);
    // Time may have been the reason.
    assert_eq!(turn(&mut site.ledger, 120 + 6 * 3_600 - 1).len(), 2);
    refusing(&mut site.ledger, 9);
    let sent = [(one, true), (two, true), (three, true)];
    assert_eq!(turn(&mut site.ledger, 120 + 6 * 3_600), sent);
    assert_eq!(turn(&mut site.ledger, 120 + 6 * 3_600), sent);
}

#[test]
fn a_step_that_is_too_dear_holds_up_no_cheaper_one() {
    let mut site = Site::new();
    let (mut purse, mut steps) = (site.purse(4 * FEE), Steps::default());
    let mut dear = step(1);
    dear.plan = dear.plan.creating(165);
    let done = steps.send(
        &mut site.ledger,
        &mut purse,
        Priority::Routine,
        0,
        vec![dear, step(2)],
    );
    assert_eq!(told(&done), [(account(1), false), (account(2), true)]);
    let withheld: Vec<_> = steps
        .withheld()
        .map(|(name, about, _)| (name, *about))
        .collect();
    assert_eq!(withheld, [("pay", account(1))]);
    // It was not refused: with more to spend it is sent at once.
    let mut purse = site.purse(u64::MAX);
    let mut dear = step(1);
    dear.plan = dear.plan.creating(165);
    let done = steps.send(
        &mut site.ledger,
        &mut purse,
        Priority::Routine,
        1,
        vec![dear],
    );
    assert_eq!(told(&done), [(account(1), true)]);
    assert!(!steps.is_withheld(&account(1), "pay"));
}

#[test]
fn nothing_more_is_sent_after_what_is_lost_sight_of() {
    let mut site = Site::new();
    site.ledger.fates = [Fate::IsLost].into();
    let (mut purse, mut steps) = (site.purse(u64::MAX), Steps::default());
    // More steps than fit one transaction.
    let due: Vec<Step> = (1..=80).map(step).collect();
    let done = steps.send(&mut site.ledger, &mut purse, Priority::Routine, 0, due);
    assert!(!done.is_empty() && done.len() < 80);
    assert!(done.iter().all(|one| one.result.is_err()) && site.ledger.sent.is_empty());
    let due: Vec<Step> = (1..=80).map(step).collect();
    let done = steps.send(&mut site.ledger, &mut purse, Priority::Routine, 0, due);
    assert!(done.len() == 80 && done.iter().all(|one| one.result.is_ok()));
    assert!(site.ledger.sent.len() > 1);
}
