//! What a purse allows, whatever happens in between.

use {super::*, proptest::prelude::*};

#[test]
fn the_bound_of_a_day_holds_across_restarts() {
    let mut site = Site::new();
    for sent in 0..4 {
        assert_eq!(
            site.purse(4 * FEE).left(Priority::Vital, 0).unwrap(),
            (4 - sent) * FEE
        );
        let sent = site
            .purse(4 * FEE)
            .send(&mut site.ledger, &plan(1), Priority::Vital, 0);
        assert_eq!(sent.unwrap().lamports, FEE);
    }
    let asked = site.ledger.asked.get();
    let over = site
        .purse(4 * FEE)
        .send(&mut site.ledger, &plan(1), Priority::Vital, 0);
    assert!(matches!(
        over,
        Err(NotSent::OverBudget {
            spent: 20_000,
            needed: FEE,
            most: 20_000
        })
    ));
    // And nobody was asked for what cannot be.
    assert_eq!(
        (site.ledger.asked.get(), site.ledger.sent.len()),
        (asked, 4)
    );
}

#[test]
fn a_day_begins_with_the_chains_day_and_before_1970_too() {
    let mut site = Site::new();
    let mut purse = site.purse(FEE);
    for (now, day) in [
        (DAY - 1, 0),
        (DAY, 1),
        (2 * DAY - 1, 1),
        (-1, -1),
        (-DAY, -1),
        (-DAY - 1, -2),
    ] {
        let had = site.spent(day);
        let sent = purse.send(&mut site.ledger, &plan(1), Priority::Vital, now);
        assert_eq!(sent.is_ok(), had == 0, "{now}");
        assert_eq!(site.spent(day), FEE, "{now}");
    }
    for now in [i64::MIN, i64::MAX] {
        assert!(
            purse
                .send(&mut site.ledger, &plan(1), Priority::Vital, now)
                .is_ok()
        );
    }
}

#[test]
fn routine_stops_at_three_quarters_of_the_bound_while_proofs_go_on() {
    let mut site = Site::new();
    let mut purse = site.purse(4 * FEE);
    let mut send = |priority| purse.send(&mut site.ledger, &plan(1), priority, 0).is_ok();
    let (vital, routine) = (Priority::Vital, Priority::Routine);
    assert!(send(routine) && send(vital) && send(routine));
    assert!(!send(routine) && send(vital));
    assert!(!send(vital));
}

#[test]
fn three_quarters_of_any_bound_never_exceed_it() {
    let site = Site::new();
    for (bound, routine) in [
        (0, 0),
        (1, 0),
        (3, 2),
        (4, 3),
        (5, 3),
        (u64::MAX, u64::MAX / 4 * 3 + 2),
    ] {
        let purse = site.purse(bound);
        assert_eq!(purse.left(Priority::Vital, 0).unwrap(), bound);
        assert_eq!(purse.left(Priority::Routine, 0).unwrap(), routine);
    }
    site.table.days.borrow_mut().insert(0, u64::MAX);
    assert_eq!(site.purse(7).left(Priority::Vital, 0).unwrap(), 0);
}

#[test]
fn rent_counts_with_the_fee() {
    let mut site = Site::new();
    let rent = (165 + 128) * 6_960;
    let opens = plan(1).creating(165);
    let over = site
        .purse(rent + FEE - 1)
        .send(&mut site.ledger, &opens, Priority::Vital, 0);
    assert!(matches!(over, Err(NotSent::OverBudget { spent: 0, .. })));
    assert_eq!((site.spent(0), site.ledger.sent.len()), (0, 0));
    let sent = site
        .purse(rent + FEE)
        .send(&mut site.ledger, &opens, Priority::Vital, 0);
    assert_eq!(sent.unwrap().lamports, rent + FEE);
    assert_eq!(site.spent(0), rent + FEE);
}

#[test]
fn a_process_that_dies_before_it_sends_has_counted_the_fee() {
    let mut site = Site::new();
    site.table.dies.set(true);
    for _ in 0..2 {
        let died = site
            .purse(3 * FEE)
            .send(&mut site.ledger, &plan(1), Priority::Vital, 0);
        assert!(matches!(died, Err(NotSent::Books(_))));
    }
    site.table.dies.set(false);
    let sent = |site: &mut Site| {
        let mut purse = site.purse(3 * FEE);
        purse
            .send(&mut site.ledger, &plan(1), Priority::Vital, 0)
            .is_ok()
    };
    assert!(sent(&mut site) && !sent(&mut site));
    assert_eq!(site.ledger.sent.len(), 1);
}

#[test]
fn what_cannot_be_written_down_is_not_sent() {
    let mut site = Site::new();
    site.table.is_full.set(true);
    let sent = site
        .purse(u64::MAX)
        .send(&mut site.ledger, &plan(1), Priority::Vital, 0);
    assert!(matches!(&sent, Err(error @ NotSent::Books(_)) if error.stops_all()));
    assert!(site.ledger.sent.is_empty());
}

#[test]
fn what_a_simulation_refuses_costs_nothing_and_is_told_by_name() {
    let mut site = Site::new();
    refusing(&mut site.ledger, 1);
    let mut purse = site.purse(FEE);
    let refused = purse
        .send(&mut site.ledger, &plan(1), Priority::Vital, 0)
        .unwrap_err();
    assert!(matches!(refused, NotSent::Refused(_)) && !refused.stops_all());
    assert_eq!(refused.program_error(), Some("Paused"));
    assert!(refused.to_string().ends_with("(Paused)"), "{refused}");
    assert_eq!((site.spent(0), site.ledger.sent.len()), (0, 0));
}

#[test]
fn what_is_lost_is_told_as_unknown_and_counted() {
    let mut site = Site::new();
    site.ledger.fates = [Fate::IsLost].into();
    let mut purse = site.purse(2 * FEE);
    let lost = purse
        .send(&mut site.ledger, &plan(1), Priority::Vital, 0)
        .unwrap_err();
    assert!(matches!(lost, NotSent::Unknown { .. }) && lost.stops_all());
    assert!(
        lost.to_string().ends_with(r"nobody answered\u{202e}"),
        "{lost}"
    );
    assert_eq!(site.spent(0), FEE);
}

#[test]
fn what_expires_is_told_at_once_and_counted() {
    let mut site = Site::new();
    site.ledger.fates = [Fate::Expires, Fate::Lands].into();
    let mut purse = site.purse(2 * FEE);
    let mut send = |site: &mut Site| purse.send(&mut site.ledger, &plan(1), Priority::Vital, 0);
    // Whoever waits for a second signature holds up everything else.
    assert!(matches!(send(&mut site), Err(NotSent::Failed(_))));
    assert_eq!((site.ledger.sent.len(), site.spent(0)), (0, FEE));
    assert!(send(&mut site).is_ok());
    assert_eq!(site.spent(0), 2 * FEE);
}

#[test]
fn a_silent_node_and_a_poor_payer_are_not_the_plans_fault() {
    let mut site = Site::new();
    let mut purse = site.purse(u64::MAX);
    site.ledger.is_silent.set(true);
    let silent = purse
        .send(&mut site.ledger, &plan(1), Priority::Vital, 0)
        .unwrap_err();
    assert!(matches!(silent, NotSent::Failed(_)) && silent.stops_all());
    site.ledger.is_silent.set(false);
    site.ledger.accounts.clear();
    let poor = purse
        .send(&mut site.ledger, &plan(1), Priority::Vital, 0)
        .unwrap_err();
    assert!(matches!(
        poor,
        NotSent::LacksLamports {
            held: 0,
            needed: FEE
        }
    ));
    assert_eq!(site.spent(0), 0);
}

#[test]
fn only_proofs_offer_the_unit_price() {
    let mut site = Site::new();
    let spent = Box::new(site.table.clone());
    let mut purse = Purse::new(Key::clone(&site.key), 1_000, u64::MAX, spent);
    for priority in [Priority::Vital, Priority::Routine] {
        purse.send(&mut site.ledger, &plan(1), priority, 0).unwrap();
    }
    // Number 3 of the compute budget's program.
    let offers = |sent| {
        calls(sent)
            .iter()
            .any(|(_, _, data)| data[0] == 3 && data.len() == 9)
    };
    let [proof, routine] = &site.ledger.sent[..] else {
        panic!("not two");
    };
    assert!(offers(proof) && !offers(routine));
}

#[derive(Clone, Copy, Debug)]
struct Event {
    priority: Priority,
    opens: bool,
    dies: bool,
    fate: Fate,
    day: i64,
}

fn event() -> impl Strategy<Value = Event> {
    let priority = prop_oneof![Just(Priority::Vital), Just(Priority::Routine)];
    let fate = prop_oneof![Just(Fate::Lands), Just(Fate::IsLost)];
    (
        priority,
        any::<bool>(),
        prop::bool::weighted(0.2),
        fate,
        0..2i64,
    )
        .prop_map(|(priority, opens, dies, fate, day)| Event {
            priority,
            opens,
            dies,
            fate,
            day,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_run_of_crashes_and_losses_spends_more_than_the_bound(
        bound in 0u64..5_000_000,
        events in prop::collection::vec(event(), 0..40),
    ) {
        let mut site = Site::new();
        let mut went_out = [0u64; 2];
        for Event { priority, opens, dies, fate, day } in events {
            site.table.dies.set(dies);
            site.ledger.fates = [fate].into();
            // Another process each time.
            let mut purse = site.purse(bound);
            let one = if opens { plan(1).creating(0) } else { plan(1) };
            let cost = FEE + u64::from(opens) * 128 * 6_960;
            let sent = purse.send(&mut site.ledger, &one, priority, day * DAY);
            let total = &mut went_out[usize::try_from(day).unwrap()];
            if matches!(sent, Ok(_) | Err(NotSent::Unknown { .. })) {
                *total += cost;
                let most = if priority == Priority::Routine { bound / 4 * 3 + 3 } else { bound };
                prop_assert!(*total <= most.min(bound));
            }
            prop_assert!(*total <= site.spent(day) && site.spent(day) <= bound);
        }
    }
}
