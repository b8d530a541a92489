mod batches;
mod layout;
mod tombstone;

use {
    super::{BOND, HOUR},
    sluice::attestation::{Said, TAG_QUORUM, context, verify_both},
    sluice_client::{
        AttesterSet, Equivocation, Ledger, Standing,
        events::AttesterSlashed,
        instruction as ix,
        statement::{Path, Statement},
    },
    sluice_tests::world::{Site, TOKEN, Tamper, logged, same, signed_twice, through_forwarder},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

/// What the precompile says to a signature that does not fit.
const BAD_SIGNATURE: &str = "Custom(2)";

/// The key of the member at `index`.
fn key(site: &Site, index: usize) -> Keypair {
    site.set.attesters[index].key.insecure_clone()
}

/// Member 0 signs `said`, and `shown` is brought.
#[track_caller]
fn refused(site: &mut Site, said: &[Statement; 2], shown: &[Statement; 2], name: &str) {
    let member = key(site, 0);
    let both = [
        signed_twice(&member, Path::Quorum, said),
        site.world.show_ix(&member.pubkey(), &site.job, shown),
    ];
    site.world.refused(&both, &[], name);
}

/// Nothing refused before did any harm: the contradiction is still shown.
#[track_caller]
fn still_shown(mut site: Site) {
    site.tombstone(0);
    let state = site.world.attester_state(&site.set.attesters[0]);
    assert_eq!(state.standing, Standing::Tombstoned.byte());
}

#[test]
fn two_statements_about_one_window_cost_the_bond_and_the_good_name() {
    let mut site = Site::new();
    let member = &site.set.attesters[2];
    let (address, key) = (member.address, member.pool);
    let (mut attester, mut pool) = (site.world.attester_state(member), site.world.pool(&key));
    let set: AttesterSet = site.world.chain.get(&site.set.address).unwrap();
    let receipt = site.tombstone(2);

    attester.bond = 0;
    attester.standing = Standing::Tombstoned.byte();
    same(
        &site.world.attester_state(&site.set.attesters[2]),
        &attester,
    );
    pool.locked = 0;
    pool.tokens = 1_000 * TOKEN - BOND;
    (pool.slashed, pool.to_burn) = (BOND, BOND);
    same(&site.world.pool(&key), &pool);
    assert_eq!(site.world.vault(&key), 1_000 * TOKEN);
    same(&site.world.chain.get(&site.set.address).unwrap(), &set);
    logged(
        &receipt,
        &[AttesterSlashed {
            attester: address,
            pool: key,
            taken: BOND,
            standing: 2,
        }],
    );
}

#[test]
fn statements_with_other_units_or_another_digest_contradict_each_other() {
    let bends: [fn(&mut Statement); 4] = [
        |said| said.units = 0,
        |said| said.units = u64::MAX,
        |said| said.digest[0] ^= 1,
        |said| said.digest[31] ^= 0x80,
    ];
    for bend in bends {
        for swap in [false, true] {
            let mut site = Site::new();
            let [first, mut second] = [site.contradiction()[0]; 2];
            bend(&mut second);
            let pair = if swap {
                [second, first]
            } else {
                [first, second]
            };
            let shown = site
                .world
                .equivocation_ixs(&key(&site, 0), &site.job, &pair);
            site.world.ok(&shown, &[]);
        }
    }
}

#[test]
fn the_same_statement_twice_is_no_contradiction() {
    let mut site = Site::new();
    let [said, _] = site.contradiction();
    refused(&mut site, &[said; 2], &[said; 2], "NotEquivocation");
    // Not even when two others were signed.
    let both = site.contradiction();
    refused(&mut site, &both, &[said; 2], "NotEquivocation");
    still_shown(site);
}

#[test]
fn signing_one_statement_again_is_harmless() {
    let mut site = Site::new();
    site.at(HOUR);
    let proof = site.world.attest_ixs(&site.job, &site.set, 0, 100);
    site.world.ok(&proof, &[]);
    let said = Statement::of(&site.state(), 0, 100, [0; 32]);
    refused(&mut site, &[said; 2], &[said; 2], "NotEquivocation");
    let state = site.world.attester_state(&site.set.attesters[0]);
    assert_eq!((state.standing, state.bond), (0, BOND));
}

#[test]
fn windows_jobs_incarnations_and_nodes_must_be_one() {
    let mut site = Site::new();
    let [first, second] = site.contradiction();
    let other = site.another(|_| ());
    let node = site.world.node(&site.provider, &site.set.address);
    let network = site.world.other_network();
    let state = site.state();
    let domain = site.world.network_state().domain;
    let foreign = site.world.within(&network, |w| w.network_state().domain);
    let (job, incarnation) = (site.job.address, state.incarnation);
    let contexts = [
        context(&domain, &other.address, incarnation, &site.node.address),
        context(&domain, &job, incarnation + 1, &site.node.address),
        context(&domain, &job, incarnation - 1, &site.node.address),
        context(&domain, &job, incarnation, &node.address),
        context(&foreign, &job, incarnation, &site.node.address),
        [0; 32],
    ];
    let shown = [first, second];
    for context in contexts {
        assert_ne!(context, state.context);
        let second = Statement { context, ..second };
        refused(&mut site, &[first, second], &shown, "WrongStatement");
        refused(&mut site, &[second, first], &shown, "WrongStatement");
        let first = Statement { context, ..first };
        refused(&mut site, &[first, second], &shown, "WrongStatement");
    }
    let second = Statement {
        window: 1,
        ..second
    };
    refused(&mut site, &[first, second], &shown, "WrongStatement");
    still_shown(site);
}

#[test]
fn the_statements_shown_are_the_signed_ones_in_their_order() {
    let mut site = Site::new();
    let [a, b] = site.contradiction();
    let c = Statement { units: 98, ..a };
    refused(&mut site, &[a, b], &[b, a], "WrongStatement");
    refused(&mut site, &[a, b], &[a, c], "WrongStatement");
    refused(&mut site, &[a, b], &[c, b], "WrongStatement");
    still_shown(site);
}

#[test]
fn what_a_cosigner_signs_is_no_contradiction() {
    let mut site = Site::new();
    let said = site.contradiction();
    let member = key(&site, 0);
    let show = site.world.show_ix(&member.pubkey(), &site.job, &said);
    let cosigned = signed_twice(&member, Path::Cosigned, &said);
    site.world
        .refused(&[cosigned.clone(), show.clone()], &[], "WrongStatement");
    // One of each: the halves of both instructions.
    let quorum = signed_twice(&member, Path::Quorum, &said);
    for (early, late) in [(&quorum, &cosigned), (&cosigned, &quorum)] {
        let mut mixed = early.clone();
        mixed.data[174..].copy_from_slice(&late.data[174..]);
        site.world
            .refused(&[mixed, show.clone()], &[], "WrongStatement");
    }
    still_shown(site);
}

#[test]
fn another_key_s_signatures_are_refused() {
    let mut site = Site::new();
    let said = site.contradiction();
    let (member, other) = (key(&site, 0), key(&site, 1));
    let show = site.world.show_ix(&member.pubkey(), &site.job, &said);
    let theirs = signed_twice(&other, Path::Quorum, &said);
    let ours = signed_twice(&member, Path::Quorum, &said);
    site.world
        .refused(&[theirs.clone(), show.clone()], &[], "NotAMember");
    for (early, late) in [(&ours, &theirs), (&theirs, &ours)] {
        let mut mixed = early.clone();
        mixed.data[174..].copy_from_slice(&late.data[174..]);
        site.world
            .refused(&[mixed, show.clone()], &[], "NotAMember");
    }
    still_shown(site);
}

#[test]
fn an_equivocator_is_shown_once() {
    let mut site = Site::new();
    site.tombstone(0);
    let pool = site.world.pool(&site.set.attesters[0].pool);
    let said = site.contradiction();
    refused(&mut site, &said, &said, "AttesterTombstoned");
    let more = said.map(|said| Statement { window: 5, ..said });
    refused(&mut site, &more, &more, "AttesterTombstoned");
    same(&site.world.pool(&site.set.attesters[0].pool), &pool);
}

#[test]
fn equivocation_is_shown_at_top_level_right_after_its_signatures_only() {
    let mut site = Site::new();
    site.world.add_forwarder();
    let member = key(&site, 0);
    let said = site.contradiction();
    let [signed, show] = site.world.equivocation_ixs(&member, &site.job, &said);
    let called = through_forwarder(&show);
    site.world
        .refused(&[signed.clone(), called], &[], "NotTopLevel");
    site.world.refused(from_ref(&show), &[], "NoSignatures");
    let mint = site.world.pay_mint;
    let payer = site.world.payer.pubkey();
    let between = ix::token::create_token_account(&payer, &member.pubkey(), &mint);
    let apart = [signed.clone(), between, show.clone()];
    site.world.refused(&apart, &[], "NoSignatures");
    site.world
        .refused(&[show.clone(), signed.clone()], &[], "NoSignatures");
    let mut sysvar = show.clone();
    sysvar.accounts.last_mut().unwrap().pubkey = site.job.address;
    site.world
        .refused(&[signed, sysvar], &[], "ConstraintAddress");
    still_shown(site);
}

#[test]
fn an_attester_of_another_network_answers_there() {
    let mut site = Site::new();
    let said = site.contradiction();
    let member = key(&site, 0);
    let network = site.world.other_network();
    let [signed, show] = site.world.equivocation_ixs(&member, &site.job, &said);
    let bent = show.with(&site.world.network, &network);
    site.world.refused(&[signed, bent], &[], "WrongNetwork");
    still_shown(site);
}

#[test]
fn the_bond_comes_from_the_attester_s_own_pool() {
    let mut site = Site::new();
    let said = site.contradiction();
    let [signed, show] = site
        .world
        .equivocation_ixs(&key(&site, 0), &site.job, &said);
    let mine = site.set.attesters[0].pool;
    for wrong in [site.set.attesters[1].pool, site.provider.pool] {
        let bent = show.with(&mine, &wrong);
        site.world
            .refused(&[signed.clone(), bent], &[], "WrongStakePool");
    }
    let impostor = site.job.address;
    for part in [site.world.network, site.set.attesters[0].address, mine] {
        let cosplay = show.with(&part, &impostor);
        site.world
            .refused(&[signed.clone(), cosplay], &[], "InvalidAccountData");
        let foreign = show.with(&part, &site.world.counterfeit(&part));
        site.world
            .refused(&[signed.clone(), foreign], &[], "IllegalOwner");
    }
    still_shown(site);
}

#[test]
fn an_attester_that_left_or_was_slashed_is_tombstoned_all_the_same() {
    let mut site = Site::new();
    site.world.leave(&site.set, 0);
    site.tombstone(0);
    let pool = site.world.pool(&site.set.attesters[0].pool);
    assert_eq!((pool.locked, pool.slashed), (0, BOND));

    let (mut site, objection) = Site::challenged();
    site.rule(&objection, sluice_tests::world::lied(0));
    site.slash_signer(&objection, 0);
    let receipt = site.tombstone(0);
    let member = &site.set.attesters[0];
    logged(
        &receipt,
        &[AttesterSlashed {
            attester: member.address,
            pool: member.pool,
            taken: 0,
            standing: 2,
        }],
    );
    assert_eq!(site.world.pool(&member.pool).slashed, BOND);
}

#[test]
fn the_job_need_not_exist_any_more() {
    let mut site = Site::new();
    let said = site.contradiction();
    let shown = site
        .world
        .equivocation_ixs(&key(&site, 0), &site.job, &said);
    site.wind_up();
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
    site.world.ok(&shown, &[]);
}

#[test]
fn an_attester_without_any_stake_left_is_tombstoned_for_nothing() {
    let mut site = Site::new();
    site.world.leave(&site.set, 0);
    let (owner, pool) = (
        site.set.attesters[0].owner.insecure_clone(),
        site.set.attesters[0].pool,
    );
    site.world.unstake_all(&owner, &pool);
    site.tombstone(0);
    let state = site.world.pool(&pool);
    assert_eq!((state.tokens, state.slashed), (0, 0));
    still_out(&mut site);
}

/// Member 0 has no way back.
fn still_out(site: &mut Site) {
    let owner = site.set.attesters[0].owner.insecure_clone();
    let state = site.world.attester_state(&site.set.attesters[0]);
    let close = ix::close_attester(&state);
    site.world.refused(&[close], &[&owner], "StandingNotGood");
}
