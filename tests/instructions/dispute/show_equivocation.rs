use {
    super::{BOND, HOUR, same},
    sluice::attestation::{context, verify_both},
    sluice_client::{
        AttesterSet, Equivocation, Ledger, Standing,
        events::AttesterSlashed,
        instruction as ix,
        statement::{Path, Statement},
    },
    sluice_tests::world::{Site, TOKEN, Tamper, logged, signed_twice, through_forwarder},
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
fn other_units_or_another_digest_contradict() {
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
fn what_is_shown_is_what_was_signed_in_that_order() {
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
fn it_is_shown_at_top_level_only_right_after_the_signatures() {
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
fn a_tombstoned_attester_never_enters_a_set_again() {
    let mut site = Site::new();
    site.tombstone(0);
    let member = &site.set.attesters[0];
    let (owner, member_key) = (member.owner.insecure_clone(), member.key.pubkey());
    let second = second_set(&mut site, 1);
    let network = site.world.network;
    let enter = ix::enter_attester_set(&owner.pubkey(), &network, &second, &member_key, 0);
    site.world
        .refused(from_ref(&enter), &[&owner], "AttesterTombstoned");
    let leave = site.remove_ix(&owner.pubkey(), 0);
    site.world.ok(&[leave], &[&owner]);
    site.world
        .refused(&[enter], &[&owner], "AttesterTombstoned");
}

/// A set of the same members with another threshold.
fn second_set(site: &mut Site, threshold: u8) -> solana_address::Address {
    let args = sluice_client::SetArgs {
        threshold,
        ..site.set.args
    };
    let (payer, network) = (site.world.payer.pubkey(), site.world.network);
    let create = ix::create_attester_set(&payer, &network, args);
    site.world.ok(&[create], &[]);
    sluice_client::address::attester_set(&network, &args.digest())
}

#[test]
fn when_the_quorum_is_gone_either_side_ends_the_job_at_once() {
    for by_buyer in [true, false] {
        let mut site = Site::new();
        site.at(HOUR);
        for index in [0, 1] {
            site.tombstone(index);
            let stranger = site.world.key();
            let leave = site.remove_ix(&stranger.pubkey(), index as u8);
            site.world.ok(&[leave], &[&stranger]);
        }
        let set: AttesterSet = site.world.chain.get(&site.set.address).unwrap();
        assert_eq!((set.live, set.has_quorum()), (0b1100, false));
        if by_buyer {
            site.cancel();
        } else {
            site.resign();
        }
        let job = site.state();
        assert_eq!(job.end_at, site.world.now());
    }
}

#[test]
fn a_tombstoned_member_s_signature_counts_until_its_bit_is_cleared() {
    let mut site = Site::new();
    site.at(HOUR);
    site.tombstone(0);
    site.prove(0, 10);
    let stranger = site.world.key();
    let leave = site.remove_ix(&stranger.pubkey(), 0);
    site.world.ok(&[leave], &[&stranger]);
    site.at(2 * HOUR);
    site.proof_refused(1, 10, "MemberNotLive");
}

/// Writes one field of one record.
fn point(ed25519: &mut Instruction, record: usize, field: usize, value: usize) {
    let at = 2 + 14 * record + field;
    ed25519.data[at..at + 2].copy_from_slice(&(value as u16).to_le_bytes());
}

/// The precompile is content with `ed25519`, and the program refuses it.
#[track_caller]
fn malformed(site: &mut Site, before: &[Instruction], ed25519: &Instruction) {
    let show = site
        .world
        .show_ix(&key(site, 0).pubkey(), &site.job, &site.contradiction());
    let all: Vec<_> = before.iter().chain([ed25519, &show]).cloned().collect();
    site.world.send(&all[..all.len() - 1], &[]).unwrap();
    site.world.refused(&all, &[], "MalformedSignatures");
}

/// A site, and member 0's two signatures of its contradiction.
fn signed() -> (Site, Instruction) {
    let site = Site::new();
    let said = site.contradiction();
    let signed = signed_twice(&key(&site, 0), Path::Quorum, &said);
    (site, signed)
}

#[test]
fn records_that_point_elsewhere_are_refused() {
    const PLACES: [usize; 2] = [30, 174];
    let (mut site, good) = signed();
    // The same bytes, in this instruction by its number or in one before it.
    for field in [2, 6, 12] {
        for record in 0..2 {
            let mut bent = good.clone();
            point(&mut bent, record, field, 0);
            malformed(&mut site, &[], &bent);
            malformed(&mut site, from_ref(&good), &bent);
        }
    }
    // One signature counted twice.
    for (record, place) in [(0, PLACES[1]), (1, PLACES[0])] {
        let mut bent = good.clone();
        point(&mut bent, record, 0, place + 32);
        point(&mut bent, record, 4, place);
        point(&mut bent, record, 8, place + 96);
        malformed(&mut site, &[], &bent);
    }
    // A stranger's signatures behind the member's key.
    let stranger = site.world.key();
    let theirs = signed_twice(&stranger, Path::Quorum, &site.contradiction());
    let mut bent = good.clone();
    let tail = bent.data.len();
    bent.data.extend(&theirs.data[30..]);
    for record in 0..2 {
        let place = tail + 144 * record;
        point(&mut bent, record, 0, place + 32);
        point(&mut bent, record, 4, place);
        point(&mut bent, record, 8, place + 96);
    }
    malformed(&mut site, &[], &bent);
    still_shown(site);
}

#[test]
fn one_three_or_no_signatures_padding_and_tails_are_refused() {
    let (mut site, good) = signed();
    let bends: [fn(&mut Vec<u8>); 5] = [
        |data| data[0] = 1,
        |data| data[1] = 1,
        |data| data.push(0),
        |data| data.extend([0; 144]),
        |data| *data = vec![0, 0],
    ];
    for bend in bends {
        let mut bent = good.clone();
        bend(&mut bent.data);
        malformed(&mut site, &[], &bent);
    }
    // Three records, the third of which repeats the first, all in their places.
    let mut three = good.clone();
    let third: Vec<u8> = three.data[30..174].to_vec();
    let record: Vec<u8> = three.data[2..16].to_vec();
    three.data.splice(30..30, record);
    three.data.extend(third);
    three.data[0] = 3;
    for (record, place) in [44, 188, 332].into_iter().enumerate() {
        point(&mut three, record, 0, place + 32);
        point(&mut three, record, 4, place);
        point(&mut three, record, 8, place + 96);
    }
    malformed(&mut site, &[], &three);
    // What proves a window is no contradiction.
    let [proof, _] = site.world.attest_ixs(&site.job, &site.set, 0, 100);
    malformed(&mut site, &[], &proof);
    still_shown(site);
}

#[test]
fn a_signature_that_does_not_fit_never_reaches_the_program() {
    let (mut site, good) = signed();
    let show = site
        .world
        .show_ix(&key(&site, 0).pubkey(), &site.job, &site.contradiction());
    for at in [30 + 40, 174 + 40, 30 + 100, 174 + 143] {
        let mut bent = good.clone();
        bent.data[at] ^= 1;
        site.world
            .refused(&[bent, show.clone()], &[], BAD_SIGNATURE);
    }
    still_shown(site);
}

#[test]
fn no_other_header_length_or_byte_is_read() {
    let (site, good) = signed();
    let member = key(&site, 0).pubkey();
    let [first, second] = site.contradiction().map(|said| said.hash());
    let verify = |data: &[u8]| verify_both(data, &member, &first, &second);
    verify(&good.data).unwrap();
    let malformed =
        anchor_lang::prelude::Error::from(sluice::error::SluiceError::MalformedSignatures);
    let refused = |data: &[u8]| assert!(verify(data).is_err_and(|error| error == malformed));
    for len in 0..good.data.len() {
        refused(&good.data[..len]);
        refused(&good.data[good.data.len() - len..]);
        let mut longer = good.data.clone();
        longer.insert(len, longer[len]);
        refused(&longer);
    }
    for at in 0..30 {
        for change in 1..=u8::MAX {
            let mut bent = good.data.clone();
            bent[at] ^= change;
            refused(&bent);
        }
    }
    // Behind the header, every byte of key and message matters; the signatures are the precompile's.
    for at in 30..good.data.len() {
        let mut bent = good.data.clone();
        bent[at] ^= 1;
        let in_signature = (32..96).contains(&((at - 30) % 144));
        assert_eq!(verify(&bent).is_ok(), in_signature, "byte {at}");
    }
}

#[test]
fn a_forged_digest_or_job_finds_no_signatures() {
    let mut site = Site::new();
    let said = site.contradiction();
    let member = key(&site, 0);
    let signed = signed_twice(&member, Path::Quorum, &said);
    let good = Equivocation {
        job: site.job.address,
        incarnation: site.state().incarnation,
        node: site.node.address,
        units: [100, 99],
        digests: [[0; 32]; 2],
        window: 0,
    };
    let bends: [fn(&mut Equivocation); 7] = [
        |shown| shown.incarnation += 1,
        |shown| shown.job = shown.node,
        |shown| shown.node = shown.job,
        |shown| shown.window += 1,
        |shown| shown.units[0] += 1,
        |shown| shown.digests[1][7] ^= 1,
        |shown| shown.units.swap(0, 1),
    ];
    for bend in bends {
        let mut shown = good;
        bend(&mut shown);
        let show = ix::show_equivocation(&site.world.network, &member.pubkey(), shown);
        site.world
            .refused(&[signed.clone(), show], &[], "WrongStatement");
    }
    still_shown(site);
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
