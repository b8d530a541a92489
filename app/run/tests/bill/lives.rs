//! Jobs from their opening on, at addresses of their own and one after another.

use {
    crate::{
        cells, empty, lamports, part, read, sent, statement, top_up,
        world::{CAP, FUNDS, HOUR, PRICE, World},
    },
    sluice_client::{Address, Signature, Signer},
    sluice_run::bill::{Bill, Error, Part, Rate, Units},
    std::collections::BTreeSet,
};

const TOP_UP: u64 = 1_000;

/// A job that is closed, with a top-up, and one that goes on; a third, which is no part of the run, in between.
fn run() -> (World, [Address; 3], u64) {
    let mut world = World::new();
    let offer = world.offer();
    let before = lamports(&world, &world.buyer);
    let first = world.take(&offer, 1);
    top_up(&mut world, &first, TOP_UP);
    let other = world.take(&offer, 2);
    world.work(&first);
    empty(&mut world, &first);
    let second = world.take(&offer, 3);
    (world, [first, second, other], before)
}

fn numbers(value: &serde_json::Value, found: &mut Vec<serde_json::Number>) {
    match value {
        serde_json::Value::Number(number) => found.push(number.clone()),
        serde_json::Value::Array(all) => all.iter().for_each(|one| numbers(one, found)),
        serde_json::Value::Object(all) => all.values().for_each(|one| numbers(one, found)),
        _ => {}
    }
}

#[test]
fn a_closed_job_comes_to_what_the_chain_moved() {
    let (world, [first, second, _], _) = run();
    let bill = read(&world, &[part(&world, &first, 7), part(&world, &second, 0)]);
    let [closed, going] = &bill.jobs[..] else {
        panic!("{:?}", bill.jobs);
    };
    let figures = closed.figures;
    let gross = CAP * PRICE;
    assert_eq!((figures.deposited, figures.topped_up), (FUNDS, TOP_UP));
    assert_eq!(figures.paid, world.held(&world.owner.pubkey()));
    assert_eq!(figures.network_fee, world.held(&world.treasury));
    assert_eq!(figures.attestation_fee, world.held(&world.fee_owner));
    assert_eq!(figures.cost(), Some(gross));
    assert_eq!(figures.refunded, FUNDS + TOP_UP - gross);
    assert_eq!((figures.unseen, figures.in_escrow), (0, 0));
    let units = Units {
        proven: CAP,
        void: 0,
        paid: CAP,
    };
    assert_eq!((figures.units, closed.left), (units, None));

    assert_eq!((going.figures.in_escrow, going.figures.paid), (FUNDS, 0));
    assert_eq!(bill.total.deposited, 2 * FUNDS);
    assert!(bill.total.is_balanced());
    let rate = bill.per_chunk.unwrap();
    let exact = Rate {
        price: gross,
        per: 7,
    };
    assert_eq!((rate, rate.each()), (exact, gross.div_ceil(7)));
    assert_eq!(bill.mint, Some(world.ledger.mint.address));
    assert_eq!((bill.decimals, bill.chunks_done), (6, 7));
    assert_eq!(bill.untold, []);
}

#[test]
fn the_rows_are_those_of_the_statement_in_its_order_with_its_balances() {
    let (world, [first, second, other], _) = run();
    // In another order than the statement's.
    let bill = read(&world, &[part(&world, &second, 1), part(&world, &first, 1)]);
    let lines = statement(&world);
    let own = lines.iter().filter(|line| line.row.account != other);
    assert_eq!(cells(&bill.lines), cells(own));
    assert_eq!((lines.len(), bill.lines.len()), (8, 7));
    // The other job's escrow is in the balance, as the statement has it.
    let last = bill.lines.last().unwrap();
    assert_eq!((last.row.account, last.balance), (second, 2 * FUNDS));
    let all = read(
        &world,
        &[first, second, other].map(|job| part(&world, &job, 1)),
    );
    assert_eq!(cells(&all.lines), cells(&lines));
}

#[test]
fn fees_and_rent_are_what_the_buyers_key_paid() {
    let (world, [first, second, other], before) = run();
    let parts = [first, second, other].map(|job| part(&world, &job, 1));
    let bill = read(&world, &parts);
    let spent = before - lamports(&world, &world.buyer);
    let rent = bill.lamports.rent;
    assert_eq!(spent, bill.lamports.fees + rent.locked - rent.returned);
    assert!(bill.lamports.fees >= 4 * 5_000);
    let [closed, going, _] = &bill.jobs[..] else {
        panic!("{:?}", bill.jobs);
    };
    assert!(closed.rent.locked > 0 && closed.rent.locked == closed.rent.returned);
    assert_eq!(going.rent.locked, closed.rent.locked);
    assert_eq!(going.rent.returned, 0);
}

#[test]
fn what_is_left_of_a_job_is_told_with_its_dates() {
    let (mut world, [_, job, _], _) = run();
    world.ledger.chain.advance(HOUR.into());
    world.prove(&job, 0, 40);
    let bill = read(&world, &[part(&world, &job, 4)]);
    let (charge, account) = (&bill.jobs[0], world.job(&job));
    let left = charge.left.unwrap();
    assert_eq!((left.state, left.end_at), ("active", account.end_at));
    assert!(left.settles_at.unwrap() >= account.end_at + i64::from(HOUR));
    assert!(left.matures_at.unwrap() > world.ledger.chain.now());
    assert_eq!((left.owed, charge.figures.in_escrow), (0, FUNDS));
    assert_eq!(left.pending, 40 * PRICE * 9_850 / 10_000);
    assert_eq!(
        (charge.figures.units.proven, charge.figures.units.paid),
        (40, 0)
    );
    // Two windows more, and what the deposit has beyond three is refundable.
    assert_eq!(left.at_risk, 2 * CAP * PRICE);
    assert_eq!(left.refundable, FUNDS - left.at_risk - 40 * PRICE);
}

#[test]
fn of_two_jobs_at_an_address_only_the_runs_own_is_billed() {
    let mut world = World::new();
    let offer = world.offer();
    let job = world.take(&offer, 1);
    let first = world.job(&job).incarnation;
    let early = sent(&world);
    world.work(&job);
    empty(&mut world, &job);
    world.take(&offer, 1);
    let second = world.job(&job).incarnation;
    top_up(&mut world, &job, TOP_UP);
    let lines = statement(&world);
    let buyer = world.buyer.pubkey();
    let of = |incarnation, signatures: &[Signature]| {
        let part = Part {
            incarnation,
            ..part(&world, &job, 2)
        };
        Bill::read(&world.ledger, &buyer, &[part], signatures)
    };

    let late: Vec<Signature> = sent(&world)
        .into_iter()
        .filter(|one| !early.contains(one))
        .collect();
    for bill in [of(Some(first), &[]), of(None, &early)] {
        let bill = bill.unwrap();
        assert_eq!(bill.jobs[0].incarnation, first);
        assert_eq!(cells(&bill.lines), cells(&lines[..5]));
        let figures = bill.total;
        assert_eq!((figures.deposited, figures.topped_up), (FUNDS, 0));
        assert_eq!((figures.in_escrow, figures.units.paid), (0, CAP));
        assert_eq!(bill.jobs[0].left, None);
        assert_eq!(bill.lamports.rent.locked, bill.lamports.rent.returned);
        assert_eq!(bill.lamports.fees, 5_000);
    }
    for bill in [of(Some(second), &[]), of(None, &late)] {
        let bill = bill.unwrap();
        assert_eq!(cells(&bill.lines), cells(&lines[5..]));
        let figures = bill.total;
        assert_eq!((figures.deposited, figures.topped_up), (FUNDS, TOP_UP));
        assert_eq!(
            (figures.in_escrow, figures.units),
            (FUNDS + TOP_UP, Units::default())
        );
        assert_eq!(
            (bill.lamports.rent.returned, bill.lamports.fees),
            (0, 10_000)
        );
    }
    // Both are in a bill of both.
    let both = [Some(first), Some(second)].map(|incarnation| Part {
        incarnation,
        ..part(&world, &job, 2)
    });
    let bill = Bill::read(&world.ledger, &buyer, &both, &[]).unwrap();
    assert_eq!(cells(&bill.lines), cells(&lines));
    // Nobody opened one there in another slot, or in transactions that are not the run's.
    for none in [of(Some(first + 1), &early), of(None, &[])] {
        assert!(matches!(none, Err(Error::NotOpened(address)) if address == job));
    }
}

#[test]
fn a_job_is_not_billed_twice() {
    let (world, [first, ..], _) = run();
    let parts = [part(&world, &first, 1); 2];
    let buyer = world.buyer.pubkey();
    let told = Bill::read(&world.ledger, &buyer, &parts, &sent(&world));
    assert!(matches!(told, Err(Error::Twice(address)) if address == first));
}

#[test]
fn a_run_without_jobs_costs_nothing() {
    let world = World::new();
    let bill = Bill::read(&world.ledger, &world.buyer.pubkey(), &[], &[]).unwrap();
    assert_eq!((bill.mint, bill.per_chunk), (None, None));
    assert_eq!(bill.total.cost(), Some(0));
}

#[test]
fn a_signature_that_never_landed_costs_nothing_and_one_kept_twice_costs_once() {
    let (world, [first, ..], _) = run();
    let parts = [part(&world, &first, 1)];
    let once = read(&world, &parts);
    let mut signatures = [sent(&world), sent(&world)].concat();
    signatures.push(Signature::from([9; 64]));
    let buyer = world.buyer.pubkey();
    let again = Bill::read(&world.ledger, &buyer, &parts, &signatures).unwrap();
    assert_eq!(once, again);
}

#[test]
fn a_cut_log_hides_units_and_no_money() {
    let (mut world, [first, second, _], _) = run();
    let parts = [first, second].map(|job| part(&world, &job, 1));
    let whole = read(&world, &parts);
    let mut cut = BTreeSet::new();
    for past in world.ledger.pasts.iter_mut() {
        if past.accounts.contains(&first) {
            past.logs = Some(vec!["Log truncated".to_owned()]);
            cut.insert(past.signature);
        }
    }
    let bill = read(&world, &parts);
    assert_eq!(
        bill.jobs[0].figures.units,
        Units {
            proven: 0,
            void: 0,
            paid: CAP
        }
    );
    let proven = |bill: &Bill| Units {
        proven: 0,
        ..bill.total.units
    };
    assert_eq!(proven(&bill), proven(&whole));
    assert_eq!(bill.total.cost(), whole.total.cost());
    assert_eq!(bill.lamports, whole.lamports);
    assert_eq!(bill.untold.into_iter().collect::<BTreeSet<_>>(), cut);
    assert!(bill.lines.iter().any(|line| line.row.is_bridged));
}

#[test]
fn numbers_of_64_bits_are_text_in_json() {
    let (world, [first, second, _], _) = run();
    let bill = read(&world, &[first, second].map(|job| part(&world, &job, 1)));
    let json = serde_json::to_value(&bill).unwrap();
    assert_eq!(json["buyer"], world.buyer.pubkey().to_string());
    assert_eq!(json["total"]["deposited"], (2 * FUNDS).to_string());
    assert_eq!(json["jobs"][0]["job"], first.to_string());
    assert_eq!(json["jobs"][0]["figures"]["units"]["paid"], CAP.to_string());
    assert!(json["jobs"][0]["left"].is_null() && json.get("lines").is_none());
    let dates = ["end_at", "settles_at"].map(|name| json["jobs"][1]["left"][name].as_i64());
    assert!(dates.iter().all(Option::is_some));
    let mut found = vec![];
    numbers(&json, &mut found);
    // Decimals, chunks of each job, and dates.
    assert_eq!(found.len(), 5, "{json:#}");
}
