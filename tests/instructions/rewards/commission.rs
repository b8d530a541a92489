//! Which commission parts the reward of an epoch: the one in force at the share's first report in it.

use {
    sluice_client::{Ledger, Node, address, instruction as ix},
    sluice_tests::world::{DAY, PARAMS, Stage, TOKEN, Tamper},
    solana_address::Address,
    solana_signer::Signer,
};

const UNBONDING: i64 = PARAMS.unbonding_secs as i64;

/// `floor(amount * part / whole)`.
fn floor(amount: u64, part: u64, whole: u64) -> u64 {
    u64::try_from(u128::from(amount) * u128::from(part) / u128::from(whole)).unwrap()
}

/// Announces a commission as the owner; returns when it takes effect.
fn announce(stage: &mut Stage, earner: usize, bps: u16) -> i64 {
    let owner = &stage.earners[earner].provider.owner;
    let set = ix::set_commission(&owner.pubkey(), &stage.world.network, bps);
    stage.world.ok(&[set], &[owner]);
    stage.world.now() + UNBONDING
}

/// The delegators' part recorded for an earner's work of epoch `index`, basis points.
fn recorded(stage: &Stage, earner: usize, index: u64) -> u16 {
    let slot = stage.share(earner).slots[index as usize % 2];
    assert_eq!(slot.epoch(), Some(index));
    slot.delegators_bps
}

/// Gives a node more units, as if more of its work had been credited.
fn more(stage: &mut Stage, earner: usize, units: u64) {
    let node = stage.earners[earner].node.address;
    stage
        .world
        .edit(&node, |node: &mut Node| node.units += units);
}

fn endless(units: &[&[u64]]) -> Stage {
    Stage::ready(units, |terms| {
        terms.end_at = terms.start_at + 9 * 365 * 86_400
    })
}

#[test]
fn without_a_word_of_the_owner_delegators_have_no_part() {
    let mut stage = endless(&[&[5], &[6]]);
    (0..2).for_each(|earner| stage.work(earner, 0));
    assert_eq!([0, 1].map(|earner| recorded(&stage, earner, 1)), [0, 0]);
}

#[test]
fn the_first_report_of_an_epoch_records_the_commission_and_later_ones_leave_it() {
    let mut stage = endless(&[&[5], &[6]]);
    stage.commission(0, 6_999);
    stage.commission(1, 1);
    // The one opens the epoch, the other reports into it.
    (0..2).for_each(|earner| stage.work(earner, 0));
    assert_eq!(
        [0, 1].map(|earner| recorded(&stage, earner, 1)),
        [3_001, 9_999]
    );
    for bps in [0, 10_000] {
        for earner in 0..2 {
            stage.commission(earner, bps);
            more(&mut stage, earner, 1);
            stage.report(earner);
        }
        assert_eq!(
            [0, 1].map(|earner| recorded(&stage, earner, 1)),
            [3_001, 9_999]
        );
    }
    assert_eq!(stage.share(0).slots[1].units, 7);
}

#[test]
fn an_announced_commission_counts_for_first_reports_from_its_second_on() {
    let mut stage = endless(&[&[5], &[6]]);
    let effective = [0, 1].map(|earner| announce(&mut stage, earner, 2_000))[0];
    stage.world.chain.set_time(effective - 1);
    let index = stage.pool().epoch_at(effective - 1).unwrap();
    assert_eq!(stage.pool().epoch_at(effective).unwrap(), index);
    stage.work(0, 0);
    stage.world.advance(1);
    stage.work(1, 0);
    more(&mut stage, 0, 1);
    stage.report(0);
    assert_eq!(
        [0, 1].map(|earner| recorded(&stage, earner, index)),
        [0, 8_000]
    );
    stage.enter(index + 1);
    more(&mut stage, 0, 1);
    stage.report(0);
    assert_eq!(recorded(&stage, 0, index + 1), 8_000);
    assert_eq!(recorded(&stage, 0, index), 0);
}

#[test]
fn two_epochs_are_parted_each_by_its_own_commission() {
    let mut stage = Stage::ready(&[&[5, 6]], |_| ());
    stage.open_dividends(0);
    stage.commission(0, 9_001);
    stage.work(0, 0);
    stage.enter(2);
    stage.commission(0, 2_503);
    stage.work(0, 1);
    stage.enter(3);
    stage.world.advance(50);
    let streamed = floor(1_000_003, 50, 97);
    let parts = [
        floor(1_000_003, 999, 10_000),
        floor(streamed, 7_497, 10_000),
    ];
    assert_eq!(stage.pay(0), parts[0] + parts[1]);
    assert_eq!(stage.claim(0), 1_000_003 + streamed - parts[0] - parts[1]);
    // The commission of today changes neither.
    stage.commission(0, 0);
    stage.fold(0, 1);
    stage.refused(&stage.pay_ix(0).clone(), "NothingDue");
    stage.enter(4);
    let whole = floor(1_000_003, 7_497, 10_000);
    assert_eq!(stage.pay(0), parts[0] + whole);
    assert_eq!(stage.claim(0), 2 * 1_000_003 - parts[0] - whole);
    stage.fold(0, 2);
    let share = stage.share(0);
    assert_eq!(
        (share.earned, share.delegators_earned),
        (share.claimed, share.delegators_claimed)
    );
    stage.balanced();
}

#[test]
fn a_provider_that_hoards_work_for_a_higher_commission_is_reported_by_anybody_before_it() {
    let mut stage = endless(&[&[5, 6]]);
    stage.commission(0, 0);
    stage.open_dividends(0);
    let pool = stage.stake_pool(0);
    let staker = stage.world.delegate(&pool, 10_000 * TOKEN);
    let effective = announce(&mut stage, 0, 10_000);
    stage.world.chain.set_time(effective - 1);
    // Neither the credit nor the report needs the provider: a delegator pays the fee.
    let job = stage.earners[0].jobs[0].address;
    let credit = ix::credit(&job, &stage.world.job(&job));
    stage.world.chain.send(&[credit], &staker, &[]).unwrap();
    let index = stage.pool().epoch_at(effective - 1).unwrap();
    let open = stage.open_ix(0, index);
    let open = open.with(&stage.world.payer.pubkey(), &staker.pubkey());
    stage.world.ok(&[open], &[&staker]);
    assert_eq!(recorded(&stage, 0, index), 10_000);
    stage.world.advance(1);
    // What is credited later in the epoch counts at its commission too.
    stage.work(0, 1);
    assert_eq!(recorded(&stage, 0, index), 10_000);
    stage.enter(index + 2);
    assert_eq!(stage.pay(0), 1_000_003);
    // It streams through the network's next period of dividends.
    stage.world.advance(2 * i64::from(DAY));
    assert_eq!(
        stage.world.claim_dividends(&pool, &staker.pubkey()),
        500_001
    );
}

#[test]
fn work_above_the_node_cap_counts_at_the_commission_of_its_own_epoch() {
    let mut stage = Stage::ready(&[&[25]], |terms| terms.node_cap = 10);
    for (index, bps) in [(1, 0), (2, 4_000), (3, 10_000)] {
        stage.enter(index);
        if index == 3 {
            stage.fold(0, 1);
        }
        stage.commission(0, bps);
        if index == 1 {
            stage.credit(0, 0);
        }
        stage.report(0);
        assert_eq!(recorded(&stage, 0, index), 10_000 - bps);
    }
    assert_eq!(stage.share(0).slots.map(|slot| slot.units), [10, 5]);
    assert_eq!(stage.share(0).delegators_earned, 1_000_003);
}

#[test]
fn a_report_reads_the_commission_of_the_share_s_own_provider_only() {
    let mut stage = endless(&[&[5], &[6]]);
    stage.commission(0, 5_000);
    stage.commission(1, 0);
    let lax = stage.world.other_network();
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let payer = stage.world.payer.pubkey();
    let register = ix::register_provider(&payer, &owner.pubkey(), &payer, &lax);
    stage.world.ok(&[register], &[&owner]);
    let elsewhere = address::provider(&lax, &owner.pubkey());
    let own = stage.provider(0);
    let wrong = [
        stage.provider(1),
        elsewhere,
        stage.world.counterfeit(&own),
        stage.world.impostor(),
        stage.stake_pool(0),
        owner.pubkey(),
        Address::default(),
    ];
    stage.credit(0, 0);
    let open = stage.open_ix(0, 1);
    for provider in &wrong {
        stage.refused(&open.with(&own, provider), "NotItsProvider");
    }
    stage.work(1, 0);
    let report = stage.report_ix(0);
    for provider in &wrong {
        stage.refused(&report.with(&own, provider), "NotItsProvider");
    }
    stage.world.ok(&[report], &[]);
    assert_eq!(recorded(&stage, 0, 1), 5_000);
    // Later reports, which read no commission, and baselines are as strict.
    more(&mut stage, 0, 1);
    let report = stage.report_ix(0);
    stage.refused(&report.with(&own, &wrong[0]), "NotItsProvider");
    let baseline = Stage::new(&[&[5]], |_| ());
    let (mut stage, other) = (baseline, wrong[0]);
    stage.enter(1);
    let (report, own) = (stage.report_ix(0), stage.provider(0));
    stage.refused(&report.with(&own, &other), "NotItsProvider");
}

#[test]
fn a_node_registered_anew_records_the_commission_of_its_next_epoch() {
    let mut stage = endless(&[&[5]]);
    stage.commission(0, 5_000);
    stage.work(0, 0);
    let node = stage.earners[0].node.address;
    stage.commission(0, 1_000);
    stage.world.edit(&node, |node: &mut Node| {
        (node.opened_slot, node.units) = (99, 3)
    });
    stage.report(0);
    // It joined again in this epoch; what the old registration reported stays as it was recorded.
    assert_eq!(recorded(&stage, 0, 1), 5_000);
    stage.enter(2);
    let baseline = ix::report(&stage.pool, &node, &stage.provider(0), None);
    stage.world.ok(&[baseline], &[]);
    assert_eq!(stage.share(0).slots[0].epoch(), None);
    more(&mut stage, 0, 4);
    stage.report(0);
    assert_eq!(
        (recorded(&stage, 0, 1), recorded(&stage, 0, 2)),
        (5_000, 9_000)
    );
    assert_eq!(stage.share(0).slots[0].units, 4);
}

#[test]
fn a_slot_that_was_folded_keeps_nothing_of_its_commission() {
    let mut stage = endless(&[&[5, 6]]);
    stage.commission(0, 0);
    stage.work(0, 0);
    stage.enter(3);
    stage.fold(0, 1);
    assert_eq!(stage.share(0).slots[1].delegators_bps, 0);
    stage.commission(0, 10_000);
    stage.work(0, 1);
    assert_eq!(recorded(&stage, 0, 3), 0);
}
