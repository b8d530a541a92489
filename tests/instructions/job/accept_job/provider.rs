use {
    super::Market,
    sluice_client::{Network, NetworkParams, address},
    sluice_tests::world::{PARAMS, TOKEN, Tamper},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

#[test]
fn a_node_without_a_free_slot_takes_no_job() {
    let mut market = Market::new(|_| ());
    for id in 10..14 {
        market.job = market.open(|args| args.id = id);
        market.accepted();
    }
    market.job = address::job(&market.world.network, &market.buyer.pubkey(), 1);
    let accept = market.accept();
    market.refused(accept, "NoFreeSlot");
    assert_eq!(market.pool().locked, 2_000 * TOKEN);
}

#[test]
fn the_operators_own_stake_covers_every_bond() {
    // 10,000 tokens are staked.
    let mut market = Market::new(|args| args.terms.bond = 10_000 * TOKEN + 1);
    let accept = market.accept();
    market.refused(accept, "StakeTooLow");
    market.job = market.open(|args| args.terms.bond = 4_000 * TOKEN);
    market.accepted();
    market.job = market.open(|args| (args.id, args.terms.bond) = (3, 6_000 * TOKEN + 1));
    let accept = market.accept();
    market.refused(accept, "StakeTooLow");
    market.job = market.open(|args| (args.id, args.terms.bond) = (4, 6_000 * TOKEN));
    market.accepted();
    assert_eq!(market.pool().locked, 10_000 * TOKEN);
    market.job = market.open(|args| (args.id, args.terms.bond) = (5, u64::MAX));
    let accept = market.accept();
    market.refused(accept, "MathOverflow");
}

#[test]
fn the_networks_minimum_stake_is_needed_even_without_a_bond() {
    let mut market = Market::new(|args| args.terms.bond = 0);
    let network = market.world.network;
    let minimum = |market: &mut Market, min_stake: u64| {
        market.world.edit(&network, |state: &mut Network| {
            state.params = NetworkParams {
                min_stake,
                ..PARAMS
            };
        });
    };
    minimum(&mut market, 10_000 * TOKEN + 1);
    let accept = market.accept();
    market.refused(accept, "StakeTooLow");
    minimum(&mut market, 10_000 * TOKEN);
    market.accepted();
}

#[test]
fn somebody_elses_stake_pool_position_or_network_is_refused() {
    let mut market = Market::new(|_| ());
    let other = market.world.provider();
    let accept = market.accept();
    let (pool, owner) = (market.provider.pool, market.provider.owner.pubkey());
    let bent = accept.with(&pool, &other.pool);
    market.refused(bent, "WrongStakePool");
    let position = address::position(&pool, &owner);
    let theirs = address::position(&other.pool, &other.owner.pubkey());
    market.refused(accept.with(&position, &theirs), "WrongPosition");
    let network = market.world.other_network();
    let home = market.world.network;
    market.refused(accept.with(&home, &network), "WrongNetwork");
}

#[test]
fn a_provider_of_another_network_is_refused() {
    let mut market = Market::new(|_| ());
    let network = market.world.other_network();
    let (foreign, node) = market.world.within(&network, |world| {
        let provider = world.provider();
        let node = world.node(&provider, &Address::default());
        (provider, node)
    });
    // A job without a set takes any node, so that only the network stands in the way.
    market.job = market.open(|args| args.terms.set = Address::default());
    let accept = market.accept();
    let position = |pool: &Address, owner: &Keypair| address::position(pool, &owner.pubkey());
    let bent = accept
        .with(
            &market.provider.operator.pubkey(),
            &foreign.operator.pubkey(),
        )
        .with(&market.provider.address, &foreign.address)
        .with(&market.node.address, &node.address)
        .with(
            &position(&market.provider.pool, &market.provider.owner),
            &position(&foreign.pool, &foreign.owner),
        )
        .with(&market.provider.pool, &foreign.pool);
    let operator = foreign.operator;
    market.world.refused(&[bent], &[&operator], "WrongNetwork");
}
