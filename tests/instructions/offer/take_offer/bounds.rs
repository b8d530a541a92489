//! What a taking may ask for, each bound at its edge.

use {
    sluice_client::{address, instruction as ix},
    sluice_tests::world::{NODE_ARGS, NodeHandle, Stall, TOKEN},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

#[test]
fn the_deposit_covers_the_notice_and_one_window() {
    // Two hours of notice are two windows; three windows of 100 units cost 450 tokens.
    let mut stall = Stall::new();
    stall.take_refused(|args| args.funds = 450 * TOKEN - 1, "DepositBelowNotice");
    stall.take_refused(|args| args.funds = 2 * TOKEN, "DepositBelowNotice");
    stall.take_refused(|args| args.funds = 1, "NothingFunded");
    stall.take_with(1, |args| args.funds = 450 * TOKEN);
    assert_eq!(stall.job(1).units_funded, 300);
}

#[test]
fn a_begun_window_of_notice_counts_whole() {
    for (notice, tokens) in [(3_600, 300), (3_601, 450), (7_200, 450), (7_201, 600)] {
        let mut stall = Stall::with(|args| args.terms.notice_secs = notice);
        stall.take_refused(|args| args.funds = tokens * TOKEN - 1, "DepositBelowNotice");
        stall.take_with(1, |args| args.funds = tokens * TOKEN);
    }
}

#[test]
fn the_length_is_within_the_terms() {
    let mut stall = Stall::new();
    let most = stall.terms().max_length_secs;
    stall.take_refused(|args| args.length_secs = 0, "LengthOutOfBounds");
    stall.take_refused(|args| args.length_secs = most + 1, "LengthOutOfBounds");
    stall.take_with(2, |args| args.length_secs = most);
}

#[test]
fn a_job_shorter_than_its_notice_and_a_window_would_hold_a_slot_for_nothing() {
    // Two hours of notice and a window of one.
    let mut stall = Stall::new();
    for short in [1, 3_600, 10_799] {
        stall.take_refused(|args| args.length_secs = short, "LengthBelowNotice");
    }
    stall.take_with(1, |args| args.length_secs = 10_800);
}

#[test]
fn both_fees_together_are_at_most_what_the_buyer_stated() {
    let mut stall = Stall::new();
    stall.take_refused(|args| args.max_fee_bps = 349, "FeeTooHigh");
    stall.take_with(1, |args| args.max_fee_bps = 350);
}

#[test]
fn the_resolver_is_the_one_that_the_buyer_saw() {
    let mut stall = Stall::new();
    let other = stall.world.key_address();
    stall.take_refused(|args| args.resolver = other, "ResolverChanged");
    let job = stall.take(1);
    let resolver = stall.world.network_state().roles.resolver;
    assert_eq!(stall.world.job(&job.address).resolver, resolver);
}

#[test]
fn the_refund_owner_is_whom_the_buyer_names() {
    let mut stall = Stall::new();
    let sponsor = stall.world.key_address();
    let job = stall.take_with(1, |args| args.refund_owner = sponsor);
    assert_eq!(stall.world.job(&job.address).refund_owner, sponsor);
}

#[test]
fn a_set_that_lost_its_quorum_starts_nothing() {
    let mut stall = Stall::new();
    stall.world.leave(&stall.set, 3);
    stall.take(1);
    stall.world.leave(&stall.set, 0);
    stall.take_refused(|_| (), "NoQuorum");
}

#[test]
fn the_cosigner_is_neither_worker_nor_member() {
    let mut stall = Stall::new();
    let worker = stall.node.worker.pubkey();
    stall.take_refused(|args| args.cosigner = worker, "KeysNotDistinct");
    for member in 0..4 {
        let key = stall.set.attesters[member].key.pubkey();
        stall.take_refused(|args| args.cosigner = key, "KeysNotDistinct");
    }
    stall.take_with(1, |args| args.cosigner = Address::default());
}

#[test]
fn a_worker_that_is_a_member_of_its_set_works_for_nobody() {
    let mut stall = Stall::empty();
    let member: Keypair = stall.set.attesters[2].key.insecure_clone();
    let set = stall.set.address;
    stall.world.register(&stall.provider, &member, &set);
    stall.node = NodeHandle {
        address: address::node(&stall.provider.address, &member.pubkey()),
        worker: member,
    };
    stall.offer = address::offer(&stall.node.address, 1);
    stall.post(|_| ());
    stall.take_refused(|_| (), "KeysNotDistinct");
}

#[test]
fn an_offer_without_a_set_needs_a_cosigner() {
    let mut stall = Stall::with(|args| args.terms.set = Address::default());
    stall.take_refused(|args| args.cosigner = Address::default(), "NobodyToProve");
    stall.take(1);
}

#[test]
fn a_node_without_a_free_slot_takes_nothing() {
    let mut stall = Stall::with(|args| args.slots = 9);
    (1..=u64::from(NODE_ARGS.slots_total)).for_each(|id| {
        stall.take(id);
    });
    stall.take_refused(|_| (), "NoFreeSlot");
    // A slot that the operator adds is free at once.
    let operator = stall.provider.operator.insecure_clone();
    let mut args = NODE_ARGS;
    args.slots_total += 1;
    let node = stall.world.node_state(&stall.node);
    let update = ix::update_node(&operator.pubkey(), &stall.node.address, &node, args);
    stall.world.ok(&[update], &[&operator]);
    stall.take(5);
    stall.take_refused(|_| (), "NoFreeSlot");
}

#[test]
fn the_owner_s_stake_covers_every_bond() {
    // 10,000 tokens are staked.
    let mut stall = Stall::with(|args| args.terms.bond = 10_000 * TOKEN + 1);
    stall.take_refused(|_| (), "StakeTooLow");
    let mut stall = Stall::with(|args| args.terms.bond = 5_000 * TOKEN);
    stall.take(1);
    stall.take(2);
    // Nothing is left for a bond of one base unit.
    stall.post(|args| (args.id, args.terms.bond) = (2, 1));
    stall.offer = address::offer(&stall.node.address, 2);
    stall.take_refused(|_| (), "StakeTooLow");
}
