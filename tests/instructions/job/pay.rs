use {
    sluice_tests::world::{Pull, Site, TOKEN, World},
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;

#[test]
fn pay_moves_nothing_before_the_challenge_time_and_exactly_the_net_after() {
    let mut world = World::new();
    let set = world.set(4, 3);
    let provider = world.provider();
    let node = world.node(&provider, &set.address);
    let job = world.active_job(&set, &provider, &node);

    world.advance(3_600);
    world.attest(&job, &set, 0, 100);
    let pay = world.pull(&job.address, Pull::Pay);
    world.refused(from_ref(&pay), &[], "NothingDue");
    world.advance(13 * 3_600 - 1);
    world.refused(from_ref(&pay), &[], "NothingDue");
    world.advance(1);
    world.ok(from_ref(&pay), &[]);

    // 100 units at 3 tokens per 2 are 150 tokens gross, of which 3.5 % are fees.
    assert_eq!(
        world.tokens(&job.provider_owner, &world.pay_mint),
        150 * TOKEN - 5_250_000
    );
    world.refused(&[pay], &[], "NothingDue");
}

#[test]
fn pay_touches_nobodys_share_but_the_providers() {
    let mut site = Site::new();
    site.at(HOUR);
    site.cosign(0, 100);
    assert_eq!(site.pull(Pull::Pay), 146_250_000);
    let job = site.state();
    assert_eq!(job.paid, 146_250_000);
    assert_eq!(
        (job.swept_treasury, job.swept_attesters, job.refunded),
        (0, 0, 0)
    );
    assert_eq!(site.vault(), 1_000 * TOKEN - 146_250_000);
}

#[test]
fn every_window_is_paid_on_its_own_date() {
    let mut site = Site::new();
    site.at(3 * HOUR);
    for window in 0..3 {
        site.prove(window, 100);
    }
    for window in 0..3 {
        site.at((14 + window) * HOUR - 1);
        site.pull_refused(Pull::Pay, "NothingDue");
        site.at((14 + window) * HOUR);
        assert_eq!(site.pull(Pull::Pay), 144_750_000);
    }
}

#[test]
fn two_pays_in_one_transaction_are_refused_and_move_nothing() {
    let mut site = Site::new();
    site.at(HOUR);
    site.cosign(0, 100);
    let pay = site.pull_ix(Pull::Pay);
    site.world.refused(&[pay.clone(), pay], &[], "NothingDue");
}

#[test]
fn an_open_job_pays_nobody() {
    let mut site = Site::new();
    let buyer = site.world.buyer();
    let terms = site.world.terms(&site.set.address);
    let args = {
        use solana_signer::Signer;
        site.world.open_args(1, terms, &site.job.cosigner.pubkey())
    };
    let open = site.world.open(&buyer, args);
    for what in [Pull::Pay, Pull::Treasury, Pull::Attesters] {
        let pull = site.world.pull(&open, what);
        site.world.refused(&[pull], &[], "NothingDue");
    }
}
