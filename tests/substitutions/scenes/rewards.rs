//! Reward pools, and the epochs in them.

use {
    super::{Played, elsewhere},
    sluice_client::{
        RewardPool,
        instruction::{self as ix, NewRewardPool},
    },
    sluice_tests::world::{Stage, TOKEN, World},
    solana_signer::Signer,
};

super::scenes![
    create_reward_pool,
    fund_reward_pool,
    open_epoch,
    close_epoch,
    return_unallocated or return_unallocated_elsewhere,
    close_reward_pool or close_reward_pool_elsewhere,
];

fn create_reward_pool(mut world: World) -> Played {
    let (set, creator) = (world.set(1, 1), world.party());
    let terms = world.reward_terms();
    let [first, second] = [1, 2].map(|id| NewRewardPool {
        refund_owner: creator.pubkey(),
        ..world.new_reward_pool(&set.address, id, terms)
    });
    world.reward_pool(&creator, &first);
    let create = ix::create_reward_pool(&world.payer.pubkey(), &creator.pubkey(), &second);
    (world, vec![create])
}

/// A stage in epoch 1 with two earners, of whom the first has two jobs, the delegators of each half of what it earns, and with
/// a second pool that both have joined.
pub fn stage(world: World) -> Stage {
    let mut stage = Stage::on(world, &[&[5, 6], &[7]], |_| ());
    for earner in 0..2 {
        stage.commission(earner, 5_000);
        stage.open_dividends(earner);
    }
    let twin = stage.twin();
    let mut stage = stage.baselined();
    stage.at(&twin, |stage| {
        (0..2).for_each(|earner| stage.report(earner))
    });
    stage
}

fn fund_reward_pool(world: World) -> Played {
    let mut stage = stage(world);
    let (funder, mint) = (stage.world.party().pubkey(), stage.world.reward_mint);
    stage.world.mint_to(&funder, &mint, 9 * TOKEN);
    let fund = stage.world.fund_ix(&funder, &stage.pool, TOKEN);
    (stage.world, vec![fund])
}

fn open_epoch(world: World) -> Played {
    let mut stage = stage(world);
    stage.credit(0, 0);
    stage.credit(1, 0);
    let open = stage.open_ix(0, 1);
    (stage.world, vec![open])
}

/// A stage in which both earners worked in epoch 1 and the first one in epoch 2 too, in the first second of epoch 3.
pub fn worked(world: World) -> Stage {
    let mut stage = stage(world);
    stage.work(0, 0);
    stage.work(1, 0);
    stage.enter(2);
    stage.work(0, 1);
    stage.enter(3);
    stage
}

fn close_epoch(world: World) -> Played {
    let mut stage = worked(world);
    stage.fold(0, 1);
    stage.fold(1, 1);
    stage.enter(4);
    stage.fold(0, 2);
    let close = ix::close_epoch(&stage.epoch(1));
    (stage.world, vec![close])
}

fn return_unallocated(world: World) -> Played {
    let mut stage = worked(world);
    stage.end();
    let back = stage.return_ix();
    (stage.world, vec![back])
}

fn return_unallocated_elsewhere(world: World) -> Played {
    let mut stage = refunding(worked(world));
    stage.end();
    let back = stage.return_ix();
    elsewhere((stage.world, vec![back]))
}

fn close_reward_pool_elsewhere(world: World) -> Played {
    let mut stage = refunding(Stage::on(world, &[], |_| ()));
    stage.end();
    let close = stage.close_pool_ix();
    elsewhere((stage.world, vec![close]))
}

/// The same stage, whose pool refunds its creator: the payer's account serves every scene.
fn refunding(mut stage: Stage) -> Stage {
    let (pool, owner, mint) = (stage.pool, stage.creator.pubkey(), stage.world.reward_mint);
    stage.world.open_account(&owner, &mint);
    stage
        .world
        .edit(&pool, |pool: &mut RewardPool| pool.refund_owner = owner);
    stage
}

fn close_reward_pool(world: World) -> Played {
    let mut stage = Stage::on(world, &[], |_| ());
    stage.end();
    let close = stage.close_pool_ix();
    (stage.world, vec![close])
}
