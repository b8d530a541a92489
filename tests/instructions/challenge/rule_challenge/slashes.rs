//! What a ruling takes of a job's bond.

use super::*;

#[test]
fn an_upheld_window_slashes_nobody() {
    for bent in [
        Ruling {
            slash: 1,
            ..upheld()
        },
        Ruling {
            signers_lied: 1,
            ..upheld()
        },
    ] {
        let (mut site, objection) = due();
        site.world.ruling_refused(&objection, bent, "MustUphold");
        site.at_ruling(0, RULING);
        site.world.ruling_refused(&objection, bent, "MustUphold");
    }
}

#[test]
fn a_ruling_takes_at_most_the_job_s_bond() {
    let (mut site, objection) = due();
    // Two jobs stand behind the provider's stake: the other's bond is not touched.
    site.another(|_| ());
    assert_eq!(site.pool().locked, 1_000 * TOKEN);
    for slash in [500 * TOKEN + 1, 1_000 * TOKEN, u64::MAX] {
        site.world
            .ruling_refused(&objection, void(slash), "SlashAboveBond");
    }
    site.world.rule(&objection, void(500 * TOKEN));
    let pool = site.pool();
    assert_eq!((pool.locked, pool.tokens), (500 * TOKEN, 9_500 * TOKEN));
    assert_eq!((site.state().bond, site.state().slashes), (0, 1));
}

#[test]
fn rulings_on_one_job_take_at_most_its_bond_together() {
    let mut site = Site::new();
    site.at(4 * HOUR);
    for window in 0..4 {
        site.prove(window, 100);
    }
    let [a, b, c, d] = [0, 1, 2, 3].map(|window| site.challenge(window));
    site.at_ruling(3, RULING / 2);
    site.world.rule(&a, void(300 * TOKEN));
    site.world
        .ruling_refused(&b, void(200 * TOKEN + 1), "SlashAboveBond");
    site.world.rule(&b, void(200 * TOKEN));
    site.world.ruling_refused(&c, void(1), "SlashAboveBond");
    site.world.rule(&c, void(0));
    site.world.rule(&d, upheld());
    let (job, pool) = (site.state(), site.pool());
    assert_eq!((job.bond, job.slashes, job.quorum_windows), (0, 2, 1));
    assert_eq!((pool.locked, pool.slashed), (0, 500 * TOKEN));
    site.settle();
    site.release();
    assert_eq!(site.pool().locked, 0);
    let provider: Provider = site.world.chain.get(&site.provider.address).unwrap();
    assert_eq!(
        (provider.record.slashes, provider.record.windows_proven),
        (2, 1)
    );
}

#[test]
fn a_slash_of_nothing_is_no_slash() {
    let (mut site, objection) = due();
    let pool = site.pool();
    site.world.rule(&objection, void(0));
    same(&site.pool(), &pool);
    assert_eq!((site.state().slashes, site.state().bond), (0, 500 * TOKEN));
}

#[test]
fn own_stake_covers_what_stays_locked_after_a_slash() {
    // The owner's own stake is what it has to be to the base unit, and an outsider's weighs a hundred times as much.
    let (mut site, objection) = due();
    site.another(|args| args.terms.bond = 9_500 * TOKEN);
    let delegator = site.world.party();
    site.delegate(&delegator, 990_001 * TOKEN + 7);
    site.world.rule(&objection, void(500 * TOKEN - 1));
    let pool = site.pool();
    assert_eq!(pool.locked, 9_500 * TOKEN + 1);
    let own = pool.worth(10_000 * TOKEN).unwrap();
    assert!(own >= pool.locked, "{own} covers {}", pool.locked);
    assert_eq!(pool.to_burn, 500 * TOKEN - 1);
    // The slash fell on every share alike.
    assert!(own > 9_994 * TOKEN && own < 9_996 * TOKEN, "{own}");
}

#[test]
fn what_was_slashed_is_burned_and_nothing_else() {
    let (mut site, objection) = due();
    site.world.rule(&objection, void(500 * TOKEN));
    let (pool, mint) = (site.provider.pool, site.world.stake_mint);
    let vault = site.world.vault(&pool);
    let burn = ix::burn_slashed(&pool, &site.pool(), &mint.token_program);
    site.world.ok(&[burn], &[]);
    assert_eq!(site.world.vault(&pool), vault - 500 * TOKEN);
    let state = site.pool();
    assert_eq!((state.to_burn, state.slashed), (0, 500 * TOKEN));
    assert_eq!(
        vault - 500 * TOKEN,
        state.tokens + state.challenge_bonds,
        "the challenger's bond is still there"
    );
    site.world.settle_challenge(&objection);
    assert_eq!(site.world.vault(&pool), site.pool().tokens);
}

#[test]
fn the_record_counts_slashing_rulings_at_the_release() {
    let (mut site, objection) = due();
    site.world.rule(&objection, void(1));
    let record = |site: &Site| -> (u64, u64, u64) {
        let provider: Provider = site.world.chain.get(&site.provider.address).unwrap();
        (
            provider.record.slashes,
            provider.record.windows_proven,
            provider.record.jobs_completed,
        )
    };
    assert_eq!(record(&site), (0, 0, 0));
    site.release();
    // No window counts, so no job was completed.
    assert_eq!(record(&site), (1, 0, 0));
}
