//! What a change of the resolver and a pause of intake mean to disputes.

use {
    super::{HOUR, RULING},
    sluice_client::{Network, NetworkChange, instruction as ix},
    sluice_tests::world::{DAY, PARAMS, Site, TOKEN, lied, upheld, void},
    solana_signer::Signer,
};

#[test]
fn the_resolver_of_the_day_rules() {
    let mut site = Site::new();
    let (admin, network) = (site.world.payer.pubkey(), site.world.network);
    let resolver = site.world.key();
    let state = site.world.network_state();
    let change = NetworkChange {
        params: state.params,
        guardian: state.roles.guardian,
        resolver: resolver.pubkey(),
        treasury: state.roles.treasury,
    };
    let propose = ix::propose_change(&admin, &network, change);
    site.world.ok(&[propose], &[]);
    // The change comes into force while a challenge waits for its ruling.
    let timelock = i64::from(PARAMS.timelock_secs);
    let due = site.world.now() + timelock;
    let terms = site.world.terms(&site.set.address);
    site.world.chain.set_time(due - 20 * HOUR);
    let job = site
        .world
        .active_job_with(&site.provider, &site.node, terms, |args| args.id = 2);
    site.job = job;
    let (mut site, objection) = site.with_challenge();
    site.at_ruling(0, RULING / 2);
    let [old, new] =
        [admin, resolver.pubkey()].map(|ruler| site.world.rule_ix(&ruler, &objection, void(TOKEN)));
    site.world
        .refused(std::slice::from_ref(&new), &[&resolver], "NotResolver");
    assert!(site.world.now() >= due);
    let apply = ix::apply_change(&admin, &network);
    site.world.ok(&[apply], &[]);
    site.world.refused(&[old], &[], "NotResolver");
    site.world.ok(&[new], &[&resolver]);
    assert_eq!(site.pool().slashed, TOKEN);
}

#[test]
fn without_a_resolver_every_window_is_upheld() {
    let (mut site, objection) = Site::challenged();
    let network = site.world.network;
    site.world.edit(&network, |network: &mut Network| {
        network.roles.resolver = Default::default();
    });
    site.at_ruling(0, RULING / 2);
    site.world
        .ruling_refused(&objection, void(0), "NotResolver");
    site.at_ruling(0, RULING);
    site.world.rule(&objection, upheld());
}

#[test]
fn a_pause_of_intake_blocks_no_dispute() {
    let mut site = Site::new();
    site.at(2 * HOUR);
    site.prove(0, 100);
    site.prove(1, 100);
    let network = site.world.network;
    let until = site.world.now() + i64::from(100 * DAY);
    site.world.edit(&network, |network: &mut Network| {
        network.paused_until = until;
    });
    assert!(site.world.network_state().is_paused(site.world.now()));
    let void_one = site.challenge(0);
    let upheld_one = site.challenge(1);
    let author = site.world.key();
    let add = ix::add_evidence(&author.pubkey(), &void_one.address, [1; 32]);
    site.world.ok(&[add], &[&author]);
    site.rule(&void_one, lied(TOKEN));
    site.rule(&upheld_one, upheld());
    for index in 0..3 {
        site.slash_signer(&void_one, index);
    }
    let (owner, mint) = (site.provider.owner.pubkey(), site.world.stake_mint);
    site.world.open_account(&owner, &mint);
    site.world.settle_challenge(&void_one);
    site.world.settle_challenge(&upheld_one);
    site.tombstone(3);
    for index in 0..4 {
        let stranger = site.world.key();
        let leave = site.remove_ix(&stranger.pubkey(), index);
        site.world.ok(&[leave], &[&stranger]);
    }
    assert!(site.world.network_state().is_paused(site.world.now()));
}
