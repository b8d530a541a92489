use {
    super::*,
    crate::due::{Later, rewards::tests::pool},
    bytemuck::Zeroable,
    sluice::state::{Parts, ShareSlot},
};

/// A share whose baseline is 3 units.
fn share() -> Share {
    let [node, provider, payee] = [(); 3].map(|()| Address::new_unique());
    Share {
        node,
        provider,
        payee,
        baseline: 1,
        seen: 3,
        registration: 9,
        ..Share::zeroed()
    }
}

/// The share's node, that has done 10 units.
fn node() -> Node {
    Node {
        units: 10,
        opened_slot: 9,
        ..Node::zeroed()
    }
}

fn streamed(payee: u64, delegators: u64) -> ShareView {
    ShareView {
        due: Parts { payee, delegators },
        ..ShareView::default()
    }
}

#[test]
fn an_epoch_is_folded_from_the_second_its_stream_ends() {
    let mut share = share();
    assert_eq!(folds(&pool(), &share, 2_000), Due::default());
    for (slot, epoch) in share.slots.iter_mut().zip([2, 1]) {
        *slot = ShareSlot {
            epoch_plus_one: epoch + 1,
            units: 1,
            ..ShareSlot::zeroed()
        };
    }
    let fold = |epoch| ShareStep::Fold { epoch };
    let later = |epoch, at| Later {
        step: fold(epoch),
        at,
    };
    let early = folds(&pool(), &share, 1_299);
    assert_eq!(early.steps, []);
    assert_eq!(early.later, [later(2, 1_400), later(1, 1_300)]);
    let due = folds(&pool(), &share, 1_300);
    assert_eq!(due.steps, [fold(1)]);
    assert_eq!(due.later, [later(2, 1_400)]);
    assert_eq!(folds(&pool(), &share, 1_400), Due::now([fold(2), fold(1)]));
}

#[test]
fn what_streams_is_claimed_by_its_payee_and_by_strangers_once_it_is_folded() {
    let mut share = share();
    let claimed = ShareStep::Claim(Payment {
        amount: 5,
        to: share.payee,
    });
    assert_eq!(claim(&share, &streamed(0, 5)), None);
    assert_eq!(claim(&share, &streamed(5, 0)), Some(claimed));
    assert_eq!(claim_folded(&share, &streamed(5, 0)), None);
    share.earned = 5;
    assert_eq!(claim_folded(&share, &streamed(5, 0)), Some(claimed));
    share.claimed = 5;
    assert_eq!(claim_folded(&share, &streamed(5, 0)), None);
    // Claimed ahead of a fold.
    share.claimed = 6;
    assert_eq!(claim_folded(&share, &streamed(5, 0)), Some(claimed));
    assert_eq!(claim_folded(&share, &streamed(0, 0)), None);
}

#[test]
fn delegators_are_paid_where_there_is_stake_and_else_the_payee() {
    let share = share();
    let view = streamed(0, 5);
    let key = address::stake_pool(&share.provider);
    let pays = |to| ShareStep::PayDelegators { amount: 5, to };
    let payee = pays(Delegators::Payee(share.payee));
    let mut stake = StakePool::zeroed();
    assert_eq!(delegators(&share, &streamed(5, 0), Some(&stake)), []);
    assert_eq!(delegators(&share, &view, None), [payee]);
    assert_eq!(delegators(&share, &view, Some(&stake)), [payee]);
    let paid = payee.payment().unwrap();
    assert_eq!((paid.amount, paid.to), (5, share.payee));

    stake.thawing_shares = 1;
    let dividend = pays(Delegators::Stake(key));
    let opens = [ShareStep::OpenDividends { pool: key }, dividend];
    assert_eq!(delegators(&share, &view, Some(&stake)), opens);
    stake.dividend_vault = Address::new_unique();
    assert_eq!(delegators(&share, &view, Some(&stake)), [dividend]);
    assert_eq!(dividend.payment(), None);
}

#[test]
fn before_the_start_a_report_makes_history_and_from_it_on_it_counts() {
    let (mut share, mut node, view) = (share(), node(), ShareView::default());
    let baseline = Report {
        epoch: None,
        baseline: true,
        units: 0,
        opens: false,
    };
    let at = |share: &Share, node: &Node, now| report(&pool(), share, &view, node, now);
    assert_eq!(at(&share, &node, 999), Some(baseline));
    let counted = Report {
        epoch: Some(0),
        baseline: false,
        units: 7,
        ..baseline
    };
    assert_eq!(at(&share, &node, 1_000), Some(counted));
    share.seen = 10;
    assert_eq!(at(&share, &node, 999), None);
    assert_eq!(at(&share, &node, 1_000), None);
    // Registered anew, in the same epoch: history first.
    node.opened_slot = 10;
    let anew = Report {
        epoch: Some(0),
        ..baseline
    };
    assert_eq!(at(&share, &node, 1_000), Some(anew));
}

#[test]
fn a_share_without_a_baseline_reports_from_the_epoch_after_its_joining_on() {
    let share = Share {
        baseline: 0,
        joined_epoch: 1,
        ..share()
    };
    let at = |now| report(&pool(), &share, &ShareView::default(), &node(), now);
    assert_eq!(at(1_199), None);
    assert!(at(1_200).unwrap().baseline);
}

#[test]
fn an_epoch_counts_no_more_than_the_cap() {
    let mut view = ShareView::default();
    let units = |view: &ShareView| {
        report(&pool(), &share(), view, &node(), 1_000).map(|report| report.units)
    };
    view.reported = 2;
    assert_eq!(units(&view), Some(6));
    view.reported = 8;
    assert_eq!(units(&view), None);
}

#[test]
fn a_share_is_closed_from_the_pools_end_on_if_nothing_is_owed_to_it() {
    let mut share = share();
    assert_eq!(close(&pool(), &share, 1_299), None);
    assert_eq!(close(&pool(), &share, 1_300), Some(ShareStep::Close));
    share.earned = 1;
    assert_eq!(close(&pool(), &share, 1_300), None);
}

#[test]
fn only_what_opens_or_closes_an_account_is_signed() {
    let (pool, share, sender) = (pool(), share(), Address::new_unique());
    let key = Address::new_unique();
    let accounts = ShareAccounts {
        pool_key: &key,
        pool: &pool,
        share: &share,
        stake: None,
        token_program: &key,
    };
    let counted = report(&pool, &share, &ShareView::default(), &node(), 1_000).unwrap();
    let opening = Report {
        opens: true,
        ..counted
    };
    let payment = Payment {
        amount: 1,
        to: share.payee,
    };
    let wanted = address::token_account(&share.payee, &pool.mint, &key);
    for (step, signed, paid) in [
        (ShareStep::Fold { epoch: 0 }, false, false),
        (ShareStep::Claim(payment), false, true),
        (ShareStep::OpenDividends { pool: key }, true, false),
        (
            ShareStep::PayDelegators {
                amount: 1,
                to: Delegators::Payee(share.payee),
            },
            false,
            true,
        ),
        (ShareStep::Report(counted), false, false),
        (ShareStep::Report(opening), true, false),
        (ShareStep::Close, true, false),
    ] {
        let built = step.instruction(&sender, &accounts, 1_000);
        let signer = built.accounts.iter().find(|meta| meta.is_signer);
        assert_eq!(
            signer.map(|meta| meta.pubkey),
            signed.then_some(sender),
            "{step:?}"
        );
        let pays = built.accounts.iter().any(|meta| meta.pubkey == wanted);
        assert_eq!((pays, step.payment().is_some()), (paid, paid), "{step:?}");
    }
}
