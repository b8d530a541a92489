//! What somebody could put in the place of what the buyer saw.

use {
    sluice_client::address,
    sluice_tests::world::{Stall, TOKEN, Tamper},
    solana_address::Address,
    solana_signer::Signer,
};

/// The framework's word for an account that is no more.
const GONE: &str = "AccountDataTooSmall";

#[test]
fn an_offer_posted_anew_at_the_same_address_is_not_the_one_the_buyer_saw() {
    let mut stall = Stall::new();
    let seen = stall.take_ix(stall.take_args(1));
    stall.world.advance(1);
    stall.withdraw();
    stall.refused(seen.clone(), GONE);
    // Same price, but a bond of nothing: the incarnation tells them apart.
    stall.post(|args| args.terms.bond = 0);
    stall.refused(seen, "WrongIncarnation");
    stall.take(1);
}

#[test]
fn an_offer_cannot_be_closed_and_posted_anew_within_one_slot() {
    let mut stall = Stall::new();
    let operator = stall.provider.operator.insecure_clone();
    let close = sluice_client::instruction::withdraw_offer(
        &operator.pubkey(),
        &stall.offer,
        &stall.state(),
    );
    let mut args = stall.offer_args();
    args.terms.price += 1;
    let post = stall.post_ix(args);
    stall
        .world
        .refused(&[close, post], &[&operator], "OpeningSlot");
}

#[test]
fn another_incarnation_is_not_taken() {
    let mut stall = Stall::new();
    for change in [-1, 1] {
        stall.take_refused(
            |args| args.seen.incarnation = args.seen.incarnation.wrapping_add_signed(change),
            "WrongIncarnation",
        );
    }
}

#[test]
fn another_price_than_the_buyer_saw_is_not_paid() {
    let mut stall = Stall::new();
    stall.take_refused(|args| args.seen.price += 1, "PriceChanged");
    stall.take_refused(|args| args.seen.price -= 1, "PriceChanged");
    stall.take_refused(|args| args.seen.per += 1, "PriceChanged");
    // The same ratio in other words is another price too: it rounds differently.
    stall.take_refused(
        |args| (args.seen.price, args.seen.per) = (args.seen.price * 2, args.seen.per * 2),
        "PriceChanged",
    );
}

#[test]
fn a_node_registered_anew_stands_behind_no_earlier_offer() {
    let mut stall = Stall::new();
    stall.world.advance(1);
    let set = stall.set.address;
    stall.register_anew(&set);
    stall.take_refused(|_| (), "NodeRegisteredAnew");
    let other = stall.world.set(1, 1).address;
    stall.world.advance(1);
    stall.register_anew(&other);
    stall.take_refused(|_| (), "NodeRegisteredAnew");
    // A new offer of the new registration is another matter.
    stall.withdraw();
    stall.post(|args| args.terms.set = other);
    stall.take(1);
}

#[test]
fn a_closed_node_has_nothing_to_take() {
    let mut stall = Stall::new();
    stall.world.advance(1);
    let owner = stall.provider.owner.insecure_clone();
    let node = stall.world.node_state(&stall.node);
    let close = sluice_client::instruction::close_node(&owner.pubkey(), &stall.node.address, &node);
    stall.world.ok(&[close], &[&owner]);
    stall.take_refused(|_| (), GONE);
}

#[test]
fn the_offer_of_another_node_is_refused() {
    let mut stall = Stall::new();
    let take = stall.take_ix(stall.take_args(1));
    let idle = stall.world.node(&stall.provider, &stall.set.address);
    let bent = take.with(&stall.node.address, &idle.address);
    stall.refused(bent, "WrongNode");
    let other = stall.world.provider();
    let theirs = stall.world.node(&other, &stall.set.address);
    let bent = take.with(&stall.node.address, &theirs.address);
    stall.refused(bent, "WrongNode");
}

#[test]
fn another_provider_stake_pool_or_position_stands_behind_nothing() {
    let mut stall = Stall::new();
    let other = stall.world.provider();
    let take = stall.take_ix(stall.take_args(1));
    let bent = take.with(&stall.provider.address, &other.address);
    stall.refused(bent, "WrongNode");
    let pool = stall.provider.pool;
    stall.refused(take.with(&pool, &other.pool), "WrongStakePool");
    let mine = address::position(&pool, &stall.provider.owner.pubkey());
    let theirs = address::position(&other.pool, &other.owner.pubkey());
    stall.refused(take.with(&mine, &theirs), "WrongPosition");
}

#[test]
fn another_set_mint_or_network_is_refused() {
    let mut stall = Stall::new();
    let take = stall.take_ix(stall.take_args(1));
    let other = stall.world.set(1, 1).address;
    stall.refused(take.with(&stall.set.address, &other), "WrongSet");
    let absent = take.with(&stall.set.address, &sluice_client::ID);
    stall.refused(absent, "WrongSet");
    let (pay, reward) = (
        stall.world.pay_mint.address,
        stall.world.reward_mint.address,
    );
    stall.refused(take.with(&pay, &reward), "WrongMint");
    let (home, away) = (stall.world.network, stall.world.other_network());
    let elsewhere = take.with(&home, &away);
    stall.refused(elsewhere.clone(), "WrongNetwork");
    // With the address of a job in that network and no set to give it away.
    let mut bare = Stall::with(|args| args.terms.set = Address::default());
    let away = bare.world.other_network();
    let take = bare.take_ix(bare.take_args(1));
    let (job, theirs) = (
        bare.job_key(1),
        address::job(&away, &bare.buyer.pubkey(), 1),
    );
    let (vault, bump) = sluice::vault::address(&theirs);
    let mut bent = take
        .with(&bare.world.network, &away)
        .with(&job, &theirs)
        .with(&address::vault(&job), &vault);
    *bent.data.last_mut().unwrap() = bump;
    bare.refused(bent, "WrongNetwork");
}

#[test]
fn the_vault_is_the_job_s_own() {
    let mut stall = Stall::new();
    let (vault, elsewhere) = (
        address::vault(&stall.job_key(1)),
        address::vault(&stall.buyer.pubkey()),
    );
    let bent = stall.take_ix(stall.take_args(1)).with(&vault, &elsewhere);
    stall.refused(bent, "PrivilegeEscalation");
}

#[test]
fn a_counterfeit_offer_is_refused() {
    let mut stall = Stall::new();
    let offer = stall.offer;
    stall
        .world
        .edit(&offer, |state: &mut sluice::state::Offer| {
            state.terms.price = TOKEN;
        });
    let forged = stall.world.counterfeit(&offer);
    let bent = stall.take_ix(stall.take_args(1)).with(&offer, &forged);
    stall.refused(bent, "IllegalOwner");
}
