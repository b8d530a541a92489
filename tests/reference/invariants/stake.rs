//! I02, I05 and I06 of stake pools: shares, dividends and bonds are backed by what the vaults hold.

use {
    super::{donated, held},
    crate::reference::{
        Holder, Reference, Snapshot, Subject,
        disputes::ChallengeKey,
        snapshot::{PositionCounters, StakePoolCounters},
    },
};

/// What a stake vault owes: its pool's tokens, what waits to be burned and the bonds of challengers.
fn staked(pool: &StakePoolCounters) -> i128 {
    let parts = [pool.tokens, pool.to_burn, pool.challenge_bonds];
    parts.into_iter().map(i128::from).sum()
}

/// I02: a stake vault holds its pool's tokens, what was slashed and not burned yet, and the bonds of the challenges that are
/// not settled, and no more unless somebody donated.
pub fn i02_stake_vaults_cover_pools(model: &Reference, expected: &Snapshot, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let (vault, mint) = (Holder::StakeVault(*id), model.stake_pools[id].mint);
        let (balance, owed) = (held(state, vault, mint), staked(pool));
        assert!(
            balance >= owed,
            "I02: stake pool {id} holds {balance} of {owed}"
        );
        let gift = donated(model, vault, mint, staked(&expected.stake_pools[id]));
        assert_eq!(
            balance,
            owed + gift,
            "I02: stake pool {id} with {gift} of donations"
        );
        let theirs = |key: &&ChallengeKey| model.challenges[key].pool == *id;
        let bonds = state.challenges.keys().filter(theirs);
        let bonds: u128 = bonds
            .map(|key| u128::from(state.challenges[key].bond))
            .sum();
        assert_eq!(u128::from(pool.challenge_bonds), bonds, "I02: pool {id}");
    }
}

/// I02: a dividend vault holds what was given and not claimed, and no more unless somebody donated: in particular all that
/// has not streamed and all that the positions there are can still claim.
pub fn i02_dividend_vaults_cover_pools(model: &Reference, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let known = &model.stake_pools[id];
        let (vault, mint) = (Holder::DividendVault(*id), known.dividend_mint);
        let balance = held(state, vault, mint);
        let owed = i128::from(pool.dividend_total_in) - known.dividends_out() as i128;
        // What went to the owner when a vault closed may have been a gift.
        let swept = known.leftovers.iter().any(|left| *left > 0);
        assert!(
            balance >= owed || swept,
            "I02: dividends of {id}: {balance} of {owed}"
        );
        let positions = state.positions.range((*id, 0)..=(*id, u64::MAX));
        let claimable: i128 = positions
            .map(|(_, position)| i128::from(claimable(pool, position)))
            .sum();
        let unstreamed = i128::from(unstreamed(pool));
        assert!(
            balance >= claimable + unstreamed,
            "I02: dividends of {id}: {balance} of {claimable} and {unstreamed}"
        );
        let model_owed = known.dividends_in() as i128 - known.dividends_out() as i128;
        let gift = donated(model, vault, mint, model_owed);
        assert_eq!(
            balance,
            owed + gift,
            "I02: dividends of {id} with {gift} of donations"
        );
    }
}

/// Base units that a pool holds back of its dividends.
fn unstreamed(pool: &StakePoolCounters) -> u64 {
    let stream = pool.stream;
    assert!(stream.released <= stream.streaming, "I02: {stream:?}");
    stream.streaming - stream.released + stream.next
}

/// An index or fraction as the program stores it, in units of 2^-64.
pub(super) fn parts([whole, fraction]: [u64; 2]) -> u128 {
    u128::from(whole) << 64 | u128::from(fraction)
}

/// What the position earned since it was last booked and the fraction it kept, in units of 2^-64.
fn unbooked(pool: &StakePoolCounters, position: &PositionCounters) -> u128 {
    let risen = parts(pool.dividend_index) - parts(position.dividend_seen);
    u128::from(position.shares) * risen + u128::from(position.dividend_frac)
}

/// Whole base units that the position can claim.
fn claimable(pool: &StakePoolCounters, position: &PositionCounters) -> u64 {
    let more = u64::try_from(unbooked(pool, position) >> 64).expect("within what was given");
    position.dividend_due + more
}

/// I05: a pool's shares are those of its positions and tickets.
pub fn i05_shares_add_up(state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let positions = || state.positions.range((*id, 0)..=(*id, u64::MAX));
        let active: u128 = positions().map(|(_, p)| u128::from(p.shares)).sum();
        let thawing: u128 = positions().map(|(_, p)| u128::from(p.thawing)).sum();
        let tickets = || state.tickets.range((*id, 0, 0)..=(*id, u64::MAX, u64::MAX));
        let ticketed: u128 = tickets().map(|(_, t)| u128::from(t.shares)).sum();
        let counted: u64 = positions().map(|(_, p)| p.tickets).sum();
        assert_eq!(u128::from(pool.active_shares), active, "I05: pool {id}");
        assert_eq!(u128::from(pool.thawing_shares), thawing, "I05: pool {id}");
        assert_eq!(thawing, ticketed, "I05: tickets of pool {id}");
        let all = active + thawing;
        assert!(all <= u64::MAX.into(), "I05: pool {id} has {all} shares");
        assert_eq!(counted, tickets().count() as u64, "I05: pool {id}");
        let open = positions().count() as u64;
        assert_eq!(pool.positions, open, "I05: positions of pool {id}");
    }
}

/// I05: every dividend is somebody's, to the last fraction: held back, claimed, due, earned, kept as a fraction, undivided,
/// left by a position that closed, or held back when the vault closed.
pub fn i05_dividends_add_up(model: &Reference, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let known = &model.stake_pools[id];
        let positions = state.positions.range((*id, 0)..=(*id, u64::MAX));
        let theirs: u128 = positions
            .map(|(_, p)| (u128::from(p.dividend_due) << 64) + unbooked(pool, p))
            .sum();
        let claimed: u128 = known.claims.iter().copied().map(u128::from).sum();
        let held_back = u128::from(unstreamed(pool)) + u128::from(known.lapsed);
        let given_out = theirs + (claimed << 64) + u128::from(pool.dividend_rem) + known.forfeited;
        let all = given_out + (held_back << 64);
        let given = u128::from(pool.dividend_total_in) << 64;
        assert_eq!(all, given, "I05: dividends of pool {id}");
    }
}

/// I06: what is locked is the sum of the bonds of unreleased jobs (or of the live attester in good standing), and within the
/// owner's own active stake.
pub fn i06_bonds_are_backed(model: &Reference, state: &Snapshot) {
    for (id, pool) in &state.stake_pools {
        let known = &model.stake_pools[id];
        let bonds: u128 = match known.subject {
            Subject::Provider(provider) => {
                let theirs = |job: &&u64| model.jobs[job].provider == Some(provider);
                let jobs = state.jobs.keys().filter(theirs);
                jobs.map(|job| u128::from(state.jobs[job].bond)).sum()
            }
            Subject::Attester(attester) => {
                let bonded = state.attesters.get(&attester);
                let bonded = bonded.filter(|a| a.live_bits > 0 && a.standing == 0);
                bonded.map_or(0, |attester| attester.bond.into())
            }
        };
        assert_eq!(u128::from(pool.locked), bonds, "I06: bonds of pool {id}");
        let own = state.positions.get(&(*id, known.owner));
        let own = own.map_or(0, |own| u128::from(own.shares));
        let all = u128::from(pool.active_shares) + u128::from(pool.thawing_shares);
        let worth = (own * u128::from(pool.tokens)).checked_div(all);
        assert!(
            u128::from(pool.locked) <= worth.unwrap_or(0),
            "I06: pool {id} locks {} of {worth:?}",
            pool.locked
        );
    }
}
