//! How long a list takes on a node next door.

use {
    crate::{shell::Shell, terminal},
    sluice_client::{Job, Ledger, account::filter},
    sluice_localnet::Cheatcodes,
    solana_address::Address,
    std::time::{Duration, Instant},
};

const JOBS: usize = 1_000;
/// For the command and a node as they are shipped; more for those that are not optimised and share their cores with other tests.
const MOST: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1_000 } else { 200 });

/// The middle of five.
fn median(mut run: impl FnMut()) -> Duration {
    let mut took = [(); 5].map(|()| {
        let begun = Instant::now();
        run();
        begun.elapsed()
    });
    took.sort_unstable();
    took[2]
}

#[test]
fn a_thousand_jobs_are_listed_at_once() {
    let s = Shell::new("speed");
    let job: Address = s.field("buyer", &s.opening(1), "job").parse().unwrap();
    let (ledger, network) = (s.chain.ledger(), s.chain.world().network);
    let opened = ledger.account(&job).unwrap().unwrap();
    let cheatcodes = Cheatcodes::at(s.chain.rpc_url());
    for _ in 1..JOBS {
        let another = Address::new_unique();
        cheatcodes
            .set_account(&another, &opened.owner, &opened.data)
            .unwrap();
    }
    let of_network = filter::job_network(&network);
    assert_eq!(ledger.list::<Job>(&[of_network]).unwrap().len(), JOBS);

    let list = format!("job list --network {network}");
    let json = median(|| {
        let listed = s.ok("buyer", &list);
        assert_eq!(listed["jobs"].as_array().unwrap().len(), JOBS);
    });
    let page = median(|| {
        let seen = terminal::run(s.at(s.chain.rpc_url(), "buyer", &list));
        assert!(seen.text().contains("1 to 50 of 1000"), "{}", seen.text());
    });
    println!("a thousand jobs: {json:?} as JSON, {page:?} for a page on a terminal");
    assert!(json < MOST && page < MOST, "{json:?} {page:?}");
}
