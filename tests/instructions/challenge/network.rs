//! What a change of the resolver and a pause of intake mean to disputes.

use {
    super::{HOUR, RULING},
    sluice_client::{Network, instruction as ix},
    sluice_tests::world::{DAY, Site, TOKEN, lied, upheld, void},
    solana_signer::Signer,
};

#[test]
fn a_job_keeps_the_resolver_it_was_funded_under() {
    let (mut site, objection) = Site::challenged();
    let (network, old) = (site.world.network, site.world.payer.pubkey());
    let resolver = site.world.key();
    site.world.edit(&network, |network: &mut Network| {
        network.roles.resolver = resolver.pubkey();
    });
    site.at_ruling(0, RULING / 2);
    let [by_old, by_new] =
        [old, resolver.pubkey()].map(|ruler| site.world.rule_ix(&ruler, &objection, void(TOKEN)));
    site.world.refused(&[by_new], &[&resolver], "NotResolver");
    site.world.ok(&[by_old], &[]);
    assert_eq!(site.pool().slashed, TOKEN);
    // A job opened from now on has the new one.
    let job = site.another(|args| args.id = 2);
    assert_eq!(site.world.job(&job.address).resolver, resolver.pubkey());
}

#[test]
fn a_network_without_a_resolver_has_no_jobs_that_can_be_challenged() {
    let mut site = Site::new();
    let network = site.world.network;
    site.world.edit(&network, |network: &mut Network| {
        network.roles.resolver = Default::default();
    });
    let buyer = site.world.buyer();
    let terms = site.world.terms(&site.set.address);
    let cosigner = site.world.key().pubkey();
    let mut args = site.world.open_args(9, terms, &cosigner);
    let open = |site: &Site, args| {
        let (world, program) = (&site.world, &site.world.pay_mint.token_program);
        ix::open_job(
            &world.payer.pubkey(),
            &buyer.pubkey(),
            &network,
            program,
            args,
        )
    };
    let refused = open(&site, args);
    site.world.refused(&[refused], &[&buyer], "NoResolver");
    (args.terms.challenge_secs, args.terms.ruling_secs) = (0, 0);
    let accepted = open(&site, args);
    site.world.ok(&[accepted], &[&buyer]);
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
