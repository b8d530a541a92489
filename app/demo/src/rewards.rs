//! The reward pool: nodes join, report what they have proven, and the next epoch streams to them.

use {
    crate::{
        ledger::{Asset, Column, plain},
        plan::{self, EPOCH_SECS, MIDWAY_SECS, NODE_LABELS, NODE_OWNERS, NODES, PROVIDER_LABELS},
        progress::Screen,
        world::{POOL_ID, World},
    },
    anyhow::{Context, Result},
    sluice_client::{
        Epoch, Ledger, Node, RewardPool, Share, address,
        instruction::{self as ix, NewRewardPool},
    },
    solana_signer::Signer,
};

/// Seconds between two looks at the stream.
const TICK_SECS: u32 = 25;

/// Creates and funds the pool and joins every node.
pub fn create(world: &mut World) -> Result<()> {
    let (funder, key) = (world.funder.pubkey(), world.pool());
    let new = NewRewardPool {
        network: world.network,
        set: world.set,
        mint: world.reward.address,
        token_program: world.reward.token_program,
        id: POOL_ID,
        terms: plan::reward_terms(world.chain.ledger.now()),
        refund_owner: funder,
    };
    let create = ix::create_reward_pool(&funder, &funder, &new);
    world
        .chain
        .send("create_reward_pool", &[create], &[&world.funder])?;
    let pool: RewardPool = world.chain.ledger.get(&key)?;
    let token_program = &world.reward.token_program;
    let fund = ix::fund_reward_pool(&funder, &key, &pool, token_program, plan::REWARD_FUNDS);
    world
        .chain
        .send("fund_reward_pool", &[fund], &[&world.funder])?;
    for (machine, provider) in world.machines.iter().zip(NODE_OWNERS) {
        let (owner, operator) = (&world.providers[provider].owner, &world.operators[provider]);
        let node: Node = world.chain.ledger.get(&machine.address)?;
        let join = ix::join_reward_pool(
            &owner.pubkey(),
            &operator.pubkey(),
            &key,
            &pool,
            &machine.address,
            &node,
        );
        world
            .chain
            .send("join_reward_pool", &[join], &[owner, operator])?;
    }
    Ok(())
}

/// Sets every node's baseline: what it did before does not count.
pub fn set_baselines(world: &mut World) -> Result<()> {
    let key = world.pool();
    for machine in &world.machines {
        let node: Node = world.chain.ledger.get(&machine.address)?;
        let report = ix::report(&key, &machine.address, &node.provider, None);
        world.chain.send("report", &[report], &[])?;
    }
    Ok(())
}

/// Reports every node's new units; the first report opens the epoch.
pub fn report(world: &mut World) -> Result<()> {
    let key = world.pool();
    let pool: RewardPool = world.chain.ledger.get(&key)?;
    let epoch = pool.epoch_at(world.chain.ledger.now())?;
    let funder = world.funder.pubkey();
    for (node, machine) in world.machines.iter().enumerate() {
        let account: Node = world.chain.ledger.get(&machine.address)?;
        let provider = account.provider;
        if node == 0 {
            let open = ix::open_epoch(&funder, &key, &machine.address, &provider, epoch);
            world.chain.send("open_epoch", &[open], &[&world.funder])?;
        } else {
            let report = ix::report(&key, &machine.address, &provider, Some(epoch));
            world.chain.send("report", &[report], &[])?;
        }
    }
    Ok(())
}

/// Lets the epoch that begins now stream; provider A claims on the way. Returns what that claim paid.
pub fn stream(world: &mut World, screen: &Screen) -> Result<i128> {
    let begin = world.chain.elapsed();
    let bars = NODE_LABELS.map(|label| screen.bar(&format!("stream {label}"), EPOCH_SECS.into()));
    let mut claimed = None;
    for tick in 1..=EPOCH_SECS / TICK_SECS {
        let elapsed = tick * TICK_SECS;
        if claimed.is_none() && elapsed > MIDWAY_SECS {
            world.chain.wait_until(begin + i64::from(MIDWAY_SECS));
            for node in (0..NODES).filter(|node| NODE_OWNERS[*node] == 0) {
                claim(world, node)?;
            }
            let row = world.chain.book.row(PROVIDER_LABELS[0], Asset::Reward)?;
            let paid = row.flows[Column::Earned as usize];
            claimed = Some(paid);
            screen.say(&format!(
                "{} provider A claims what has streamed to its nodes: {}",
                world.chain.stamp(),
                plain(paid, Asset::Reward)
            ));
        }
        world.chain.wait_until(begin + i64::from(elapsed));
        let amounts = streamed(world)?;
        for (bar, amount) in bars.iter().zip(&amounts) {
            let text = plain((*amount).into(), Asset::Reward);
            bar.set(elapsed.into(), format!("{text} {}", Asset::Reward.symbol()));
        }
        if elapsed.is_multiple_of(150) {
            let texts = amounts.map(|amount| plain(amount.into(), Asset::Reward));
            let stamp = world.chain.stamp();
            screen.say_plainly(&format!("{stamp} streamed so far: {}", texts.join(", ")));
        }
        screen.linger();
    }
    bars.iter().for_each(|bar| bar.finish());
    claimed.context("the stream is shorter than provider A waits")
}

/// Claims and folds what the ended stream gave, in either order, and closes the epoch.
pub fn finish(world: &mut World) -> Result<()> {
    let key = world.pool();
    let index = streaming_epoch(world)?;
    for (node, provider) in NODE_OWNERS.into_iter().enumerate() {
        let fold = ix::fold(&key, &world.machines[node].address, index);
        if provider == 0 {
            claim(world, node)?;
            world.chain.send("fold", &[fold], &[])?;
        } else {
            world.chain.send("fold", &[fold], &[])?;
            claim(world, node)?;
        }
    }
    let epoch: Epoch = world.chain.ledger.get(&address::epoch(&key, index))?;
    let close = ix::close_epoch(&epoch);
    world.chain.send("close_epoch", &[close], &[])
}

/// Open epochs of the pool.
pub fn open_epochs(world: &World) -> Result<u64> {
    let pool: RewardPool = world.chain.ledger.get(&world.pool())?;
    Ok(pool.epochs)
}

/// Pays `node` what has streamed to it by now.
fn claim(world: &mut World, node: usize) -> Result<()> {
    let key = world.pool();
    let pool: RewardPool = world.chain.ledger.get(&key)?;
    let share: Share = world.chain.ledger.get(&share_key(world, node))?;
    let now = world.chain.ledger.now();
    let claim = ix::claim(&key, &pool, &share, now, &world.reward.token_program);
    world.chain.send("claim", &[claim], &[])
}

/// What has streamed to each node by now, claimed or not, base units.
fn streamed(world: &World) -> Result<[u64; NODES]> {
    let key = world.pool();
    let pool: RewardPool = world.chain.ledger.get(&key)?;
    let index = streaming_epoch(world)?;
    let epoch: Epoch = world.chain.ledger.get(&address::epoch(&key, index))?;
    let mut amounts = [0; NODES];
    for (node, amount) in amounts.iter_mut().enumerate() {
        let share: Share = world.chain.ledger.get(&share_key(world, node))?;
        *amount = share
            .streamed(&pool, &epoch, world.chain.ledger.now())?
            .payee;
    }
    Ok(amounts)
}

/// The epoch in which the nodes reported.
fn streaming_epoch(world: &World) -> Result<u64> {
    let share: Share = world.chain.ledger.get(&share_key(world, 0))?;
    let mut epochs = share.slots.iter().filter_map(|slot| slot.epoch());
    epochs.next().context("no node has reported yet")
}

fn share_key(world: &World, node: usize) -> solana_address::Address {
    address::share(&world.pool(), &world.machines[node].address)
}
