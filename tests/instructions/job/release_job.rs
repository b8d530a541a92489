use {
    sluice_client::{JobState, Ledger, Node, Provider, StakePool, instruction as ix},
    sluice_tests::world::{Pull, Site, TOKEN, Tamper},
    solana_signer::Signer,
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;
const GRACE: i64 = 12 * HOUR;

/// The bond locked, the slots used and the provider's record.
fn held(site: &Site) -> (u64, u16, (u64, u64)) {
    let pool: StakePool = site.world.chain.get(&site.provider.pool).unwrap();
    let provider: Provider = site.world.chain.get(&site.provider.address).unwrap();
    let slots = site.world.node_state(&site.node).slots_used;
    let record = (
        provider.record.windows_proven,
        provider.record.jobs_completed,
    );
    (pool.locked, slots, record)
}

#[test]
fn release_frees_bond_and_slot_and_writes_the_record() {
    let mut site = Site::new();
    site.at(10 * HOUR);
    site.prove(0, 100);
    site.prove(9, 50);
    site.cosign(5, 100);
    assert_eq!(held(&site), (500 * TOKEN, 1, (0, 0)));
    site.settle();
    site.release();
    assert_eq!(held(&site), (0, 0, (2, 0)));
    assert_eq!(site.world.node_state(&site.node).units, 150);
    let job = site.state();
    assert_eq!((job.state, job.bond), (JobState::Released.byte(), 0));
    assert_eq!((job.units_matured, job.units_pending), (250, 0));
}

#[test]
fn release_moves_no_token() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.settle();
    let before = Pull::ALL.map(|what| site.held(what));
    site.release();
    assert_eq!(Pull::ALL.map(|what| site.held(what)), before);
    assert_eq!(site.vault(), 1_000 * TOKEN);
}

#[test]
fn an_unproven_job_is_released_when_its_last_grace_has_ended() {
    let mut site = Site::new();
    let release = site.release_ix();
    for early in [0, 10 * HOUR, 10 * HOUR + GRACE - 1] {
        site.at(early);
        site.world.refused(from_ref(&release), &[], "NotSettled");
    }
    site.at(10 * HOUR + GRACE);
    site.world.ok(&[release], &[]);
}

#[test]
fn a_job_with_a_pending_window_is_released_when_it_matures() {
    let mut site = Site::new();
    site.at(10 * HOUR);
    site.prove(9, 1);
    let release = site.release_ix();
    for early in [10 * HOUR + GRACE, 10 * HOUR + GRACE + HOUR - 1] {
        site.at(early);
        site.world.refused(from_ref(&release), &[], "NotSettled");
    }
    site.at(10 * HOUR + GRACE + HOUR);
    site.world.ok(&[release], &[]);
}

#[test]
fn a_job_with_every_window_proven_is_released_no_earlier() {
    let mut site = Site::new();
    site.at(10 * HOUR);
    for window in 0..10 {
        site.cosign(window, 10);
    }
    site.at(10 * HOUR + GRACE - 1);
    let release = site.release_ix();
    site.world.refused(from_ref(&release), &[], "NotSettled");
    site.at(10 * HOUR + GRACE);
    site.world.ok(&[release], &[]);
}

#[test]
fn a_cut_window_counts_with_its_whole_length() {
    let mut site = Site::with(|args| args.length_secs = 3_601);
    site.at(2 * HOUR + GRACE - 1);
    let release = site.release_ix();
    site.world.refused(from_ref(&release), &[], "NotSettled");
    site.at(2 * HOUR + GRACE);
    site.world.ok(&[release], &[]);
}

#[test]
fn a_job_is_released_once() {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.settle();
    let release = site.release_ix();
    site.world.ok(from_ref(&release), &[]);
    site.world.refused(&[release], &[], "WrongJobState");
    assert_eq!(held(&site), (0, 0, (1, 0)));
}

#[test]
fn release_frees_its_own_jobs_bond_and_slot_only() {
    let mut site = Site::new();
    site.another(|args| args.terms.bond = 70 * TOKEN);
    site.world.advance(5 * HOUR);
    site.another(|args| args.terms.bond = 3 * TOKEN);
    assert_eq!(held(&site), (573 * TOKEN, 3, (0, 0)));
    site.prove(0, 100);
    site.at(10 * HOUR + GRACE);
    site.release();
    assert_eq!(held(&site), (73 * TOKEN, 2, (1, 0)));
}

#[test]
fn the_freed_slot_and_bond_take_another_job() {
    let mut site = Site::with(|args| args.terms.bond = 10_000 * TOKEN);
    site.at(HOUR);
    site.prove(0, 100);
    site.settle();
    site.release();
    site.another(|args| args.terms.bond = 10_000 * TOKEN);
    assert_eq!(held(&site), (10_000 * TOKEN, 1, (1, 0)));
}

#[test]
fn another_node_provider_or_stake_pool_is_refused() {
    let mut site = Site::new();
    site.settle();
    let other = site.world.provider();
    let node = site.world.node(&site.provider, &site.set.address);
    let release = site.release_ix();
    for (account, instead, name) in [
        (site.node.address, node.address, "WrongNode"),
        (site.provider.address, other.address, "WrongProvider"),
        (site.provider.pool, other.pool, "WrongStakePool"),
        (
            site.provider.pool,
            site.set.attesters[0].pool,
            "WrongStakePool",
        ),
    ] {
        let bent = release.with(&account, &instead);
        site.world.refused(&[bent], &[], name);
    }
    site.world.ok(&[release], &[]);
}

#[test]
fn an_open_job_has_nothing_to_release() {
    let mut site = Site::new();
    let buyer = site.world.buyer();
    let terms = site.world.terms(&site.set.address);
    let args = site.world.open_args(1, terms, &site.job.cosigner.pubkey());
    let open = site.world.open(&buyer, args);
    let mut seen = site.world.job(&open);
    (seen.node, seen.provider) = (site.node.address, site.provider.address);
    let release = ix::release_job(&open, &seen);
    site.world.refused(&[release], &[], "WrongNode");
}

#[test]
fn a_released_job_is_pulled_and_proves_nothing() {
    let mut site = Site::new();
    site.at(10 * HOUR);
    site.prove(9, 100);
    site.settle();
    site.release();
    assert_eq!(site.pull(Pull::Refund), 850 * TOKEN);
    assert_eq!(site.pull(Pull::Pay), 144_750_000);
    let earlier = site.world.cosigned_ixs(&site.job, 3, 1);
    site.at(4 * HOUR);
    site.world.refused(&earlier, &[], "WrongJobState");
}

#[test]
fn a_full_count_of_units_delays_neither_credit_nor_release() {
    let mut site = Site::new();
    let node = site.node.address;
    site.world
        .edit(&node, |state: &mut Node| state.units = u64::MAX - 10);
    site.at(2 * HOUR);
    site.prove(0, 100);
    site.prove(1, 100);
    site.at(14 * HOUR);
    let credit = ix::credit(&site.job.address, &site.state());
    site.world.ok(&[credit], &[]);
    site.wind_up();
    assert_eq!(site.world.node_state(&site.node).units, u64::MAX);
    assert_eq!((held(&site), site.vault()), ((0, 0, (2, 0)), 0));
}
