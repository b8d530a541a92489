//! Where the delegators' part goes, and where it cannot.

use {
    super::floor,
    sluice_client::{
        Ledger, StakePool, address,
        instruction::{self as ix, token::TOKEN_PROGRAM},
    },
    sluice_tests::world::{DAY, Stage, TOKEN, Tamper},
    solana_address::Address,
    solana_signer::Signer,
};

/// The account of `owner` for rewards.
fn account(stage: &Stage, owner: &Address) -> Address {
    address::token_account(owner, &stage.world.reward_mint.address, &TOKEN_PROGRAM)
}

#[test]
fn a_stake_pool_without_a_dividend_vault_gets_one_from_anybody_first() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    stage.commission(0, 5_000);
    stage.work(0, 0);
    stage.enter(3);
    let pay = stage.pay_ix(0);
    stage.refused(&pay, "WrongVault");
    // Nor does a vault's address of zero let another account in.
    let vault = address::dividends(&stage.stake_pool(0));
    let zero = pay.with(&vault, &Address::default());
    stage.refused(&zero, "ConstraintMut");

    let stranger = stage.world.party();
    let open = |stage: &Stage| {
        let pool = stage.stake_pool(0);
        stage.world.dividends_ix(&stranger.pubkey(), &pool, 0)
    };
    // Without a token account of its own: nothing is taken from it.
    let opening = open(&stage);
    stage.world.ok(&[opening], &[&stranger]);
    let state = stage.world.stake_pool(&stage.stake_pool(0));
    assert_eq!((state.dividend_vault, state.dividend_total_in), (vault, 0));
    stage.world.chain.advance_slot(1);
    let again = open(&stage);
    stage
        .world
        .refused(&[again], &[&stranger], "AmountTooSmall");
    stage.world.ok(&[pay], &[]);
    assert_eq!(stage.dividends(0), 500_001);
}

#[test]
fn a_dividend_vault_opens_without_a_dividend_whoever_has_stake() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    stage.withdraw_stake(0);
    stage.open_dividends(0);
    assert_eq!(stage.dividends(0), 0);
}

#[test]
fn when_nobody_has_stake_the_delegators_part_is_the_owner_s() {
    let mut stage = Stage::sharing(5, 6_999);
    stage.world.advance(50);
    assert_eq!(stage.pay(0), 154_691);
    stage.enter(3);
    let before = stage.pay_ix(0);
    stage.withdraw_stake(0);
    // The vault is no destination any more, nor is anybody else's account.
    stage.refused(&before, "NotAssociatedAccount");
    let good = stage.pay_ix(0);
    let owner = stage.earners[0].provider.owner.pubkey();
    let stranger = stage.world.party().pubkey();
    let mint = stage.world.reward_mint;
    stage.world.open_account(&stranger, &mint);
    let [own, others] = [owner, stranger].map(|key| account(&stage, &key));
    let stolen = good.with(&own, &others);
    stage.refused(&stolen, "NotAssociatedAccount");
    stage.world.ok(&[good], &[]);
    assert_eq!(
        (stage.held(0), stage.dividends(0)),
        (300_100 - 154_691, 154_691)
    );
    assert_eq!(stage.claim(0), 1_000_003 - 154_691);
    stage.balanced();
}

#[test]
fn while_all_stake_is_thawing_the_part_waits_for_whoever_comes_back() {
    let mut stage = Stage::sharing(5, 6_999);
    let ticket = stage.thaw_stake(0);
    stage.enter(3);
    let pay = stage.pay_ix(0);
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let mint = stage.world.reward_mint;
    stage.world.open_account(&owner.pubkey(), &mint);
    let own = account(&stage, &owner.pubkey());
    let pool = stage.stake_pool(0);
    let vault = address::dividends(&pool);
    stage.refused(&pay.with(&vault, &own), "WrongVault");
    assert_eq!(stage.pay(0), 300_100);
    // It waits there as long as nobody comes back.
    stage.world.advance(i64::from(5 * DAY));
    let cancel = stage.world.cancel_unstake_ix(&ticket);
    stage.world.ok(&[cancel], &[&owner]);
    let claim = stage.world.claim_dividends_ix(&pool, &owner.pubkey());
    stage.refused(&claim, "NothingDue");
    stage.world.advance(i64::from(2 * DAY));
    assert_eq!(stage.world.claim_dividends(&pool, &owner.pubkey()), 300_099);
    stage.balanced();
}

#[test]
fn stake_that_comes_back_gets_the_parts_from_then_on() {
    let mut stage = Stage::sharing(5, 5_000);
    stage.withdraw_stake(0);
    stage.world.advance(50);
    let pay = stage.pay_ix(0);
    stage.world.ok(&[pay], &[]);
    assert_eq!((stage.held(0), stage.dividends(0)), (257_732, 0));
    let pool = stage.stake_pool(0);
    let staker = stage.world.delegate(&pool, TOKEN);
    stage.enter(3);
    assert_eq!(stage.pay(0), 500_001 - 257_732);
    stage.world.advance(i64::from(2 * DAY));
    let due = stage.world.claim_dividends(&pool, &staker.pubkey());
    // The index rounds the last unit away.
    assert_eq!(due, 500_000 - 257_732);
}

#[test]
fn the_active_stake_of_a_slashed_pool_still_gets_its_part() {
    for left in [1, 0] {
        let mut stage = Stage::sharing(5, 5_000);
        let pool = stage.stake_pool(0);
        let staker = stage.world.delegate(&pool, 30_000 * TOKEN);
        let all = stage.world.stake_pool(&pool).tokens;
        stage.world.slash(&pool, all - left);
        assert!(stage.world.stake_pool(&pool).is_dead().unwrap());
        stage.enter(3);
        assert_eq!(stage.pay(0), 500_001);
        stage.world.advance(i64::from(2 * DAY));
        let part = stage.world.claim_dividends(&pool, &staker.pubkey());
        assert_eq!(part, floor(500_001, 3, 4));
    }
}

#[test]
fn only_the_dividend_vault_of_the_provider_s_stake_pool_gets_the_part() {
    let mut stage = Stage::ready(&[&[5], &[7]], |_| ());
    for earner in 0..2 {
        stage.commission(earner, 5_000);
        stage.open_dividends(earner);
        stage.work(earner, 0);
    }
    stage.enter(3);
    let good = stage.pay_ix(0);
    let vault = address::dividends(&stage.stake_pool(0));
    let owner = stage.earners[0].provider.owner.pubkey();
    let stranger = stage.world.party().pubkey();
    let mint = stage.world.reward_mint;
    stage.world.open_account(&stranger, &mint);
    let (own, strangers) = (account(&stage, &owner), account(&stage, &stranger));
    let others = address::dividends(&stage.stake_pool(1));
    let stakes = address::vault(&stage.stake_pool(0));
    for destination in [own, strangers, others, stakes, owner] {
        let wrong = good.with(&vault, &destination);
        stage.refused(&wrong, "WrongVault");
    }
    let in_a_circle = good.with(&vault, &address::vault(&stage.pool));
    stage.refused(&in_a_circle, "ConstraintDuplicateMutableAccount");
    stage.world.ok(&[good], &[]);
}

#[test]
fn only_the_stake_pool_of_the_share_s_own_provider_will_do() {
    let mut stage = Stage::ready(&[&[5], &[7]], |_| ());
    for earner in 0..2 {
        stage.commission(earner, 5_000);
        stage.open_dividends(earner);
        stage.work(earner, 0);
    }
    let attester = stage.set.attesters[0].pool;
    // The same owner's provider in another network, with a stake of its own.
    let lax = stage.world.other_network();
    let owner = stage.earners[0].provider.owner.insecure_clone();
    let payer = stage.world.payer.pubkey();
    let register = ix::register_provider(&payer, &owner.pubkey(), &payer, &lax);
    stage.world.ok(&[register], &[&owner]);
    let twin = address::provider(&lax, &owner.pubkey());
    let twin = stage
        .world
        .within(&lax, |world| world.stake(&twin, &owner, TOKEN));
    stage.enter(3);
    let good = stage.pay_ix(0);
    let own = stage.stake_pool(0);
    for pool in [stage.stake_pool(1), attester, twin] {
        // With its own vault too, should it have one.
        let wrong = good.with(&own, &pool);
        stage.refused(&wrong, "WrongStakePool");
        let vault = address::dividends(&pool);
        let wrong = wrong.with(&address::dividends(&own), &vault);
        stage.refused(&wrong, "WrongStakePool");
    }
    let look_alike = good.with(&own, &stage.world.counterfeit(&own));
    stage.refused(&look_alike, "WrongStakePool");
    let cosplay = good.with(&own, &stage.world.impostor());
    stage.refused(&cosplay, "WrongStakePool");
    let smaller = good.with(&own, &stage.share_key(1));
    stage.refused(&smaller, "WrongStakePool");
    assert!(stage.world.chain.get::<StakePool>(&own).is_ok());
    stage.world.ok(&[good], &[]);
}
