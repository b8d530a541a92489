//! Transactions by which a stranger, or the other party, hides what happened to a job.

use {
    crate::{
        bridges::{cut, marked, open_ends, rows},
        world::{FUNDS, World},
    },
    sluice_client::{
        address,
        books::{Books, Kind, Row},
        event::Event,
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signature::Signature,
    solana_signer::Signer,
};

/// What the last transaction is called.
fn last(world: &World) -> Signature {
    world.ledger.pasts.last().unwrap().signature
}

/// Cuts the log of the transaction behind the first event of that name.
fn cut_behind(world: &mut World, signature: Signature, name: &str) {
    let mut pasts = world.ledger.pasts.iter_mut();
    let past = pasts.find(|past| past.signature == signature).unwrap();
    let logs = past.logs.as_mut().unwrap();
    for len in 0..logs.len() {
        let kept = [&logs[..len], &["Log truncated".to_owned()]].concat();
        let events = sluice_client::event::decode(&kept).events;
        if events.iter().map(Event::name).any(|one| one == name) {
            *logs = kept;
            return;
        }
    }
    panic!("there is no {name}");
}

/// A released job that has been paid but for its last pulls, and those with its closing.
fn nearly_closed(pulls: usize) -> (World, Address, Vec<Instruction>) {
    let mut world = World::new();
    let job = world.active(1);
    world.work(&job);
    let release = world.release_ix(&job);
    world.by_admin(&[release]);
    let mut steps = world.pulls(&job).to_vec();
    let ends = steps.split_off(pulls);
    for step in steps {
        world.by_admin(&[step]);
    }
    let close = world.close_ix(&job);
    (world, job, [ends, vec![close]].concat())
}

#[test]
fn the_last_pulls_and_the_closing_in_one_transaction_are_told_by_its_transfers() {
    for pulls in 0..4 {
        let (mut world, _, ends) = nearly_closed(pulls);
        world.by_admin(&ends);
        let honest = rows(&world).unwrap();
        let signature = last(&world);
        cut(&mut world, signature);
        assert_eq!(rows(&world).unwrap(), marked(&honest, &[signature]));
        assert_eq!(open_ends(&world), [vec![], vec![]]);
    }
}

/// What the last transaction closed the node leaves out, as Surfpool 1.6 does where it stands last.
fn leave_out(world: &mut World, vault: &Address) {
    let past = world.ledger.pasts.last_mut().unwrap();
    past.tokens.retain(|one| one.account != *vault);
}

#[test]
fn a_vault_that_is_left_out_where_it_is_closed_held_what_it_held_before() {
    for pulls in 0..4 {
        let (mut world, job, ends) = nearly_closed(pulls);
        world.by_admin(&ends);
        let honest = rows(&world).unwrap();
        leave_out(&mut world, &address::vault(&job));
        assert_eq!(rows(&world).unwrap(), honest, "{pulls}");
    }
}

#[test]
fn a_pull_that_is_missing_before_a_vault_that_is_left_out_is_named() {
    let (mut world, job, ends) = nearly_closed(2);
    world.by_admin(&ends);
    leave_out(&mut world, &address::vault(&job));
    let missing = world.ledger.pasts.len() - 2;
    world.ledger.pasts.remove(missing);
    assert!(rows(&world).is_err());
}

#[test]
fn the_last_refund_and_the_closing_in_an_untold_transaction_end_no_statement() {
    let (mut world, job, ends) = nearly_closed(3);
    world.by_admin(&ends);
    let honest = rows(&world).unwrap();
    let signature = last(&world);
    world.ledger.untold = vec![signature];
    let mut expected = marked(&honest, &[signature]);
    expected[0].last_mut().unwrap().kind = Kind::Unseen;
    assert_eq!(rows(&world).unwrap(), expected);
    // It does not name the owner's token account, and so paid the owner nothing.
    let [buyer, provider] = open_ends(&world);
    assert_eq!((buyer.len(), buyer[0].account, provider), (1, job, vec![]));
    assert!(!buyer[0].is_all && buyer[0].transactions == [signature]);
}

#[test]
fn pay_in_an_untold_transaction_that_closes_the_job_is_named() {
    let (mut world, job, ends) = nearly_closed(0);
    world.by_admin(&ends);
    let paid = world.held(&world.owner.pubkey());
    let signature = last(&world);
    world.ledger.untold = vec![signature];
    let [_, provider] = rows(&world).unwrap();
    assert_eq!(provider, []);
    let [_, open] = open_ends(&world);
    let [open] = &open[..] else {
        panic!("{open:?}");
    };
    assert_eq!(
        (open.account, open.kind, open.amount),
        (job, Kind::JobPaid, FUNDS)
    );
    assert!(open.amount >= paid && open.transactions == [signature]);
}

/// Takes the offer under an id, works, and leaves the job to be paid and closed. Returns the signature of the taking.
fn taken(world: &mut World, offer: &Address) -> (Address, Signature) {
    let job = world.take(offer, 7);
    let signature = last(world);
    world.work(&job);
    (job, signature)
}

fn pay_and_close(world: &mut World, job: &Address) {
    let release = world.release_ix(job);
    let steps = [
        vec![release],
        world.pulls(job).to_vec(),
        vec![world.close_ix(job)],
    ]
    .concat();
    for step in steps {
        world.by_admin(&[step]);
    }
}

#[test]
fn an_offer_taken_again_under_an_id_is_another_job_wherever_the_log_is_cut() {
    let mut world = World::new();
    let offer = world.offer();
    let (job, _) = taken(&mut world, &offer);
    pay_and_close(&mut world, &job);
    let (_, again) = taken(&mut world, &offer);
    pay_and_close(&mut world, &job);
    let honest = rows(&world).unwrap();
    assert_eq!(honest[1].len(), 2);
    let logs = world.ledger.pasts.clone();
    for name in ["JobOpened", "OfferTaken", "JobAccepted"] {
        cut_behind(&mut world, again, name);
        assert_eq!(rows(&world).unwrap(), marked(&honest, &[again]), "{name}");
        world.ledger.pasts.clone_from(&logs);
    }
    cut(&mut world, again);
    assert_eq!(rows(&world).unwrap(), marked(&honest, &[again]));
}

#[test]
fn an_offer_taken_where_nobody_can_read_it_ends_nobody_s_statement() {
    for is_closed in [false, true] {
        let mut world = World::new();
        let offer = world.offer();
        let (job, signature) = taken(&mut world, &offer);
        let pay = world.pulls(&job)[0].clone();
        world.by_admin(&[pay]);
        if is_closed {
            let release = world.release_ix(&job);
            let [_, rest @ ..] = world.pulls(&job);
            let close = world.close_ix(&job);
            for step in [vec![release], rest.to_vec(), vec![close]].concat() {
                world.by_admin(&[step]);
            }
        }
        let honest = rows(&world).unwrap();
        assert_eq!(honest[1].len(), 1);
        let damaged = marked(&honest, &[signature]);
        cut(&mut world, signature);
        assert_eq!(rows(&world).unwrap(), damaged);
        assert_eq!(open_ends(&world), [vec![], vec![]]);

        world.ledger.untold = vec![signature];
        let [buyer, provider] = rows(&world).unwrap();
        assert_eq!(provider, damaged[1], "closed: {is_closed}");
        assert_eq!(open_ends(&world)[1], []);
        let books = Books::of(&world.ledger).unwrap();
        books.provider(&world.provider).unwrap();
        assert_eq!(books.untold(), [signature]);
        // The buyer opened it where nobody can read it, and nothing of it is left.
        let expected = if is_closed {
            vec![]
        } else {
            damaged[0].clone()
        };
        assert_eq!(buyer, expected);
    }
}

#[test]
fn a_job_that_another_s_instruction_names_is_not_touched_by_it() {
    let (mut world, job, ends) = nearly_closed(0);
    let other = world.active(2);
    world.work(&other);
    // The other job's pay names this one's accounts behind its own.
    let mut pay = world.pulls(&other)[0].clone();
    let account = world.job(&job);
    for address in [job, account.vault, world.provider] {
        let named = solana_instruction::AccountMeta::new_readonly(address, false);
        pay.accounts.push(named);
    }
    world.by_admin(&[pay]);
    let signature = last(&world);
    world.by_admin(&ends);
    let honest = rows(&world).unwrap();
    cut(&mut world, signature);
    let told = rows(&world).unwrap();
    assert_eq!(told, marked(&honest, &[signature]));
    let paid: u64 = told[1].iter().map(Row::amount_in).sum();
    assert_eq!(paid, world.held(&world.owner.pubkey()));
}
