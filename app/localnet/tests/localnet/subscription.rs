//! Subscriptions to accounts and logs, as a dashboard holds them.

use {
    crate::of_workspace,
    sluice_client::{Ledger, instruction as ix},
    sluice_localnet::Localnet,
    solana_account_decoder_client_types::UiAccountEncoding,
    solana_commitment_config::CommitmentConfig,
    solana_pubsub_client::pubsub_client::PubsubClient,
    solana_rpc_client_api::config::{
        RpcAccountInfoConfig, RpcTransactionLogsConfig, RpcTransactionLogsFilter,
    },
    solana_signer::Signer,
    std::time::Duration,
};

#[test]
fn accounts_and_logs_are_told_as_they_change() {
    let chain = Localnet::start(&of_workspace()).unwrap();
    let (world, mut ledger) = (chain.world(), chain.ledger());
    let admin = &world.cast.admin;
    let commitment = CommitmentConfig::confirmed();
    let config = RpcAccountInfoConfig {
        encoding: Some(UiAccountEncoding::Base64),
        commitment: Some(commitment),
        ..RpcAccountInfoConfig::default()
    };
    let (_account, changes) =
        PubsubClient::account_subscribe(chain.ws_url(), &world.network, Some(config)).unwrap();
    let (_logs, lines) = PubsubClient::logs_subscribe(
        chain.ws_url(),
        RpcTransactionLogsFilter::Mentions(vec![sluice_client::ID.to_string()]),
        RpcTransactionLogsConfig {
            commitment: Some(commitment),
        },
    )
    .unwrap();
    let pause = ix::pause(&admin.pubkey(), &world.network, 600);
    let receipt = ledger.send(&[pause], admin, &[]).unwrap();
    let patience = Duration::from_secs(10);
    let told = lines.recv_timeout(patience).unwrap().value;
    assert_eq!(told.signature, receipt.signature.to_string());
    assert!(
        told.logs
            .iter()
            .any(|line| line.starts_with("Program data: "))
    );
    let told = changes.recv_timeout(patience).unwrap().value;
    let now = ledger.account(&world.network).unwrap().unwrap();
    assert_eq!(told.data.decode(), Some(now.data));
    // A subscription that is dropped waits for its next message, or for the end of the connection.
    chain.stop().unwrap();
}
