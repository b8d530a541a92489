//! Books, held against what the chain moved.

use {
    crate::world::{CAP, FUNDS, PRICE, World},
    sluice_client::{
        Ledger,
        books::{Book, Books, Error, Kind},
        event::Batches,
        instruction as ix,
        ledger::history::Span,
    },
    solana_address::Address,
    solana_signer::Signer,
};

const GIFT: u64 = 7;
pub const TOP_UP: u64 = 1_000;

/// A job with a gift in its vault, from its opening to its close, and another at its address. Returns that address.
pub fn business() -> (World, Address) {
    let mut world = World::new();
    let pay = world.ledger.mint;
    let job = world.active(1);
    let account = world.job(&job);
    let buyer = world.buyer.insecure_clone();
    let top_up = ix::top_up_job(&buyer.pubkey(), &job, &account, &pay.token_program, TOP_UP);
    world.send(&[top_up], &buyer, &[]);
    let give = spl_token_interface::instruction::mint_to(
        &pay.token_program,
        &pay.address,
        &account.vault,
        &world.admin.pubkey(),
        &[],
        GIFT,
    );
    world.by_admin(&[give.unwrap()]);
    world.work(&job);
    let [pay, treasury, attesters, refund] = world.pulls(&job);
    let (release, close) = (world.release_ix(&job), world.close_ix(&job));
    for step in [pay, treasury, attesters, release, refund, close] {
        world.by_admin(&[step]);
    }
    world.active(1);
    (world, job)
}

fn sum(book: &Book, kind: Kind) -> u64 {
    let lines = book.period(None, None).unwrap().lines.into_iter();
    let of_kind = lines.filter(|line| line.row.kind == kind);
    of_kind.map(|line| line.row.amount).sum()
}

#[test]
fn the_rows_of_a_jobs_whole_life_come_to_what_the_chain_moved() {
    let (world, job) = business();
    let (buyer, owner) = (world.buyer.pubkey(), world.owner.pubkey());
    let books = Books::of(&world.ledger).unwrap();

    let book = books.buyer(&buyer).unwrap();
    let paid = sum(&book, Kind::PaidToProvider);
    assert_eq!(paid, CAP * PRICE * 9_850 / 10_000);
    assert_eq!(sum(&book, Kind::Funded), 2 * FUNDS);
    assert_eq!(sum(&book, Kind::ToppedUp), TOP_UP);
    assert_eq!(paid, world.held(&owner));
    assert_eq!(sum(&book, Kind::NetworkFee), world.held(&world.treasury));
    assert_eq!(
        sum(&book, Kind::AttestationFee),
        world.held(&world.fee_owner)
    );
    let refunded = sum(&book, Kind::Refunded);
    let spent = 2 * FUNDS + TOP_UP - refunded - GIFT;
    assert_eq!(world.held(&buyer), 4 * FUNDS - spent);
    let [total] = book.period(None, None).unwrap().totals[..] else {
        panic!("there is one mint");
    };
    assert_eq!(total.amount_in - total.amount_out, FUNDS);
    assert_eq!((total.closing, total.now), (FUNDS, FUNDS));
    assert_eq!(
        FUNDS,
        world.ledger.token_balance(&world.job(&job).vault).unwrap()
    );

    let received = books.provider(&world.provider).unwrap();
    assert_eq!(sum(&received, Kind::JobPaid), paid);
    assert_eq!(
        received.balances().unwrap().into_values().sum::<u64>(),
        paid
    );
}

#[test]
fn a_transaction_that_the_node_forgot_is_missed() {
    let (mut world, job) = business();
    let book = |world: &World| {
        let books = Books::of(&world.ledger).unwrap();
        books.buyer(&world.buyer.pubkey())
    };
    let lines = book(&world).unwrap().period(None, None).unwrap().lines;
    assert_eq!(lines.len(), 7);
    for line in lines {
        world.ledger.forgotten = Some(line.row.signature);
        match book(&world) {
            Err(Error::Gap(gap)) => assert_eq!(gap.address, job),
            Err(Error::Disagreement(all)) => assert_eq!(all[0].address, job),
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("nobody misses {:?}", line.row),
        }
    }
}

#[test]
fn a_false_balance_is_found_out() {
    let (mut world, job) = business();
    let told = |world: &World| Books::of(&world.ledger).unwrap().escrow(&job).err();
    assert!(told(&world).is_none());
    let vault = world.job(&job).vault;
    let index = world.ledger.pasts.iter().rposition(|past| {
        let moved = past.tokens_of(&vault);
        moved.is_some_and(|one| one.before > one.after && one.after > 0)
    });
    let index = index.unwrap();
    let signature = world.ledger.pasts[index].signature;
    let mut tokens = world.ledger.pasts[index].tokens.iter_mut();
    tokens.find(|one| one.account == vault).unwrap().after -= 1;
    assert!(matches!(
        told(&world),
        Some(Error::Vault { signature: of, .. }) if of == signature
    ));
}

#[test]
fn a_provider_that_never_was_has_no_books() {
    let world = World::new();
    let nobody = Address::new_unique();
    let books = Books::of(&world.ledger).unwrap();
    let told = books.provider(&nobody).err();
    assert!(matches!(told, Some(Error::NoProvider(address)) if address == nobody));
    assert!(books.buyer(&nobody).unwrap().balances().unwrap().is_empty());
}

#[test]
fn batches_are_counted_by_transactions_that_have_events() {
    let (world, job) = business();
    let names = |span, only: bool| {
        let batches = Batches::of(&world.ledger, &job, span);
        let batches = if only { batches.carrying() } else { batches };
        let names = batches.flat_map(|batch| {
            let events = batch.unwrap().events;
            events.iter().map(|event| event.name()).collect::<Vec<_>>()
        });
        names.collect::<Vec<_>>()
    };
    let two = Span {
        limit: Some(2),
        ..Span::default()
    };
    assert_eq!(names(two, false), ["JobAccepted", "JobOpened"]);
    let all = names(Span::default(), true);
    assert_eq!(all.iter().filter(|name| **name == "EscrowMoved").count(), 4);
    assert_eq!(all.last(), Some(&"JobOpened"));
}

#[test]
fn an_account_that_is_no_provider_is_said_to_be_none() {
    let (world, job) = business();
    let books = Books::of(&world.ledger).unwrap();
    for other in [world.buyer.pubkey(), job, world.network] {
        let refused = books.provider(&other).err().unwrap();
        assert!(
            matches!(refused, Error::NoProvider(address) if address == other),
            "{refused}"
        );
    }
}
