//! Random lives of dusty jobs: whatever happens in whatever order, the vault covers what is owed.
use {
    rand::{Rng, SeedableRng},
    rand_chacha::ChaCha8Rng,
    sluice_client::instruction as ix,
    sluice_tests::world::{Pull, Site},
};

const WINDOW: i64 = 100;

/// A job with an awkward price, ten windows and a bit, and funding with a remainder.
fn dusty(random: &mut ChaCha8Rng) -> Site {
    let (price, per) =
        [(7, 3), (1_000, 1), (1_000, 7), (1, 50), (13, 13)][random.random_range(0..5)];
    let (cap, funds) = (
        random.random_range(1..200),
        random.random_range(2_000..9_999),
    );
    let (grace, challenge) = (random.random_range(1..900), random.random_range(0..700));
    let extra = random.random_range(0..100);
    Site::with(|args| {
        (args.terms.price, args.terms.per, args.terms.cap) = (price, per, cap);
        (args.terms.window_secs, args.terms.notice_secs) = (WINDOW as u32, 150);
        (args.terms.grace_secs, args.terms.challenge_secs) = (grace, challenge);
        args.length_secs = 10 * WINDOW as u64 + extra;
        args.funds = funds;
    })
}

/// Every base unit deposited is in the vault or left by a door, and what is earned, pending or swept is covered.
#[track_caller]
fn check(site: &Site) {
    let job = site.state();
    let left = job.paid + job.swept_treasury + job.swept_attesters + job.refunded;
    assert_eq!(site.vault(), job.funded - left);
    let units = job.units_matured + job.units_pending;
    let gross = u128::from(units) * u128::from(job.terms.price) / u128::from(job.terms.per);
    assert!(gross as u64 <= job.funded - job.refunded, "{units} units");
    assert!(units <= job.units_funded);
}

/// One random step; refusals are part of life.
fn step(site: &mut Site, random: &mut ChaCha8Rng) {
    let window = random.random_range(0..12);
    let units = random.random_range(0..250);
    let buyer = site.job.buyer.insecure_clone();
    let instructions = match random.random_range(0..12) {
        0..=2 => site
            .world
            .attest_ixs(&site.job, &site.set, window, units)
            .to_vec(),
        3..=4 => site.world.cosigned_ixs(&site.job, window, units).to_vec(),
        5..=7 => vec![site.pull_ix(Pull::ALL[random.random_range(0..4)])],
        8 => vec![site.top_up_ix(random.random_range(1..700))],
        9 => vec![ix::mature(&site.job.address)],
        10 if random.random_range(0..6) == 0 => vec![site.cancel_ix()],
        _ => {
            site.world.advance(random.random_range(1..130));
            return;
        }
    };
    let _ = site.world.send(&instructions, &[&buyer]);
}

#[test]
fn a_vault_is_never_short_whatever_the_order() {
    for seed in 0..40 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut site = dusty(&mut random);
        for _ in 0..60 {
            step(&mut site, &mut random);
            check(&site);
        }
        site.wind_up();
        check(&site);
        assert_eq!(site.vault(), 0, "seed {seed}");
        let close = site.close_ix();
        site.world.ok(&[close], &[]);
    }
}

#[test]
fn a_job_whose_totals_contradict_each_other_takes_no_money() {
    use sluice_client::Job;
    let spoils: [fn(&mut Job); 4] = [
        |job| job.gross_cosigned = u64::MAX,
        |job| job.quorum_matured = job.units_matured + 1,
        |job| job.quorum_credited = 1_000,
        // The vault has less than what has not left.
        |job| job.funded += 1,
    ];
    for spoil in spoils {
        let mut site = Site::with(|args| args.funds = 400_000_000);
        site.at(3_600);
        site.prove(0, 100);
        site.at(14 * 3_600);
        site.at(9 * 3_600);
        let (top_up, buyer) = (site.top_up_ix(1), site.job.buyer.insecure_clone());
        site.world.edit(&site.job.address, spoil);
        site.world.refused(&[top_up], &[&buyer], "TotalsContradict");
    }
}
