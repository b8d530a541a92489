//! The chain's clock.

use {
    crate::of_workspace,
    sluice_client::{Ledger, Network, instruction as ix},
    sluice_localnet::Localnet,
    solana_signer::Signer,
    std::{thread, time::Duration},
};

#[test]
fn time_moves_on_and_the_program_sees_it() {
    let chain = Localnet::start(&of_workspace()).unwrap();
    let (world, mut ledger) = (chain.world(), chain.ledger());
    let admin = &world.cast.admin;
    let mut pause = |secs| {
        let pause = ix::pause(&admin.pubkey(), &world.network, secs);
        ledger.send(&[pause], admin, &[])
    };
    pause(600).unwrap();
    chain.advance(599).unwrap();
    // Lifting a pause works while it runs only.
    let early = chain.now().unwrap();
    chain.warp_to(early + 2).unwrap();
    let error = pause(0).unwrap_err();
    assert_eq!(error.program_error(), Some("NotPaused"), "{error}");

    let network: Network = ledger.get(&world.network).unwrap();
    let next = network.next_pause_at();
    chain.warp_to(next).unwrap();
    let clock = ledger.clock().unwrap();
    assert!((next..next + 10).contains(&clock.unix_timestamp));
    let again = ix::pause(&admin.pubkey(), &world.network, 600);
    ledger.send(&[again], admin, &[]).unwrap();
    assert!(ledger.clock().unwrap().slot > clock.slot);
}

#[test]
fn time_passes_by_itself_and_never_goes_back() {
    let chain = Localnet::start(&of_workspace()).unwrap();
    let begin = chain.now().unwrap();
    thread::sleep(Duration::from_secs(3));
    let later = chain.now().unwrap();
    assert!((1..10).contains(&(later - begin)), "{begin} {later}");
    let error = chain.warp_to(begin - 1).unwrap_err();
    assert!(error.to_string().contains("moves only on"), "{error}");
}
