//! Every extension of Token-2022 on the mint that a job pays in.
use {
    sluice_client::{address, instruction as ix},
    sluice_tests::world::{
        Pull, Site, TOKEN, World,
        extensions::{accepted, refused, withheld_by_the_token_program},
    },
    solana_signer::Signer,
};

const HOUR: i64 = 3_600;

/// A job in a Token-2022 mint that has just begun.
fn begun() -> Site {
    Site::on(World::in_mints_with(None), |_| ())
}

/// A job in a Token-2022 mint with something due by every door.
fn due() -> Site {
    let mut site = begun();
    site.at(HOUR);
    site.prove(0, 100);
    site.settle();
    site
}

#[test]
fn no_job_is_opened_in_a_mint_that_could_change_or_withhold_what_a_vault_holds() {
    let mut world = World::new();
    let (buyer, cosigner) = (world.party(), world.key());
    let (payer, network) = (world.payer.pubkey(), world.network);
    for extension in refused() {
        for mint in world.mints_with(extension) {
            let terms = world.terms(&Default::default());
            let mut args = world.open_args(1, terms, &cosigner.pubkey());
            args.terms.mint = mint.address;
            let open = ix::open_job(&payer, &buyer.pubkey(), &network, &mint.token_program, args);
            world.policy_refuses(extension, &open, &[&buyer]);
        }
    }
}

#[test]
fn a_job_lives_its_whole_life_in_a_mint_with_any_extension_that_only_describes() {
    for extension in accepted() {
        let mut site = Site::on(World::in_mints_with(Some(extension)), |_| ());
        let held = Pull::ALL.map(|what| site.held(what));
        site.top_up(500 * TOKEN);
        assert_eq!(site.vault(), 1_500 * TOKEN);
        site.at(2 * HOUR);
        site.cosign(0, 100);
        site.prove(1, 40);
        site.wind_up();
        let close = site.close_ix();
        site.world.ok(&[close], &[]);
        let gained: Vec<_> = Pull::ALL
            .iter()
            .zip(held)
            .map(|(what, before)| site.held(*what) - before)
            .collect();
        // 140 units earn 210 tokens.
        let expected = [204_150_000, 5_250_000, 600_000, 790 * TOKEN];
        assert_eq!((extension, gained), (extension, expected.to_vec()));
        assert!(site.world.is_gone(&address::vault(&site.job.address)));
    }
}

#[test]
fn a_job_is_cancelled_and_refunded_whole_in_a_mint_with_any_extension_that_only_describes() {
    for extension in accepted() {
        let mut world = World::in_mints_with(Some(extension));
        let (buyer, cosigner, mint) = (world.buyer(), world.key(), world.pay_mint);
        let terms = world.terms(&Default::default());
        let args = world.open_args(1, terms, &cosigner.pubkey());
        let job = world.open(&buyer, args);
        let cancel = ix::cancel_job(&job, &world.job(&job));
        world.ok(&[cancel], &[&buyer]);
        let refund = world.pull(&job, Pull::Refund);
        world.comes_to(extension, &refund, &[], None);
        assert_eq!(world.tokens(&buyer.pubkey(), &mint), 1_000_000 * TOKEN);
    }
}

#[test]
fn a_job_is_not_topped_up_once_its_mint_carries_a_refused_extension() {
    let mut site = begun();
    let (top_up, mint) = (site.top_up_ix(TOKEN), site.world.pay_mint.address);
    let buyer = site.job.buyer.insecure_clone();
    for extension in refused() {
        let genuine = site.world.plant(&mint, extension);
        site.world.policy_refuses(extension, &top_up, &[&buyer]);
        site.world.restore(&mint, genuine);
    }
    site.world.ok(&[top_up], &[&buyer]);
}

#[test]
fn every_pull_succeeds_under_a_refused_extension() {
    for extension in refused() {
        let mut site = due();
        let mint = site.world.pay_mint.address;
        let genuine = site.world.plant(&mint, extension);
        let withheld = withheld_by_the_token_program(extension);
        for what in Pull::ALL {
            let pull = site.pull_ix(what);
            site.world.comes_to(extension, &pull, &[], withheld);
        }
        // What the token program withholds comes as soon as it does not.
        if withheld.is_some() {
            site.world.restore(&mint, genuine);
            assert!(site.pull_all().iter().all(|moved| *moved > 0));
        }
        assert_eq!(site.vault(), 0);
        site.release();
        let close = site.close_ix();
        site.world.comes_to(extension, &close, &[], None);
    }
}

#[test]
fn a_token_2022_mint_that_comes_back_under_the_classic_program_moves_nothing() {
    let mut site = due();
    let mint = site.world.pay_mint;
    let genuine = site.world.change_program(&mint);
    for what in Pull::ALL {
        site.pull_refused(what, "IncorrectProgramId");
    }
    site.world.restore(&mint.address, genuine);
    assert!(site.pull_all().iter().all(|moved| *moved > 0));
    assert_eq!(site.vault(), 0);

    let mut site = begun();
    let (top_up, buyer) = (site.top_up_ix(TOKEN), site.job.buyer.insecure_clone());
    site.world.change_program(&mint);
    site.world
        .refused(&[top_up], &[&buyer], "IncorrectProgramId");
}

#[test]
fn a_classic_mint_that_comes_back_under_the_other_program_moves_its_old_tokens_only() {
    // The classic program knows its accounts and the mint by their bytes: what it moves is what it moved before.
    let mut site = Site::new();
    let (top_up, buyer) = (site.top_up_ix(TOKEN), site.job.buyer.insecure_clone());
    let mint = site.world.pay_mint;
    site.world.change_program(&mint);
    let (funded, vault) = (site.state().funded, site.vault());
    site.world.ok(&[top_up], &[&buyer]);
    assert_eq!(site.state().funded, funded + TOKEN);
    assert_eq!(site.vault(), vault + TOKEN);
    site.at(HOUR);
    site.cosign(0, 100);
    site.wind_up();
    assert_eq!(site.vault(), 0);
}

#[test]
fn a_mint_that_comes_back_with_other_decimals_is_not_topped_up() {
    for mut site in [begun(), Site::new()] {
        let (mint, top_up) = (site.world.pay_mint, site.top_up_ix(TOKEN));
        let buyer = site.job.buyer.insecure_clone();
        for decimals in [0, 5, 7, 255] {
            let genuine = site.world.change_decimals(&mint, decimals);
            // The token program's MintDecimalsMismatch.
            site.world
                .refused(std::slice::from_ref(&top_up), &[&buyer], "Custom(18)");
            site.world.restore(&mint.address, genuine);
        }
        site.world.ok(&[top_up], &[&buyer]);
    }
}

#[test]
fn a_deposit_counts_what_it_brought_and_not_what_lies_in_the_vault() {
    let mut site = Site::new();
    let (mint, vault) = (site.world.pay_mint, address::vault(&site.job.address));
    let funded = site.state().funded;
    site.world.mint_into(&vault, &mint, 77 * TOKEN);
    let before = site.vault();
    site.top_up(5 * TOKEN);
    assert_eq!(site.state().funded, funded + 5 * TOKEN);
    assert_eq!(site.vault(), before + 5 * TOKEN);
}

#[test]
fn a_job_and_what_was_sent_to_its_vault_are_given_up_under_a_refused_extension() {
    for extension in refused() {
        let mut site = due();
        let (mint, vault) = (site.world.pay_mint, address::vault(&site.job.address));
        site.wind_up();
        site.world.mint_into(&vault, &mint, 77);
        let (close, held) = (site.close_ix(), site.held(Pull::Refund));
        let genuine = site.world.plant(&mint.address, extension);
        let withheld = withheld_by_the_token_program(extension);
        site.world.comes_to(extension, &close, &[], withheld);
        if withheld.is_some() {
            site.world.restore(&mint.address, genuine);
            site.world.ok(&[close], &[]);
        }
        assert_eq!(site.held(Pull::Refund), held + 77);
        assert!(site.world.is_gone(&vault));
    }
}
