//! Every extension of Token-2022 on the mint of challenge bonds.
use {
    super::HOUR,
    sluice_client::address,
    sluice_tests::world::{
        Site, TOKEN, World,
        extensions::{accepted, refused, withheld_by_the_token_program},
        upheld, void,
    },
    solana_signer::Signer,
};

/// A site in Token-2022 mints whose window 0 a quorum proved.
fn proven(world: World) -> Site {
    let mut site = Site::on(world, |_| ());
    site.at(HOUR);
    site.prove(0, 100);
    site
}

#[test]
fn no_bond_is_put_up_once_its_mint_carries_a_refused_extension() {
    let mut site = proven(World::in_mints_with(None));
    let challenger = site.world.challenger(&site.job);
    let challenge = site.world.challenge_ix(&challenger.pubkey(), &site.job, 0);
    let mint = site.world.stake_mint.address;
    for extension in refused() {
        let genuine = site.world.plant(&mint, extension);
        site.world
            .policy_refuses(extension, &challenge, &[&challenger]);
        site.world.restore(&mint, genuine);
    }
    site.world.ok(&[challenge], &[&challenger]);
}

#[test]
fn a_challenge_is_ruled_and_its_bond_returned_under_a_refused_extension() {
    for extension in refused() {
        let mut site = proven(World::in_mints_with(None));
        let objection = site.world.challenge(&site.job, 0);
        let mint = site.world.stake_mint;
        let genuine = site.world.plant(&mint.address, extension);
        site.rule(&objection, void(TOKEN));
        let settle = site.world.settle_challenge_ix(&objection);
        let withheld = withheld_by_the_token_program(extension);
        site.world.comes_to(extension, &settle, &[], withheld);
        if withheld.is_some() {
            site.world.restore(&mint.address, genuine);
            site.world.ok(&[settle], &[]);
        }
        let challenger = objection.challenger.pubkey();
        assert_eq!(site.world.tokens(&challenger, &mint), 10 * TOKEN);
    }
}

#[test]
fn a_challenge_lives_its_whole_life_in_a_mint_with_any_extension_that_only_describes() {
    for extension in accepted() {
        let mut site = proven(World::in_mints_with(Some(extension)));
        let objection = site.world.challenge(&site.job, 0);
        let (owner, mint) = (site.provider.owner.pubkey(), site.world.stake_mint);
        site.world.open_account(&owner, &mint);
        site.rule(&objection, upheld());
        let settle = site.world.settle_challenge_ix(&objection);
        site.world.comes_to(extension, &settle, &[], None);
        assert_eq!(site.world.tokens(&owner, &mint), 10 * TOKEN);
    }
}

#[test]
fn a_bond_whose_mint_comes_back_with_other_decimals_waits_for_it() {
    for world in [World::new(), World::in_mints_with(None)] {
        let mut site = proven(world);
        let objection = site.world.challenge(&site.job, 0);
        let mint = site.world.stake_mint;
        site.rule(&objection, void(0));
        let settle = site.world.settle_challenge_ix(&objection);
        let genuine = site.world.change_decimals(&mint, 9);
        // The token program's MintDecimalsMismatch.
        site.world
            .refused(std::slice::from_ref(&settle), &[], "Custom(18)");
        site.world.restore(&mint.address, genuine);
        site.world.ok(&[settle], &[]);
    }
}

#[test]
fn a_bond_counts_what_it_brought_and_not_what_lies_in_the_vault() {
    let mut site = proven(World::in_mints_with(None));
    let (pool, mint) = (site.provider.pool, site.world.stake_mint);
    site.world
        .mint_into(&address::vault(&pool), &mint, 77 * TOKEN);
    let before = site.world.vault(&pool);
    let objection = site.world.challenge(&site.job, 0);
    assert_eq!(site.world.challenge_state(&objection).bond, 10 * TOKEN);
    assert_eq!(site.world.pool(&pool).challenge_bonds, 10 * TOKEN);
    assert_eq!(site.world.vault(&pool), before + 10 * TOKEN);
}
