use {
    sluice_client::{
        Attester, AttesterSet, Ledger, Network, NetworkParams, SetArgs, StakePool, address,
        instruction as ix,
    },
    sluice_tests::world::{PARAMS, SetHandle, TOKEN, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// The instruction by which the member `member` enters `set` at `index`.
fn enter(world: &World, set: &SetHandle, member: usize, index: u8) -> Instruction {
    let attester = &set.attesters[member];
    ix::enter_attester_set(
        &attester.owner.pubkey(),
        &world.network,
        &set.address,
        &attester.key.pubkey(),
        index,
    )
}

#[test]
fn entering_sets_one_bit_and_locks_the_minimum_bond() {
    let mut world = World::new();
    let set = world.dormant_set(3, 2);
    let member = &set.attesters[1];
    let enter = enter(&world, &set, 1, 1);
    world.ok(&[enter], &[&member.owner]);

    let state: AttesterSet = world.chain.get(&set.address).unwrap();
    assert_eq!((state.live, state.entered), (0b010, 0b010));
    let attester: Attester = world.chain.get(&member.address).unwrap();
    assert_eq!((attester.live_bits, attester.bond), (1, 50 * TOKEN));
    let pool: StakePool = world.chain.get(&member.pool).unwrap();
    assert_eq!(pool.locked, 50 * TOKEN);
    assert_eq!(pool.tokens, 1_000 * TOKEN);
}

#[test]
fn entering_a_second_set_locks_no_second_bond() {
    let mut world = World::new();
    let set = world.set(3, 2);
    let args = SetArgs {
        threshold: 1,
        ..set.args
    };
    let second = world.set_of(&world.network.clone(), args);
    let enter = enter(&world, &set, 0, 0).with(&set.address, &second);
    world.ok(&[enter], &[&set.attesters[0].owner]);

    let attester: Attester = world.chain.get(&set.attesters[0].address).unwrap();
    assert_eq!((attester.live_bits, attester.bond), (2, 50 * TOKEN));
    let pool: StakePool = world.chain.get(&set.attesters[0].pool).unwrap();
    assert_eq!(pool.locked, 50 * TOKEN);
}

/// A set of three live members, the address of another one of them, and the instruction by which the first enters that.
fn with_a_second(world: &mut World) -> (SetHandle, Address, Instruction) {
    let set = world.set(3, 2);
    let args = SetArgs {
        threshold: 1,
        ..set.args
    };
    let second = world.set_of(&world.network.clone(), args);
    let enter = enter(world, &set, 0, 0).with(&set.address, &second);
    (set, second, enter)
}

#[test]
fn entering_under_a_raised_minimum_raises_the_bond_and_locks_the_difference() {
    let mut world = World::new();
    let (set, second, enter) = with_a_second(&mut world);
    let (member, network) = (&set.attesters[0], world.network);
    world.edit(&network, |network: &mut Network| {
        network.params.min_bond = 900 * TOKEN
    });
    world.ok(&[enter], &[&member.owner]);
    let attester: Attester = world.chain.get(&member.address).unwrap();
    assert_eq!((attester.live_bits, attester.bond), (2, 900 * TOKEN));
    assert_eq!(world.stake_pool(&member.pool).locked, 900 * TOKEN);
    // Leaving both frees all of it.
    let (owner, key) = (member.owner.pubkey(), member.key.pubkey());
    for left in [set.address, second] {
        let leave = ix::leave_attester_set(&owner, &network, &left, &key, 0);
        world.ok(&[leave], &[&member.owner]);
    }
    assert_eq!(world.stake_pool(&member.pool).locked, 0);
    let attester: Attester = world.chain.get(&member.address).unwrap();
    assert_eq!((attester.live_bits, attester.bond), (0, 900 * TOKEN));
}

#[test]
fn a_raised_minimum_that_the_stake_does_not_cover_keeps_a_live_attester_out() {
    let mut world = World::new();
    let (set, _, enter) = with_a_second(&mut world);
    let (member, network) = (&set.attesters[0], world.network);
    let minimum = |world: &mut World, min_bond| {
        world.edit(&network, |network: &mut Network| {
            network.params.min_bond = min_bond
        });
    };
    minimum(&mut world, 1_000 * TOKEN + 1);
    world.refused(
        std::slice::from_ref(&enter),
        &[&member.owner],
        "StakeTooLow",
    );
    let attester: Attester = world.chain.get(&member.address).unwrap();
    assert_eq!((attester.live_bits, attester.bond), (1, 50 * TOKEN));
    minimum(&mut world, 1_000 * TOKEN);
    world.ok(&[enter], &[&member.owner]);
}

#[test]
fn a_bit_is_set_once_ever() {
    let mut world = World::new();
    let set = world.set(2, 1);
    let again = enter(&world, &set, 0, 0);
    let signer = set.attesters[0].owner.insecure_clone();
    world.refused(std::slice::from_ref(&again), &[&signer], "AlreadyEntered");
    world.leave(&set, 0);
    world.refused(&[again], &[&signer], "AlreadyEntered");
}

#[test]
fn only_the_key_at_an_index_enters_there() {
    let mut world = World::new();
    let set = world.dormant_set(3, 2);
    let outsider = world.attester();
    let owner = &set.attesters[1].owner;
    for index in [0, 2, 3, 15, 16, u8::MAX] {
        let wrong = enter(&world, &set, 1, index);
        world.refused(&[wrong], &[owner], "NotAMember");
    }
    let intruder = ix::enter_attester_set(
        &outsider.owner.pubkey(),
        &world.network,
        &set.address,
        &outsider.key.pubkey(),
        1,
    );
    world.refused(&[intruder], &[&outsider.owner], "NotAMember");
}

#[test]
fn only_the_attester_s_owner_enters_it() {
    let mut world = World::new();
    let set = world.dormant_set(1, 1);
    let (owner, key) = (&set.attesters[0].owner, &set.attesters[0].key);
    let stranger = world.party();
    let enter = enter(&world, &set, 0, 0);
    let without = enter.unsigned(&owner.pubkey());
    world.refused(&[without], &[], "MissingRequiredSignature");
    for other in [key, &stranger] {
        let as_other = enter.with(&owner.pubkey(), &other.pubkey());
        world.refused(&[as_other], &[other], "NotOwner");
    }
}

#[test]
fn the_owner_s_active_stake_covers_the_bond_to_the_base_unit() {
    let with_bond = |min_bond| NetworkParams { min_bond, ..PARAMS };
    let mut world = World::with(with_bond(1_000 * TOKEN + 1));
    let set = world.dormant_set(1, 1);
    let short = enter(&world, &set, 0, 0);
    world.refused(&[short], &[&set.attesters[0].owner], "StakeTooLow");

    let mut world = World::with(with_bond(1_000 * TOKEN));
    world.set(1, 1);
}

#[test]
fn thawing_stake_covers_no_bond() {
    let mut world = World::with(NetworkParams {
        min_bond: 1_000 * TOKEN,
        ..PARAMS
    });
    let set = world.dormant_set(1, 1);
    let member = &set.attesters[0];
    let (payer, owner) = (world.payer.pubkey(), member.owner.pubkey());
    let thaw = ix::unstake(&payer, &owner, &world.network, &member.pool, 1, 0);
    world.ok(&[thaw], &[&member.owner]);
    let enter = enter(&world, &set, 0, 0);
    world.refused(&[enter], &[&member.owner], "StakeTooLow");
}

#[test]
fn a_tombstoned_attester_enters_nothing() {
    let mut world = World::new();
    let set = world.dormant_set(1, 1);
    let member = &set.attesters[0];
    world.edit(&member.address, |attester: &mut Attester| {
        attester.standing = sluice::state::Standing::Tombstoned.byte()
    });
    let enter = enter(&world, &set, 0, 0);
    world.refused(&[enter], &[&member.owner], "AttesterTombstoned");
}

#[test]
fn set_attester_and_network_belong_together() {
    let mut world = World::new();
    let other = world.other_network();
    let set = world.dormant_set(1, 1);
    let owner = &set.attesters[0].owner;
    let good = enter(&world, &set, 0, 0);
    let foreign_network = good.with(&world.network.clone(), &other);
    world.refused(&[foreign_network], &[owner], "WrongNetwork");

    // The same contents in another network: its network and its bond, but an attester of this one.
    let twin = world.set_of(&other, set.args);
    let foreign_set = good.with(&set.address, &twin);
    world.refused(std::slice::from_ref(&foreign_set), &[owner], "WrongNetwork");
    let foreign_attester = foreign_set.with(&world.network.clone(), &other);
    world.refused(&[foreign_attester], &[owner], "WrongNetwork");
}

#[test]
fn the_bond_comes_from_the_attester_s_own_pool_and_its_owner_s_position() {
    let mut world = World::new();
    let set = world.dormant_set(2, 1);
    let [member, rival] = &set.attesters[..] else {
        unreachable!()
    };
    let good = enter(&world, &set, 0, 0);
    let rich = good.with(&member.pool, &rival.pool);
    world.refused(&[rich], &[&member.owner], "WrongStakePool");
    let own = address::position(&member.pool, &member.owner.pubkey());
    let rivals = address::position(&rival.pool, &rival.owner.pubkey());
    let rich = good.with(&own, &rivals);
    world.refused(&[rich], &[&member.owner], "WrongPosition");
}

#[test]
fn entering_refuses_accounts_of_another_type_or_program() {
    let mut world = World::new();
    let set = world.dormant_set(1, 1);
    let member = &set.attesters[0];
    let good = enter(&world, &set, 0, 0);
    let position = address::position(&member.pool, &member.owner.pubkey());
    world.refuses_look_alikes(
        &good,
        &[set.address, member.address, member.pool, position],
        &[&member.owner],
    );
}
