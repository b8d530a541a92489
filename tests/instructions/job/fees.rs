//! Fees on cumulative totals: to the base unit, whatever the order of pulls.
use {
    sluice_client::{Job, NetworkParams},
    sluice_tests::world::{PARAMS, Pull, Site, World},
    solana_signer::Signer,
};

const HOUR: i64 = 3_600;
/// What the awkward job's windows claim.
const CLAIMS: [u64; 10] = [1, 2, 99, 100, 7, 33, 50, 13, 98, 3];

/// A job at 7 base units for 3 units: most windows earn a fraction.
fn awkward() -> Site {
    Site::with(|args| {
        (args.terms.price, args.terms.per) = (7, 3);
        args.funds = 2_000;
    })
}

/// What provider, treasury and attesters may have in all for these matured units, with wide arithmetic.
fn due(job: &Job) -> [u64; 3] {
    let wide = u128::from;
    let gross = wide(job.units_matured) * wide(job.terms.price) / wide(job.terms.per);
    let (fee, attestation) = (u128::from(job.fee_bps), u128::from(job.attestation_bps));
    let cosigned = wide(job.gross_cosigned);
    let taken = (gross - cosigned) * (fee + attestation) / 10_000;
    let attesters = taken * attestation / (fee + attestation).max(1);
    let treasury = taken - attesters + cosigned * fee / 10_000;
    [gross - treasury - attesters, treasury, attesters].map(|part| part as u64)
}

#[test]
fn every_pull_pays_the_difference_of_cumulative_totals() {
    let mut site = awkward();
    let mut so_far = [0; 3];
    for (window, claim) in CLAIMS.into_iter().enumerate() {
        site.at((window as i64 + 1) * HOUR);
        site.cosign(window as u32, claim);
        let [pay, treasury, attesters, _] = site.pull_all();
        for (sum, part) in so_far.iter_mut().zip([pay, treasury, attesters]) {
            *sum += part;
        }
        assert_eq!(so_far, due(&site.state()), "after window {window}");
    }
    // 406 units at 7 for 3: 947 gross, 23 of it the network's fee, and nothing for attesters that signed nothing.
    assert_eq!(so_far, [924, 23, 0]);
    site.wind_up();
    assert_eq!(site.held(Pull::Refund), 1_000_000_000_000 - 947);
    assert_eq!(site.vault(), 0);
}

#[test]
fn windows_of_both_kinds_are_paid_to_the_base_unit_after_every_pull() {
    let mut site = awkward();
    let mut so_far = [0; 3];
    for hour in 1..24 {
        site.at(hour * HOUR);
        if let Some(claim) = CLAIMS.get(hour as usize - 1) {
            match hour % 2 {
                0 => site.cosign(hour as u32 - 1, *claim),
                _ => site.prove(hour as u32 - 1, *claim),
            }
        }
        let [pay, treasury, attesters, _] = site.pull_all();
        for (sum, part) in so_far.iter_mut().zip([pay, treasury, attesters]) {
            *sum += part;
        }
        assert_eq!(so_far, due(&site.state()), "after {hour} hours");
    }
    let job = site.state();
    // 151 units cosigned, first of all; then 255 by the quorum.
    assert_eq!((job.gross_cosigned, job.units_matured), (352, 406));
    // Of 595 attested, 20 in fees, 5 of them the attesters'; of 352 cosigned, 8.
    assert_eq!(so_far, [919, 23, 5]);
    site.wind_up();
    assert_eq!(site.vault(), 0);
}

#[test]
fn a_cosigned_window_pays_no_attestation_fee() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.cosign(0, 100);
    site.pull_refused(Pull::Attesters, "NothingDue");
    // 150 tokens: 2.5 % for the network, the rest for the provider.
    assert_eq!(site.pull(Pull::Treasury), 3_750_000);
    assert_eq!(site.pull(Pull::Pay), 146_250_000);
    site.prove(1, 100);
    site.settle();
    assert_eq!(site.pull(Pull::Attesters), 1_500_000);
    assert_eq!(site.pull(Pull::Treasury), 3_750_000);
    assert_eq!(site.pull(Pull::Pay), 144_750_000);
}

/// Two floors on one gross would owe 12 base units of 11 here, and the last pull would fail for ever.
#[test]
fn a_cosigned_unit_between_a_quorum_s_leaves_every_pull_payable() {
    let mut site = Site::with(|args| {
        (args.terms.price, args.terms.per) = (1, 2);
        args.funds = 11;
    });
    let job = site.job.address;
    site.world.edit(&job, |job: &mut Job| {
        (job.fee_bps, job.attestation_bps) = (0, 1_000);
    });
    site.at(3 * HOUR);
    site.prove(0, 19);
    site.at(14 * HOUR);
    site.cosign(2, 1);
    assert_eq!(site.pull_all(), [10, 0, 0, 0]);
    site.prove(3, 2);
    site.wind_up();
    assert_eq!(
        [Pull::Pay, Pull::Attesters].map(|what| site.held(what)),
        [10, 1]
    );
    assert_eq!(site.vault(), 0);
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
}

#[test]
fn pulling_after_every_window_pays_what_pulling_once_pays() {
    let often = {
        let mut site = awkward();
        for (window, claim) in CLAIMS.into_iter().enumerate() {
            site.at((window as i64 + 1) * HOUR);
            site.prove(window as u32, claim);
        }
        for hour in 10..24 {
            site.at(hour * HOUR);
            site.pull_all();
        }
        site.wind_up();
        Pull::ALL.map(|what| site.held(what))
    };
    let mut site = awkward();
    site.at(10 * HOUR);
    for (window, claim) in CLAIMS.into_iter().enumerate() {
        site.prove(window as u32, claim);
    }
    site.wind_up();
    assert_eq!(Pull::ALL.map(|what| site.held(what)), often);
    assert_eq!(often, [914, 24, 9, 1_000_000_000_000 - 947]);
}

#[test]
fn pulls_in_any_order_pay_the_same() {
    use Pull::{Attesters, Pay, Refund, Treasury};
    let mut orders = vec![];
    for a in Pull::ALL {
        for b in Pull::ALL {
            for c in Pull::ALL {
                for d in Pull::ALL {
                    let order = [a, b, c, d];
                    if Pull::ALL.iter().all(|what| order.contains(what)) {
                        orders.push(order);
                    }
                }
            }
        }
    }
    assert_eq!(orders.len(), 24);
    for order in orders {
        let mut site = awkward();
        site.at(10 * HOUR);
        for (window, claim) in CLAIMS.into_iter().enumerate() {
            site.prove(window as u32, claim);
        }
        site.settle();
        for what in order {
            let expected = match what {
                Pay => 914,
                Treasury => 24,
                Attesters => 9,
                Refund => 2_000 - 947,
            };
            assert_eq!(site.pull(what), expected, "{what:?} in {order:?}");
            site.pull_refused(what, "NothingDue");
        }
        assert_eq!(site.vault(), 0);
    }
}

#[test]
fn the_first_base_units_of_a_fee_wait_until_they_are_whole() {
    // One base unit a unit: 2.5 % are less than a base unit for the first 39.
    let mut site = Site::with(|args| {
        (args.terms.price, args.terms.per) = (1, 1);
        args.funds = 1_000;
    });
    site.at(10 * HOUR);
    site.cosign(0, 39);
    site.pull_refused(Pull::Treasury, "NothingDue");
    site.pull_refused(Pull::Attesters, "NothingDue");
    assert_eq!(site.pull(Pull::Pay), 39);
    // The 40th unit is the treasury's: the provider's total does not rise.
    site.cosign(1, 1);
    site.pull_refused(Pull::Pay, "NothingDue");
    assert_eq!(site.pull(Pull::Treasury), 1);
    site.pull_refused(Pull::Attesters, "NothingDue");
    assert_eq!(due(&site.state()), [39, 1, 0]);
}

#[test]
fn without_fees_the_provider_earns_all() {
    let world = World::with(NetworkParams {
        fee_bps: 0,
        ..PARAMS
    });
    let mut site = Site::on(world, |args| args.terms.set = Default::default());
    site.at(HOUR);
    site.cosign(0, 100);
    site.pull_refused(Pull::Treasury, "NothingDue");
    let sweep = site.pull_ix(Pull::Attesters);
    site.world.refused(&[sweep], &[], "NothingDue");
    assert_eq!(site.pull(Pull::Pay), 150_000_000);
}

#[test]
fn one_fee_alone_goes_whole_to_its_owner() {
    let world = World::with(NetworkParams {
        fee_bps: 0,
        ..PARAMS
    });
    let mut site = Site::on(world, |_| ());
    site.at(HOUR);
    site.prove(0, 100);
    site.settle();
    site.pull_refused(Pull::Treasury, "NothingDue");
    assert_eq!(site.pull(Pull::Attesters), 1_500_000);
    assert_eq!(site.pull(Pull::Pay), 148_500_000);

    let mut site = Site::with(|args| args.terms.set = Default::default());
    site.at(HOUR);
    site.cosign(0, 100);
    assert_eq!(site.pull(Pull::Treasury), 3_750_000);
    assert_eq!(site.pull(Pull::Pay), 146_250_000);
    site.pull_refused(Pull::Attesters, "NothingDue");
}

#[test]
fn the_largest_amounts_are_split_without_overflow() {
    let price = u64::MAX / 2;
    let mut site = Site::new();
    let (buyer, mint) = (site.job.buyer.insecure_clone(), site.world.pay_mint);
    site.world.mint_to(&buyer.pubkey(), &mint, price + 12);
    let mut terms = site.world.terms(&site.set.address);
    (terms.price, terms.per, terms.cap) = (price, 1, 1);
    terms.max_length_secs = 7_200;
    let mut args = site.world.open_args(2, terms, &site.job.cosigner.pubkey());
    (args.length_secs, args.funds) = (3_600, price + 12);
    site.job.address = site.world.open(&buyer, args);
    let job = site.job.address;
    site.world.accept(&job, &site.provider, &site.node);
    site.at(HOUR);
    site.cosign(0, 1);
    let [provider, treasury, attesters] = due(&site.state());
    assert_eq!(provider + treasury + attesters, price);
    assert_eq!(site.pull_all(), [provider, treasury, attesters, 12]);
    assert_eq!(site.vault(), 0);
}
