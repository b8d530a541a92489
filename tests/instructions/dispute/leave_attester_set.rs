use {
    super::{BOND, same},
    sluice_client::{
        Ledger, Network, SetArgs, Standing, address, events::SetMembershipChanged,
        instruction as ix,
    },
    sluice_tests::world::{DAY, SetHandle, Site, TOKEN, World, lied, logged},
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
        let (payer, network) = (site.world.payer.pubkey(), site.world.network);
        let create = ix::create_attester_set(&payer, &network, args);
        site.world.ok(&[create], &[]);
        address::attester_set(&network, &args.digest())
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
    attester.liable_until = world.now() + 60 * i64::from(DAY);
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
    let create = ix::create_attester_set(&payer, &network, args);
    let second = address::attester_set(&network, &args.digest());
    let owner = site.set.attesters[0].owner.insecure_clone();
    let enter = enter_ix(&site, &second);
    site.world.ok(&[create, enter], &[&owner]);
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
fn what_is_left_of_the_stake_must_cover_the_new_bond() {
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
fn a_bond_answers_for_sixty_days_after_the_last_set_and_then_no_more() {
    for (after, taken) in [(60 * i64::from(DAY) - 1, BOND), (60 * i64::from(DAY), 0)] {
        let mut site = Site::new();
        let owner = site.set.attesters[0].owner.insecure_clone();
        let leave = site.remove_ix(&owner.pubkey(), 0);
        site.world.ok(&[leave], &[&owner]);
        let pool = site.set.attesters[0].pool;
        // Others' stake, which never answered for anything.
        let tokens = site.world.pool(&pool).tokens;
        site.world.advance(after);
        site.tombstone(0);
        assert_eq!(site.world.pool(&pool).tokens, tokens - taken);
        let attester = site.world.attester_state(&site.set.attesters[0]);
        assert_eq!(attester.standing, Standing::Tombstoned.byte());
        assert_eq!(attester.bond, 0);
    }
}

#[test]
fn entering_under_a_lower_minimum_does_not_lower_the_bond_that_still_answers() {
    for (after, bond) in [(0, BOND), (60 * i64::from(DAY), 10)] {
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
        assert_eq!(attester.bond, bond);
        assert_eq!(site.world.pool(&site.set.attesters[0].pool).locked, bond);
    }
}
