//! Networks and their governance.

use {
    super::{Played, roles},
    sluice_client::{NetworkArgs, NetworkChange, instruction as ix},
    sluice_tests::world::{PARAMS, World},
    solana_signer::Signer,
};

super::scenes![
    create_network,
    propose_change,
    apply_change,
    name_admin,
    accept_admin,
    pause,
];

fn create_network(mut world: World) -> Played {
    let (payer, creator) = (world.payer.pubkey(), world.party().pubkey());
    let args = NetworkArgs {
        name: *b"new\0\0\0\0\0\0\0\0\0\0\0\0\0",
        roles: roles(&world),
        ..world.network_args(PARAMS)
    };
    let (stakes, rewards) = (world.stake_mint.address, world.reward_mint.address);
    let create = ix::create_network(&payer, &creator, &stakes, &rewards, args);
    (world, vec![create])
}

fn change(world: &World) -> NetworkChange {
    let roles = roles(world);
    NetworkChange {
        params: PARAMS,
        guardian: roles.guardian,
        resolver: roles.resolver,
        treasury: roles.treasury,
    }
}

fn propose_change(world: World) -> Played {
    let propose = ix::propose_change(&roles(&world).admin, &world.network, change(&world));
    (world, vec![propose])
}

fn apply_change(world: World) -> Played {
    let (mut world, propose) = propose_change(world);
    let admin = world.keypair(&roles(&world).admin);
    world.ok(&propose, &[&admin]);
    world.advance(i64::from(PARAMS.timelock_secs));
    let apply = ix::apply_change(&world.party().pubkey(), &world.network);
    (world, vec![apply])
}

fn name_admin(mut world: World) -> Played {
    let (admin, candidate) = (roles(&world).admin, world.party().pubkey());
    let name = ix::name_admin(&admin, &world.network, &candidate);
    (world, vec![name])
}

fn accept_admin(mut world: World) -> Played {
    let (admin, candidate) = (roles(&world).admin, world.party().pubkey());
    let name = ix::name_admin(&admin, &world.network, &candidate);
    let admin = world.keypair(&admin);
    world.ok(&[name], &[&admin]);
    let accept = ix::accept_admin(&candidate, &world.network);
    (world, vec![accept])
}

fn pause(world: World) -> Played {
    let pause = ix::pause(&roles(&world).guardian, &world.network, 60);
    (world, vec![pause])
}
