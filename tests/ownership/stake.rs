//! Stake, its tickets and its dividends.

use {
    sluice_client::instruction as ix,
    sluice_tests::world::{DAY, TOKEN},
};

owned! {
    a_vault_pays_for_a_stake_pool: create_stake_pool.payer, |house| {
        let owner = house.owner;
        let provider = house.provider(&owner);
        house.call(owner, house.create_stake_pool_ix(&owner.address, &provider))
    };
    a_vault_stakes_for_the_first_time: stake.staker, |house| {
        let (shop, stranger) = (house.shop(), house.stranger);
        house.call(stranger, house.world.stake_ix(&stranger.address, &shop.pool, TOKEN))
    };
    a_vault_stakes: stake.staker, |house| {
        let shop = house.shop();
        house.call(house.owner, house.world.stake_ix(&house.owner.address, &shop.pool, TOKEN))
    };
    a_vault_unstakes: unstake.staker, |house| {
        let shop = house.shop();
        let unstake = house.world.unstake_ix(&house.owner.address, &shop.pool, TOKEN, 1);
        house.call(house.owner, unstake)
    };
    a_vault_takes_its_unstaking_back: cancel_unstake.staker, |house| {
        let (shop, owner) = (house.shop(), house.owner);
        let ticket = house.thaw(&owner, &shop.pool);
        house.later();
        house.call(owner, house.world.cancel_unstake_ix(&ticket))
    };
    a_vault_closes_its_position: close_position.closer, |house| {
        let (shop, stranger) = (house.shop(), house.stranger);
        house.left(&stranger, &shop.pool);
        house.call(stranger, house.world.close_position_ix(&shop.pool, &stranger.address))
    };
    a_vault_closes_an_empty_position_in_its_pool: close_position.closer, |house| {
        let (shop, owner, stranger) = (house.shop(), house.owner, house.stranger);
        house.left(&stranger, &shop.pool);
        let position = house.world.position(&shop.pool, &stranger.address);
        house.call(owner, ix::close_position_by(&owner.address, &position))
    };
    a_vault_gives_a_pool_its_first_dividends: add_dividends.giver, |house| {
        let (shop, stranger) = (house.shop(), house.stranger);
        house.call(stranger, house.world.dividends_ix(&stranger.address, &shop.pool, TOKEN))
    };
    a_vault_adds_dividends: add_dividends.giver, |house| {
        let (shop, stranger) = (house.shop(), house.stranger);
        let add = house.world.dividends_ix(&stranger.address, &shop.pool, TOKEN);
        house.done(&stranger, add.clone());
        house.later();
        house.call(stranger, add)
    };
    a_vault_closes_its_stake_pool: close_stake_pool.owner, |house| {
        let owner = house.owner;
        let provider = house.provider(&owner);
        let pool = house.stake_pool(&provider);
        house.world.advance(i64::from(DAY));
        house.call(owner, house.world.close_pool_ix(&pool))
    };
}
