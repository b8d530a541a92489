//! Reward pools and shares.

use {
    sluice_client::{Ledger, address, instruction as ix},
    sluice_tests::world::{Stage, TOKEN},
};

owned! {
    a_vault_creates_a_reward_pool: create_reward_pool.creator, |house| {
        let shop = house.shop();
        let new = house.world.new_reward_pool(&shop.set.address, 1, house.world.reward_terms());
        let create = ix::create_reward_pool(&house.payer(), &house.stranger.address, &new);
        house.call(house.stranger, create)
    };
    a_vault_funds_a_reward_pool: fund_reward_pool.funder, |house| {
        let shop = house.shop();
        let pool = house.reward_pool(&shop.set.address);
        house.call(house.buyer, house.world.fund_ix(&house.buyer.address, &pool, TOKEN))
    };
    a_vault_joins_a_node_as_operator: join_reward_pool.operator, |house| {
        let shop = house.shop();
        let pool = house.reward_pool(&shop.set.address);
        house.call(house.operator, house.join_ix(&shop, &pool))
    };
    a_vault_pays_for_an_epoch: open_epoch.payer, |house| {
        let mut stage = Stage::ready(&[&[100]], |_| ());
        stage.credit(0, 0);
        let (node, provider) = (stage.earners[0].node.address, stage.provider(0));
        let payer = house.stranger;
        let open = ix::open_epoch(&payer.address, &stage.pool, &node, &provider, 1);
        house.move_to(stage.world);
        house.call(payer, open)
    };
    a_vault_closes_its_share: close_share.signer, |house| {
        let shop = house.shop();
        let pool = house.reward_pool(&shop.set.address);
        let (operator, join) = (house.operator, house.join_ix(&shop, &pool));
        house.done(&operator, join);
        house.later();
        let share = address::share(&pool, &shop.node.address);
        let share = house.world.chain.get(&share).unwrap();
        house.call(house.owner, ix::close_share(&house.owner.address, &share))
    };
}
