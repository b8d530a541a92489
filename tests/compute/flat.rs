//! What an instruction costs does not depend on how much the network already holds.

use {
    super::measure::{Bench, Row},
    sluice_client::{Ledger, Node, OfferArgs, address, instruction as ix},
    sluice_tests::world::{Pull, Site, TOKEN, World},
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::collections::BTreeMap,
};

/// Every row of the life of a job and an offer, in a network that already has `crowd` other jobs and offers.
fn rows_beside(crowd: u64) -> BTreeMap<String, u64> {
    let mut bench = Bench::new();
    bench.network();
    let set = bench.attesters();
    let provider = bench.provider();
    let node = bench.node(&provider, &set);
    bench.stake(&provider);
    let buyer = bench.world.party();
    let terms = bench.world.terms(&set.address);
    fill(
        &mut bench.world,
        &buyer,
        &provider.operator,
        &node.address,
        terms,
        crowd,
    );
    let job = bench.job(&set, &provider, &node);
    bench.world.advance(86_400);
    bench.exits(&job);
    bench.disputes(&set, &provider, &node);
    bench.market(&set, &provider, &node);
    let row = |row: Row| (row.name, row.units);
    bench.rows.into_iter().map(row).collect()
}

fn fill(
    world: &mut World,
    buyer: &Keypair,
    operator: &Keypair,
    node: &solana_address::Address,
    terms: sluice_client::Terms,
    crowd: u64,
) {
    let (network, mint, payer) = (world.network, world.pay_mint, world.payer.pubkey());
    world.mint_to(&buyer.pubkey(), &mint, (crowd + 1) * 1_000 * TOKEN);
    let state: Node = world.chain.get(node).unwrap();
    for id in 0..crowd {
        let args = world.open_args(id, terms, &Default::default());
        let open = ix::open_job(&payer, &buyer.pubkey(), &network, &mint.token_program, args);
        world.ok(&[open], &[buyer]);
        let args = OfferArgs {
            id: 1_000_000 + id,
            terms,
            slots: 1,
            expires_at: world.now() + 100 * 86_400,
        };
        let post = ix::post_offer(&payer, &operator.pubkey(), node, &state, args);
        world.ok(&[post], &[operator]);
    }
    let last = address::job(&network, &buyer.pubkey(), crowd.saturating_sub(1));
    assert_eq!(world.vault(&last) > 0, crowd > 0);
}

#[test]
fn cost_is_the_same_beside_one_and_a_thousand_jobs_and_offers() {
    let alone = rows_beside(1);
    for crowd in [10, 100, 1_000] {
        assert_eq!(rows_beside(crowd), alone, "beside {crowd} others");
    }
}

#[test]
fn cost_is_the_same_after_twenty_and_a_thousand_windows() {
    let mut site = Site::with(|args| {
        args.terms.window_secs = 600;
        args.terms.grace_secs = 600;
        args.terms.challenge_secs = 600;
        args.length_secs = 1_100 * 600;
        args.funds = 200_000 * TOKEN;
    });
    let mut seen = BTreeMap::new();
    for window in 0..1_000u32 {
        site.at(i64::from(window + 1) * 600);
        let attest = site.world.attest_ixs(&site.job, &site.set, window, 100);
        let attested = site.world.ok(&attest, &[]);
        let pay = site.pull_ix(Pull::Pay);
        // Nothing has matured before the third window's end.
        let paid = (window >= 2).then(|| site.world.ok(&[pay], &[]));
        let units = |receipt: sluice_client::Receipt| receipt.program_units().last().copied();
        seen.insert(window + 1, (units(attested), paid.and_then(units)));
    }
    // Each place of the ring for itself: the search for what is pending ends at the last of it.
    for count in 21..37 {
        for later in [count + 16, count + 960] {
            assert_eq!(seen[&later], seen[&count], "after {later} windows");
        }
    }
}
