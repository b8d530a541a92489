//! A pause refuses intake and nothing else: every exit succeeds.

use {
    super::Court,
    sluice_client::{Ledger, Network, StakePool, Unstake, address, instruction as ix},
    sluice_tests::world::{DAY, NODE_ARGS, Pull, SetHandle, Site, Stage, TOKEN, World},
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Pauses for as long as a pause can last.
fn pause(world: &mut World, guardian: &Keypair) {
    let pause = ix::pause(&guardian.pubkey(), &world.network, 7 * DAY);
    world.ok(&[pause], &[guardian]);
}

#[test]
fn a_pause_blocks_no_exit_of_jobs_stake_and_registrations() {
    let Court {
        world, guardian, ..
    } = Court::new();
    let mut site = Site::on(world, |_| ());
    let mut other = site.another(|_| ());
    pause(&mut site.world, &guardian);
    let paused_until = site.world.network_state().paused_until;

    // Proving, topping up, ending.
    site.at(3_600);
    site.prove(0, 10);
    site.top_up(TOKEN);
    site.at(2 * 3_600);
    site.cosign(1, 5);
    site.resign();
    std::mem::swap(&mut site.job, &mut other);
    site.cancel();
    std::mem::swap(&mut site.job, &mut other);
    // Maturing, pulling, releasing, closing.
    site.settle();
    let mature = ix::mature(&site.job.address);
    site.world.ok(&[mature], &[]);
    for what in Pull::ALL {
        assert!(site.pull(what) > 0, "{what:?}");
    }
    let credit = ix::credit(&site.job.address, &site.state());
    site.world.ok(&[credit], &[]);
    for _ in 0..2 {
        site.settle();
        site.release();
        site.pull_all();
        let close = site.close_ix();
        site.world.ok(&[close], &[]);
        std::mem::swap(&mut site.job, &mut other);
    }
    stake_leaves(&mut site, paused_until);
}

/// Registrations end, attesters leave, and stake is unstaked; it is withdrawn in another pause, which its date outlasts.
fn stake_leaves(site: &mut Site, paused_until: i64) {
    let (owner, operator) = (
        site.provider.owner.insecure_clone(),
        site.provider.operator.insecure_clone(),
    );
    let (node_key, provider_key) = (site.node.address, site.provider.address);
    let world = &mut site.world;
    let node = world.node_state(&site.node);
    let update = ix::update_node(&operator.pubkey(), &node_key, &node, NODE_ARGS);
    world.ok(&[update], &[&operator]);
    let close = ix::close_node(&owner.pubkey(), &node_key, &node);
    world.ok(&[close], &[&owner]);
    let provider = world.chain.get(&provider_key).unwrap();
    let close = ix::close_provider(&provider_key, &provider);
    world.ok(&[close], &[&owner]);
    leave(world, &site.set);
    let pool = site.provider.pool;
    let (payer, network) = (world.payer.pubkey(), world.network);
    let all = 10_000 * TOKEN;
    let unstake = ix::unstake(&payer, &owner.pubkey(), &network, &pool, all, 1);
    world.ok(&[unstake], &[&owner]);
    assert!(world.now() < paused_until, "all that was in the pause");

    let ticket = address::unstake(&address::position(&pool, &owner.pubkey()), 1);
    let ticket: Unstake = world.chain.get(&ticket).unwrap();
    world.edit(&network, |state: &mut Network| {
        state.paused_until = ticket.withdraw_at + 1;
    });
    world.chain.set_time(ticket.withdraw_at);
    let state: StakePool = world.chain.get(&pool).unwrap();
    let withdraw = ix::withdraw(&state, &ticket, &world.stake_mint.token_program);
    world.ok(&[withdraw], &[]);
    assert_eq!(world.tokens(&owner.pubkey(), &world.stake_mint), all);
}

fn leave(world: &mut World, set: &SetHandle) {
    for index in 0..set.args.count {
        world.leave(set, index);
    }
}

#[test]
fn a_pause_blocks_no_reward() {
    let Court {
        world, guardian, ..
    } = Court::new();
    let mut stage = Stage::on(world, &[&[10, 20]], |_| ());
    // Joining a pool brings nothing in.
    let late = stage.world.provider();
    let node = stage.world.node(&late, &stage.set.address);
    pause(&mut stage.world, &guardian);
    let join = stage.world.join_ix(&stage.pool, &late, &node);
    stage.world.ok(&[join], &[&late.operator]);
    let mut stage = stage.baselined();
    stage.work(0, 0);
    stage.enter(2);
    stage.work(0, 1);
    stage.enter(3);
    assert!(stage.claim(0) > 0);
    stage.fold(0, 1);
    let close = ix::close_epoch(&stage.epoch(1));
    stage.world.ok(&[close], &[]);
    assert!(stage.world.network_state().is_paused(stage.world.now()));
}
