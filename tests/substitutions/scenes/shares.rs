//! Shares in reward pools.

use {
    super::{
        Played, elsewhere,
        rewards::{stage, worked},
    },
    sluice_client::instruction as ix,
    sluice_tests::world::World,
    solana_signer::Signer,
};

super::scenes![
    join_reward_pool,
    report,
    fold,
    claim or claim_elsewhere,
    pay_delegators or pay_owner_for_delegators or pay_owner_elsewhere,
    close_share or close_share_after_the_end,
];

fn join_reward_pool(world: World) -> Played {
    let mut stage = stage(world);
    let provider = &stage.earners[0].provider;
    let [node, _] = [(); 2].map(|()| stage.world.node(provider, &stage.set.address));
    let join = stage.world.join_ix(&stage.pool, provider, &node);
    (stage.world, vec![join])
}

fn report(world: World) -> Played {
    let mut stage = stage(world);
    stage.work(0, 0);
    stage.credit(1, 0);
    let report = stage.report_ix(1);
    (stage.world, vec![report])
}

fn fold(world: World) -> Played {
    let mut stage = worked(world);
    stage.enter(4);
    let fold = stage.fold_ix(0, 1);
    (stage.world, vec![fold])
}

fn claim(world: World) -> Played {
    let mut stage = worked(world);
    stage.world.advance(10);
    let claim = stage.claim_ix(0);
    (stage.world, vec![claim])
}

fn claim_elsewhere(world: World) -> Played {
    elsewhere(claim(world))
}

fn pay_delegators(world: World) -> Played {
    let mut stage = worked(world);
    stage.world.advance(10);
    let pay = stage.pay_ix(0);
    (stage.world, vec![pay])
}

fn pay_owner_for_delegators(world: World) -> Played {
    let mut stage = worked(world);
    stage.withdraw_stake(0);
    stage.world.advance(10);
    let pay = stage.pay_ix(0);
    (stage.world, vec![pay])
}

fn pay_owner_elsewhere(world: World) -> Played {
    elsewhere(pay_owner_for_delegators(world))
}

fn close_share(world: World) -> Played {
    let mut stage = worked(world);
    stage.fold(1, 1);
    stage.claim(1);
    stage.pay(1);
    let owner = stage.earners[1].provider.owner.pubkey();
    let close = ix::close_share(&owner, &stage.share(1));
    (stage.world, vec![close])
}

fn close_share_after_the_end(world: World) -> Played {
    let mut stage = worked(world);
    stage.enter(4);
    for (earner, epoch) in [(0, 1), (0, 2), (1, 1)] {
        stage.fold(earner, epoch);
    }
    for earner in 0..2 {
        stage.claim(earner);
        stage.pay(earner);
    }
    stage.end();
    let anyone = stage.world.party().pubkey();
    let close = ix::close_share(&anyone, &stage.share(1));
    (stage.world, vec![close])
}
