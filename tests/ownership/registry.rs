//! Attesters, sets, providers and nodes.

use {
    crate::check::Call,
    sluice_client::{Ledger, address, instruction as ix},
    sluice_tests::world::NODE_ARGS,
    solana_signer::Signer,
};

owned! {
    a_vault_registers_an_attester_with_its_key: register_attester.owner, |house| {
        let (key, owner) = (house.world.key(), house.owner);
        let (payer, network) = (house.payer(), house.world.network);
        let register = ix::register_attester(&payer, &owner.address, &key.pubkey(), &network);
        Call { signers: vec![key], ..house.call(owner, register) }
    };
    a_vault_pays_for_an_attester_set: create_attester_set.payer, |house| {
        let fee_owner = house.stranger.address;
        let attester = house.world.attester();
        let args = house.world.set_args(&mut [attester], 1, 100, &fee_owner);
        let create = ix::create_attester_set(&house.owner.address, &house.world.network, args);
        house.call(house.owner, create)
    };
    a_vault_enters_its_attester_into_a_set: enter_attester_set.owner, |house| {
        let member = house.member();
        house.call(house.owner, house.enter_ix(&member))
    };
    a_vault_takes_its_attester_out_of_a_set: leave_attester_set.remover, |house| {
        let (owner, member) = (house.owner, house.member());
        house.done(&owner, house.enter_ix(&member));
        let (key, set) = (member.0.pubkey(), member.1);
        let leave = ix::leave_attester_set(&owner.address, &house.world.network, &set, &key, 0);
        house.call(owner, leave)
    };
    a_vault_takes_a_member_out_of_a_set_as_its_revoker: leave_attester_set.remover, |house| {
        let (owner, revoker, member) = (house.owner, house.governor, house.member());
        house.done(&owner, house.enter_ix(&member));
        let (key, set) = (member.0.pubkey(), member.1);
        let leave = ix::leave_attester_set(&revoker.address, &house.world.network, &set, &key, 0);
        house.call(revoker, leave)
    };
    a_vault_says_where_its_attester_is_asked: update_attester.owner, |house| {
        let (owner, (key, _)) = (house.owner, house.member());
        let network = &house.world.network;
        house.call(owner, ix::update_attester(&owner.address, &key.pubkey(), network, [b'u'; 64]))
    };
    a_vault_closes_its_attester: close_attester.owner, |house| {
        let (key, owner) = (house.world.key(), house.owner);
        let (payer, network) = (house.payer(), house.world.network);
        let register = ix::register_attester(&payer, &owner.address, &key.pubkey(), &network);
        house.done_with(&owner, register, &[&key]);
        house.later();
        let attester = address::attester(&network, &key.pubkey());
        let close = ix::close_attester(&house.world.chain.get(&attester).unwrap());
        house.call(owner, close)
    };
    a_vault_registers_as_a_provider: register_provider.owner, |house| {
        let (payer, owner, operator) = (house.payer(), house.owner, house.operator.address);
        let network = &house.world.network;
        house.call(owner, ix::register_provider(&payer, &owner.address, &operator, network))
    };
    a_vault_names_another_operator: set_operator.owner, |house| {
        let owner = house.owner;
        let provider = house.provider(&owner);
        let state = house.provider_state(&provider);
        house.call(owner, ix::set_operator(&provider, &state, &house.stranger.address))
    };
    a_vault_sets_its_commission: set_commission.owner, |house| {
        let owner = house.owner;
        house.provider(&owner);
        house.call(owner, ix::set_commission(&owner.address, &house.world.network, 1_000))
    };
    a_vault_closes_its_provider: close_provider.owner, |house| {
        let owner = house.owner;
        let provider = house.provider(&owner);
        house.later();
        house.call(owner, ix::close_provider(&provider, &house.provider_state(&provider)))
    };
    a_vault_registers_a_node_with_its_worker: register_node.owner, |house| {
        let shop = house.shop();
        let worker = house.world.key();
        let register = house.register_node_ix(&worker.pubkey(), &shop.set.address);
        Call { signers: vec![worker], ..house.call(house.owner, register) }
    };
    a_vault_describes_a_node_anew_as_operator: update_node.operator, |house| {
        let shop = house.shop();
        let mut args = NODE_ARGS;
        args.region = 2;
        let (operator, state) = (house.operator, house.world.node_state(&shop.node));
        house.call(operator, ix::update_node(&operator.address, &shop.node.address, &state, args))
    };
    a_vault_closes_a_node: close_node.owner, |house| {
        let shop = house.shop();
        house.later();
        let (owner, state) = (house.owner, house.world.node_state(&shop.node));
        house.call(owner, ix::close_node(&owner.address, &shop.node.address, &state))
    };
}
