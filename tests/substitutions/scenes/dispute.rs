//! Challenges, rulings and contradictions.

use {
    super::{Played, elsewhere, roles},
    sluice_client::{Ruling, instruction as ix},
    sluice_tests::world::{Objection, Site, TOKEN, World, lied, upheld, void},
    solana_signer::Signer,
};

super::scenes![
    challenge,
    add_evidence,
    rule_challenge or uphold_unruled_challenge,
    slash_signer,
    settle_challenge or settle_void_challenge or settle_challenge_elsewhere,
    show_equivocation,
];

/// Two jobs on one node, of each of which windows 0 and 1 are proven.
fn proven(world: World) -> Site {
    let mut site = Site::on(world, |_| ());
    let other = site.another(|_| ());
    site.at(2 * 3_600);
    for window in [0, 1] {
        site.prove(window, 100);
        site.world.attest(&other, &site.set, window, 100);
    }
    site
}

/// The same with window 0 of the first job challenged, and window 1 too.
fn twice_challenged(world: World) -> (Site, [Objection; 2]) {
    let mut site = proven(world);
    let objections = [0, 1].map(|window| site.challenge(window));
    (site, objections)
}

fn challenged(world: World) -> (Site, Objection) {
    let (site, [objection, _]) = twice_challenged(world);
    (site, objection)
}

fn challenge(world: World) -> Played {
    let mut site = proven(world);
    site.challenge(1);
    let challenger = site.world.challenger(&site.job).pubkey();
    let challenge = site.world.challenge_ix(&challenger, &site.job, 0);
    (site.world, vec![challenge])
}

fn add_evidence(world: World) -> Played {
    let (mut site, objection) = challenged(world);
    let author = site.world.party().pubkey();
    let add = ix::add_evidence(&author, &objection.address, [1; 32]);
    (site.world, vec![add])
}

fn rule_challenge(world: World) -> Played {
    let (mut site, objection) = challenged(world);
    let until = site.world.challenge_state(&objection).rule_until;
    site.world.chain.set_time(until - 1);
    let resolver = roles(&site.world).resolver;
    let rule = site.world.rule_ix(&resolver, &objection, lied(TOKEN));
    (site.world, vec![rule])
}

fn uphold_unruled_challenge(world: World) -> Played {
    let (mut site, objection) = challenged(world);
    let until = site.world.challenge_state(&objection).rule_until;
    site.world.chain.set_time(until);
    let anyone = site.world.party().pubkey();
    let rule = site.world.rule_ix(&anyone, &objection, upheld());
    (site.world, vec![rule])
}

/// The same with both windows ruled so by the resolver; the challenge of window 0 is given.
fn ruled(world: World, ruling: Ruling) -> (Site, Objection) {
    let (mut site, [objection, other]) = twice_challenged(world);
    let until = site.world.challenge_state(&objection).rule_until;
    site.world.chain.set_time(until - 1);
    let resolver = site.world.keypair(&roles(&site.world).resolver);
    for one in [&objection, &other] {
        let rule = site.world.rule_ix(&resolver.pubkey(), one, ruling);
        site.world.ok(&[rule], &[&resolver]);
    }
    let (owner, mint) = (site.job.provider_owner, site.world.stake_mint);
    site.world.open_account(&owner, &mint);
    (site, objection)
}

fn slash_signer(world: World) -> Played {
    let (site, objection) = ruled(world, lied(TOKEN));
    let slash = site.slash_signer_ix(&objection, 0);
    (site.world, vec![slash])
}

fn settle_challenge(world: World) -> Played {
    let (site, objection) = ruled(world, upheld());
    let settle = site.world.settle_challenge_ix(&objection);
    (site.world, vec![settle])
}

fn settle_void_challenge(world: World) -> Played {
    let (site, objection) = ruled(world, void(TOKEN));
    let settle = site.world.settle_challenge_ix(&objection);
    (site.world, vec![settle])
}

fn settle_challenge_elsewhere(world: World) -> Played {
    elsewhere(settle_challenge(world))
}

fn show_equivocation(world: World) -> Played {
    let site = proven(world);
    let key = &site.set.attesters[0].key;
    let said = site.contradiction();
    let shown = site.world.equivocation_ixs(key, &site.job, &said);
    (site.world, shown.to_vec())
}
