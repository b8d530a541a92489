//! What the local chain's workers offer, for whoever takes their first steps.

use {
    crate::folder,
    sluice_client::{
        Job, JobState, Ledger, Network, Offer, Seen, Signer, TakeArgs, address, instruction,
    },
    sluice_localnet::{Cast, Localnet, Options, agents::Agents, files},
    std::{
        collections::BTreeSet,
        fs,
        thread::sleep,
        time::{Duration, Instant},
    },
};

/// Windows of a small piece of work.
const WINDOWS: u64 = 3;

#[test]
fn the_local_chain_offers_two_nodes_for_minutes_and_cents() {
    let home = folder("offers");
    let _ = fs::remove_dir_all(&home);
    let options = Options {
        slot_ms: 100,
        elf: sluice_elf::built().to_owned(),
        idl: None,
        port: 0,
        ws_port: 0,
    };
    let chain = Localnet::with(&options, Cast::with_second()).unwrap();
    files::write(&chain, &home).unwrap();
    let _agents = Agents::of(&chain, &home).unwrap();
    let mut ledger = chain.ledger();
    let begin = Instant::now();
    let offers: Vec<(_, Offer)> = loop {
        let offers = ledger.list::<Offer>(&[]).unwrap();
        if offers.len() == 2 {
            break offers;
        }
        assert!(
            begin.elapsed() < Duration::from_secs(30),
            "{}",
            offers.len()
        );
        sleep(Duration::from_millis(200));
    };
    let nodes: BTreeSet<_> = offers.iter().map(|(_, offer)| offer.node).collect();
    assert_eq!(nodes.len(), 2);

    let world = chain.world();
    let network: Network = ledger.get(&world.network).unwrap();
    let buyer = &world.cast.buyer;
    for ((at, offer), id) in offers.iter().zip(1..) {
        let terms = &offer.terms;
        assert!(offer.slots_left >= 4, "{}", offer.slots_left);
        let settled = i64::from(terms.window_secs) * 3 + terms.maturity_secs();
        assert!(settled <= 180, "{settled}");
        let minute = terms.gross(terms.cap * 60 / u64::from(terms.window_secs));
        assert!((10_000..100_000).contains(&minute.unwrap()));
        for chunks in (1..=10).chain([12, 14, 15, 16, 20, 24, 28, 30, 36, 40, 48, 60]) {
            assert_eq!(terms.cap % chunks, 0, "{chunks}");
        }

        let args = TakeArgs {
            id,
            seen: Seen {
                incarnation: offer.incarnation,
                price: terms.price,
                per: terms.per,
            },
            length_secs: WINDOWS * u64::from(terms.window_secs),
            funds: terms.gross(terms.cap * WINDOWS).unwrap(),
            spec_hash: [3; 32],
            cosigner: Default::default(),
            refund_owner: Default::default(),
            resolver: network.roles.resolver,
            max_fee_bps: 1_000,
        };
        let provider: sluice_client::Provider = ledger.get(&offer.provider).unwrap();
        let (key, program) = (buyer.pubkey(), &world.usdc.token_program);
        let take = instruction::take_offer(&key, &key, at, offer, &provider.owner, program, args);
        ledger.send(&[take], buyer, &[]).unwrap();
        let job: Job = ledger.get(&address::job(&world.network, &key, id)).unwrap();
        assert_eq!(job.state, JobState::Active.byte());
    }
}
