//! Offers.

use {
    crate::house::{House, Shop},
    sluice::{OfferArgs, TakeArgs, state::Seen},
    sluice_client::{Ledger, Offer, address, instruction as ix},
    sluice_tests::world::TOKEN,
    solana_address::Address,
    solana_instruction::Instruction,
};

owned! {
    a_vault_posts_an_offer_as_operator: post_offer.operator, |house| {
        let shop = house.shop();
        house.call(house.operator, post(house, &shop))
    };
    a_vault_takes_an_offer: take_offer.buyer, |house| {
        let shop = house.shop();
        let take = take(house, &shop);
        house.call(house.buyer, take)
    };
    a_vault_withdraws_an_offer_as_operator: close_offer.closer, |house| {
        let shop = house.shop();
        let (key, offer) = posted(house, &shop);
        house.later();
        house.call(house.operator, ix::withdraw_offer(&house.operator.address, &key, &offer))
    };
    a_vault_clears_an_offer_that_is_over: close_offer.closer, |house| {
        let shop = house.shop();
        let (key, offer) = posted(house, &shop);
        house.world.advance(86_400);
        house.call(house.stranger, ix::clear_offer(&house.stranger.address, &key, &offer))
    };
}

/// The operator's offer of the shop's node, for a day.
fn post(house: &House, shop: &Shop) -> Instruction {
    let args = OfferArgs {
        id: 1,
        terms: house.world.terms(&shop.set.address),
        slots: 2,
        expires_at: house.world.now() + 86_400,
    };
    let (payer, operator) = (house.payer(), house.operator.address);
    let state = house.world.node_state(&shop.node);
    ix::post_offer(&payer, &operator, &shop.node.address, &state, args)
}

/// The offer, once it is posted.
fn posted(house: &mut House, shop: &Shop) -> (Address, Offer) {
    let (operator, post) = (house.operator, post(house, shop));
    house.done(&operator, post);
    let key = address::offer(&shop.node.address, 1);
    (key, house.world.chain.get(&key).unwrap())
}

/// The buyer's taking of the shop's offer as job 1, once that is posted.
fn take(house: &mut House, shop: &Shop) -> Instruction {
    let (key, offer) = posted(house, shop);
    let args = TakeArgs {
        id: 1,
        seen: Seen {
            incarnation: offer.incarnation,
            price: offer.terms.price,
            per: offer.terms.per,
        },
        length_secs: 36_000,
        funds: 1_000 * TOKEN,
        spec_hash: [3; 32],
        cosigner: house.world.key_address(),
        refund_owner: Default::default(),
        resolver: house.world.network_state().roles.resolver,
        max_fee_bps: 350,
    };
    let (payer, buyer, owner) = (house.payer(), house.buyer.address, house.owner.address);
    let program = &house.world.pay_mint.token_program;
    ix::take_offer(&payer, &buyer, &key, &offer, &owner, program, args)
}

impl House {
    /// The buyer's job, taken from the shop's offer; its address.
    pub fn taken(&mut self) -> Address {
        let (shop, buyer) = (self.shop(), self.buyer);
        let take = take(self, &shop);
        self.done(&buyer, take);
        address::job(&self.world.network, &buyer.address, 1)
    }
}
