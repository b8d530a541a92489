use {
    sluice_client::{Attester, AttesterSet, Ledger, SetArgs, StakePool, instruction as ix},
    sluice_tests::world::{SetHandle, TOKEN, Tamper, World},
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// The instruction by which the member `member` leaves `set` at `index`.
fn leave(world: &World, set: &SetHandle, member: usize, index: u8) -> Instruction {
    let attester = &set.attesters[member];
    ix::leave_attester_set(
        &attester.owner.pubkey(),
        &world.network,
        &set.address,
        &attester.key.pubkey(),
        index,
    )
}

#[test]
fn leaving_clears_one_bit_and_frees_the_bond() {
    let mut world = World::new();
    let set = world.set(3, 2);
    world.leave(&set, 1);
    let state: AttesterSet = world.chain.get(&set.address).unwrap();
    assert_eq!((state.live, state.entered), (0b101, 0b111));
    let attester: Attester = world.chain.get(&set.attesters[1].address).unwrap();
    // What it signed can still be shown to be false: the stake answers for it until it is withdrawn.
    assert_eq!((attester.live_bits, attester.bond), (0, 50 * TOKEN));
    let pool: StakePool = world.chain.get(&set.attesters[1].pool).unwrap();
    assert_eq!((pool.locked, pool.tokens), (0, 1_000 * TOKEN));
}

#[test]
fn the_bond_stays_locked_until_the_last_set_is_left() {
    let mut world = World::new();
    let set = world.set(2, 1);
    let args = SetArgs {
        threshold: 2,
        ..set.args
    };
    let second = world.set_of(&world.network.clone(), args);
    let member = &set.attesters[0];
    let owner = &member.owner;
    let network = world.network;
    let key = member.key.pubkey();
    let enter = ix::enter_attester_set(&owner.pubkey(), &network, &second, &key, 0);
    world.ok(&[enter], &[owner]);

    let locked = |world: &World| {
        let pool: StakePool = world.chain.get(&member.pool).unwrap();
        pool.locked
    };
    let first = leave(&world, &set, 0, 0);
    world.ok(std::slice::from_ref(&first), &[owner]);
    assert_eq!(locked(&world), 50 * TOKEN);
    world.ok(&[first.with(&set.address, &second)], &[owner]);
    assert_eq!(locked(&world), 0);
}

#[test]
fn leaving_needs_a_live_bit() {
    let mut world = World::new();
    let set = world.dormant_set(2, 1);
    let owner = set.attesters[0].owner.insecure_clone();
    let leave = leave(&world, &set, 0, 0);
    world.refused(std::slice::from_ref(&leave), &[&owner], "NotLive");
    world.enter(&set, &set.attesters[0], 0);
    world.ok(std::slice::from_ref(&leave), &[&owner]);
    world.refused(&[leave], &[&owner], "NotLive");
}

#[test]
fn a_member_leaves_for_itself_only() {
    let mut world = World::new();
    let set = world.set(3, 2);
    let owner = &set.attesters[1].owner;
    for index in [0, 2, 3, 15, 16, u8::MAX] {
        let wrong = leave(&world, &set, 1, index);
        world.refused(&[wrong], &[owner], "NotAMember");
    }
    let good = leave(&world, &set, 0, 0);
    let victim = set.attesters[0].owner.pubkey();
    let without = good.unsigned(&victim);
    world.refused(&[without], &[], "MissingRequiredSignature");
    let as_rival = good.with(&victim, &owner.pubkey());
    world.refused(&[as_rival], &[owner], "NotOwner");
}

#[test]
fn leaving_frees_nothing_in_another_pool() {
    let mut world = World::new();
    let set = world.set(2, 1);
    let [member, rival] = &set.attesters[..] else {
        unreachable!()
    };
    let wrong = leave(&world, &set, 0, 0).with(&member.pool, &rival.pool);
    world.refused(&[wrong], &[&member.owner], "WrongStakePool");
}

#[test]
fn leaving_another_network_s_set_is_refused() {
    let mut world = World::new();
    let other = world.other_network();
    let set = world.set(1, 1);
    let owner = &set.attesters[0].owner;
    let twin = world.set_of(&other, set.args);
    let foreign = leave(&world, &set, 0, 0).with(&set.address, &twin);
    world.refused(&[foreign], &[owner], "WrongNetwork");
}

#[test]
fn leaving_refuses_accounts_of_another_type_or_program() {
    let mut world = World::new();
    let set = world.set(1, 1);
    let member = &set.attesters[0];
    let good = leave(&world, &set, 0, 0);
    world.refuses_look_alikes(
        &good,
        &[set.address, member.address, member.pool],
        &[&member.owner],
    );
}
