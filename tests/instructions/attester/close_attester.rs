use {
    super::BOND,
    sluice_client::{Attester, Ledger, Standing, address, instruction as ix},
    sluice_tests::world::{AttesterHandle, SetHandle, Site, TOKEN, Tamper, World, lied},
    solana_signer::Signer,
    std::slice::from_ref,
};

/// The closing of an attester.
fn close_ix(world: &World, attester: &AttesterHandle) -> solana_instruction::Instruction {
    ix::close_attester(&world.attester_state(attester))
}

/// A world with a set of one member that left it, withdrew everything and closed its pool.
fn gone() -> (World, SetHandle) {
    let mut world = World::new();
    let set = world.set(1, 1);
    world.leave(&set, 0);
    empty(&mut world, &set.attesters[0]);
    (world, set)
}

/// Withdraws an attester's stake and closes its pool.
fn empty(world: &mut World, attester: &AttesterHandle) {
    world.unstake_all(&attester.owner, &attester.pool);
    world.close_pool(&attester.owner, &attester.pool);
}

#[test]
fn an_attester_whose_pool_is_gone_closes_and_the_rent_goes_back() {
    let (mut world, set) = gone();
    let member = &set.attesters[0];
    assert_eq!(
        world.tokens(&member.owner.pubkey(), &world.stake_mint),
        1_000 * TOKEN
    );
    let payer = world.payer.pubkey();
    let rent = world.chain.account(&member.address).unwrap().unwrap();
    let lamports = |world: &World| world.chain.account(&payer).unwrap().unwrap().lamports;
    let before = lamports(&world);
    let close = close_ix(&world, member);
    world.ok(from_ref(&close), &[&member.owner]);
    assert!(world.chain.account(&member.address).unwrap().is_none());
    assert_eq!(lamports(&world), before + rent.lamports - 10_000);
    world.advance(1);
    world.refused(&[close], &[&member.owner], "AccountDataTooSmall");
}

#[test]
fn the_key_of_a_closed_attester_can_be_registered_by_another_owner() {
    let (mut world, set) = gone();
    let member = &set.attesters[0];
    let close = close_ix(&world, member);
    world.ok(&[close], &[&member.owner]);
    let (payer, network, heir) = (world.payer.pubkey(), world.network, world.party());
    let key = member.key.insecure_clone();
    let register = ix::register_attester(&payer, &heir.pubkey(), &key.pubkey(), &network);
    world.ok(&[register], &[&heir, &key]);
    let state = world.attester_state(member);
    assert_eq!(state.owner, heir.pubkey());
    assert_eq!((state.bond, state.live_bits, state.standing), (0, 0, 0));
    let pool = world.stake(&member.address, &heir, 1_000 * TOKEN);
    assert_eq!(pool, member.pool);
    // The cleared bit is the key's, whoever owns it.
    let enter = ix::enter_attester_set(&heir.pubkey(), &network, &set.address, &key.pubkey(), 0);
    world.refused(&[enter], &[&heir], "AlreadyEntered");
    let args = sluice_client::SetArgs {
        fee_bps: 99,
        ..set.args
    };
    let second = world.set_of(&network, args);
    let enter = ix::enter_attester_set(&heir.pubkey(), &network, &second, &key.pubkey(), 0);
    world.ok(&[enter], &[&heir]);
    assert_eq!(world.attester_state(member).bond, BOND);
}

#[test]
fn a_live_attester_stays() {
    let mut world = World::new();
    let set = world.set(1, 1);
    let member = &set.attesters[0];
    world.advance(1);
    let close = close_ix(&world, member);
    world.refused(from_ref(&close), &[&member.owner], "StillInUse");
    // Even if its pool were gone.
    let pool = member.pool;
    let empty = solana_account::Account::default();
    world.chain.svm().set_account(pool, empty).unwrap();
    world.refused(&[close], &[&member.owner], "StillInUse");
}

#[test]
fn an_attester_stays_while_its_pool_does() {
    let mut world = World::new();
    let set = world.set(1, 1);
    let member = &set.attesters[0];
    world.leave(&set, 0);
    world.advance(1);
    let close = close_ix(&world, member);
    world.refused(from_ref(&close), &[&member.owner], "StillInUse");
    world.unstake_all(&member.owner, &member.pool);
    world.refused(from_ref(&close), &[&member.owner], "StillInUse");
    // Another address in the pool's place hides nothing.
    for other in [
        address::stake_pool(&member.pool),
        address::vault(&member.pool),
    ] {
        let bent = close.with(&member.pool, &other);
        world.refused(&[bent], &[&member.owner], "InvalidSeeds");
    }
    world.close_pool(&member.owner, &member.pool);
    world.ok(&[close], &[&member.owner]);
}

#[test]
fn an_attester_that_lost_its_bond_or_its_name_stays() {
    let (mut site, objection) = Site::challenged();
    site.rule(&objection, lied(0));
    site.slash_signer(&objection, 0);
    site.tombstone(1);
    for index in 0..2 {
        let stranger = site.world.key();
        let leave = site.remove_ix(&stranger.pubkey(), index);
        site.world.ok(&[leave], &[&stranger]);
        let member = &site.set.attesters[usize::from(index)];
        let close = close_ix(&site.world, member);
        site.world
            .refused(from_ref(&close), &[&member.owner], "StandingNotGood");
        empty(&mut site.world, member);
        site.world
            .refused(&[close], &[&member.owner], "StandingNotGood");
    }
    let standing = [0, 1].map(|index: usize| {
        let state: Attester = site.world.attester_state(&site.set.attesters[index]);
        state.standing
    });
    assert_eq!(
        standing,
        [Standing::Slashed.byte(), Standing::Tombstoned.byte()]
    );
}

#[test]
fn only_its_owner_closes_it_and_only_to_who_paid_the_rent() {
    let (mut world, set) = gone();
    let member = &set.attesters[0];
    let stranger = world.party();
    let good = close_ix(&world, member);
    let owner = member.owner.pubkey();
    let without = good.unsigned(&owner);
    world.refused(&[without], &[], "MissingRequiredSignature");
    for other in [&stranger, &member.key, &world.payer.insecure_clone()] {
        let bent = good.with(&owner, &other.pubkey());
        world.refused(&[bent], &[other], "NotOwner");
    }
    let bent = good.with(&world.payer.pubkey(), &stranger.pubkey());
    world.refused(&[bent], &[&member.owner], "ConstraintAddress");
    world.refuses_look_alikes(&good, &[member.address], &[&member.owner]);
    world.ok(&[good], &[&member.owner]);
}

#[test]
fn an_attester_is_not_closed_in_the_slot_of_its_registration() {
    let mut world = World::new();
    let (owner, key) = (world.party(), world.key());
    let (payer, network) = (world.payer.pubkey(), world.network);
    let register = ix::register_attester(&payer, &owner.pubkey(), &key.pubkey(), &network);
    world.ok(&[register], &[&owner, &key]);
    let state: Attester = world
        .chain
        .get(&address::attester(&network, &key.pubkey()))
        .unwrap();
    let close = ix::close_attester(&state);
    world.refused(from_ref(&close), &[&owner], "OpeningSlot");
    world.chain.advance_slot(1);
    world.ok(&[close], &[&owner]);
}
