//! Books whose history cannot be read to its end: logs that were cut, and transactions that the node does not tell.

use {
    crate::{
        books::{TOP_UP, business},
        world::{FUNDS, World},
    },
    sluice_client::{
        books::{Book, Books, Error, Kind, Missing, Row},
        event::Batches,
        instruction as ix,
        ledger::history::Span,
    },
    solana_address::Address,
    solana_signature::Signature,
    solana_signer::Signer,
};

/// The rows of the buyer's book and of the provider's.
fn rows(world: &World) -> Result<[Vec<Row>; 2], Error> {
    let books = Books::of(&world.ledger)?;
    let rows = |book: Book| {
        let lines = book.period(None, None).unwrap().lines.into_iter();
        lines.map(|line| line.row).collect()
    };
    Ok([
        rows(books.buyer(&world.buyer.pubkey())?),
        rows(books.provider(&world.provider)?),
    ])
}

/// Cuts the log as a validator does, before anything of the program.
fn cut(world: &mut World, signature: Signature) {
    let mut pasts = world.ledger.pasts.iter_mut();
    let past = pasts.find(|past| past.signature == signature).unwrap();
    past.logs = Some(vec!["Log truncated".to_owned()]);
}

/// The rows with those of `unread` marked.
fn marked(honest: &[Vec<Row>; 2], unread: &[Signature]) -> [Vec<Row>; 2] {
    honest.clone().map(|rows| {
        let rows = rows.into_iter().map(|row| Row {
            is_bridged: unread.contains(&row.signature),
            ..row
        });
        rows.collect()
    })
}

fn signature_of(honest: &[Vec<Row>; 2], kind: Kind) -> Signature {
    let row = honest[0].iter().find(|row| row.kind == kind);
    row.unwrap().signature
}

#[test]
fn every_movement_in_a_cut_log_is_bridged_but_an_opening() {
    let (world, _) = business();
    let honest = rows(&world).unwrap();
    assert_eq!(honest[0].len(), 7);
    for row in &honest[0] {
        let (mut world, _) = business();
        cut(&mut world, row.signature);
        match (row.kind, rows(&world)) {
            (Kind::Funded, Err(Error::Gap(_) | Error::Disagreement(_))) => {}
            (_, told) => assert_eq!(
                told.unwrap(),
                marked(&honest, &[row.signature]),
                "{:?}",
                row.kind
            ),
        }
    }
}

#[test]
fn every_movement_in_an_untold_transaction_is_bridged_by_the_next_totals() {
    let (mut world, job) = business();
    let honest = rows(&world).unwrap();
    for row in &honest[0] {
        world.ledger.untold = vec![row.signature];
        match (row.kind, rows(&world)) {
            (Kind::Funded, Err(Error::Gap(_) | Error::Disagreement(_))) => {}
            // Nothing tells by which door the last tokens left before the job closed.
            (Kind::Refunded, Err(Error::Gap(gap))) => {
                assert_eq!(gap.address, job);
                assert!(matches!(
                    gap.missing,
                    Missing::DoesNotFollow {
                        event: "JobClosed",
                        ..
                    }
                ));
            }
            (_, told) => assert_eq!(
                told.unwrap(),
                marked(&honest, &[row.signature]),
                "{:?}",
                row.kind
            ),
        }
    }
}

#[test]
fn pulls_cut_one_after_another_are_told_apart_by_their_balances() {
    let (mut world, _) = business();
    let honest = rows(&world).unwrap();
    let pulls = [
        Kind::PaidToProvider,
        Kind::NetworkFee,
        Kind::AttestationFee,
        Kind::Refunded,
    ];
    let pulls = pulls.map(|kind| signature_of(&honest, kind));
    for pull in pulls {
        cut(&mut world, pull);
    }
    assert_eq!(rows(&world).unwrap(), marked(&honest, &pulls));
}

#[test]
fn pulls_that_are_not_told_before_the_close_cannot_be_told_apart() {
    let (mut world, _) = business();
    let honest = rows(&world).unwrap();
    let [fee, refund] = [Kind::NetworkFee, Kind::Refunded].map(|kind| signature_of(&honest, kind));
    world.ledger.untold = vec![fee, refund];
    let told = rows(&world).unwrap_err();
    assert!(matches!(told, Error::Gap(_)), "{told}");
}

/// A job that is open, and a stranger's top-up after which nothing happened.
fn topped_up() -> (World, Address, Signature) {
    let mut world = World::new();
    let job = world.active(1);
    let (account, pay) = (world.job(&job), world.ledger.mint);
    let buyer = world.buyer.insecure_clone();
    let top_up = ix::top_up_job(&buyer.pubkey(), &job, &account, &pay.token_program, TOP_UP);
    world.send(&[top_up], &buyer, &[]);
    let signature = world.ledger.pasts.last().unwrap().signature;
    (world, job, signature)
}

#[test]
fn the_last_movement_is_bridged_by_the_account() {
    let (mut world, job, signature) = topped_up();
    let honest = rows(&world).unwrap();
    world.ledger.untold = vec![signature];
    assert_eq!(rows(&world).unwrap(), marked(&honest, &[signature]));
    let books = Books::of(&world.ledger).unwrap();
    let balances = books.buyer(&world.buyer.pubkey()).unwrap().balances();
    assert_eq!(
        balances.unwrap().into_values().collect::<Vec<_>>(),
        [FUNDS + TOP_UP]
    );
    assert_eq!(books.untold(), [signature]);
    assert_eq!(world.job(&job).funded, FUNDS + TOP_UP);

    world.ledger.untold.clear();
    cut(&mut world, signature);
    assert_eq!(rows(&world).unwrap(), marked(&honest, &[signature]));
}

#[test]
fn a_false_balance_around_a_cut_log_is_found_out() {
    let (mut world, job, signature) = topped_up();
    cut(&mut world, signature);
    let vault = world.job(&job).vault;
    let past = world.ledger.pasts.last_mut().unwrap();
    let mut tokens = past.tokens.iter_mut();
    tokens.find(|one| one.account == vault).unwrap().after -= 1;
    let told = rows(&world).unwrap_err();
    assert!(
        matches!(told, Error::Vault { signature: of, .. } if of == signature),
        "{told}"
    );
}

#[test]
fn a_transaction_that_moved_nothing_here_leaves_no_row_whatever_can_be_read_of_it() {
    let (mut world, _) = business();
    let honest = rows(&world).unwrap();
    let moving: Vec<_> = honest[0].iter().map(|row| row.signature).collect();
    let all: Vec<_> = world
        .ledger
        .pasts
        .iter()
        .map(|past| past.signature)
        .collect();
    for signature in all.iter().filter(|one| !moving.contains(one)) {
        let past = world
            .ledger
            .pasts
            .iter()
            .find(|past| past.signature == *signature);
        // Setting up the provider is not for a stranger.
        if past.unwrap().is_signed_by(&world.owner.pubkey()) {
            continue;
        }
        world.ledger.untold = vec![*signature];
        assert_eq!(rows(&world).unwrap(), honest);
    }
}

#[test]
fn events_go_on_behind_an_untold_transaction() {
    let (mut world, job, signature) = topped_up();
    world.ledger.untold = vec![signature];
    let batches = Batches::of(&world.ledger, &job, Span::default());
    let batches: Vec<_> = batches.map(Result::unwrap).collect();
    assert_eq!(batches.len(), 3);
    assert!(batches[0].past.is_untold && batches[0].truncated);
    assert_eq!(batches[0].past.signature, signature);
    assert_eq!(batches[2].events[0].name(), "JobOpened");
}
