//! Offers.

use {
    super::Played,
    sluice_client::instruction as ix,
    sluice_tests::world::{Stall, World},
    solana_signer::Signer,
};

super::scenes![
    post_offer,
    take_offer or take_vouched_offer,
    close_offer or clear_offer,
];

/// A stall with an offer on it, and with a second offer of the same node.
fn stall(world: World) -> Stall {
    let mut stall = Stall::on(world);
    for id in [1, 2] {
        stall.post(|args| args.id = id);
    }
    stall.world.node(&stall.provider, &stall.set.address);
    stall
}

fn post_offer(world: World) -> Played {
    let stall = stall(world);
    let mut args = stall.offer_args();
    args.id = 3;
    let post = stall.post_ix(args);
    (stall.world, vec![post])
}

fn take_offer(world: World) -> Played {
    let mut stall = stall(world);
    stall.take(1);
    let take = stall.take_ix(stall.take_args(2));
    (stall.world, vec![take])
}

fn take_vouched_offer(world: World) -> Played {
    let mut stall = stall(world);
    stall.world.pin_identity();
    let owner = stall.provider.owner.pubkey();
    let shown = stall.world.vouch(&owner, 0);
    let take = ix::take_offer_with_credential(
        &stall.world.payer.pubkey(),
        &stall.buyer.pubkey(),
        &stall.offer,
        &stall.state(),
        &owner,
        &stall.world.pay_mint.token_program,
        stall.take_args(2),
        Some(shown),
    );
    (stall.world, vec![take])
}

fn close_offer(world: World) -> Played {
    let mut stall = stall(world);
    stall.world.advance(1);
    let operator = stall.provider.operator.pubkey();
    let close = ix::withdraw_offer(&operator, &stall.offer, &stall.state());
    (stall.world, vec![close])
}

fn clear_offer(world: World) -> Played {
    let mut stall = stall(world);
    stall.world.advance(2 * 86_400);
    let anyone = stall.world.party().pubkey();
    let close = ix::clear_offer(&anyone, &stall.offer, &stall.state());
    (stall.world, vec![close])
}
