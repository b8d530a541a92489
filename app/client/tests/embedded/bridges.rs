//! Books whose history cannot be read to its end: logs that were cut, and transactions that the node does not tell.

use {
    crate::{
        books::{TOP_UP, business},
        world::{FUNDS, World},
    },
    sluice_client::{
        books::{Book, Books, Error, Kind, Row, Unexplained},
        event::Batches,
        instruction as ix,
        ledger::history::Span,
    },
    solana_address::Address,
    solana_signature::Signature,
    solana_signer::Signer,
};

const PULLS: [Kind; 4] = [
    Kind::PaidToProvider,
    Kind::NetworkFee,
    Kind::AttestationFee,
    Kind::Refunded,
];

/// What the buyer's book leaves open, and the provider's.
pub fn open_ends(world: &World) -> [Vec<Unexplained>; 2] {
    let books = Books::of(&world.ledger).unwrap();
    [
        books.buyer(&world.buyer.pubkey()),
        books.provider(&world.provider),
    ]
    .map(|book| book.unwrap().unexplained().to_vec())
}

/// The rows of the buyer's book and of the provider's.
pub fn rows(world: &World) -> Result<[Vec<Row>; 2], Error> {
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
pub fn cut(world: &mut World, signature: Signature) {
    let mut pasts = world.ledger.pasts.iter_mut();
    let past = pasts.find(|past| past.signature == signature).unwrap();
    past.logs = Some(vec!["Log truncated".to_owned()]);
}

/// The rows with those of `unread` marked.
pub fn marked(honest: &[Vec<Row>; 2], unread: &[Signature]) -> [Vec<Row>; 2] {
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
fn every_movement_in_a_cut_log_is_bridged() {
    let (world, _) = business();
    let honest = rows(&world).unwrap();
    assert_eq!(honest[0].len(), 7);
    for row in &honest[0] {
        let (mut world, _) = business();
        cut(&mut world, row.signature);
        let told = rows(&world).unwrap();
        assert_eq!(told, marked(&honest, &[row.signature]), "{:?}", row.kind);
    }
}

#[test]
fn every_movement_in_an_untold_transaction_is_bridged_by_the_next_totals() {
    let (mut world, _) = business();
    let honest = rows(&world).unwrap();
    for row in &honest[0] {
        world.ledger.untold = vec![row.signature];
        let mut expected = marked(&honest, &[row.signature]);
        // Nothing tells by which door the last tokens left before the job closed.
        for last in expected[0]
            .iter_mut()
            .filter(|row| row.kind == Kind::Refunded && row.is_bridged)
        {
            last.kind = Kind::Unseen;
        }
        assert_eq!(rows(&world).unwrap(), expected, "{:?}", row.kind);
        assert_eq!(open_ends(&world), [vec![], vec![]], "{:?}", row.kind);
    }
}

#[test]
fn pulls_cut_one_after_another_are_told_apart_by_their_balances() {
    let (mut world, _) = business();
    let honest = rows(&world).unwrap();
    let pulls = PULLS.map(|kind| signature_of(&honest, kind));
    for pull in pulls {
        cut(&mut world, pull);
    }
    assert_eq!(rows(&world).unwrap(), marked(&honest, &pulls));
}

#[test]
fn pulls_that_are_not_told_before_the_close_leave_by_an_unknown_door() {
    let (mut world, job) = business();
    let honest = rows(&world).unwrap();
    let [pay, treasury, attesters, refund] = PULLS.map(|kind| signature_of(&honest, kind));
    let sum: u64 = honest[0].iter().map(Row::amount_out).sum();
    world.ledger.untold = vec![pay, treasury, attesters, refund];
    let [buyer, provider] = rows(&world).unwrap();
    let out: Vec<_> = buyer.iter().filter(|row| row.amount_out() > 0).collect();
    assert_eq!(
        (out[0].kind, out[0].amount, out.len()),
        (Kind::Unseen, sum, 1)
    );
    assert_eq!(provider, []);
    // The job's closing tells that no more came in, and only one of them names the owner's token account.
    let [buyer, provider] = open_ends(&world);
    assert_eq!(buyer, []);
    let [open] = &provider[..] else {
        panic!("{provider:?}");
    };
    assert_eq!(
        (open.account, open.kind, open.amount),
        (job, Kind::JobPaid, sum)
    );
    assert!(open.is_all && open.transactions == [pay]);
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
