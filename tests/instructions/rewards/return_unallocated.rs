use {
    sluice_client::{
        Ledger, address,
        events::LeftoversReturned,
        instruction::{
            self as ix,
            token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    sluice_tests::world::{Stage, Tamper, World, logged},
    solana_address::Address,
    solana_signer::Signer,
};

/// A pool whose last working epoch is 1 and runs 96 seconds beyond the pool's end; its earners have work of these units to report.
fn last_epoch(units: &[u64]) -> Stage {
    let lists: Vec<_> = units.iter().map(std::slice::from_ref).collect();
    Stage::ready(&lists, |terms| terms.end_at = terms.start_at + 98)
}

/// Reward tokens of the refund owner, who is the world's payer.
fn refunded(stage: &Stage) -> u64 {
    let owner = stage.world.payer.pubkey();
    stage.world.tokens(&owner, &stage.world.reward_mint)
}

#[test]
fn the_unallocated_comes_back_when_no_epoch_counts_work_any_more_to_the_second() {
    let mut stage = last_epoch(&[5, 7]);
    stage.work(0, 0);
    stage.credit(1, 0);
    let (back, report) = (stage.return_ix(), stage.report_ix(1));
    assert!(back.accounts.iter().all(|meta| !meta.is_signer));
    for now in [
        stage.terms.end_at - 1,
        stage.terms.end_at,
        stage.starts(2) - 1,
    ] {
        stage.world.chain.set_time(now);
        stage.refused(&back, "PoolNotEnded");
    }
    // The epoch that runs beyond the end still counts work in its last second.
    stage.world.ok(&[report], &[]);
    stage.world.advance(1);
    let receipt = stage.world.ok(&[back], &[]);
    let amount = 9 * 1_000_003;
    logged(
        &receipt,
        &[LeftoversReturned {
            pool: stage.pool,
            amount,
            returned: amount,
        }],
    );
    assert_eq!((refunded(&stage), stage.pool().unallocated), (amount, 0));
    assert_eq!(stage.pool().returned, amount);
    stage.balanced();
}

#[test]
fn an_end_between_two_epochs_is_the_end_at_once() {
    let mut stage = Stage::ready(&[&[5]], |terms| terms.end_at = terms.start_at + 2 * 97);
    let back = stage.return_ix();
    stage.world.chain.set_time(stage.terms.end_at - 1);
    stage.refused(&back, "PoolNotEnded");
    stage.world.advance(1);
    stage.world.ok(&[back], &[]);
    assert_eq!(refunded(&stage), 10 * 1_000_003);
}

#[test]
fn nothing_comes_back_before_the_start_or_in_the_gap_before_it() {
    let mut stage = Stage::new(&[&[5]], |terms| {
        (terms.start_at, terms.end_at) = (terms.start_at + 1_000, terms.start_at + 1_001);
    });
    let back = stage.return_ix();
    stage.refused(&back, "PoolNotEnded");
    for now in [
        stage.terms.start_at,
        stage.terms.end_at,
        stage.terms.start_at + 96,
    ] {
        stage.world.chain.set_time(now);
        stage.refused(&back, "PoolNotEnded");
    }
    stage.world.advance(1);
    stage.world.ok(&[back], &[]);
}

#[test]
fn a_second_return_waits_for_what_an_epoch_gives_back() {
    let mut stage = Stage::ready(&[&[5], &[7]], |terms| {
        (terms.end_at, terms.ceiling) = (terms.start_at + 98, 1_000);
    });
    stage.work(0, 0);
    stage.work(1, 0);
    stage.end();
    let back = stage.return_ix();
    stage.world.ok(std::slice::from_ref(&back), &[]);
    stage.refused(&back, "NothingDue");
    // Not before the epoch is closed, which needs every share folded.
    stage.enter(3);
    stage.fold(0, 1);
    stage.refused(&back, "NothingDue");
    stage.fold(1, 1);
    stage.refused(&back, "NothingDue");
    stage.world.advance(86_400 * 400);
    stage.close_epoch(1);
    stage.world.ok(std::slice::from_ref(&back), &[]);
    assert_eq!(refunded(&stage), 10 * 1_000_003 - 12_000);
    stage.refused(&back, "NothingDue");
    assert_eq!((stage.claim(0), stage.claim(1)), (5_000, 7_000));
    assert_eq!(stage.world.vault(&stage.pool), 0);
    stage.balanced();
}

#[test]
fn what_open_epochs_reserve_stays_for_whom_it_is_owed() {
    let mut stage = Stage::ready(&[&[5, 6], &[7]], |terms| {
        terms.end_at = terms.start_at + 195
    });
    stage.commission(0, 5_000);
    stage.open_dividends(0);
    stage.work(0, 0);
    stage.work(1, 0);
    stage.enter(2);
    stage.work(0, 1);
    stage.end();
    // Epoch 1 has streamed and is not folded; epoch 2 begins to stream.
    let back = stage.return_ix();
    stage.world.ok(&[back], &[]);
    assert_eq!(refunded(&stage), 8 * 1_000_003);
    stage.balanced();
    stage.enter(4);
    let (first, second) = (1_000_003 * 5 / 12, 1_000_003);
    let parts = first / 2 + second / 2;
    assert_eq!(stage.pay(0), parts);
    assert_eq!(stage.claim(0), first + second - parts);
    assert_eq!(stage.claim(1), 1_000_003 * 7 / 12);
    assert_eq!(stage.world.vault(&stage.pool), 1);
}

#[test]
fn a_pool_without_money_has_nothing_to_return() {
    let mut stage = last_epoch(&[5]);
    let new = stage
        .world
        .new_reward_pool(&stage.set.address, 2, stage.terms);
    let twin = stage.world.reward_pool(&stage.creator, &new);
    stage.end();
    let back = stage.at(&twin, |stage| stage.return_ix());
    stage.refused(&back, "NothingDue");
    // A gift is nobody's until the pool closes.
    let mint = stage.world.reward_mint;
    stage.world.mint_into(&address::vault(&twin), &mint, 5);
    stage.refused(&back, "NothingDue");
}

#[test]
fn an_ended_pool_takes_no_money_that_could_be_stuck_in_it() {
    let mut stage = last_epoch(&[5]);
    let payer = stage.world.payer.pubkey();
    let mint = stage.world.reward_mint;
    stage.world.mint_to(&payer, &mint, 5);
    let fund = stage.world.fund_ix(&payer, &stage.pool, 5);
    // The last epoch, which runs past the end, still counts work and takes money for it.
    stage.world.chain.set_time(stage.terms.end_at);
    stage.world.ok(std::slice::from_ref(&fund), &[]);
    stage.end();
    stage.refused(&fund, "PoolEnded");
}

#[test]
fn leftovers_go_to_the_refund_owner_s_associated_account_only() {
    let mut stage = last_epoch(&[5]);
    stage.end();
    let good = stage.return_ix();
    let mint = stage.world.reward_mint;
    let account = |owner: &Address| address::token_account(owner, &mint.address, &TOKEN_PROGRAM);
    let own = account(&stage.world.payer.pubkey());
    let creator = stage.creator.pubkey();
    stage.world.open_account(&creator, &mint);
    let earner = stage.earners[0].provider.owner.pubkey();
    for other in [account(&creator), account(&earner), creator] {
        stage.refused(&good.with(&own, &other), "NotAssociatedAccount");
    }
    let vault = address::vault(&stage.pool);
    stage.refused(
        &good.with(&own, &vault),
        "ConstraintDuplicateMutableAccount",
    );
    stage.world.ok(&[good], &[]);
}

#[test]
fn a_frozen_or_closed_refund_account_holds_up_nobody_else() {
    let mut world = World::new();
    world.reward_mint = world.freezable_mint();
    let mint = world.reward_mint;
    let mut stage =
        Stage::on(world, &[&[5]], |terms| terms.end_at = terms.start_at + 98).baselined();
    stage.work(0, 0);
    stage.enter(3);
    let owner = stage.world.payer.insecure_clone();
    stage.world.freeze_tokens_of(&owner.pubkey(), &mint);
    let back = stage.return_ix();
    // The token program's AccountFrozen.
    stage.refused(&back, "Custom(17)");
    assert_eq!(stage.claim(0), 1_000_003);
    stage.world.thaw_tokens_of(&owner.pubkey(), &mint);
    stage.world.close_account(&owner, &mint);
    stage.refused(&back, "RecipientChangedOwner");
    stage.fold(0, 1);
    stage.close_epoch(1);
    stage.close_share(0);
    let close = stage.close_pool_ix();
    stage.refused(&close, "RecipientChangedOwner");
    stage.world.open_account(&owner.pubkey(), &mint);
    stage.world.ok(&[back], &[]);
    assert_eq!(refunded(&stage), 9 * 1_000_003);
}

#[test]
fn leftovers_move_from_the_pool_s_vault_in_its_mint_through_its_program() {
    let mut stage = last_epoch(&[5]);
    let twin = stage.twin();
    stage.end();
    let good = stage.return_ix();
    let (own, other) = (address::vault(&stage.pool), address::vault(&twin));
    stage.refused(&good.with(&own, &other), "ConstraintAddress");
    let mint = stage.world.reward_mint.address;
    let other_mint = good.with(&mint, &stage.world.pay_mint.address);
    stage.refused(&other_mint, "ConstraintAddress");
    for other in [TOKEN_2022_PROGRAM, Address::default()] {
        stage.refused(&good.with(&TOKEN_PROGRAM, &other), "WrongTokenProgram");
    }
    stage.world.ok(&[good], &[]);
    assert!(stage.world.chain.account(&stage.pool).unwrap().is_some());
    let node = stage.earners[0].node.address;
    let late = ix::report(&stage.pool, &node, &stage.provider(0), None);
    stage.refused(&late, "PoolEnded");
}
