//! The client's JSON-RPC ledger on a node.

use {
    crate::of_workspace,
    sluice_client::{
        Attester, Job, Ledger, Network, Provider, RewardPool, StakePool, account::filter, address,
        instruction as ix, ledger::sign,
    },
    sluice_localnet::{Localnet, plan},
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice,
};

fn start() -> Localnet {
    Localnet::start(&of_workspace()).unwrap()
}

#[test]
fn the_network_is_read() {
    let chain = start();
    let (world, ledger) = (chain.world(), chain.ledger());
    let network: Network = ledger.get(&world.network).unwrap();
    assert_eq!(network.stake_mint, world.stake.address);
    assert_eq!(network.dividend_mint, world.reward.address);
    assert_eq!(ledger.mint(&world.usdc.address).unwrap(), world.usdc);

    let provider: Provider = ledger.get(&world.provider).unwrap();
    assert_eq!(provider.operator, world.cast.operator.pubkey());
    let stake: StakePool = ledger.get(&address::stake_pool(&world.provider)).unwrap();
    assert_eq!(stake.owner, world.cast.provider.pubkey());
    let pool: RewardPool = ledger.get(&world.reward_pool).unwrap();
    assert_eq!(ledger.token_balance(&pool.vault).unwrap(), plan::POOL_FUNDS);

    let in_network = filter::attester_network(&world.network);
    let mut listed: Vec<_> = ledger.list::<Attester>(&[in_network]).unwrap();
    listed.sort_by_key(|(_, attester)| attester.key.to_bytes());
    let found: Vec<_> = listed.iter().map(|(address, _)| *address).collect();
    assert_eq!(found, world.attesters);
    let in_network = filter::job_network(&world.network);
    assert_eq!(ledger.list::<Job>(&[in_network]).unwrap().len(), 0);

    let nobody = Keypair::new().pubkey();
    assert!(ledger.account(&nobody).unwrap().is_none());
    assert_eq!(ledger.token_balance(&nobody).unwrap(), 0);
}

#[test]
fn a_transaction_lands_and_a_refused_one_is_named() {
    let chain = start();
    let (world, mut ledger) = (chain.world(), chain.ledger());
    let (admin, buyer) = (&world.cast.admin, &world.cast.buyer);

    let by_nobody = ix::pause(&buyer.pubkey(), &world.network, 600);
    let lifetime = ledger.latest().unwrap();
    let unsent = sign(slice::from_ref(&by_nobody), buyer, &[], &lifetime).unwrap();
    let error = ledger.simulate(&unsent).unwrap_err();
    assert_eq!(error.program_error(), Some("NotGuardian"), "{error}");
    let error = ledger.send(&[by_nobody], buyer, &[]).unwrap_err();
    assert_eq!(error.program_error(), Some("NotGuardian"), "{error}");

    let pause = ix::pause(&admin.pubkey(), &world.network, 600);
    let unsent = sign(slice::from_ref(&pause), admin, &[], &lifetime).unwrap();
    let trial = ledger.simulate(&unsent).unwrap();
    assert_eq!(trial.program_units().len(), 1, "{:?}", trial.logs);
    assert!(trial.compute_units > 0);
    let receipt = ledger.send(&[pause], admin, &[]).unwrap();
    assert_ne!(receipt.signature, solana_signature::Signature::default());
    let network: Network = ledger.get(&world.network).unwrap();
    assert!(network.is_paused(ledger.clock().unwrap().unix_timestamp));
}

#[test]
fn what_another_program_refuses_keeps_its_own_name() {
    let chain = start();
    let (world, mut ledger) = (chain.world(), chain.ledger());
    let (buyer, usdc) = (&world.cast.buyer, &world.usdc);
    let from = address::token_account(&buyer.pubkey(), &usdc.address, &usdc.token_program);
    let more_than_there_is = spl_token_interface::instruction::transfer_checked(
        &usdc.token_program,
        &from,
        &usdc.address,
        &from,
        &buyer.pubkey(),
        &[],
        plan::BUYER_USDC + 1,
        usdc.decimals,
    )
    .unwrap();
    let error = ledger.send(&[more_than_there_is], buyer, &[]).unwrap_err();
    assert_eq!(error.program_error(), None, "{error}");
    assert!(matches!(
        error,
        sluice_client::ClientError::Transaction { ref logs, .. } if !logs.is_empty()
    ));

    let poor = Keypair::new();
    let pause = ix::pause(&poor.pubkey(), &world.network, 600);
    let error = ledger.send(&[pause], &poor, &[]).unwrap_err();
    assert!(
        matches!(error, sluice_client::ClientError::Transaction { .. }),
        "{error}"
    );
}

#[test]
fn a_chain_that_is_gone_is_unreachable() {
    let chain = start();
    let ledger = chain.ledger();
    let network = chain.world().network;
    chain.stop().unwrap();
    let error = ledger.account(&network).unwrap_err();
    assert!(
        matches!(error, sluice_client::ClientError::Rpc(_)),
        "{error}"
    );
}
