mod slashes;

use {
    super::{HOUR, RULING, chain},
    sluice_client::{
        Job, Ledger, Provider, Ruling, Verdict, events::ChallengeRuled, instruction as ix,
    },
    sluice_tests::world::{Objection, Pull, Site, TOKEN, Tamper, lied, logged, same, upheld, void},
    solana_signer::Signer,
};

/// A challenged site on which the resolver can rule.
fn due() -> (Site, Objection) {
    let (mut site, objection) = Site::challenged();
    site.at_ruling(0, RULING / 2);
    (site, objection)
}

/// The units of a job by what became of them: matured, pending, frozen, and of a quorum.
fn units(job: &Job) -> (u64, u64, u64, u64) {
    (
        job.units_matured,
        job.units_pending,
        job.units_frozen,
        job.quorum_matured,
    )
}

#[test]
fn an_upheld_window_is_earned_at_the_ruling() {
    let (mut site, objection) = due();
    let (mut job, pool) = (site.state(), site.pool());
    let mut expected = site.world.challenge_state(&objection);
    assert_eq!(units(&job), (0, 0, 100, 0));
    site.pull_refused(Pull::Pay, "NothingDue");
    let receipt = site.world.rule(&objection, upheld());

    (job.units_frozen, job.units_matured, job.quorum_matured) = (0, 100, 100);
    same(&site.state(), &job);
    same(&site.pool(), &pool);
    let resolver = site.world.payer.pubkey();
    expected.verdict = Verdict::Upheld.byte();
    expected.ruled_at = site.world.now();
    expected.ruling_reason = 8;
    expected.evidence = chain(expected.evidence, &resolver, [4; 32]);
    expected.pieces = 2;
    expected.signers = 0;
    same(&site.world.challenge_state(&objection), &expected);
    logged(
        &receipt,
        &[ChallengeRuled {
            challenge: objection.address,
            job: site.job.address,
            evidence: expected.evidence,
            units: 100,
            slashed: 0,
            verdict: 1,
            window: 0,
            signers: 0,
            reason: 8,
        }],
    );
    assert_eq!(site.pull(Pull::Pay), 144_750_000);
    let credit = ix::credit(&site.job.address, &site.state());
    site.world.ok(&[credit], &[]);
    assert_eq!(site.world.node_state(&site.node).units, 100);
}

#[test]
fn a_void_window_was_never_proven_and_its_units_go_back_to_the_buyer() {
    let (mut site, objection) = due();
    let before = site.pull(Pull::Refund);
    assert_eq!(before, 850 * TOKEN);
    let (mut job, mut pool) = (site.state(), site.pool());
    let mut expected = site.world.challenge_state(&objection);
    let vault = site.world.vault(&site.provider.pool);
    let receipt = site.world.rule(&objection, lied(200 * TOKEN));

    (job.units_frozen, job.quorum_windows, job.void_windows) = (0, 0, 1);
    (job.bond, job.slashes) = (300 * TOKEN, 1);
    same(&site.state(), &job);
    pool.locked = 300 * TOKEN;
    pool.tokens = 9_800 * TOKEN;
    (pool.slashed, pool.to_burn) = (200 * TOKEN, 200 * TOKEN);
    same(&site.pool(), &pool);
    assert_eq!(site.world.vault(&site.provider.pool), vault);
    let resolver = site.world.payer.pubkey();
    expected.verdict = Verdict::Void.byte();
    expected.ruled_at = site.world.now();
    expected.ruling_reason = 8;
    expected.slashed = 200 * TOKEN;
    expected.evidence = chain(expected.evidence, &resolver, [4; 32]);
    expected.pieces = 2;
    assert_eq!(expected.signers, 0b111);
    same(&site.world.challenge_state(&objection), &expected);
    logged(
        &receipt,
        &[ChallengeRuled {
            challenge: objection.address,
            job: site.job.address,
            evidence: expected.evidence,
            units: 100,
            slashed: 200 * TOKEN,
            verdict: 2,
            window: 0,
            signers: 0b111,
            reason: 8,
        }],
    );
    site.pull_refused(Pull::Pay, "NothingDue");
    assert_eq!(site.pull(Pull::Refund), 150 * TOKEN);
    site.release();
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
}

#[test]
fn a_void_window_gives_room_for_later_ones_but_none_for_itself() {
    // 150 tokens fund one window.
    let mut site = Site::with(|args| {
        args.funds = 150 * TOKEN;
        args.length_secs = 60 * 3_600;
        args.terms.max_length_secs = 60 * 3_600;
    });
    site.at(HOUR);
    site.prove(0, 100);
    let objection = site.challenge(0);
    site.at(40 * HOUR);
    site.proof_refused(39, 1, "NothingWouldCount");
    site.at_ruling(0, RULING - 1);
    site.world.rule(&objection, void(0));
    site.proof_refused(0, 1, "StatementExpired");
    site.prove(36, 60);
    assert_eq!(units(&site.state()), (0, 60, 0, 0));
}

#[test]
fn the_resolver_rules_in_the_second_half_of_the_ruling_time() {
    for ruling in [upheld(), void(0), void(TOKEN)] {
        let (mut site, objection) = Site::challenged();
        site.world
            .ruling_refused(&objection, ruling, "RulingTooEarly");
        for early in [-1, 0, RULING / 2 - 1] {
            site.at_ruling(0, early);
            site.world
                .ruling_refused(&objection, ruling, "RulingTooEarly");
        }
        site.at_ruling(0, RULING / 2);
        site.world.rule(&objection, ruling);
        let (mut site, objection) = Site::challenged();
        site.at_ruling(0, RULING - 1);
        site.world.rule(&objection, ruling);
    }
}

#[test]
fn after_the_ruling_time_anybody_upholds_and_nobody_voids() {
    let (mut site, objection) = Site::challenged();
    let anybody = site.world.key();
    let uphold = site.world.rule_ix(&anybody.pubkey(), &objection, upheld());
    for early in [RULING / 2 - 1, RULING / 2, RULING - 1] {
        site.at_ruling(0, early);
        site.world
            .refused(std::slice::from_ref(&uphold), &[&anybody], "NotResolver");
    }
    site.at_ruling(0, RULING);
    for ruling in [void(0), void(1), lied(0)] {
        // Not even the resolver.
        site.world.ruling_refused(&objection, ruling, "MustUphold");
        let rule = site.world.rule_ix(&anybody.pubkey(), &objection, ruling);
        site.world.refused(&[rule], &[&anybody], "MustUphold");
    }
    site.world.ok(&[uphold], &[&anybody]);
    assert_eq!(units(&site.state()), (100, 0, 0, 100));
    let state = site.world.challenge_state(&objection);
    assert_eq!(state.verdict, Verdict::Lapsed.byte());
    assert_eq!((state.signers, state.slashed), (0, 0));
}

#[test]
fn the_resolver_is_nobody_special_after_the_ruling_time() {
    let (mut site, objection) = Site::challenged();
    site.at_ruling(0, 400 * RULING);
    site.world.rule(&objection, upheld());
    let state = site.world.challenge_state(&objection);
    assert_eq!(state.verdict, Verdict::Lapsed.byte());
}

#[test]
fn an_odd_ruling_time_gives_the_resolver_the_shorter_half() {
    let mut site = Site::with(|args| args.terms.ruling_secs = 61);
    site.at(HOUR);
    site.prove(0, 100);
    let objection = site.challenge(0);
    let state = site.world.challenge_state(&objection);
    let start = site.state().start_at;
    assert_eq!(state.rule_from, start + 14 * HOUR + 31);
    assert_eq!(state.rule_until, start + 14 * HOUR + 61);
    site.at_ruling(0, 30);
    site.world
        .ruling_refused(&objection, void(0), "RulingTooEarly");
    site.at_ruling(0, 61);
    site.world.ruling_refused(&objection, void(0), "MustUphold");
    site.at_ruling(0, 31);
    site.world.rule(&objection, void(0));
}

#[test]
fn the_flags_of_a_ruling_are_zero_or_one() {
    let (mut site, objection) = due();
    for (void, signers_lied) in [(2, 0), (255, 0), (1, 2), (0, 2)] {
        let ruling = Ruling {
            void,
            signers_lied,
            ..upheld()
        };
        site.world
            .ruling_refused(&objection, ruling, "MalformedRuling");
    }
}

#[test]
fn a_challenge_cannot_be_ruled_in_its_own_transaction() {
    for ruling_secs in [60, 61, 86_400] {
        let mut site = Site::with(|args| args.terms.ruling_secs = ruling_secs);
        site.at(HOUR);
        site.prove(0, 100);
        let objection = site.challenge(0);
        let rule = |site: &Site| {
            let resolver = site.world.payer.pubkey();
            site.world.rule_ix(&resolver, &objection, void(0))
        };
        // The same two instructions on the same chain without that challenge, in one transaction.
        let mut twin = Site::with(|args| args.terms.ruling_secs = ruling_secs);
        twin.at(HOUR);
        twin.prove(0, 100);
        assert_eq!(twin.job.address, site.job.address);
        let challenger = twin.world.challenger(&twin.job);
        let key = challenger.pubkey();
        assert_eq!(key, objection.challenger.pubkey());
        let open = twin.world.challenge_ix(&key, &twin.job, 0);
        for at in [HOUR, 14 * HOUR - 1] {
            twin.at(at);
            let both = [open.clone(), rule(&site)];
            twin.world.refused(&both, &[&challenger], "RulingTooEarly");
        }
        twin.at(14 * HOUR);
        twin.world
            .refused(&[open, rule(&site)], &[&challenger], "NotChallengeable");
    }
}

#[test]
fn a_challenge_is_ruled_once() {
    for first in [upheld(), void(0), void(500 * TOKEN)] {
        let (mut site, objection) = due();
        site.world.rule(&objection, first);
        site.world.advance(1);
        for second in [upheld(), void(0), void(1), lied(1)] {
            site.world
                .ruling_refused(&objection, second, "AlreadyRuled");
        }
        site.at_ruling(0, RULING);
        for second in [upheld(), void(0)] {
            site.world
                .ruling_refused(&objection, second, "AlreadyRuled");
        }
        // Nor twice in one transaction.
        let (mut site, objection) = due();
        let resolver = site.world.payer.pubkey();
        let [one, two] = [first, upheld()].map(|r| site.world.rule_ix(&resolver, &objection, r));
        site.world.refused(&[one, two], &[], "AlreadyRuled");
    }
}

#[test]
fn only_the_resolver_rules_in_time() {
    let (mut site, objection) = due();
    let resolver = site.world.payer.pubkey();
    let rule = site.world.rule_ix(&resolver, &objection, void(0));
    let others = [
        site.provider.owner.insecure_clone(),
        site.job.buyer.insecure_clone(),
        objection.challenger.insecure_clone(),
        site.set.attesters[0].owner.insecure_clone(),
        site.world.treasury.insecure_clone(),
    ];
    for other in &others {
        let bent = rule.with(&resolver, &other.pubkey());
        site.world.refused(&[bent], &[other], "NotResolver");
    }
}

#[test]
fn a_ruling_is_on_the_challenge_s_own_job_and_pool() {
    let (mut site, objection) = due();
    let other = site.another(|_| ());
    let stranger = site.world.provider();
    let resolver = site.world.payer.pubkey();
    let good = site.world.rule_ix(&resolver, &objection, void(0));
    for (part, wrong, name) in [
        (site.job.address, other.address, "WrongChallenge"),
        (site.provider.pool, stranger.pool, "WrongStakePool"),
    ] {
        let bent = good.with(&part, &wrong);
        site.world.refused(&[bent], &[], name);
        let foreign = good.with(&part, &site.world.counterfeit(&part));
        site.world.refused(&[foreign], &[], "IllegalOwner");
    }
    let cosplay = good.with(&objection.address, &site.set.address);
    site.world.refused(&[cosplay], &[], "InvalidAccountData");
    site.world.ok(&[good], &[]);
}

#[test]
fn a_challenge_of_an_earlier_incarnation_rules_nothing() {
    let (mut site, objection) = due();
    // No instruction reaches this: a job with frozen units cannot be released.
    let job = site.job.address;
    site.world.edit(&job, |job: &mut Job| job.incarnation += 1);
    for ruling in [upheld(), void(0)] {
        site.world
            .ruling_refused(&objection, ruling, "WrongChallenge");
    }
}
