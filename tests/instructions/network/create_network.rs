use {
    sha2::{Digest, Sha256},
    sluice_client::{
        Identity, Network, NetworkArgs, NetworkParams, address,
        instruction::{self as ix},
    },
    sluice_tests::world::{DAY, PARAMS, SOL, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// The instruction that creates the world's network with these arguments.
fn create(world: &World, args: NetworkArgs) -> Instruction {
    let payer = world.payer.pubkey();
    let (stake, dividend) = (world.stake_mint.address, world.reward_mint.address);
    ix::create_network(&payer, &payer, &stake, &dividend, args)
}

/// Creating a network with these parameters comes to `name`, or succeeds if it is empty.
#[track_caller]
fn comes_to(name: &str, change: impl FnOnce(&mut NetworkArgs)) {
    let mut world = World::bare();
    let mut args = world.network_args(PARAMS);
    change(&mut args);
    let create = create(&world, args);
    if name.is_empty() {
        world.ok(&[create], &[]);
        assert_eq!(world.network_state().params, args.params);
    } else {
        world.refused(&[create], &[], name);
    }
}

#[test]
fn create_network_writes_roles_mints_parameters_and_a_domain_of_its_own() {
    let mut world = World::bare();
    let args = world.network_args(PARAMS);
    let create = create(&world, args);
    world.ok(&[create], &[]);

    let state: Network = world.network_state();
    let domain: [u8; 32] = Sha256::new()
        .chain_update(world.network)
        .chain_update(world.slot().to_le_bytes())
        .chain_update(world.now().to_le_bytes())
        .chain_update([7; 32])
        .finalize()
        .into();
    assert_eq!(state.domain, domain);
    assert_eq!(state.creator, world.payer.pubkey());
    assert_eq!(state.name, args.name);
    assert_eq!(state.roles, args.roles);
    assert_eq!(state.pending_admin, Address::default());
    assert_eq!(state.stake_mint, world.stake_mint.address);
    assert_eq!(state.dividend_mint, world.reward_mint.address);
    assert_eq!(state.params, PARAMS);
    assert_eq!(state.opened_slot, world.slot());
    assert_eq!((state.paused_at, state.paused_until), (0, 0));
    assert_eq!(
        (state.min_unbonding_secs, state.dividend_secs),
        (7 * DAY, DAY)
    );
}

#[test]
fn create_network_works_at_an_address_that_somebody_sent_lamports_to() {
    for lamports in [1, 10 * SOL] {
        let mut world = World::bare();
        let network = world.network;
        world
            .chain
            .airdrop(&network, lamports.max(1_000_000))
            .unwrap();
        let args = world.network_args(PARAMS);
        let create = create(&world, args);
        world.ok(&[create], &[]);
        assert_eq!(world.network_state().params, PARAMS);
    }
}

#[test]
fn create_network_happens_once_for_a_creator_and_name() {
    let mut world = World::new();
    let mut args = world.network_args(PARAMS);
    args.roles.admin = world.party().pubkey();
    let again = create(&world, args);
    world.refused(&[again], &[], "Custom(0)");
}

#[test]
fn create_network_needs_payer_and_creator_to_sign() {
    let mut world = World::bare();
    let (payer, creator) = (world.party(), world.party());
    let args = world.network_args(PARAMS);
    let (stake, dividend) = (world.stake_mint.address, world.reward_mint.address);
    let create = ix::create_network(&payer.pubkey(), &creator.pubkey(), &stake, &dividend, args);
    let without = create.unsigned(&creator.pubkey());
    world.refused(&[without], &[&payer], "MissingRequiredSignature");
    let without = create.unsigned(&payer.pubkey());
    world.refused(&[without], &[&creator], "MissingRequiredSignature");
    world.ok(&[create], &[&payer, &creator]);
}

#[test]
fn create_network_cannot_squat_the_address_of_another_creator() {
    let mut world = World::bare();
    let attacker = world.party();
    let args = world.network_args(PARAMS);
    let (stake, dividend) = (world.stake_mint.address, world.reward_mint.address);
    let own = ix::create_network(
        &attacker.pubkey(),
        &attacker.pubkey(),
        &stake,
        &dividend,
        args,
    );
    let squat = own.with(
        &address::network(&attacker.pubkey(), &args.name),
        &world.network.clone(),
    );
    world.refused(&[squat], &[&attacker], "InvalidSeeds");
}

#[test]
fn the_unbonding_time_lies_between_the_minimum_and_sixty_days() {
    let unbonding = |secs| {
        move |args: &mut NetworkArgs| {
            args.params.unbonding_secs = secs;
            args.params.timelock_secs = 60 * DAY;
        }
    };
    comes_to("", unbonding(7 * DAY));
    comes_to("UnbondingOutOfBounds", unbonding(7 * DAY - 1));
    comes_to("", unbonding(60 * DAY));
    comes_to("UnbondingOutOfBounds", unbonding(60 * DAY + 1));
}

#[test]
fn the_minimum_unbonding_time_is_at_least_a_second_and_at_most_sixty_days() {
    let minimum = |secs| {
        move |args: &mut NetworkArgs| {
            args.min_unbonding_secs = secs;
            args.params.unbonding_secs = secs.max(1);
            args.params.timelock_secs = 60 * DAY;
        }
    };
    comes_to("TermIsZero", minimum(0));
    comes_to("", minimum(1));
    comes_to("", minimum(60 * DAY));
    comes_to("UnbondingOutOfBounds", minimum(60 * DAY + 1));
}

#[test]
fn a_period_of_dividends_lasts_a_day_to_thirty_days() {
    let period = |secs| move |args: &mut NetworkArgs| args.dividend_secs = secs;
    comes_to("", period(DAY));
    comes_to("", period(30 * DAY));
    for secs in [0, 1, DAY - 1, 30 * DAY + 1, u32::MAX] {
        comes_to("DividendPeriodOutOfBounds", period(secs));
    }
}

#[test]
fn the_timelock_is_no_shorter_than_two_days_or_the_unbonding_time() {
    let timelock = |unbonding, timelock| {
        move |args: &mut NetworkArgs| {
            args.min_unbonding_secs = 1;
            args.params.unbonding_secs = unbonding;
            args.params.timelock_secs = timelock;
        }
    };
    comes_to("TimelockTooShort", timelock(1, 2 * DAY - 1));
    comes_to("", timelock(1, 2 * DAY));
    comes_to("TimelockTooShort", timelock(9 * DAY, 9 * DAY - 1));
    comes_to("", timelock(9 * DAY, 9 * DAY));
    comes_to("", timelock(1, u32::MAX));
}

#[test]
fn the_network_fee_is_at_most_ten_per_cent() {
    let fee = |fee_bps| {
        let params = NetworkParams { fee_bps, ..PARAMS };
        move |args: &mut NetworkArgs| args.params = params
    };
    comes_to("", fee(0));
    comes_to("", fee(1_000));
    comes_to("FeeTooHigh", fee(1_001));
    comes_to("FeeTooHigh", fee(u16::MAX));
}

#[test]
fn reserved_bytes_of_the_parameters_are_zero() {
    for byte in 0..6 {
        comes_to("ReserveNotZero", |args| args.params.reserve[byte] = 1);
    }
}

#[test]
fn an_identity_is_a_credential_and_a_schema_or_neither() {
    let some = Address::new_from_array([7; 32]);
    let pair = |credential, schema| {
        move |args: &mut NetworkArgs| args.params.identity = Identity { credential, schema }
    };
    comes_to("", pair(some, some));
    comes_to("", pair(Address::default(), Address::default()));
    comes_to("CredentialIncomplete", pair(some, Address::default()));
    comes_to("CredentialIncomplete", pair(Address::default(), some));
}

#[test]
fn minimum_stake_and_bond_have_no_bounds() {
    comes_to("", |args| {
        (args.params.min_stake, args.params.min_bond) = (0, 0);
    });
    comes_to("", |args| {
        (args.params.min_stake, args.params.min_bond) = (u64::MAX, u64::MAX);
    });
}

#[test]
fn a_network_has_an_admin_and_a_treasury() {
    let nobody = Address::default();
    comes_to("RoleMissing", |args| args.roles.admin = nobody);
    comes_to("RoleMissing", |args| args.roles.treasury = nobody);
    comes_to("", |args| {
        (args.roles.guardian, args.roles.resolver) = (nobody, nobody);
    });
}
