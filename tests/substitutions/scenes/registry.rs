//! Attesters, sets, providers and nodes.

use {
    super::Played,
    sluice_client::{Ledger, NodeArgs, Provider, address, instruction as ix},
    sluice_tests::world::{NODE_ARGS, World},
    solana_signer::Signer,
};

super::scenes![
    register_attester,
    update_attester,
    close_attester,
    create_attester_set,
    enter_attester_set,
    leave_attester_set,
    register_provider,
    set_operator,
    set_commission,
    close_provider,
    register_node,
    update_node,
    close_node,
];

fn register_attester(mut world: World) -> Played {
    world.attester();
    let [owner, key] = [(); 2].map(|()| world.party().pubkey());
    let register = ix::register_attester(&world.payer.pubkey(), &owner, &key, &world.network);
    (world, vec![register])
}

fn update_attester(mut world: World) -> Played {
    let attester = world.attester();
    let (owner, key) = (attester.owner.pubkey(), attester.key.pubkey());
    let update = ix::update_attester(&owner, &key, &world.network, [b'u'; 64]);
    (world, vec![update])
}

fn close_attester(mut world: World) -> Played {
    let (owner, key) = (world.party(), world.key());
    let (payer, network) = (world.payer.pubkey(), world.network);
    let register = ix::register_attester(&payer, &owner.pubkey(), &key.pubkey(), &network);
    world.ok(&[register], &[&owner, &key]);
    world.advance(1);
    let attester = address::attester(&network, &key.pubkey());
    let close = ix::close_attester(&world.chain.get(&attester).unwrap());
    (world, vec![close])
}

fn create_attester_set(mut world: World) -> Played {
    world.set(1, 1);
    let mut attesters = [(); 3].map(|()| world.attester());
    let fee_owner = world.party().pubkey();
    let mut args = world.set_args(&mut attesters, 2, 100, &fee_owner);
    args.revoker = fee_owner;
    let create = ix::create_attester_set(&world.payer.pubkey(), &world.network, args);
    (world, vec![create])
}

fn enter_attester_set(mut world: World) -> Played {
    let set = world.dormant_set(3, 2);
    world.enter(&set, &set.attesters[1], 1);
    let member = &set.attesters[0];
    let enter = ix::enter_attester_set(
        &member.owner.pubkey(),
        &world.network,
        &set.address,
        &member.key.pubkey(),
        0,
    );
    (world, vec![enter])
}

fn leave_attester_set(mut world: World) -> Played {
    let set = world.set(3, 2);
    let member = &set.attesters[0];
    let leave = ix::leave_attester_set(
        &member.owner.pubkey(),
        &world.network,
        &set.address,
        &member.key.pubkey(),
        0,
    );
    (world, vec![leave])
}

fn register_provider(mut world: World) -> Played {
    world.provider();
    let [owner, operator] = [(); 2].map(|()| world.party().pubkey());
    let payer = world.payer.pubkey();
    let register = ix::register_provider(&payer, &owner, &operator, &world.network);
    (world, vec![register])
}

fn set_operator(mut world: World) -> Played {
    let provider = world.provider();
    let state: Provider = world.chain.get(&provider.address).unwrap();
    let operator = world.party().pubkey();
    let set = ix::set_operator(&provider.address, &state, &operator);
    (world, vec![set])
}

fn set_commission(mut world: World) -> Played {
    let owner = world.provider().owner.pubkey();
    let set = ix::set_commission(&owner, &world.network, 500);
    (world, vec![set])
}

fn close_provider(mut world: World) -> Played {
    let provider = world.provider();
    world.advance(1);
    let state: Provider = world.chain.get(&provider.address).unwrap();
    let close = ix::close_provider(&provider.address, &state);
    (world, vec![close])
}

fn register_node(mut world: World) -> Played {
    let (set, provider) = (world.set(1, 1), world.provider());
    world.node(&provider, &set.address);
    let worker = world.party().pubkey();
    let register = ix::register_node(
        &world.payer.pubkey(),
        &provider.owner.pubkey(),
        &worker,
        &world.network,
        &set.address,
        NODE_ARGS,
    );
    (world, vec![register])
}

fn update_node(mut world: World) -> Played {
    let (set, provider) = (world.set(1, 1), world.provider());
    let node = [(); 2].map(|()| world.node(&provider, &set.address))[0].address;
    let state = world.chain.get(&node).unwrap();
    let args = NodeArgs {
        region: 2,
        ..NODE_ARGS
    };
    let update = ix::update_node(&provider.operator.pubkey(), &node, &state, args);
    (world, vec![update])
}

fn close_node(mut world: World) -> Played {
    let (set, provider) = (world.set(1, 1), world.provider());
    let node = [(); 2].map(|()| world.node(&provider, &set.address))[0].address;
    world.advance(1);
    let state = world.chain.get(&node).unwrap();
    let close = ix::close_node(&provider.owner.pubkey(), &node, &state);
    (world, vec![close])
}
