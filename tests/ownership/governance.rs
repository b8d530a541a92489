//! A network's roles.

use {
    crate::house::House,
    sluice_client::{NetworkChange, instruction as ix},
    sluice_tests::world::DAY,
    solana_instruction::Instruction,
};

owned! {
    a_vault_creates_a_network: create_network.creator, |house| {
        house.call(house.governor, house.create_network_ix([b'x'; 16]))
    };
    a_vault_proposes_a_change_as_admin: propose_change.authority, |house| {
        house.call(house.governor, propose(house))
    };
    a_vault_applies_a_change: apply_change.authority, |house| {
        let (governor, propose) = (house.governor, propose(house));
        house.done(&governor, propose);
        house.world.advance(i64::from(7 * DAY));
        let apply = ix::apply_change(&house.stranger.address, &house.world.network);
        house.call(house.stranger, apply)
    };
    a_vault_names_its_successor_as_admin: name_admin.authority, |house| {
        house.call(house.governor, name(house))
    };
    a_vault_accepts_to_be_admin: accept_admin.authority, |house| {
        let (governor, name) = (house.governor, name(house));
        house.done(&governor, name);
        let accept = ix::accept_admin(&house.stranger.address, &house.world.network);
        house.call(house.stranger, accept)
    };
    a_vault_pauses_intake_as_guardian: pause.authority, |house| {
        let pause = ix::pause(&house.governor.address, &house.world.network, DAY);
        house.call(house.governor, pause)
    };
}

/// The governor proposes the stranger as resolver.
fn propose(house: &House) -> Instruction {
    let state = house.world.network_state();
    let change = NetworkChange {
        params: state.params,
        guardian: state.roles.guardian,
        resolver: house.stranger.address,
        treasury: state.roles.treasury,
    };
    ix::propose_change(&house.governor.address, &house.world.network, change)
}

/// The governor names the stranger.
fn name(house: &House) -> Instruction {
    let (admin, network) = (&house.governor.address, &house.world.network);
    ix::name_admin(admin, network, &house.stranger.address)
}
