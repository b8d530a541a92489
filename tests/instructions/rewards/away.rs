//! A provider that nobody looked after for a year loses nothing, and is caught up with in one transaction.

use {
    sluice_client::{Ledger, address, ledger::MAX_TRANSACTION},
    sluice_tests::world::{Stage, budget},
    solana_instruction::Instruction,
};

/// Epochs of 97 seconds in a year.
const YEAR: u64 = 365 * 86_400 / 97;

/// Work of 5 and 6 units at odd commissions in epochs 1 and 2, and a year later another 25 units that were credited and not
/// reported. A second earner opens the epoch of the return, if `open`.
fn away(node_cap: u64, open: bool) -> Stage {
    let mut stage = Stage::ready(&[&[5, 6, 25], &[1]], |terms| {
        (terms.end_at, terms.node_cap) = (terms.start_at + 9 * 365 * 86_400, node_cap);
    });
    stage.open_dividends(0);
    stage.commission(0, 6_999);
    stage.work(0, 0);
    stage.enter(2);
    stage.commission(0, 3_333);
    stage.work(0, 1);
    stage.enter(YEAR);
    stage.world.advance(31);
    stage.credit(0, 2);
    if open {
        stage.work(1, 0);
    }
    stage
}

/// What catches up with the first earner: a claim and a payment of delegators from both epochs, two folds and a report.
fn catching_up(stage: &Stage) -> [Instruction; 5] {
    let both = [stage.claim_ix(0), stage.pay_ix(0)];
    // The even epoch's slot comes first.
    let epochs = [2, 1].map(|index| address::epoch(&stage.pool, index));
    for draw in &both {
        let given: Vec<_> = draw.accounts[2..4].iter().map(|meta| meta.pubkey).collect();
        assert_eq!(given, epochs);
    }
    let [claim, pay] = both;
    let (first, second) = (stage.fold_ix(0, 1), stage.fold_ix(0, 2));
    [claim, pay, first, second, stage.report_ix(0)]
}

/// Delegators' parts of both epochs: 3,001 and 6,667 in 10,000 of 1,000,003.
const DELEGATORS: u64 = 300_100 + 666_702;

#[test]
fn a_year_away_is_caught_up_with_in_one_transaction_of_five() {
    // With the epoch open, and by opening it.
    for (open, bytes) in [(true, 692), (false, 734)] {
        let mut stage = away(u64::MAX, open);
        let all = catching_up(&stage);
        let size = stage.world.bytes_with_budget(&all);
        assert_eq!(size, bytes, "epoch open: {open}");
        assert!(size <= MAX_TRANSACTION);
        stage.world.ok(&[&budget()[..], &all].concat(), &[]);

        assert_eq!(stage.held(0), 2 * 1_000_003 - DELEGATORS);
        assert_eq!(stage.dividends(0), DELEGATORS);
        let share = stage.share(0);
        assert_eq!(
            (share.earned, share.claimed),
            (stage.held(0), stage.held(0))
        );
        assert_eq!(
            (share.delegators_earned, share.delegators_claimed),
            (DELEGATORS, DELEGATORS)
        );
        // All that was credited while it was away counts now.
        let slot = share.slots[YEAR as usize % 2];
        assert_eq!((slot.epoch(), slot.units, share.seen), (Some(YEAR), 25, 36));
        assert_eq!(stage.epoch(YEAR).total_units, 25 + u64::from(open));
        let other = share.slots[(YEAR as usize + 1) % 2];
        assert_eq!(other.epoch(), None);
        stage.close_epoch(1);
        stage.close_epoch(2);
        stage.balanced();
    }
}

#[test]
fn claims_before_or_after_folds_lose_nothing() {
    let mut stage = away(u64::MAX, true);
    let all = catching_up(&stage);
    let [claim, pay, first, second, report] = &all;
    // Folds free the slots before the claim looks at them; the pool owes the same.
    let order = [second, first, report, pay, claim].map(Clone::clone);
    stage.world.ok(&[&budget()[..], &order].concat(), &[]);
    assert_eq!(
        (stage.held(0), stage.dividends(0)),
        (2 * 1_000_003 - DELEGATORS, DELEGATORS)
    );
    stage.balanced();
}

#[test]
fn a_backlog_above_the_node_cap_counts_at_the_cap_in_each_epoch_until_it_is_gone() {
    let mut stage = away(10, true);
    let all = catching_up(&stage);
    stage.world.ok(&[&budget()[..], &all].concat(), &[]);
    let full = stage.report_ix(0);
    stage.refused(&full, "NothingToReport");
    let mut counted = vec![stage.share(0).slots[YEAR as usize % 2].units];
    for index in YEAR + 1..YEAR + 3 {
        stage.enter(index);
        if index == YEAR + 2 {
            stage.fold(0, YEAR);
        }
        stage.report(0);
        counted.push(stage.share(0).slots[index as usize % 2].units);
        stage.refused(&stage.report_ix(0).clone(), "NothingToReport");
    }
    assert_eq!(counted, [10, 10, 5]);
    let units = stage.world.node_state(&stage.earners[0].node).units;
    assert_eq!(stage.share(0).seen, units);
}

#[test]
fn a_report_waits_for_the_fold_of_its_slot_only() {
    let mut stage = away(u64::MAX, true);
    let report = stage.report_ix(0);
    stage.refused(&report, "SlotNotFolded");
    // The epoch of the return is an odd or an even one, like the one it waits for.
    let (same, other) = if YEAR % 2 == 1 { (1, 2) } else { (2, 1) };
    stage.fold(0, other);
    stage.refused(&report, "SlotNotFolded");
    stage.fold(0, same);
    stage.world.ok(&[report], &[]);
}

#[test]
fn a_stranger_catches_up_for_the_provider() {
    let mut stage = away(u64::MAX, true);
    let stranger = stage.world.party();
    let all = catching_up(&stage);
    assert!(
        all.iter()
            .flat_map(|one| &one.accounts)
            .all(|meta| !meta.is_signer)
    );
    let all = [&budget()[..], &all].concat();
    stage.world.chain.send(&all, &stranger, &[]).unwrap();
    assert_eq!(stage.held(0), 2 * 1_000_003 - DELEGATORS);
}
