use {
    sluice_client::{
        Ledger, RewardPool, address,
        events::RewardPoolClosed,
        instruction::{self as ix, token::TOKEN_PROGRAM},
    },
    sluice_tests::world::{Stage, Tamper, logged},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

/// A pool that nobody joined, by a creator of its own, at another's rent and for a third one's refund.
fn deserted() -> (Stage, Keypair, Address) {
    let mut stage = Stage::new(&[], |_| ());
    let (rent, refund) = (stage.world.party(), stage.world.key().pubkey());
    let mut new = stage
        .world
        .new_reward_pool(&stage.set.address, 2, stage.terms);
    new.refund_owner = refund;
    let creator = stage.creator.insecure_clone();
    let create = ix::create_reward_pool(&rent.pubkey(), &creator.pubkey(), &new);
    stage.world.ok(&[create], &[&rent, &creator]);
    stage.pool = address::reward_pool(&new.network, &creator.pubkey(), new.id);
    stage.world.fund(&stage.pool.clone(), 77);
    let mint = stage.world.reward_mint;
    stage.world.open_account(&refund, &mint);
    (stage, rent, refund)
}

#[test]
fn an_empty_pool_closes_after_its_end_with_all_that_is_left_and_its_rents() {
    let (mut stage, rent, refund) = deserted();
    let vault = address::vault(&stage.pool);
    let mint = stage.world.reward_mint;
    stage.world.mint_into(&vault, &mint, 5);
    let close = stage.close_pool_ix();
    assert!(close.accounts.iter().all(|meta| !meta.is_signer));
    stage.world.chain.set_time(stage.terms.end_at - 1);
    stage.refused(&close, "PoolNotEnded");
    stage.world.advance(1);
    let rents = stage.lamports(&stage.pool) + stage.lamports(&vault);
    let before = stage.lamports(&rent.pubkey());
    let incarnation = stage.pool().incarnation;
    let receipt = stage.world.ok(from_ref(&close), &[]);
    logged(
        &receipt,
        &[RewardPoolClosed {
            pool: stage.pool,
            incarnation,
            amount: 82,
        }],
    );
    assert_eq!(stage.world.tokens(&refund, &mint), 82);
    assert_eq!(stage.lamports(&rent.pubkey()) - before, rents);
    assert!(stage.world.is_gone(&stage.pool) && stage.world.is_gone(&vault));
    stage.refused(&close, "AccountDataTooSmall");
}

#[test]
fn a_pool_waits_for_the_last_epoch_that_counts_work() {
    let mut stage = Stage::new(&[], |terms| terms.end_at = terms.start_at + 98);
    let close = stage.close_pool_ix();
    for now in [stage.terms.end_at, stage.starts(2) - 1] {
        stage.world.chain.set_time(now);
        stage.refused(&close, "PoolNotEnded");
    }
    stage.world.advance(1);
    stage.world.ok(&[close], &[]);
}

#[test]
fn a_pool_does_not_close_over_shares_or_epochs() {
    let mut stage = Stage::sharing(5, 5_000);
    stage.end();
    let close = stage.close_pool_ix();
    stage.refused(&close, "StillInUse");
    stage.fold(0, 1);
    stage.claim(0);
    stage.pay(0);
    let back = stage.return_ix();
    stage.world.ok(&[back], &[]);
    stage.refused(&close, "StillInUse");
    // With a share and no epoch, and with an epoch and no share.
    let before = stage.pool();
    stage
        .world
        .edit(&stage.pool.clone(), |pool: &mut RewardPool| pool.epochs = 0);
    stage.refused(&close, "StillInUse");
    stage
        .world
        .edit(&stage.pool.clone(), |pool: &mut RewardPool| *pool = before);
    stage.close_share(0);
    assert_eq!((stage.pool().shares, stage.pool().epochs), (0, 1));
    stage.refused(&close, "StillInUse");
    stage.close_epoch(1);
    stage.balanced();
    stage.world.ok(&[close], &[]);
}

#[test]
fn a_share_that_cannot_be_paid_holds_back_the_rent_and_nobody_s_money() {
    let mut stage = Stage::streaming(&[5, 7], |_| ());
    let (owner, mint) = (
        stage.earners[0].provider.owner.insecure_clone(),
        stage.world.reward_mint,
    );
    let holder = stage.world.party();
    stage.world.give_away(&owner, &mint, &holder.pubkey());
    stage.end();
    stage.fold(0, 1);
    stage.fold(1, 1);
    stage.close_epoch(1);
    stage.claim(1);
    stage.close_share(1);
    let back = stage.return_ix();
    stage.world.ok(&[back], &[]);
    let claim = stage.claim_ix(0);
    stage.refused(&claim, "RecipientChangedOwner");
    let share = stage.close_share_ix(0, &stage.world.payer.pubkey());
    stage.refused(&share, "StillOwing");
    let close = stage.close_pool_ix();
    stage.refused(&close, "StillInUse");
    assert_eq!(stage.world.vault(&stage.pool), 1_000_003 * 5 / 12);
    stage.balanced();
    stage.world.give_back(&holder, &owner.pubkey(), &mint);
    stage.world.ok(&[claim, share, close], &[]);
}

#[test]
fn a_pool_that_returned_everything_closes_without_a_refund_account() {
    let mut stage = Stage::new(&[], |_| ());
    stage.end();
    let back = stage.return_ix();
    stage.world.ok(&[back], &[]);
    let (payer, mint) = (stage.world.payer.insecure_clone(), stage.world.reward_mint);
    let away = stage.world.party().pubkey();
    stage.world.give_away(&payer, &mint, &away);
    let close = stage.close_pool_ix();
    // A gift has to go somewhere.
    let vault = address::vault(&stage.pool);
    stage.world.mint_into(&vault, &mint, 1);
    stage.refused(&close, "RecipientChangedOwner");
    let gifted = stage.world.chain.account(&vault).unwrap().unwrap();
    let mut emptied = gifted.clone();
    emptied.data[64..72].fill(0);
    stage.world.restore(&vault, emptied);
    stage.world.ok(&[close], &[]);
}

#[test]
fn a_pool_does_not_close_in_its_opening_slot() {
    let (mut stage, _, _) = deserted();
    let secs = stage.ends() - stage.world.now();
    stage.world.advance_within_slot(secs);
    let close = stage.close_pool_ix();
    stage.refused(&close, "OpeningSlot");
    stage.world.chain.advance_slot(1);
    stage.world.ok(&[close], &[]);
}

#[test]
fn what_is_left_goes_to_the_refund_owner_and_the_rents_to_the_rent_payer_only() {
    let (mut stage, rent, refund) = deserted();
    stage.end();
    let good = stage.close_pool_ix();
    let mint = stage.world.reward_mint;
    let account = |owner: &Address| address::token_account(owner, &mint.address, &TOKEN_PROGRAM);
    let (own, vault) = (account(&refund), address::vault(&stage.pool));
    let creator = stage.creator.pubkey();
    stage.world.open_account(&creator, &mint);
    for other in [
        account(&creator),
        account(&stage.world.payer.pubkey()),
        refund,
    ] {
        stage.refused(&good.with(&own, &other), "NotAssociatedAccount");
    }
    stage.refused(
        &good.with(&own, &vault),
        "ConstraintDuplicateMutableAccount",
    );
    for other in [creator, stage.world.payer.pubkey(), refund] {
        stage.refused(&good.with(&rent.pubkey(), &other), "ConstraintAddress");
    }
    let twin = address::reward_pool(&stage.world.network, &creator, 1);
    let other_vault = good.with(&vault, &address::vault(&twin));
    stage.refused(&other_vault, "ConstraintAddress");
    let other_mint = good.with(&mint.address, &stage.world.pay_mint.address);
    stage.refused(&other_mint, "ConstraintAddress");
    stage.world.ok(&[good], &[]);
}

#[test]
fn a_pool_created_anew_at_the_same_address_takes_nothing_meant_for_the_old_one() {
    let mut stage = Stage::new(&[&[5]], |_| ());
    let mint = stage.world.reward_mint;
    let (payer, old) = (stage.world.payer.pubkey(), stage.pool());
    stage.world.mint_to(&payer, &mint, 9);
    let fund = stage.world.fund_ix(&payer, &stage.pool, 9);
    let earner = &stage.earners[0];
    let join = stage
        .world
        .join_ix(&stage.pool, &earner.provider, &earner.node);
    let operator = earner.provider.operator.insecure_clone();
    stage.end();
    stage.close_share(0);
    // Closed and created in one transaction: the slot of its opening tells them apart.
    let close = stage.close_pool_ix();
    let mut terms = stage.terms;
    (terms.start_at, terms.end_at) = (stage.world.now(), stage.world.now() + 970);
    let new = stage
        .world
        .new_reward_pool(&stage.set.address, old.id, terms);
    let creator = stage.creator.insecure_clone();
    let create = ix::create_reward_pool(&payer, &creator.pubkey(), &new);
    stage.world.ok(&[close, create], &[&creator]);
    let pool = stage.pool();
    assert!(pool.incarnation > old.incarnation);
    assert_eq!(
        (pool.funded, pool.returned, pool.shares, pool.epochs),
        (0, 0, 0, 0)
    );
    stage.refused(&fund, "WrongIncarnation");
    stage
        .world
        .refused(&[join], &[&operator], "WrongIncarnation");
    let fund = stage.world.fund_ix(&payer, &stage.pool, 9);
    stage.world.ok(&[fund], &[]);
    let earner = &stage.earners[0];
    let join = stage
        .world
        .join_ix(&stage.pool, &earner.provider, &earner.node);
    stage.world.ok(&[join], &[&operator]);
    assert_eq!(stage.world.vault(&stage.pool), 9);
}
