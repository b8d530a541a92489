use {
    sluice_client::Network,
    sluice_tests::world::{Pull, Site, Tamper},
    solana_signer::Signer,
};

const HOUR: i64 = 3_600;

/// A site with 150 tokens earned: 3.75 of them the treasury's, 1.5 the attesters'.
fn earned() -> Site {
    let mut site = Site::new();
    site.at(HOUR);
    site.prove(0, 100);
    site.at(14 * HOUR);
    site
}

#[test]
fn both_fees_are_due_when_the_window_has_matured_and_once() {
    let fees = [(Pull::Treasury, 3_750_000), (Pull::Attesters, 1_500_000)];
    let mut site = earned();
    site.at(14 * HOUR - 1);
    for (what, _) in fees {
        site.pull_refused(what, "NothingDue");
    }
    site.at(14 * HOUR);
    for (what, fee) in fees {
        assert_eq!(site.pull(what), fee);
        site.pull_refused(what, "NothingDue");
    }
    let job = site.state();
    assert_eq!(
        (job.swept_treasury, job.swept_attesters),
        (3_750_000, 1_500_000)
    );
    assert_eq!((job.paid, job.refunded), (0, 0));
}

#[test]
fn the_treasury_is_read_live_and_the_fee_is_not() {
    let mut site = earned();
    let before = site.pull_ix(Pull::Treasury);
    let (moved, network) = (site.world.party().pubkey(), site.world.network);
    site.world.edit(&network, |state: &mut Network| {
        state.roles.treasury = moved;
        state.params.fee_bps = 1_000;
    });
    site.world.refused(&[before], &[], "NotAssociatedAccount");
    let mint = site.world.pay_mint;
    site.world.open_account(&moved, &mint);
    let sweep = site.pull_ix(Pull::Treasury);
    site.world.ok(&[sweep], &[]);
    assert_eq!(site.world.tokens(&moved, &mint), 3_750_000);
}

#[test]
fn the_treasury_of_another_network_gets_nothing() {
    let mut site = earned();
    let network = site.world.other_network();
    let thief = site.world.party().pubkey();
    let mint = site.world.pay_mint;
    site.world.open_account(&thief, &mint);
    site.world
        .edit(&network, |state: &mut Network| state.roles.treasury = thief);
    let sweep = site.pull_ix(Pull::Treasury);
    let home = site.world.network;
    let bent = sweep.with(&home, &network);
    site.world.refused(&[bent], &[], "WrongNetwork");
}

#[test]
fn one_fee_does_not_wait_for_the_other_or_for_the_pay() {
    let mut site = earned();
    assert_eq!(site.pull(Pull::Attesters), 1_500_000);
    assert_eq!(site.pull(Pull::Treasury), 3_750_000);
    assert_eq!(site.pull(Pull::Pay), 144_750_000);
}

#[test]
fn fees_are_swept_after_release_too() {
    let mut site = earned();
    site.settle();
    site.release();
    assert_eq!(site.pull(Pull::Treasury), 3_750_000);
    assert_eq!(site.pull(Pull::Attesters), 1_500_000);
}
