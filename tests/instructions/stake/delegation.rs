//! Stake of others than the owner: it is theirs, it bears slashes, and it backs no bond.

use {
    sluice_client::{Ledger, Unstake, address, events::StakeChanged, instruction as ix},
    sluice_tests::world::{DAY, PARAMS, Site, TOKEN, Tamper, World, logged},
    solana_keypair::Keypair,
    solana_signer::Signer,
};

#[test]
fn a_stranger_s_stake_goes_in_and_out_like_the_owner_s() {
    let mut world = World::new();
    let provider = world.provider();
    let pool = provider.pool;
    let (staker, mint) = (world.party(), world.stake_mint);
    world.mint_to(&staker.pubkey(), &mint, 123);
    let stake = world.stake_ix(&staker.pubkey(), &pool, 123);
    let receipt = world.ok(&[stake], &[&staker]);
    let mut changed = StakeChanged {
        pool,
        staker: staker.pubkey(),
        tokens: 10_000 * TOKEN + 123,
        active_shares: 10_000 * TOKEN + 123,
        thawing_shares: 0,
        position_shares: 123,
        position_thawing: 0,
    };
    logged(&receipt, &[changed]);
    let state = world.stake_pool(&pool);
    assert_eq!((state.positions, state.owner), (2, provider.owner.pubkey()));

    let unstake = world.unstake_ix(&staker.pubkey(), &pool, 100, 7);
    let receipt = world.ok(&[unstake], &[&staker]);
    (changed.active_shares, changed.thawing_shares) = (10_000 * TOKEN + 23, 100);
    (changed.position_shares, changed.position_thawing) = (23, 100);
    logged(&receipt, &[changed]);
    world.advance(i64::from(7 * DAY));
    let ticket = address::unstake(&address::position(&pool, &staker.pubkey()), 7);
    let withdraw = world.withdraw_ix(&ticket);
    let receipt = world.ok(&[withdraw], &[]);
    (changed.tokens, changed.thawing_shares) = (10_000 * TOKEN + 23, 0);
    changed.position_thawing = 0;
    logged(&receipt, &[changed]);
    assert_eq!(world.tokens(&staker.pubkey(), &mint), 100);
    assert_eq!(
        world.position(&pool, &provider.owner.pubkey()).shares,
        10_000 * TOKEN
    );
}

#[test]
fn delegators_leave_also_when_all_of_the_owner_s_stake_is_locked() {
    let mut site = Site::with(|args| args.terms.bond = 10_000 * TOKEN);
    let (world, pool) = (&mut site.world, site.provider.pool);
    let state = world.stake_pool(&pool);
    assert_eq!(
        (state.locked, state.tokens),
        (10_000 * TOKEN, 10_000 * TOKEN)
    );
    let staker = world.delegate(&pool, 777 * TOKEN);
    let ticket = world.thaw(&staker, &pool, 777 * TOKEN, 7);
    world.advance(i64::from(7 * DAY));
    assert_eq!(world.withdraw(&ticket), 777 * TOKEN);
    let owner = &site.provider.owner;
    let one = world.unstake_ix(&owner.pubkey(), &pool, 1, 7);
    world.refused(&[one], &[owner], "StakeTooLow");
}

#[test]
fn delegations_free_nothing_of_what_the_owner_has_bonded() {
    let mut site = Site::new();
    let (world, pool) = (&mut site.world, site.provider.pool);
    world.delegate(&pool, 1_000_000 * TOKEN);
    let owner = &site.provider.owner;
    let too_much = world.unstake_ix(&owner.pubkey(), &pool, 9_500 * TOKEN + 1, 7);
    world.refused(&[too_much], &[owner], "StakeTooLow");
    let free = world.unstake_ix(&owner.pubkey(), &pool, 9_500 * TOKEN, 7);
    world.ok(&[free], &[owner]);
}

#[test]
fn a_delegator_s_stake_backs_no_bond_of_a_job() {
    let mut world = World::new();
    let set = world.set(1, 1);
    let provider = world.provider();
    let node = world.node(&provider, &set.address);
    let (owner, pool) = (&provider.owner, provider.pool);
    let staker = world.delegate(&pool, 1_000_000 * TOKEN);
    // The owner keeps one base unit less than the bond.
    world.thaw(owner, &pool, 9_500 * TOKEN + 1, 7);
    let buyer = world.buyer();
    let terms = world.terms(&set.address);
    let args = world.open_args(1, terms, &buyer.pubkey());
    let job = world.open(&buyer, args);
    let state = world.job(&job);
    let operator = &provider.operator;
    let accept = ix::accept_job(
        &operator.pubkey(),
        &owner.pubkey(),
        &job,
        &state,
        &node.address,
    );
    world.refused(std::slice::from_ref(&accept), &[operator], "StakeTooLow");
    let position = |staker: &Keypair| address::position(&pool, &staker.pubkey());
    let by_delegator = accept.with(&position(owner), &position(&staker));
    world.refused(&[by_delegator], &[operator], "WrongPosition");
    world.add_stake(owner, &pool, 1);
    world.ok(&[accept], &[operator]);
}

#[test]
fn a_delegator_s_stake_backs_no_attester() {
    let mut world = World::new();
    let set = world.dormant_set(1, 1);
    let member = &set.attesters[0];
    let (owner, pool) = (&member.owner, member.pool);
    let staker = world.delegate(&pool, 1_000_000 * TOKEN);
    world.thaw(owner, &pool, 1_000 * TOKEN - PARAMS.min_bond + 1, 7);
    let key = member.key.pubkey();
    let enter = ix::enter_attester_set(&owner.pubkey(), &world.network, &set.address, &key, 0);
    world.refused(std::slice::from_ref(&enter), &[owner], "StakeTooLow");
    let position = |staker: &Keypair| address::position(&pool, &staker.pubkey());
    let by_delegator = enter.with(&position(owner), &position(&staker));
    world.refused(&[by_delegator], &[owner], "WrongPosition");
    let instead = enter.with(&owner.pubkey(), &staker.pubkey());
    world.refused(&[instead], &[&staker], "NotOwner");
    world.add_stake(owner, &pool, 1);
    world.ok(&[enter], &[owner]);
}

#[test]
fn nobody_touches_another_s_position() {
    let mut world = World::new();
    let provider = world.provider();
    let (owner, pool) = (&provider.owner, provider.pool);
    let (staker, mint) = (world.delegate(&pool, 500), world.stake_mint);
    let other = world.delegate(&pool, 500);
    let own = world.unstake_ix(&staker.pubkey(), &pool, 5, 7);
    for thief in [owner, &provider.operator, &other] {
        world.mint_to(&thief.pubkey(), &mint, 5);
        let stolen = own.with(&staker.pubkey(), &thief.pubkey());
        world.refused(&[stolen], &[thief], "NotOwner");
        let key = address::position(&pool, &thief.pubkey());
        let victim = address::position(&pool, &staker.pubkey());
        if world.is_gone(&key) {
            continue;
        }
        let stake = world
            .stake_ix(&thief.pubkey(), &pool, 5)
            .with(&key, &victim);
        let unstake = world
            .unstake_ix(&thief.pubkey(), &pool, 5, 7)
            .with(&key, &victim)
            .with(&address::unstake(&key, 7), &address::unstake(&victim, 7));
        world.refused(&[stake], &[thief], "WrongPosition");
        world.refused(&[unstake], &[thief], "NotOwner");
    }
}

#[test]
fn a_withdrawal_pays_the_ticket_s_staker_and_not_the_owner() {
    let mut world = World::new();
    let provider = world.provider();
    let pool = provider.pool;
    let staker = world.delegate(&pool, 500);
    let ticket = world.thaw(&staker, &pool, 500, 7);
    world.advance(i64::from(7 * DAY));
    let (withdraw, mint) = (world.withdraw_ix(&ticket), world.stake_mint);
    let account = |key| address::token_account(key, &mint.address, &mint.token_program);
    let stolen = withdraw.with(
        &account(&staker.pubkey()),
        &account(&provider.owner.pubkey()),
    );
    world.refused(&[stolen], &[], "NotAssociatedAccount");
    let owner_s = address::position(&pool, &provider.owner.pubkey());
    let own = address::position(&pool, &staker.pubkey());
    let out_of_other = withdraw.with(&own, &owner_s);
    world.refused(&[out_of_other], &[], "WrongPosition");
    assert_eq!(world.withdraw(&ticket), 500);
}

#[test]
fn a_share_beside_huge_stakes_is_worth_what_it_was() {
    let mut world = World::new();
    let provider = world.provider();
    let pool = provider.pool;
    let dust = world.delegate(&pool, 1);
    let huge = world.delegate(&pool, u64::MAX / 2);
    let ticket = world.thaw(&dust, &pool, 1, 7);
    let rest = world.thaw(&huge, &pool, u64::MAX / 2, 7);
    world.advance(i64::from(7 * DAY));
    assert_eq!(world.withdraw(&ticket), 1);
    assert_eq!(world.withdraw(&rest), u64::MAX / 2);
    let state = world.stake_pool(&pool);
    assert_eq!(
        (state.tokens, state.active_shares),
        (10_000 * TOKEN, 10_000 * TOKEN)
    );
}

#[test]
fn a_share_of_a_slashed_pool_cannot_be_bought_for_nothing() {
    let mut world = World::new();
    let provider = world.provider();
    let pool = provider.pool;
    let huge = world.delegate(&pool, u64::MAX / 2);
    world.slash(&pool, 12_345);
    let guest = world.delegate(&pool, 1);
    // Rounded down for the pool: one token buys one share, and is worth none when it leaves.
    assert_eq!(world.position(&pool, &guest.pubkey()).shares, 1);
    let ticket = world.thaw(&guest, &pool, 1, 7);
    let rest = world.thaw(&huge, &pool, u64::MAX / 2, 7);
    world.advance(i64::from(7 * DAY));
    assert_eq!(world.withdraw(&ticket), 0);
    assert!(world.withdraw(&rest) >= u64::MAX / 2 - 12_345);
}

#[test]
fn a_donation_raises_no_share_s_price_and_shuts_nobody_out() {
    let mut world = World::new();
    let provider = world.left_provider();
    let (pool, mint) = (provider.pool, world.stake_mint);
    // The first staker of an empty pool takes one share and donates a fortune.
    let first = world.delegate(&pool, 1);
    world.mint_into(&address::vault(&pool), &mint, 1_000_000 * TOKEN);
    let second = world.delegate(&pool, 999);
    assert_eq!(world.position(&pool, &second.pubkey()).shares, 999);
    world.slash(&pool, 500);
    let third = world.delegate(&pool, 500);
    assert_eq!(world.position(&pool, &third.pubkey()).shares, 1_000);
    let ticket = world.thaw(&second, &pool, 999, 7);
    let last = world.thaw(&first, &pool, 1, 7);
    world.advance(i64::from(7 * DAY));
    assert_eq!(world.withdraw(&ticket), 499);
    // The last but one gets what rounding left, and never a token of the donation.
    assert!(world.withdraw(&last) <= 1);
    assert!(world.vault(&pool) >= 1_000_000 * TOKEN);
}

#[test]
fn nobody_moves_merges_or_resets_a_ticket_s_date() {
    let mut world = World::new();
    let provider = world.provider();
    let pool = provider.pool;
    let staker = world.delegate(&pool, 1_000);
    let first = world.thaw(&staker, &pool, 100, 7);
    let before: Unstake = world.chain.get(&first).unwrap();
    assert_eq!(before.withdraw_at, world.now() + i64::from(7 * DAY));

    // Neither its staker nor another by the same number,
    world.advance(1_000);
    let again = world.unstake_ix(&staker.pubkey(), &pool, 100, 7);
    world.refused(&[again], &[&staker], "Custom(0)");
    let other = world.delegate(&pool, 100);
    let squat = world.unstake_ix(&other.pubkey(), &pool, 1, 7);
    let theirs = address::unstake(&address::position(&pool, &other.pubkey()), 7);
    let onto = squat.with(&theirs, &first);
    world.refused(&[onto], &[&other], "InvalidSeeds");
    // nor more shares or fewer of the same position,
    let second = world.thaw(&staker, &pool, 200, 8);
    world.chain.advance_slot(1);
    let cancel = world.cancel_unstake_ix(&second);
    world.ok(&[cancel], &[&staker]);
    // nor another network's shorter time,
    let foreign = world.other_network();
    let lax = world
        .unstake_ix(&staker.pubkey(), &pool, 1, 9)
        .with(&world.network.clone(), &foreign);
    world.refused(&[lax], &[&staker], "WrongNetwork");
    // nor a slash.
    world.slash(&pool, 5_000 * TOKEN);
    let after: Unstake = world.chain.get(&first).unwrap();
    assert_eq!(bytemuck::bytes_of(&before), bytemuck::bytes_of(&after));
}
