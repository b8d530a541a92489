use {
    sluice_client::{Ledger, RewardPool, Share, address},
    sluice_tests::world::{NodeHandle, ProviderHandle, SetHandle, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// A world with a pool whose epoch 0 begins in 1,000 seconds, and a node that could join.
struct Site {
    world: World,
    set: SetHandle,
    provider: ProviderHandle,
    node: NodeHandle,
    pool: Address,
}

fn site() -> Site {
    let mut world = World::new();
    let set = world.dormant_set(1, 1);
    let provider = world.provider();
    let node = world.node(&provider, &set.address);
    let creator = world.party();
    let mut terms = world.reward_terms();
    (terms.start_at, terms.end_at) = (terms.start_at + 1_000, terms.end_at + 1_000);
    let new = world.new_reward_pool(&set.address, 1, terms);
    let pool = world.reward_pool(&creator, &new);
    Site {
        world,
        set,
        provider,
        node,
        pool,
    }
}

impl Site {
    fn join(&self) -> Instruction {
        self.world.join_ix(&self.pool, &self.provider, &self.node)
    }

    /// Joins after `secs` and returns the epoch written down.
    fn joined_after(mut self, secs: i64) -> u64 {
        self.world.advance(secs);
        let join = self.join();
        self.world.ok(&[join], &[&self.provider.operator]);
        let share: Share = self
            .world
            .chain
            .get(&address::share(&self.pool, &self.node.address))
            .unwrap();
        share.joined_epoch
    }
}

#[test]
fn joining_before_the_start_writes_a_share_whose_node_s_work_is_history() {
    let Site {
        mut world,
        provider,
        node,
        pool,
        ..
    } = site();
    let payer = world.party();
    world.edit(&node.address, |node: &mut sluice_client::Node| {
        node.units = 77
    });
    let join = world
        .join_ix(&pool, &provider, &node)
        .with(&world.payer.pubkey(), &payer.pubkey());
    world.ok(&[join], &[&payer, &provider.operator]);

    let share: Share = world
        .chain
        .get(&address::share(&pool, &node.address))
        .unwrap();
    assert_eq!((share.pool, share.node), (pool, node.address));
    assert_eq!(
        (share.provider, share.payee),
        (provider.address, provider.owner.pubkey())
    );
    assert_eq!(share.rent_payer, payer.pubkey());
    assert_eq!(share.opened_slot, world.slot());
    assert_eq!(share.registration, world.node_state(&node).opened_slot);
    assert_eq!((share.joined_epoch, share.seen, share.baseline), (0, 77, 1));
    assert_eq!(
        (share.earned, share.claimed, share.delegators_claimed),
        (0, 0, 0)
    );
    assert!(share.slots.iter().all(|slot| slot.epoch().is_none()));
    let state: RewardPool = world.chain.get(&pool).unwrap();
    assert_eq!(state.shares, 1);
}

#[test]
fn joining_counts_from_the_epoch_it_happens_in() {
    assert_eq!(site().joined_after(0), 0);
    assert_eq!(site().joined_after(999), 0);
    assert_eq!(site().joined_after(1_000), 0);
    assert_eq!(site().joined_after(1_096), 0);
    assert_eq!(site().joined_after(1_097), 1);
    assert_eq!(site().joined_after(1_969), 9);
}

#[test]
fn joining_from_the_start_on_writes_a_share_that_has_seen_nothing() {
    for (late, baseline) in [(999, 1), (1_000, 0), (1_001, 0)] {
        let mut site = site();
        site.world.advance(late);
        let node = site.node.address;
        site.world
            .edit(&node, |node: &mut sluice_client::Node| node.units = 77);
        let join = site.join();
        site.world.ok(&[join], &[&site.provider.operator]);
        let share = address::share(&site.pool, &node);
        let share: Share = site.world.chain.get(&share).unwrap();
        assert_eq!(
            (share.baseline, share.seen),
            (baseline, 77 * u64::from(baseline))
        );
    }
}

#[test]
fn a_node_joins_until_the_last_epoch_ends() {
    let mut site = site();
    let join = site.join();
    site.world.advance(1_970);
    site.world.refused(
        std::slice::from_ref(&join),
        &[&site.provider.operator],
        "PoolEnded",
    );

    // An epoch that starts before the end counts to its own end.
    let mut terms = site.world.reward_terms();
    terms.end_at = terms.start_at + 98;
    let new = site.world.new_reward_pool(&site.set.address, 2, terms);
    let operator = site.provider.operator.insecure_clone();
    site.pool = site.world.reward_pool(&operator, &new);
    let join = site.join();
    site.world.advance(97 * 2);
    site.world
        .refused(std::slice::from_ref(&join), &[&operator], "PoolEnded");
    site.world.chain.set_time(terms.start_at + 97 * 2 - 1);
    site.world.ok(&[join], &[&operator]);
}

#[test]
fn a_node_joins_a_pool_once() {
    let mut site = site();
    let join = site.join();
    site.world
        .ok(std::slice::from_ref(&join), &[&site.provider.operator]);
    site.world
        .refused(&[join], &[&site.provider.operator], "Custom(0)");
}

#[test]
fn only_the_provider_s_operator_joins_and_somebody_pays() {
    let mut site = site();
    let payer = site.world.party();
    let operator = &site.provider.operator;
    let join = site
        .join()
        .with(&site.world.payer.pubkey(), &payer.pubkey());
    let without = join.unsigned(&operator.pubkey());
    site.world
        .refused(&[without], &[&payer], "MissingRequiredSignature");
    let without = join.unsigned(&payer.pubkey());
    site.world
        .refused(&[without], &[operator], "MissingRequiredSignature");
    for other in [&site.provider.owner, &payer, &site.node.worker] {
        let as_other = join.with(&operator.pubkey(), &other.pubkey());
        site.world
            .refused(&[as_other], &[&payer, other], "NotOperator");
    }
}

#[test]
fn a_provider_joins_its_own_nodes_only() {
    let mut site = site();
    let rival = site.world.provider();
    let steal = site
        .join()
        .with(&site.provider.operator.pubkey(), &rival.operator.pubkey())
        .with(&site.provider.address, &rival.address);
    site.world
        .refused(&[steal], &[&rival.operator], "WrongNode");
}

#[test]
fn a_node_of_another_set_or_of_none_does_not_join() {
    let mut site = site();
    let other_set = site.world.dormant_set(1, 1);
    for set in [other_set.address, Address::default()] {
        let node = site.world.node(&site.provider, &set);
        let join = site.world.join_ix(&site.pool, &site.provider, &node);
        site.world
            .refused(&[join], &[&site.provider.operator], "NodeOfAnotherSet");
    }
}

#[test]
fn a_node_joins_the_incarnation_that_the_operator_saw() {
    let mut site = site();
    let state: RewardPool = site.world.chain.get(&site.pool).unwrap();
    for seen in [state.incarnation - 1, state.incarnation + 1, 0, u64::MAX] {
        let mut stale = site.join();
        stale.data[1..9].copy_from_slice(&seen.to_le_bytes());
        site.world
            .refused(&[stale], &[&site.provider.operator], "WrongIncarnation");
    }
}

#[test]
fn a_node_of_another_network_does_not_join() {
    let mut site = site();
    let other = site.world.other_network();
    // The same contents make another set in another network.
    let twin = site.world.set_of(&other, site.set.args);
    let (provider, node) = site.world.within(&other, |world| {
        let provider = world.provider();
        let node = world.node(&provider, &twin);
        (provider, node)
    });
    let join = site.world.join_ix(&site.pool, &provider, &node);
    site.world
        .refused(&[join], &[&provider.operator], "NodeOfAnotherSet");
}

#[test]
fn joining_refuses_accounts_of_another_type_or_program() {
    let mut site = site();
    let join = site.join();
    let operator = &site.provider.operator;
    site.world.refuses_look_alikes(
        &join,
        &[site.provider.address, site.node.address, site.pool],
        &[operator],
    );
    let elsewhere = address::share(&site.pool, &site.provider.address);
    let wrong = join.with(&address::share(&site.pool, &site.node.address), &elsewhere);
    site.world.refused(&[wrong], &[operator], "InvalidSeeds");
}
