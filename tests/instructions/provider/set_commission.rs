use {
    sluice_client::{
        Ledger, NetworkChange, Provider, address, events::CommissionChanged, instruction as ix,
    },
    sluice_tests::world::{DAY, PARAMS, ProviderHandle, Tamper, World, logged},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

const UNBONDING: i64 = PARAMS.unbonding_secs as i64;

fn set_ix(world: &World, provider: &ProviderHandle, bps: u16) -> Instruction {
    ix::set_commission(&provider.owner.pubkey(), &world.network, bps)
}

fn set(world: &mut World, provider: &ProviderHandle, bps: u16) {
    let change = set_ix(world, provider, bps);
    world.ok(&[change], &[&provider.owner]);
}

fn state(world: &World, provider: &Address) -> Provider {
    world.chain.get(provider).unwrap()
}

/// The commission in force now.
fn in_force(world: &World, provider: &ProviderHandle) -> u16 {
    state(world, &provider.address).commission(world.now())
}

#[test]
fn a_commission_is_announced_and_nothing_else_changes() {
    let mut world = World::new();
    let provider = world.provider();
    let mut before = state(&world, &provider.address);
    let change = set_ix(&world, &provider, 1_234);
    let receipt = world.ok(&[change], &[&provider.owner]);
    let at = world.now() + UNBONDING;
    (before.pending_commission_bps, before.commission_at) = (1_234, at);
    let after = state(&world, &provider.address);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&before));
    logged(
        &receipt,
        &[CommissionChanged {
            provider: provider.address,
            at,
            in_force_bps: 10_000,
            pending_bps: 1_234,
        }],
    );
}

#[test]
fn a_commission_takes_effect_after_the_unbonding_time_to_the_second() {
    let mut world = World::new();
    let provider = world.provider();
    set(&mut world, &provider, 1_000);
    assert_eq!(in_force(&world, &provider), 10_000);
    world.advance(UNBONDING - 1);
    assert_eq!(in_force(&world, &provider), 10_000);
    world.advance(1);
    assert_eq!(in_force(&world, &provider), 1_000);
    world.advance(100 * UNBONDING);
    assert_eq!(in_force(&world, &provider), 1_000);
}

#[test]
fn a_delegator_that_leaves_at_the_announcement_is_gone_before_the_commission_rises() {
    let mut world = World::new();
    let provider = world.provider();
    set(&mut world, &provider, 500);
    world.advance(UNBONDING);
    let staker = world.delegate(&provider.pool, 100);
    set(&mut world, &provider, 10_000);
    let ticket = world.thaw(&staker, &provider.pool, 100, 7);
    world.advance(UNBONDING - 1);
    assert_eq!(in_force(&world, &provider), 500);
    world.advance(1);
    assert_eq!(world.withdraw(&ticket), 100);
}

#[test]
fn a_second_announcement_restarts_the_time_and_skips_nothing() {
    let mut world = World::new();
    let provider = world.provider();
    set(&mut world, &provider, 500);
    world.advance(UNBONDING);
    set(&mut world, &provider, 9_000);
    world.advance(UNBONDING - 1);
    // A second before it takes effect, it is replaced: 500 stays for a whole unbonding time.
    let change = set_ix(&world, &provider, 700);
    let receipt = world.ok(&[change], &[&provider.owner]);
    logged(
        &receipt,
        &[CommissionChanged {
            provider: provider.address,
            at: world.now() + UNBONDING,
            in_force_bps: 500,
            pending_bps: 700,
        }],
    );
    world.advance(1);
    assert_eq!(in_force(&world, &provider), 500);
    world.advance(UNBONDING - 2);
    assert_eq!(in_force(&world, &provider), 500);
    world.advance(1);
    assert_eq!(in_force(&world, &provider), 700);
}

#[test]
fn an_announcement_at_the_second_of_the_last_one_s_effect_keeps_that_in_force() {
    let mut world = World::new();
    let provider = world.provider();
    set(&mut world, &provider, 500);
    world.advance(UNBONDING);
    set(&mut world, &provider, 700);
    let state = state(&world, &provider.address);
    assert_eq!(
        (state.commission_bps, state.pending_commission_bps),
        (500, 700)
    );
    assert_eq!(in_force(&world, &provider), 500);
}

#[test]
fn a_lower_commission_waits_for_the_unbonding_time_too() {
    let mut world = World::new();
    let provider = world.provider();
    set(&mut world, &provider, 10_000);
    world.advance(UNBONDING);
    set(&mut world, &provider, 0);
    world.advance(UNBONDING - 1);
    assert_eq!(in_force(&world, &provider), 10_000);
    world.advance(1);
    assert_eq!(in_force(&world, &provider), 0);
}

#[test]
fn a_commission_is_at_most_the_whole_reward() {
    let mut world = World::new();
    let provider = world.provider();
    for bps in [10_001, u16::MAX] {
        let too_high = set_ix(&world, &provider, bps);
        world.refused(&[too_high], &[&provider.owner], "CommissionTooHigh");
    }
    set(&mut world, &provider, 0);
    world.advance(UNBONDING);
    set(&mut world, &provider, 10_000);
    world.advance(UNBONDING);
    assert_eq!(in_force(&world, &provider), 10_000);
}

#[test]
fn an_announced_date_stays_when_the_network_s_time_changes() {
    let mut world = World::new();
    let provider = world.provider();
    let (admin, network) = (world.payer.pubkey(), world.network);
    let roles = world.network_state().roles;
    let mut params = PARAMS;
    (params.unbonding_secs, params.timelock_secs) = (8 * DAY, 8 * DAY);
    let change = NetworkChange {
        params,
        guardian: roles.guardian,
        resolver: roles.resolver,
        treasury: roles.treasury,
    };
    let propose = ix::propose_change(&admin, &network, change);
    world.ok(&[propose], &[]);
    world.advance(UNBONDING - 1);
    set(&mut world, &provider, 500);
    let at = world.now() + UNBONDING;
    world.advance(1);
    let apply = ix::apply_change(&admin, &network);
    world.ok(&[apply], &[]);
    assert_eq!(state(&world, &provider.address).commission_at, at);
    set(&mut world, &provider, 600);
    let later = world.now() + i64::from(8 * DAY);
    assert_eq!(state(&world, &provider.address).commission_at, later);
}

#[test]
fn only_the_owner_sets_a_commission() {
    let mut world = World::new();
    let (provider, other) = (world.provider(), world.provider());
    let change = set_ix(&world, &provider, 5);
    let owner = provider.owner.pubkey();
    let without = change.unsigned(&owner);
    world.refused(&[without], &[], "MissingRequiredSignature");
    let staker = world.delegate(&provider.pool, 5);
    for stranger in [&provider.operator, &other.owner, &staker] {
        let bent = change.with(&owner, &stranger.pubkey());
        world.refused(&[bent], &[stranger], "NotOwner");
    }
}

#[test]
fn the_time_is_that_of_the_provider_s_own_network() {
    let mut world = World::new();
    let provider = world.provider();
    // Another network could unbond in a second.
    let lax = world.other_network();
    let foreign = set_ix(&world, &provider, 5).with(&world.network.clone(), &lax);
    world.refused(&[foreign], &[&provider.owner], "WrongNetwork");
    let elsewhere = address::provider(&lax, &provider.owner.pubkey());
    let none = set_ix(&world, &provider, 5).with(&provider.address, &elsewhere);
    world.refused(&[none], &[&provider.owner], "AccountDataTooSmall");
}

#[test]
fn set_commission_refuses_accounts_of_another_type_or_program() {
    let mut world = World::new();
    let provider = world.provider();
    let change = set_ix(&world, &provider, 5);
    world.refuses_look_alikes(
        &change,
        &[provider.address, world.network],
        &[&provider.owner],
    );
}
