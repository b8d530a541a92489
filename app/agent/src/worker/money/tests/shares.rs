//! Rewards.

use super::*;

#[test]
fn work_is_reported_once_an_epoch_and_towards_its_end() {
    let mut stand = stand(share(NODE));
    // Three turns of ten seconds before the end.
    assert_eq!(due(&stand, STAYS, 1_069), Vec::<&str>::new());
    assert_eq!(due(&stand, STAYS, 1_070), ["report"]);
    assert_eq!(due(&stand, STAYS, 1_099), ["report"]);
    assert_eq!(due(&stand, STAYS, 1_100), Vec::<&str>::new());
    assert_eq!(due(&stand, LEAVES, 1_001), ["report"]);
    stand.view.reported = 1;
    assert_eq!(due(&stand, STAYS, 1_099), Vec::<&str>::new());
    assert_eq!(due(&stand, LEAVES, 1_099), ["report"]);
    stand.view.reported = 8;
    assert_eq!(due(&stand, LEAVES, 1_099), Vec::<&str>::new());
    // The epoch in which the pool ends is its last.
    stand.view.reported = 0;
    assert_eq!(due(&stand, STAYS, 1_299), ["report"]);
    assert_eq!(due(&stand, LEAVES, 1_300), Vec::<&str>::new());
    let hourly = Rules {
        every_secs: i64::MAX,
        ..STAYS
    };
    assert_eq!(due(&stand, hourly, 1_000), ["report"]);
    stand.node = None;
    assert_eq!(due(&stand, LEAVES, 1_299), Vec::<&str>::new());
}

#[test]
fn history_is_made_at_once_where_nothing_counts_without_it() {
    let mut stand = stand(share(NODE));
    // Before the start, what is new work counts from the start on.
    assert_eq!(due(&stand, STAYS, 999), Vec::<&str>::new());
    stand.share.registration = 8;
    assert_eq!(due(&stand, STAYS, 999), ["report"]);
    assert_eq!(due(&stand, STAYS, 1_000), ["report"]);
    stand.share.registration = 9;
    (stand.share.baseline, stand.share.joined_epoch) = (0, 1);
    assert_eq!(due(&stand, LEAVES, 1_199), Vec::<&str>::new());
    assert_eq!(due(&stand, STAYS, 1_200), ["report"]);
}

#[test]
fn what_streams_is_claimed_when_it_is_folded_and_at_once_by_who_leaves() {
    let mut stand = stand(share(NODE));
    assert_eq!(due(&stand, LEAVES, 1_150), ["report"]);
    (stand.node, stand.view.due.payee) = (None, 5);
    assert_eq!(due(&stand, STAYS, 1_150), Vec::<&str>::new());
    assert_eq!(due(&stand, LEAVES, 1_150), ["claim"]);
    stand.share.earned = 5;
    assert_eq!(due(&stand, STAYS, 1_150), ["claim"]);
    stand.view.due.payee = 0;
    stand.view.due.delegators = 1;
    assert_eq!(due(&stand, STAYS, 1_150), ["pay-delegators"]);
    stand.stake = Some(StakePool {
        active_shares: 1,
        ..StakePool::zeroed()
    });
    assert_eq!(stand.due(STAYS, 1_150).len(), 2);
}

#[test]
fn one_of_many_reports_opens_the_epoch_and_its_rent_is_counted() {
    let mut site = Site::new();
    site.join();
    let done = site.turn(1_050, &[]);
    assert_eq!(told(&done), [("report", None, true); 2]);
    let calls = site.ledger.calls();
    let opening = instruction::open_epoch(&site.payer, &key(POOL), &key(NODE), &key(PROVIDER), 0);
    let is_opening = |call: &Call| call.2[0] == opening.data[0];
    assert_eq!(
        calls.iter().map(is_opening).collect::<Vec<_>>(),
        [true, false]
    );
    let rent = (sluice_client::account::size::<Epoch>() as u64 + 128) * 6_960;
    let left = site.purse.left(Priority::Vital, 1_050).unwrap();
    assert_eq!(u64::MAX - left, rent + 5_000);
}

#[test]
fn an_epoch_that_is_open_is_reported_into() {
    let mut site = Site::new();
    site.join();
    let mut epoch = Epoch::zeroed();
    epoch.pool = key(POOL);
    site.ledger.put(address::epoch(&key(POOL), 0), &epoch);
    assert_eq!(told(&site.turn(1_050, &[])), [("report", None, true); 2]);
    let left = site.purse.left(Priority::Vital, 1_050).unwrap();
    assert_eq!(u64::MAX - left, 5_000);
}

#[test]
fn what_was_folded_is_claimed_in_the_same_turn() {
    let mut site = Site::new();
    site.join();
    let at = address::share(&key(POOL), &key(NODE));
    let epoch = address::epoch(&key(POOL), 0);
    let mut worked = share(NODE);
    (
        worked.seen,
        worked.slots[0].epoch_plus_one,
        worked.slots[0].units,
    ) = (10, 1, 7);
    site.ledger.put(at, &worked);
    site.ledger.accounts.remove(&key(NODE + 100));
    let mut account = Epoch::zeroed();
    (account.pool, account.total_units, account.shares) = (key(POOL), 7, 1);
    site.ledger.put(epoch, &account);
    let fold = instruction::fold(&key(POOL), &key(NODE), 0).data[0];
    site.ledger.lands = Box::new(move |call, all| {
        opens(call, all);
        if call.0 == sluice_client::ID && call.2[0] == fold {
            let mut folded = share(NODE);
            (folded.seen, folded.earned) = (10, 70);
            all.insert(at, written(&folded));
        }
    });
    assert_eq!(told(&site.turn(1_199, &[])), []);
    site.money = Money::new(1);
    let done = site.turn(1_200, &[]);
    assert_eq!(
        told(&done),
        [
            ("fold", None, true),
            ("open-account", None, true),
            ("claim", Some(70), true)
        ]
    );
    assert_eq!(site.ledger.sent.len(), 2);
}
