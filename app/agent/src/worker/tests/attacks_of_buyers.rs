//! Buyers whose jobs would cost a worker its fees, its slots or its windows.

use {
    super::world::*,
    crate::worker::Worker,
    sluice_client::{Address, Job, JobState},
    sluice_work::{core::Kind, hash},
};

fn open(world: &World) {
    world.net.edit(|job| {
        job.state = JobState::Open.byte();
        (job.node, job.worker) = Default::default();
    });
}

#[test]
fn an_open_job_that_cannot_be_proven_or_costs_more_than_proofs_may_is_not_accepted() {
    type Edit = fn(&mut World);
    let cases: [(&str, Edit); 5] = [
        ("it locks a bond of 5, more than 4", |world| {
            world.net.edit(|job| job.terms.bond = 5);
            world.config.accept.most_bond = Some(4);
        }),
        ("its window is 1 seconds", |world| {
            world.net.edit(|job| job.terms.window_secs = 1)
        }),
        ("its time to prove a window is 2 seconds", |world| {
            world.net.edit(|job| job.terms.grace_secs = 2)
        }),
        ("its deposit does not pay for one window", |world| {
            world.net.edit(|job| {
                (job.funded, job.units_funded) = (0, 0);
                job.fund(5 * (CAP - 1)).unwrap();
            })
        }),
        ("lamports a day", |world| {
            // Ten windows of 20,000 lamports are more than three quarters of it.
            world.config.fees.lamports_a_day = 266_664
        }),
    ];
    for (told, edit) in cases {
        let mut world = World::new(Kind::Wasm);
        open(&world);
        edit(&mut world);
        let mut worker = world.open();
        world.until(&mut worker, told, |world| {
            let row = world.store().job(&id(0).job).unwrap();
            row.is_some_and(|row| row.reason.is_some_and(|why| why.contains(told)))
        });
        world.rest(&mut worker);
        assert_eq!(world.net.calls(ACCEPT), 0, "{told}");
    }
    let mut world = World::new(Kind::Wasm);
    open(&world);
    world.config.fees.lamports_a_day = 266_668;
    let mut worker = world.open();
    world.until(&mut worker, "accepted", |world| {
        world.net.calls(ACCEPT) == 1
    });
}

#[test]
fn accepting_jobs_leaves_the_last_quarter_of_the_days_bound_to_proofs() {
    let mut world = World::new(Kind::Wasm);
    open(&world);
    world.config.fees.lamports_a_day = 1_000_000;
    world.store().spend(START / 86_400, 745_001).unwrap();
    let mut worker = world.open();
    world.until(&mut worker, "told", |world| {
        let row = world.store().job(&id(0).job).unwrap();
        row.is_some_and(|row| {
            row.reason
                .is_some_and(|why| why.contains("the day's bound"))
        })
    });
    assert_eq!(world.net.calls(ACCEPT), 0);
}

#[test]
fn a_dry_job_that_is_topped_up_by_dust_again_and_again_is_left() {
    let world = World::new(Kind::Wasm);
    world.net.edit(|job| {
        (job.funded, job.units_funded) = (0, 0);
        job.fund(5 * CAP).unwrap();
    });
    let mut worker = world.open();
    world.at(100);
    world.until(&mut worker, "proven", |world| world.stage(0) == "proven");
    for secs in [200, 299] {
        world.at(secs);
        world.net.edit(|job| {
            job.excuse(START + secs).unwrap();
            job.fund(1).unwrap();
        });
        world.rest(&mut worker);
        assert_eq!(world.net.calls(RESIGN), 0);
    }
    world.at(300);
    world.until(&mut worker, "resigned", |world| {
        world.net.calls(RESIGN) == 1
    });
}

#[test]
fn open_jobs_of_other_sets_cost_no_calls_to_the_node() {
    let world = World::new(Kind::Wasm);
    let mut worker = world.open();
    world.until(&mut worker, "signed", |world| world.stage(0) == "signed");
    world.rest(&mut worker);
    let calls = |worker: &mut Worker<Net>| {
        let before = world.net.fake.borrow().asked.get();
        worker.turn().unwrap();
        world.net.fake.borrow().asked.get() - before
    };
    let usual = calls(&mut worker);
    let known: sluice_client::AttesterSet = world.net.get(&world.set_key);
    for number in 0..200u8 {
        let key = |kind: u8| {
            let mut bytes = [number; 32];
            (bytes[30], bytes[31]) = (kind, 99);
            Address::new_from_array(bytes)
        };
        let mut job: Job = world.net.job();
        job.state = JobState::Open.byte();
        (job.provider, job.node) = Default::default();
        job.terms.set = key(1);
        world.net.put(key(1), &known);
        world.net.put(key(2), &job);
    }
    let many = calls(&mut worker);
    assert!(many <= usual + 1, "{many} calls in the place of {usual}");
}

#[test]
fn a_buyer_that_gives_no_inputs_does_not_use_up_the_fees_of_proofs() {
    let world = World::new(Kind::Wasm);
    for peer in &mut *world.peers.all.lock().unwrap() {
        for chunk in 0..40u8 {
            peer.blobs.remove(&hash::blob(&[chunk; 3]));
        }
    }
    let mut worker = world.open();
    // The job can be ended for three windows in a row that nobody proved: every second one shows that the worker lives.
    for (window, proofs) in [(0, 0), (1, 1), (2, 1), (3, 2)] {
        world.at(120 + 100 * i64::from(window));
        world.until(&mut worker, "asked", |world| {
            let signed = world.store().countersignatures(&id(window)).unwrap();
            signed.len() >= 2
        });
        world.rest(&mut worker);
        assert_eq!(world.net.calls(ATTEST), proofs, "{window}");
    }
    let job = world.net.job();
    assert_eq!((job.last_proven, job.units_pending), (4, 0));
}
