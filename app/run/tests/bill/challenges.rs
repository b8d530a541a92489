//! Challenges that the buyer made: bonds, rent and units that do not count.

use {
    crate::{
        empty, part, read,
        world::{CAP, FUNDS, HOUR, PRICE, World},
    },
    sluice_client::{
        Address, Challenge, Ledger, OpenArgs, Ruling, Signer, StakePool, Terms, address,
        instruction as ix,
    },
    sluice_run::bill::{Bonds, Units},
};

const BOND: u64 = 10;

/// An active job that is challenged for a bond, which the buyer has.
fn job() -> (World, Address) {
    let mut world = World::new();
    let (buyer, owner) = (world.buyer.insecure_clone(), world.owner.insecure_clone());
    let stake = world.stake;
    let purse = address::token_account(&buyer.pubkey(), &stake.address, &stake.token_program);
    let fill = spl_token_interface::instruction::mint_to(
        &stake.token_program,
        &stake.address,
        &purse,
        &world.admin.pubkey(),
        &[],
        BOND,
    );
    let admin = world.admin.pubkey();
    let open = ix::token::create_token_account(&admin, &buyer.pubkey(), &stake);
    world.by_admin(&[open, fill.unwrap()]);
    let args = OpenArgs {
        id: 1,
        terms: Terms {
            challenge_bond: BOND,
            ..world.terms()
        },
        length_secs: 3 * u64::from(HOUR),
        open_until: world.ledger.chain.now() + i64::from(HOUR),
        funds: FUNDS,
        spec_hash: [3; 32],
        cosigner: Address::default(),
        provider: Address::default(),
        refund_owner: Address::default(),
        resolver: admin,
        max_fee_bps: 150,
    };
    let (key, program) = (buyer.pubkey(), world.ledger.mint.token_program);
    let open = ix::open_job(&key, &key, &world.network, &program, args);
    world.send(&[open], &buyer, &[]);
    let job = address::job(&world.network, &key, 1);
    let (account, key) = (world.job(&job), owner.pubkey());
    let accept = ix::accept_job(&key, &key, &job, &account, &world.node);
    world.send(&[accept], &owner, &[]);
    world.ledger.chain.advance(HOUR.into());
    world.prove(&job, 0, CAP);
    (world, job)
}

fn challenge(world: &mut World, job: &Address) -> Address {
    let (buyer, account, stake) = (world.buyer.insecure_clone(), world.job(job), world.stake);
    let key = buyer.pubkey();
    let (mint, program) = (&stake.address, &stake.token_program);
    let step = ix::challenge(&key, &key, job, &account, mint, program, 0, (1, [5; 32]));
    world.send(&[step], &buyer, &[]);
    address::challenge(job, account.incarnation, 0)
}

fn rule(world: &mut World, key: &Address, void: bool) {
    let found: Challenge = world.ledger.get(key).unwrap();
    world.ledger.chain.set_time(found.rule_from);
    let ruling = Ruling {
        void: u8::from(void),
        signers_lied: 0,
        reason: 1,
        slash: 0,
        evidence: [6; 32],
    };
    let admin = world.admin.pubkey();
    world.by_admin(&[ix::rule_challenge(&admin, &found, ruling)]);
}

fn settle(world: &mut World, key: &Address) {
    let found: Challenge = world.ledger.get(key).unwrap();
    let pool: StakePool = world.ledger.get(&found.pool).unwrap();
    let program = world.stake.token_program;
    world.by_admin(&[ix::settle_challenge(&found, &pool, &program)]);
}

#[test]
fn a_won_challenge_brings_the_bond_back_and_its_units_are_not_paid() {
    let (mut world, job) = job();
    let before = read(&world, &[part(&world, &job, 0)]).lamports.rent;
    let key = challenge(&mut world, &job);
    let held = read(&world, &[part(&world, &job, 0)]);
    let bonds = |posted, returned, lost| Bonds {
        posted,
        returned,
        lost,
    };
    assert_eq!(held.total.bonds, bonds(BOND, 0, 0));
    assert!(held.lamports.rent.locked > before.locked);
    assert!(held.jobs[0].left.unwrap().frozen > 0);
    rule(&mut world, &key, true);
    settle(&mut world, &key);
    world.ledger.chain.advance((8 * HOUR).into());
    world.by_admin(&[ix::release_job(&job, &world.job(&job))]);
    let [_, _, _, refund] = world.pulls(&job);
    let close = world.close_ix(&job);
    world.by_admin(&[refund]);
    world.by_admin(&[close]);

    let bill = read(&world, &[part(&world, &job, 0)]);
    let units = Units {
        proven: CAP,
        void: CAP,
        paid: 0,
    };
    assert_eq!((bill.total.units, bill.total.cost()), (units, Some(0)));
    assert_eq!(bill.total.bonds, bonds(BOND, BOND, 0));
    assert_eq!((bill.total.refunded, bill.per_chunk), (FUNDS, None));
    assert_eq!(bill.lamports.rent.locked, held.lamports.rent.locked);
    assert_eq!(bill.lamports.rent.returned, bill.lamports.rent.locked);
}

#[test]
fn a_lost_challenge_costs_the_bond_and_its_units_are_paid() {
    let (mut world, job) = job();
    let key = challenge(&mut world, &job);
    rule(&mut world, &key, false);
    settle(&mut world, &key);
    world.ledger.chain.advance((8 * HOUR).into());
    empty(&mut world, &job);
    let bill = read(&world, &[part(&world, &job, 1)]);
    assert_eq!(
        bill.total.bonds,
        Bonds {
            posted: BOND,
            returned: 0,
            lost: BOND,
        }
    );
    let units = bill.total.units;
    assert_eq!((units.proven, units.void, units.paid), (CAP, 0, CAP));
    assert_eq!(bill.total.cost(), Some(CAP * PRICE));
}

#[test]
fn a_strangers_challenge_is_none_of_the_buyers_bonds() {
    let (mut world, job) = job();
    let (admin, account, stake) = (world.admin.pubkey(), world.job(&job), world.stake);
    let (mint, program) = (&stake.address, &stake.token_program);
    let step = ix::challenge(
        &admin,
        &admin,
        &job,
        &account,
        mint,
        program,
        0,
        (1, [5; 32]),
    );
    world.by_admin(&[step]);
    let key = address::challenge(&job, account.incarnation, 0);
    rule(&mut world, &key, true);
    settle(&mut world, &key);
    let bill = read(&world, &[part(&world, &job, 0)]);
    assert_eq!(bill.total.bonds, Bonds::default());
    assert_eq!(bill.total.units.void, CAP);
    assert_eq!(bill.jobs[0].rent.returned, 0);
}
