mod windows;

use {
    super::{HOUR, RULING, chain},
    bytemuck::Zeroable,
    sluice_client::{Challenge, Ledger, address, events::ChallengeOpened, instruction as ix},
    sluice_tests::world::{
        EVIDENCE, Pull, REASON, Site, TOKEN, Tamper, logged, same, upheld, void,
    },
    solana_address::Address,
    solana_signer::Signer,
    std::slice::from_ref,
};

/// Window 0's last second of challenge time is the one before this.
const MATURE: i64 = 14 * HOUR;

#[test]
fn a_challenge_holds_the_window_s_units_and_takes_the_bond() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.prove(0, 100);
    site.prove(1, 40);
    let challenger = site.world.challenger(&site.job);
    let payer = site.world.party();
    let (mut job, mut pool) = (site.state(), site.pool());
    let vault = site.world.vault(&site.provider.pool);
    let key = challenger.pubkey();
    let open = site
        .world
        .challenge_ix(&key, &site.job, 0)
        .with(&site.world.payer.pubkey(), &payer.pubkey());
    let receipt = site.world.ok(&[open], &[&payer, &challenger]);

    let expected = Challenge {
        job: site.job.address,
        network: site.world.network,
        pool: site.provider.pool,
        set: site.set.address,
        challenger: key,
        payee: site.provider.owner.pubkey(),
        rent_payer: payer.pubkey(),
        evidence: chain([0; 32], &key, EVIDENCE),
        statement: job.ring[0].statement,
        incarnation: job.incarnation,
        units: 100,
        bond: 10 * TOKEN,
        rule_from: job.start_at + MATURE + RULING / 2,
        rule_until: job.start_at + MATURE + RULING,
        opened_slot: site.world.slot(),
        window: 0,
        pieces: 1,
        signers: 0b111,
        reason: REASON,
        ..Challenge::zeroed()
    };
    let address = address::challenge(&site.job.address, job.incarnation, 0);
    let mut state: Challenge = site.world.chain.get(&address).unwrap();
    let seeds: [&[u8]; 4] = [
        b"challenge",
        site.job.address.as_ref(),
        &job.incarnation.to_le_bytes(),
        &[0; 4],
    ];
    let found = Address::find_program_address(&seeds, &sluice_client::ID);
    assert_eq!(found, (address, state.bump));
    state.bump = 0;
    same(&state, &expected);

    job.ring[0].units = 0;
    (job.units_pending, job.units_frozen) = (40, 100);
    same(&site.state(), &job);
    (pool.challenge_bonds, pool.challenges) = (10 * TOKEN, 1);
    same(&site.pool(), &pool);
    assert_eq!(site.world.vault(&site.provider.pool), vault + 10 * TOKEN);
    assert_eq!(site.stake_of(&key), 0);
    logged(
        &receipt,
        &[ChallengeOpened {
            job: site.job.address,
            challenge: address,
            challenger: key,
            evidence: expected.evidence,
            units: 100,
            rule_from: expected.rule_from,
            rule_until: expected.rule_until,
            window: 0,
            reason: u32::from(REASON),
        }],
    );
}

#[test]
fn another_incarnation_is_refused() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    let challenger = site.world.challenger(&site.job);
    let mut state = site.state();
    for incarnation in [state.incarnation - 1, state.incarnation + 1, 0, u64::MAX] {
        state.incarnation = incarnation;
        let mint = site.world.stake_mint;
        let challenge = ix::challenge(
            &site.world.payer.pubkey(),
            &challenger.pubkey(),
            &site.job.address,
            &state,
            &mint.address,
            &mint.token_program,
            0,
            (REASON, EVIDENCE),
        );
        site.world
            .refused(&[challenge], &[&challenger], "WrongIncarnation");
    }
}

#[test]
fn a_challenge_of_a_job_opened_anew_is_another_one() {
    let (mut site, objection) = Site::challenged();
    site.rule(&objection, void(0));
    site.wind_up();
    let close = site.close_ix();
    let terms = site.world.terms(&site.set.address);
    let args = site.world.open_args(1, terms, &site.job.cosigner.pubkey());
    let open = ix::open_job(
        &site.world.payer.pubkey(),
        &site.job.buyer.pubkey(),
        &site.world.network,
        &site.world.pay_mint.token_program,
        args,
    );
    let buyer = site.job.buyer.insecure_clone();
    site.world.ok(&[close, open], &[&buyer]);
    let job = site.job.address;
    site.world.accept(&job, &site.provider, &site.node);
    let (site, again) = site.with_challenge();
    assert_ne!(again.address, objection.address);
    // The first one, unsettled, means nothing to the new job.
    let old = site.world.challenge_state(&objection);
    assert_eq!(old.job, site.job.address);
    assert_eq!(site.pool().challenge_bonds, 20 * TOKEN);
}

#[test]
fn without_a_bond_nothing_moves_and_no_token_account_is_needed() {
    let mut site = Site::with(|args| args.terms.challenge_bond = 0);
    site.at(HOUR);
    site.prove(0, 100);
    let (mut pool, challenger) = (site.pool(), site.world.key());
    let challenge = site.world.challenge_ix(&challenger.pubkey(), &site.job, 0);
    site.world.ok(&[challenge], &[&challenger]);
    pool.challenges = 1;
    same(&site.pool(), &pool);
    assert_eq!(site.state().units_frozen, 100);
}

#[test]
fn the_bond_is_paid_in_full_by_who_signs() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    let challenger = site.world.challenger(&site.job);
    let rich = site.world.challenger(&site.job);
    let (key, mint) = (challenger.pubkey(), site.world.stake_mint);
    let good = site.world.challenge_ix(&key, &site.job, 0);
    let without = good.unsigned(&key);
    site.world
        .refused(&[without], &[], "MissingRequiredSignature");
    let own = address::token_account(&key, &mint.address, &mint.token_program);
    let theirs = address::token_account(&rich.pubkey(), &mint.address, &mint.token_program);
    // Somebody else's tokens, and the vault's own.
    let stolen = good.with(&own, &theirs);
    site.world.refused(&[stolen], &[&challenger], "Custom(4)");
    let poor = site.world.party();
    site.world.mint_to(&poor.pubkey(), &mint, 10 * TOKEN - 1);
    let short = site.world.challenge_ix(&poor.pubkey(), &site.job, 0);
    site.world.refused(&[short], &[&poor], "Custom(1)");
    site.world.ok(&[good], &[&challenger]);
}

#[test]
fn the_bond_lies_in_the_provider_s_own_stake_vault() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    let other = site.world.provider();
    let attester = site.set.attesters[0].pool;
    let challenger = site.world.challenger(&site.job);
    let good = site.world.challenge_ix(&challenger.pubkey(), &site.job, 0);
    let pool = site.provider.pool;
    for wrong in [other.pool, attester] {
        let bent = good.with(&pool, &wrong);
        site.world
            .refused(&[bent], &[&challenger], "WrongStakePool");
        let bent = good.with(&address::vault(&pool), &address::vault(&wrong));
        site.world.refused(&[bent], &[&challenger], "WrongVault");
    }
    let (stake, pay) = (site.world.stake_mint.address, site.world.pay_mint.address);
    let bent = good.with(&stake, &pay);
    // The token program's MintMismatch.
    site.world.refused(&[bent], &[&challenger], "Custom(3)");
}

#[test]
fn accounts_of_another_type_or_program_are_refused() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    let challenger = site.world.challenger(&site.job);
    let good = site.world.challenge_ix(&challenger.pubkey(), &site.job, 0);
    let (job, pool) = (site.job.address, site.provider.pool);
    for (part, other) in [(job, pool), (pool, site.set.address)] {
        let cosplay = good.with(&part, &other);
        let name = if part == job {
            "ConstraintDuplicateMutableAccount"
        } else {
            "InvalidAccountData"
        };
        site.world.refused(&[cosplay], &[&challenger], name);
        let foreign = good.with(&part, &site.world.counterfeit(&part));
        site.world
            .refused(&[foreign], &[&challenger], "IllegalOwner");
    }
    let elsewhere = good.with(
        &address::challenge(&job, site.state().incarnation, 0),
        &address::challenge(&job, site.state().incarnation, 1),
    );
    site.world
        .refused(&[elsewhere], &[&challenger], "InvalidSeeds");
}

#[test]
fn everybody_can_challenge_the_parties_too() {
    for who in 0..4 {
        let mut site = Site::new();
        site.at(HOUR);
        site.prove(0, 100);
        let key = match who {
            0 => &site.job.buyer,
            1 => &site.provider.owner,
            2 => &site.set.attesters[0].owner,
            _ => &site.world.payer,
        }
        .insecure_clone();
        let mint = site.world.stake_mint;
        site.world.mint_to(&key.pubkey(), &mint, 10 * TOKEN);
        let challenge = site.world.challenge_ix(&key.pubkey(), &site.job, 0);
        site.world.ok(&[challenge], &[&key]);
    }
}

#[test]
fn a_challenge_pays_nobody_and_refunds_nobody_but_holds_up_no_other_window() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.prove(0, 100);
    site.prove(1, 40);
    site.challenge(0);
    // Window 1 matures and is paid; of 1,000 tokens, all but what 100 frozen and 40 earned units are worth is free.
    site.at(15 * HOUR);
    assert_eq!(site.pull(Pull::Pay), 57_900_000);
    site.settle();
    assert_eq!(site.pull(Pull::Refund), 1_000 * TOKEN - 210 * TOKEN);
    site.pull_refused(Pull::Pay, "NothingDue");
    site.pull_refused(Pull::Refund, "NothingDue");
    let release = site.release_ix();
    site.world.refused(from_ref(&release), &[], "NotSettled");
    let close = site.close_ix();
    site.world.refused(&[close], &[], "WrongJobState");
    // Not the time but the ruling frees it.
    site.world.advance(100 * RULING);
    site.world.refused(from_ref(&release), &[], "NotSettled");
    assert_eq!(site.state().units_frozen, 100);
}
