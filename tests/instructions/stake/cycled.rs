//! The same tokens given and claimed again and again: the index and the totals pass their types, and nobody's dividends change.

use {
    sluice_client::{Position, StakePool, address},
    sluice_tests::world::{DAY, TOKEN, World},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Shares of the world's providers, and base units of dividends that raise the index of twice as many by a half.
const SHARES: u64 = 10_000 * TOKEN;
/// All that a staker who cycles has borrowed.
const LOAN: u64 = 3 << 62;

/// A pool whose only active share is one staker's; the owner's are in the ticket.
fn alone() -> (World, Address, Keypair, Keypair, Address) {
    let mut world = World::new();
    let provider = world.provider();
    let cycler = world.delegate(&provider.pool, 1);
    let ticket = world.thaw(&provider.owner, &provider.pool, SHARES, 7);
    // Opens the vault.
    let add = world.dividends_ix(&world.payer.pubkey(), &provider.pool, 0);
    world.ok(&[add], &[]);
    world.chain.advance_slot(1);
    (world, provider.pool, provider.owner, cycler, ticket)
}

/// Gives `amount` and claims what is due of it once it has streamed, `rounds` times.
#[track_caller]
fn cycle(world: &mut World, pool: &Address, cycler: &Keypair, amount: u64, rounds: usize) {
    let key = cycler.pubkey();
    let add = world.dividends_ix(&key, pool, amount);
    let claim = world.claim_dividends_ix(pool, &key);
    for _ in 0..rounds {
        world.ok(std::slice::from_ref(&add), &[cycler]);
        world.advance(i64::from(2 * DAY));
        world.ok(std::slice::from_ref(&claim), &[]);
    }
}

/// Brings the pool's index and total to `index` and `total`, and what each of `stakers` has seen as much further.
fn turn(world: &mut World, pool: &Address, stakers: &[&Keypair], index: [u64; 2], total: u64) {
    let joined = |[integer, fraction]: [u64; 2]| (u128::from(integer) << 64) + u128::from(fraction);
    let settled = world.settled_pool(pool);
    let by = joined(index).wrapping_sub(joined(settled.dividend_index));
    world.edit(pool, |pool: &mut StakePool| {
        *pool = settled;
        (pool.dividend_index, pool.dividend_total_in) = (index, total);
    });
    for staker in stakers {
        let position = address::position(pool, &staker.pubkey());
        world.edit(&position, |position: &mut Position| {
            let seen = joined(position.dividend_seen).wrapping_add(by);
            position.dividend_seen = [(seen >> 64) as u64, seen as u64];
            position.dividend_claimed = total;
        });
    }
}

#[test]
fn a_dividend_index_at_its_maximum_wraps_and_pays_to_the_base_unit() {
    let mut world = World::new();
    let provider = world.provider();
    let (pool, owner) = (provider.pool, provider.owner);
    let staker = world.delegate(&pool, SHARES);
    // Both sleep on a half of a base unit a share.
    world.dividends(&pool, SHARES);
    let before = world.settled_pool(&pool);
    assert_eq!(before.dividend_index, [0, 1 << 63]);
    let top = [u64::MAX, u64::MAX - 1];
    turn(&mut world, &pool, &[&owner, &staker], top, u64::MAX - 4);

    // The owner is settled below the top, and again above it.
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), SHARES / 2);
    let claimed = world.position(&pool, &owner.pubkey()).dividend_claimed;
    assert_eq!(claimed, SHARES / 2 - 5);
    world.dividends(&pool, 3 * SHARES);
    let after = world.settled_pool(&pool);
    assert_eq!(after.dividend_index, [1, (1 << 63) - 2]);
    assert_eq!(after.dividend_total_in, 3 * SHARES - 5);
    assert_eq!(
        world.claim_dividends(&pool, &owner.pubkey()),
        3 * SHARES / 2
    );
    // The staker slept across.
    let paid = world.claim_dividends(&pool, &staker.pubkey());
    assert_eq!(paid, SHARES / 2 + 3 * SHARES / 2);
    assert_eq!(world.dividend_vault(&pool), 0);

    // Only the fraction's carry takes it around.
    turn(&mut world, &pool, &[&owner, &staker], top, 0);
    world.dividends(&pool, 7);
    assert_eq!(world.settled_pool(&pool).dividend_index[0], 0);
    world.dividends(&pool, 2 * SHARES - 7);
    for key in [owner.pubkey(), staker.pubkey()] {
        assert_eq!(world.claim_dividends(&pool, &key), SHARES);
    }
    assert_eq!(world.dividend_vault(&pool), 0);
}

#[test]
fn a_sole_staker_that_cycles_borrowed_tokens_fills_nothing() {
    let (mut world, pool, owner, cycler, ticket) = alone();
    let (key, mint) = (cycler.pubkey(), world.reward_mint);
    world.mint_to(&key, &mint, LOAN);
    // Three times around the index and what came in.
    cycle(&mut world, &pool, &cycler, LOAN, 4);
    assert_eq!(world.tokens(&key, &mint), LOAN);
    let state = world.stake_pool(&pool);
    assert_eq!((state.dividend_index, state.dividend_rem), ([0; 2], 0));
    assert_eq!(state.dividend_total_in, 0);
    // And to where nothing could be added any more.
    cycle(&mut world, &pool, &cycler, LOAN, 1);
    cycle(&mut world, &pool, &cycler, (1 << 62) - 1, 1);
    let state = world.stake_pool(&pool);
    assert_eq!(state.dividend_index, [u64::MAX, 0]);
    assert_eq!(state.dividend_total_in, u64::MAX);
    let position = world.position(&pool, &key);
    assert_eq!(position.dividend_claimed, u64::MAX);
    // The owner, without shares all the while, has earned nothing, and earns like others from now on.
    let cancel = world.cancel_unstake_ix(&ticket);
    world.ok(&[cancel], &[&owner]);
    let back = world.position(&pool, &owner.pubkey());
    assert_eq!((back.dividend_due, back.dividend_frac), (0, 0));
    world.dividends(&pool, 5 * (SHARES + 1));
    assert_eq!(world.claim_dividends(&pool, &owner.pubkey()), 5 * SHARES);
    assert_eq!(world.claim_dividends(&pool, &key), 5);
    assert_eq!(world.tokens(&key, &mint), LOAN + 5);
    assert_eq!(world.dividend_vault(&pool), 0);
    world.leave_pool(&owner, &pool);
    world.leave_pool(&cycler, &pool);
}

#[test]
fn a_sleeping_share_beside_a_cycling_staker_is_paid_its_part_of_each_round() {
    let (mut world, pool, _, cycler, _) = alone();
    let (key, mint) = (cycler.pubkey(), world.reward_mint);
    world.mint_to(&key, &mint, LOAN);
    cycle(&mut world, &pool, &cycler, LOAN, 1);
    let sleeper = world.delegate(&pool, 1);
    // Half of each round is the sleeper's and stays; the index passes the top in the first.
    let mut loan = LOAN;
    for _ in 0..3 {
        cycle(&mut world, &pool, &cycler, loan, 1);
        loan /= 2;
        assert_eq!(world.tokens(&key, &mint), loan);
        assert_eq!(world.dividend_vault(&pool), LOAN - loan);
    }
    assert_eq!(
        world.stake_pool(&pool).dividend_index[0],
        LOAN.wrapping_add(LOAN - loan)
    );
    let paid = world.claim_dividends(&pool, &sleeper.pubkey());
    assert_eq!(paid, LOAN - loan);
    assert_eq!(world.dividend_vault(&pool), 0);
}

#[test]
fn a_position_that_saw_an_index_long_ago_and_has_no_shares_takes_stake_again() {
    let (mut world, pool, _, cycler, _) = alone();
    let guest = world.delegate(&pool, 1);
    let ticket = world.thaw(&guest, &pool, 1, 0);
    world.advance(i64::from(7 * DAY));
    world.withdraw(&ticket);
    let position = address::position(&pool, &guest.pubkey());
    for seen in [[u64::MAX, u64::MAX], [1, 1], [u64::MAX / 2, 7]] {
        world.edit(&position, |position: &mut Position| {
            position.dividend_seen = seen;
        });
        let claim = world.claim_dividends_ix(&pool, &guest.pubkey());
        world.refused(&[claim], &[], "NothingDue");
    }
    world.add_stake(&guest, &pool, 3);
    world.dividends(&pool, 8);
    assert_eq!(world.claim_dividends(&pool, &guest.pubkey()), 6);
    assert_eq!(world.claim_dividends(&pool, &cycler.pubkey()), 2);
}
