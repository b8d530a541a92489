use {
    super::{BOND, HOUR, RULING},
    sluice_client::{
        AttesterSet, Ledger, SetArgs, Standing, address,
        events::AttesterSlashed,
        instruction as ix,
        statement::{Path, Statement},
    },
    sluice_tests::world::{
        Objection, PARAMS, Site, TOKEN, Tamper, lied, logged, same, sign_all, upheld, void,
    },
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A site whose window 0 was ruled void and falsely signed.
fn lying() -> (Site, Objection) {
    let (mut site, objection) = Site::challenged();
    site.rule(&objection, lied(0));
    (site, objection)
}

/// The slashing of member `index` is refused by this name.
#[track_caller]
fn refused(site: &mut Site, objection: &Objection, index: u8, name: &str) {
    let slash = site.slash_signer_ix(objection, index);
    site.world.refused(&[slash], &[], name);
}

#[test]
fn a_signer_loses_its_bond_once() {
    let (mut site, objection) = lying();
    for index in 0..3u8 {
        let member = &site.set.attesters[usize::from(index)];
        let (address, key) = (member.address, member.pool);
        let mut attester = site.world.attester_state(member);
        let mut pool = site.world.pool(&key);
        let mut challenge = site.world.challenge_state(&objection);
        assert_eq!((attester.bond, attester.live_bits), (BOND, 1));
        assert_eq!(pool.locked, BOND);
        let receipt = site.slash_signer(&objection, index);

        attester.bond = 0;
        attester.standing = Standing::Slashed.byte();
        let member = &site.set.attesters[usize::from(index)];
        same(&site.world.attester_state(member), &attester);
        pool.locked = 0;
        pool.tokens = 1_000 * TOKEN - BOND;
        (pool.slashed, pool.to_burn) = (BOND, BOND);
        same(&site.world.pool(&key), &pool);
        challenge.signers &= !(1 << index);
        same(&site.world.challenge_state(&objection), &challenge);
        logged(
            &receipt,
            &[AttesterSlashed {
                attester: address,
                pool: key,
                taken: BOND,
                standing: 1,
            }],
        );
        refused(&mut site, &objection, index, "NotASigner");
    }
    refused(&mut site, &objection, 3, "NotASigner");
    assert_eq!(site.world.challenge_state(&objection).signers, 0);
}

#[test]
fn signers_are_slashed_only_after_a_ruling_that_they_lied() {
    let (mut site, objection) = Site::challenged();
    refused(&mut site, &objection, 0, "NotRuled");
    site.rule(&objection, void(TOKEN));
    refused(&mut site, &objection, 0, "NotASigner");

    let (mut site, objection) = Site::challenged();
    site.rule(&objection, upheld());
    refused(&mut site, &objection, 0, "NotRuled");
}

#[test]
fn only_the_member_at_the_index_is_slashed() {
    let (mut site, objection) = lying();
    let outsider = site.world.attester();
    for index in [1, 2, 3, 4, 15, 16, u8::MAX] {
        let key = site.set.attesters[0].key.pubkey();
        let bent = site.world.slash_signer_ix(&objection, &key, index);
        site.world.refused(&[bent], &[], "NotAMember");
    }
    let bent = site
        .world
        .slash_signer_ix(&objection, &outsider.key.pubkey(), 0);
    site.world.refused(&[bent], &[], "NotAMember");
    assert_eq!(site.world.pool(&outsider.pool).slashed, 0);
}

#[test]
fn a_signer_is_slashed_in_the_challenge_s_set_and_in_its_own_pool_only() {
    let (mut site, objection) = lying();
    let good = site.slash_signer_ix(&objection, 0);
    let other = site.world.set(1, 1);
    let bent = good.with(&site.set.address, &other.address);
    site.world.refused(&[bent], &[], "WrongSet");
    let [mine, theirs] = [0, 1].map(|index: usize| site.set.attesters[index].pool);
    let provider = site.provider.pool;
    for wrong in [theirs, provider] {
        let bent = good.with(&mine, &wrong);
        site.world.refused(&[bent], &[], "WrongStakePool");
    }
    let owner = site.set.attesters[0].owner.pubkey();
    let own = address::position(&mine, &owner);
    for wrong in [address::position(&theirs, &owner), owner] {
        let bent = good.with(&own, &wrong);
        site.world.refused(&[bent], &[], "WrongPosition");
    }
    let parts = [
        objection.address,
        site.set.address,
        site.set.attesters[0].address,
        mine,
    ];
    site.world.refuses_look_alikes(&good, &parts, &[]);
}

#[test]
fn a_member_of_the_same_key_in_another_network_is_not_meant() {
    let (mut site, objection) = lying();
    let network = site.world.other_network();
    let [key, owner] = {
        let member = &site.set.attesters[0];
        [&member.key, &member.owner].map(Keypair::insecure_clone)
    };
    let payer = site.world.payer.pubkey();
    let register = ix::register_attester(&payer, &owner.pubkey(), &key.pubkey(), &network);
    site.world.ok(&[register], &[&owner, &key]);
    let twin = address::attester(&network, &key.pubkey());
    let pool = site
        .world
        .within(&network, |world| world.stake(&twin, &owner, 1_000 * TOKEN));
    let member = &site.set.attesters[0];
    let bent = site
        .slash_signer_ix(&objection, 0)
        .with(&member.address, &twin)
        .with(&member.pool, &pool);
    site.world.refused(&[bent], &[], "WrongNetwork");
}

#[test]
fn a_signer_that_left_every_set_still_answers() {
    let (mut site, objection) = Site::challenged();
    for index in 0..3 {
        site.world.leave(&site.set, index);
    }
    site.rule(&objection, lied(0));
    let member = &site.set.attesters[0];
    assert_eq!(site.world.pool(&member.pool).locked, 0);
    site.slash_signer(&objection, 0);
    let member = &site.set.attesters[0];
    let (state, pool) = (
        site.world.attester_state(member),
        site.world.pool(&member.pool),
    );
    assert_eq!((state.standing, state.bond), (Standing::Slashed.byte(), 0));
    assert_eq!((pool.locked, pool.slashed), (0, BOND));
}

#[test]
fn a_signer_whose_stake_thaws_still_answers_and_one_that_withdrew_it_has_nothing() {
    let (mut site, objection) = Site::challenged();
    site.world.leave(&site.set, 0);
    let (owner, pool) = {
        let member = &site.set.attesters[0];
        (member.owner.insecure_clone(), member.pool)
    };
    // It leaves all but 7 base units behind and unstakes them.
    let (payer, network) = (site.world.payer.pubkey(), site.world.network);
    let most = 1_000 * TOKEN - 7;
    let unstake = ix::unstake(&payer, &owner.pubkey(), &network, &pool, most, 1);
    site.world.ok(&[unstake], &[&owner]);
    site.rule(&objection, lied(0));
    let week = i64::from(PARAMS.unbonding_secs);
    // Thawing stake is slashed like any other.
    let mut early = Site::challenged();
    early.0.world.leave(&early.0.set, 0);
    early.0.world.ok(
        &[ix::unstake(
            &payer,
            &owner.pubkey(),
            &network,
            &pool,
            most,
            1,
        )],
        &[&owner],
    );
    early.0.rule(&early.1, lied(0));
    early.0.slash_signer(&early.1, 0);
    assert_eq!(early.0.world.pool(&pool).slashed, BOND);

    let position = address::position(&pool, &owner.pubkey());
    let ticket = site
        .world
        .chain
        .get(&address::unstake(&position, 1))
        .unwrap();
    site.world.advance(week);
    let withdraw = ix::withdraw(
        &site.world.pool(&pool),
        &ticket,
        &site.world.stake_mint.token_program,
    );
    site.world.ok(&[withdraw], &[]);
    let receipt = site.slash_signer(&objection, 0);
    let state = site.world.pool(&pool);
    assert_eq!((state.tokens, state.slashed, state.to_burn), (0, 7, 7));
    logged(
        &receipt,
        &[AttesterSlashed {
            attester: site.set.attesters[0].address,
            pool,
            taken: 7,
            standing: 1,
        }],
    );
}

#[test]
fn one_bond_is_lost_once_for_any_number_of_windows() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.prove(0, 100);
    site.prove(1, 100);
    let [a, b] = [0, 1].map(|window| site.challenge(window));
    site.at_ruling(1, RULING / 2);
    site.world.rule(&a, lied(0));
    site.world.rule(&b, lied(0));
    site.slash_signer(&a, 1);
    let pool = site.set.attesters[1].pool;
    let once = site.world.pool(&pool);
    let receipt = site.slash_signer(&b, 1);
    same(&site.world.pool(&pool), &once);
    logged(
        &receipt,
        &[AttesterSlashed {
            attester: site.set.attesters[1].address,
            pool,
            taken: 0,
            standing: 1,
        }],
    );
}

#[test]
fn a_tombstone_stays_when_a_ruling_comes_after_it() {
    let (mut site, objection) = Site::challenged();
    site.tombstone(0);
    site.rule(&objection, lied(0));
    site.slash_signer(&objection, 0);
    let state = site.world.attester_state(&site.set.attesters[0]);
    assert_eq!(state.standing, Standing::Tombstoned.byte());
    assert_eq!(site.world.pool(&site.set.attesters[0].pool).slashed, BOND);
}

#[test]
fn nobody_who_did_not_sign_loses_anything() {
    let mut site = Site::new();
    site.at(HOUR);
    let state = site.state();
    let statement = Statement::of(&state, 0, 100, [0; 32]);
    let worker = statement.sign(Path::Quorum, &site.job.worker).unwrap();
    let members = site.set.attesters[1..].iter().map(|member| &member.key);
    let signed = sign_all(&statement, Path::Quorum, members);
    let set: AttesterSet = site.world.chain.get(&site.set.address).unwrap();
    let proof = ix::attest(&site.job.address, &state, &set, &statement, worker, &signed);
    site.world.ok(&proof.unwrap(), &[]);
    let objection = site.challenge(0);
    assert_eq!(site.world.challenge_state(&objection).signers, 0b1110);
    site.rule(&objection, lied(0));
    refused(&mut site, &objection, 0, "NotASigner");
    for index in 1..4 {
        site.slash_signer(&objection, index);
    }
    let slashed = [0, 1, 2, 3].map(|i: usize| site.world.pool(&site.set.attesters[i].pool).slashed);
    assert_eq!(slashed, [0, BOND, BOND, BOND]);
}

#[test]
fn a_new_bond_answers_for_other_windows_signed_before() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.prove(0, 100);
    site.prove(1, 100);
    let [a, b] = [0, 1].map(|window| site.challenge(window));
    site.at_ruling(1, RULING / 2);
    site.world.rule(&a, lied(0));
    site.world.rule(&b, lied(0));
    site.slash_signer(&a, 0);
    let owner = site.set.attesters[0].owner.insecure_clone();
    let leave = site.remove_ix(&owner.pubkey(), 0);
    let args = SetArgs {
        fee_bps: 99,
        ..site.set.args
    };
    let network = site.world.network;
    let second = site.world.set_of(&network, args);
    let key = site.set.attesters[0].key.pubkey();
    let enter = ix::enter_attester_set(&owner.pubkey(), &network, &second, &key, 0);
    site.world.ok(&[leave], &[&owner]);
    site.world.ok(&[enter], &[&owner]);
    site.slash_signer(&b, 0);
    let member = &site.set.attesters[0];
    let (state, pool) = (
        site.world.attester_state(member),
        site.world.pool(&member.pool),
    );
    assert_eq!((state.standing, state.bond), (Standing::Slashed.byte(), 0));
    assert_eq!((pool.slashed, pool.locked), (2 * BOND, 0));
}
