use {
    super::BOND,
    sluice_client::{
        Ledger, Network, SetArgs, Standing, address, events::SetMembershipChanged,
        instruction as ix,
    },
    sluice_tests::world::{DAY, SetHandle, Site, TOKEN, World, lied, logged, same},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

/// A challenged site whose member 0 lost its bond by the ruling.
fn slashed() -> Site {
    let (mut site, objection) = Site::challenged();
    site.rule(&objection, lied(0));
    site.slash_signer(&objection, 0);
    site
}

/// Two sets of one attester, live in both, and one more that nobody entered.
fn in_two_sets(site: &mut Site) -> [Address; 2] {
    [99, 98].map(|fee_bps| {
        let args = SetArgs {
            fee_bps,
            ..site.set.args
        };
        let network = site.world.network;
        site.world.set_of(&network, args)
    })
}

/// The instruction by which member 0 enters `set`.
fn enter_ix(site: &Site, set: &Address) -> solana_instruction::Instruction {
    let member = &site.set.attesters[0];
    let network = &site.world.network;
    ix::enter_attester_set(
        &member.owner.pubkey(),
        network,
        set,
        &member.key.pubkey(),
        0,
    )
}

#[test]
fn the_set_s_revoker_clears_a_bit_and_frees_the_bond() {
    let mut world = World::new();
    let set: SetHandle = world.set(3, 2);
    let member = &set.attesters[1];
    let revoker = world.payer.pubkey();
    let (mut attester, mut pool) = (world.attester_state(member), world.pool(&member.pool));
    let (network, key) = (world.network, member.key.pubkey());
    let leave = ix::leave_attester_set(&revoker, &network, &set.address, &key, 1);
    let receipt = world.ok(&[leave], &[]);
    attester.live_bits = 0;
    same(&world.attester_state(member), &attester);
    assert_eq!(attester.bond, BOND);
    pool.locked = 0;
    same(&world.pool(&member.pool), &pool);
    logged(
        &receipt,
        &[SetMembershipChanged {
            set: set.address,
            attester: member.address,
            live: 0b101,
            entered: 0b111,
        }],
    );
}

#[test]
fn nobody_else_removes_an_attester_of_good_standing() {
    let mut site = Site::new();
    let others: Vec<Keypair> = [
        &site.provider.owner,
        &site.job.buyer,
        &site.set.fee_owner,
        &site.set.attesters[1].owner,
        &site.set.attesters[0].key,
        &site.world.treasury,
    ]
    .map(Keypair::insecure_clone)
    .into();
    for other in &others {
        let leave = site.remove_ix(&other.pubkey(), 0);
        site.world.refused(&[leave], &[other], "NotOwner");
    }
}

#[test]
fn a_revoker_removes_from_its_own_set_only() {
    let mut site = Site::new();
    let revoker = site.world.key();
    let args = SetArgs {
        revoker: revoker.pubkey(),
        ..site.set.args
    };
    let (payer, network) = (site.world.payer.pubkey(), site.world.network);
    let second = site.world.set_of(&network, args);
    let owner = site.set.attesters[0].owner.insecure_clone();
    let enter = enter_ix(&site, &second);
    site.world.ok(&[enter], &[&owner]);
    let first = site.remove_ix(&revoker.pubkey(), 0);
    site.world.refused(&[first], &[&revoker], "NotOwner");
    let key = site.set.attesters[0].key.pubkey();
    let leave = ix::leave_attester_set(&payer, &network, &second, &key, 0);
    site.world.refused(&[leave], &[], "NotOwner");
    let leave = ix::leave_attester_set(&revoker.pubkey(), &network, &second, &key, 0);
    site.world.ok(&[leave], &[&revoker]);
    // The bond of the other set stays.
    let pool = site.world.pool(&site.set.attesters[0].pool);
    assert_eq!(pool.locked, BOND);
}

#[test]
fn anybody_removes_an_attester_that_lost_its_bond() {
    let tombstoned = || {
        let mut site = Site::new();
        site.tombstone(0);
        site
    };
    for mut site in [slashed(), tombstoned()] {
        let stranger = site.world.key();
        let pool = site.world.pool(&site.set.attesters[0].pool);
        let mut attester = site.world.attester_state(&site.set.attesters[0]);
        let leave = site.remove_ix(&stranger.pubkey(), 0);
        site.world.ok(from_ref(&leave), &[&stranger]);
        // Nothing is locked any more that a leave could free.
        same(&site.world.pool(&site.set.attesters[0].pool), &pool);
        assert_eq!(pool.locked, 0);
        attester.live_bits = 0;
        same(
            &site.world.attester_state(&site.set.attesters[0]),
            &attester,
        );
        site.world.refused(&[leave], &[&stranger], "NotLive");
    }
}

#[test]
fn the_remover_signs() {
    use sluice_tests::world::Tamper;
    let mut site = slashed();
    let stranger = site.world.key();
    let leave = site.remove_ix(&stranger.pubkey(), 0);
    let without = leave.unsigned(&stranger.pubkey());
    site.world
        .refused(&[without], &[], "MissingRequiredSignature");
}

#[test]
fn an_attester_that_lost_its_bond_bonds_anew_once_all_its_bits_are_cleared() {
    let (mut site, objection) = Site::challenged();
    let owner = site.set.attesters[0].owner.insecure_clone();
    let [second, third] = in_two_sets(&mut site);
    let enter = enter_ix(&site, &second);
    site.world.ok(&[enter], &[&owner]);
    assert_eq!(
        site.world.attester_state(&site.set.attesters[0]).live_bits,
        2
    );
    site.rule(&objection, lied(0));
    site.slash_signer(&objection, 0);

    let enter = enter_ix(&site, &third);
    site.world
        .refused(from_ref(&enter), &[&owner], "BondSlashed");
    let stranger = site.world.key();
    let leave = site.remove_ix(&stranger.pubkey(), 0);
    site.world.ok(&[leave], &[&stranger]);
    site.world
        .refused(from_ref(&enter), &[&owner], "BondSlashed");
    let (network, key) = (site.world.network, site.set.attesters[0].key.pubkey());
    let leave = ix::leave_attester_set(&stranger.pubkey(), &network, &second, &key, 0);
    site.world.ok(&[leave], &[&stranger]);
    site.world.ok(&[enter], &[&owner]);

    let member = &site.set.attesters[0];
    let (state, pool) = (
        site.world.attester_state(member),
        site.world.pool(&member.pool),
    );
    assert_eq!(
        (state.standing, state.bond, state.live_bits),
        (Standing::Good.byte(), BOND, 1)
    );
    assert_eq!((pool.locked, pool.tokens), (BOND, 950 * TOKEN));
    // Strangers have no say any more.
    let leave = ix::leave_attester_set(&stranger.pubkey(), &network, &third, &key, 0);
    site.world.refused(&[leave], &[&stranger], "NotOwner");
}

#[test]
fn the_rest_of_a_slashed_stake_must_cover_the_new_bond() {
    let mut site = slashed();
    let owner = site.set.attesters[0].owner.insecure_clone();
    let leave = site.remove_ix(&owner.pubkey(), 0);
    site.world.ok(&[leave], &[&owner]);
    let [second, _] = in_two_sets(&mut site);
    let pool = site.set.attesters[0].pool;
    let (payer, network) = (site.world.payer.pubkey(), site.world.network);
    // 1,000 tokens of shares are worth 950: 52 of them are worth less than the bond.
    let shares = 948 * TOKEN;
    let unstake = ix::unstake(&payer, &owner.pubkey(), &network, &pool, shares, 1);
    site.world.ok(&[unstake], &[&owner]);
    let enter = enter_ix(&site, &second);
    site.world
        .refused(from_ref(&enter), &[&owner], "StakeTooLow");
    let position = address::position(&pool, &owner.pubkey());
    let ticket = address::unstake(&position, 1);
    site.world.advance(1);
    let cancel = ix::cancel_unstake(&site.world.chain.get(&ticket).unwrap());
    site.world.ok(&[cancel], &[&owner]);
    site.world.ok(&[enter], &[&owner]);
}

#[test]
fn a_bond_answers_for_as_long_as_the_owner_s_stake_is_there() {
    for after in [0, 60 * i64::from(DAY), 600 * i64::from(DAY)] {
        let mut site = Site::new();
        let owner = site.set.attesters[0].owner.insecure_clone();
        let leave = site.remove_ix(&owner.pubkey(), 0);
        site.world.ok(&[leave], &[&owner]);
        let pool = site.set.attesters[0].pool;
        let tokens = site.world.pool(&pool).tokens;
        site.world.advance(after);
        site.tombstone(0);
        assert_eq!(site.world.pool(&pool).tokens, tokens - BOND);
        let attester = site.world.attester_state(&site.set.attesters[0]);
        assert_eq!(attester.standing, Standing::Tombstoned.byte());
        assert_eq!(attester.bond, 0);
    }
}

/// A site whose member 0 left, took out all but `active` and `thawing` base units, and has a delegator with 60 tokens since.
fn retired(active: u64, thawing: u64) -> (Site, Keypair) {
    let mut site = Site::new();
    let member = &site.set.attesters[0];
    let (owner, pool) = (member.owner.insecure_clone(), member.pool);
    let leave = site.remove_ix(&owner.pubkey(), 0);
    site.world.ok(&[leave], &[&owner]);
    let gone = 1_000 * TOKEN - active - thawing;
    let ticket = site.world.thaw(&owner, &pool, gone, 1);
    site.world.advance(7 * i64::from(DAY));
    site.world.withdraw(&ticket);
    if thawing > 0 {
        site.world.thaw(&owner, &pool, thawing, 2);
    }
    if active == 0 && thawing == 0 {
        let close = site.world.close_position_ix(&pool, &owner.pubkey());
        site.world.ok(&[close], &[&owner]);
    }
    let delegator = site.world.delegate(&pool, 60 * TOKEN);
    // Ripe tickets are still the owner's stake.
    site.world.advance(30 * i64::from(DAY));
    (site, delegator)
}

#[test]
fn an_attester_that_left_loses_at_most_what_its_owner_has_left() {
    for (active, thawing, taken) in [
        (0, 0, 0),
        (7, 0, 7),
        (0, 7, 7),
        (20 * TOKEN, 10 * TOKEN, 30 * TOKEN),
        (40 * TOKEN, 10 * TOKEN + 1, BOND),
        (100 * TOKEN, 0, BOND),
    ] {
        let (mut site, delegator) = retired(active, thawing);
        let pool = site.set.attesters[0].pool;
        let before = site.world.pool(&pool).tokens;
        site.tombstone(0);
        let state = site.world.pool(&pool);
        assert_eq!((before - state.tokens, state.slashed), (taken, taken));
        // Delegators bear their part of what its owner loses, and nothing where that has nothing left.
        let shares = site.world.position(&pool, &delegator.pubkey()).shares;
        let all = u128::from(active + thawing + 60 * TOKEN);
        let lost = (u128::from(taken) * u128::from(shares)).div_ceil(all);
        let left = u128::from(state.worth(shares).unwrap());
        assert_eq!(left, u128::from(60 * TOKEN) - lost);
    }
}

#[test]
fn a_signer_that_left_is_slashed_within_what_its_owner_has_left_too() {
    for (left, taken) in [(0, 0), (9, 9)] {
        let (mut site, objection) = Site::challenged();
        let member = &site.set.attesters[0];
        let (owner, pool) = (member.owner.insecure_clone(), member.pool);
        let leave = site.remove_ix(&owner.pubkey(), 0);
        site.world.ok(&[leave], &[&owner]);
        let ticket = site.world.thaw(&owner, &pool, 1_000 * TOKEN - left, 1);
        site.world.delegate(&pool, 60 * TOKEN);
        site.rule(&objection, lied(0));
        site.world.advance(7 * i64::from(DAY));
        site.world.withdraw(&ticket);
        site.slash_signer(&objection, 0);
        assert_eq!(site.world.pool(&pool).slashed, taken);
    }
}

#[test]
fn an_equivocator_cannot_show_itself_without_its_owner_s_position() {
    use sluice_tests::world::Tamper;
    let (mut site, delegator) = retired(40 * TOKEN, 0);
    let member = &site.set.attesters[0];
    let (pool, owner) = (member.pool, member.owner.pubkey());
    let [signed, show] = site
        .world
        .equivocation_ixs(&member.key, &site.job, &site.contradiction());
    let own = address::position(&pool, &owner);
    let nobody = site.world.key().pubkey();
    for other in [
        nobody,
        address::position(&pool, &delegator.pubkey()),
        address::position(&pool, &nobody),
        address::position(&site.set.attesters[1].pool, &owner),
    ] {
        let bent = show.with(&own, &other);
        site.world
            .refused(&[signed.clone(), bent], &[], "WrongPosition");
    }
    site.world.ok(&[signed, show], &[]);
    assert_eq!(site.world.pool(&pool).slashed, 40 * TOKEN);
}

#[test]
fn entering_under_a_lower_minimum_never_lowers_the_bond() {
    for after in [0, 600 * i64::from(DAY)] {
        let mut site = Site::new();
        let [second, _] = in_two_sets(&mut site);
        let owner = site.set.attesters[0].owner.insecure_clone();
        let leave = site.remove_ix(&owner.pubkey(), 0);
        site.world.ok(&[leave], &[&owner]);
        let network = site.world.network;
        site.world.edit(&network, |network: &mut Network| {
            network.params.min_bond = 10
        });
        site.world.advance(after);
        let enter = enter_ix(&site, &second);
        site.world.ok(&[enter], &[&owner]);
        let attester = site.world.attester_state(&site.set.attesters[0]);
        assert_eq!(attester.bond, BOND);
        assert_eq!(site.world.pool(&site.set.attesters[0].pool).locked, BOND);
    }
}
