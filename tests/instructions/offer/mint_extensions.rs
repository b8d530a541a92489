//! Every extension of Token-2022 on the mint that an offer asks for.
use sluice_tests::world::{
    Stall, World,
    extensions::{accepted, refused},
};

#[test]
fn no_offer_asks_for_a_mint_that_could_change_or_withhold_what_a_vault_holds() {
    let mut stall = Stall::empty();
    let operator = stall.provider.operator.insecure_clone();
    for extension in refused() {
        for mint in stall.world.mints_with(extension) {
            let mut args = stall.offer_args();
            args.terms.mint = mint.address;
            let post = stall.post_ix(args);
            stall.world.policy_refuses(extension, &post, &[&operator]);
        }
    }
}

#[test]
fn no_offer_is_taken_once_its_mint_carries_a_refused_extension() {
    let mut stall = Stall::on(World::in_mints_with(None));
    stall.post(|_| ());
    let (mint, buyer) = (stall.world.pay_mint.address, stall.buyer.insecure_clone());
    let take = stall.take_ix(stall.take_args(1));
    for extension in refused() {
        let genuine = stall.world.plant(&mint, extension);
        stall.world.policy_refuses(extension, &take, &[&buyer]);
        stall.world.restore(&mint, genuine);
    }
    stall.sent(take);
}

#[test]
fn an_offer_is_withdrawn_under_a_refused_extension() {
    for extension in refused() {
        let mut stall = Stall::on(World::in_mints_with(None));
        stall.post(|_| ());
        let mint = stall.world.pay_mint.address;
        stall.world.plant(&mint, extension);
        stall.world.chain.advance_slot(1);
        stall.withdraw();
        assert!(stall.world.is_gone(&stall.offer));
    }
}

#[test]
fn an_offer_in_a_mint_with_any_extension_that_only_describes_is_posted_and_taken() {
    for extension in accepted() {
        let mut stall = Stall::on(World::in_mints_with(Some(extension)));
        stall.post(|_| ());
        stall.take(1);
        assert_eq!(stall.job(1).funded, stall.world.vault(&stall.job_key(1)));
    }
}
