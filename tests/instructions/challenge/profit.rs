//! Provider, buyer, challenger and attester in one hand win nothing by a dispute among themselves.

use {
    super::{BOND, HOUR},
    sluice_client::{Ledger, NetworkParams, Position, Ruling, address},
    sluice_tests::world::{PARAMS, Site, TOKEN, World, lied, upheld, void},
    solana_signer::Signer,
};

/// One corner of the parameters.
#[derive(Clone, Copy, Debug)]
struct Corner {
    bond: u64,
    challenge_bond: u64,
    price: u64,
    fee_bps: u16,
    /// Whether 99 % of the provider's stake are outsiders'.
    delegated: bool,
}

/// What the one hand does with window 0.
#[derive(Clone, Copy, Debug)]
enum Course {
    /// It proves nothing.
    Idle,
    /// It proves the window and lets it mature.
    Plain,
    /// It proves the window, challenges it and is ruled upon.
    Disputed(Ruling),
}

/// What everybody holds in the end, once all has left that can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wealth {
    /// The one hand's payment tokens and stake, wallets and shares together.
    pay: u64,
    stake: u64,
    /// The treasury's payment tokens, the outsiders' stake, and what waits to be burned.
    treasury: u64,
    outsiders: u64,
    burned: u64,
}

/// Everybody's wealth after a course.
fn after(corner: Corner, course: Course) -> Wealth {
    let mut world = World::with(NetworkParams {
        fee_bps: corner.fee_bps,
        ..PARAMS
    });
    let set = world.set(1, 1);
    let mut site = Site::under(world, set, |args| {
        args.terms.bond = corner.bond;
        args.terms.challenge_bond = corner.challenge_bond;
        args.terms.price = corner.price;
        args.max_fee_bps = 1_000;
    });
    let outsider = site.world.party();
    if corner.delegated {
        site.delegate(&outsider, 990_000 * TOKEN);
    }
    let mint = site.world.stake_mint;
    let owner = site.provider.owner.pubkey();
    site.world.open_account(&owner, &mint);
    site.at(HOUR);
    let challenger = match course {
        Course::Disputed(ruling) => {
            site.prove(0, 100);
            let objection = site.challenge(0);
            site.rule(&objection, ruling);
            if ruling.signers_lied == 1 {
                site.slash_signer(&objection, 0);
            }
            site.world.settle_challenge(&objection);
            objection.challenger
        }
        Course::Plain => {
            site.prove(0, 100);
            site.world.challenger(&site.job)
        }
        Course::Idle => site.world.challenger(&site.job),
    };
    site.wind_up();
    assert_eq!(site.vault(), 0);

    let attester = &site.set.attesters[0];
    let (pool, bonded) = (site.pool(), site.world.pool(&attester.pool));
    let worth = |state: &sluice_client::StakePool, key: &solana_address::Address, staker| {
        let position = address::position(key, staker);
        let shares = site
            .world
            .chain
            .get(&position)
            .map_or(0, |position: Position| position.shares);
        state.worth(shares).unwrap()
    };
    let wallets = [
        owner,
        site.job.buyer.pubkey(),
        challenger.pubkey(),
        attester.owner.pubkey(),
        site.set.fee_owner.pubkey(),
    ];
    let held = |mint| -> u64 { wallets.iter().map(|key| site.world.tokens(key, mint)).sum() };
    Wealth {
        pay: held(&site.world.pay_mint),
        stake: held(&mint)
            + worth(&pool, &site.provider.pool, &owner)
            + worth(&bonded, &attester.pool, &attester.owner.pubkey()),
        treasury: site
            .world
            .tokens(&site.world.treasury.pubkey(), &site.world.pay_mint),
        outsiders: worth(&pool, &site.provider.pool, &outsider.pubkey()),
        burned: pool.to_burn + bonded.to_burn,
    }
}

/// Checks every course at one corner.
fn check(corner: Corner) {
    let [idle, plain] = [Course::Idle, Course::Plain].map(|course| after(corner, course));
    let disputed = |ruling| after(corner, Course::Disputed(ruling));
    assert_eq!(idle.stake, plain.stake, "{corner:?}");
    assert_eq!(plain.pay + plain.treasury, idle.pay, "{corner:?}");
    // Upheld: the bond went from one pocket to another.
    assert_eq!(disputed(upheld()), plain, "{corner:?}");
    for (ruling, lost) in [
        (void(0), 0),
        (void(corner.bond), corner.bond),
        (lied(0), BOND),
        (lied(corner.bond), corner.bond + BOND),
    ] {
        let end = disputed(ruling);
        let context = format!("{corner:?} {ruling:?} {end:?} {plain:?}");
        // Void: no better than to have proven nothing. Against an undisputed window it saves the treasury's fee on work that
        // nobody is paid for, and loses stake.
        assert_eq!((end.pay, end.treasury), (idle.pay, 0), "{context}");
        assert_eq!(end.burned, lost, "{context}");
        assert!(end.stake <= plain.stake, "{context}");
        assert!(end.outsiders <= plain.outsiders, "{context}");
        // What is lost is lost to everybody; at most a base unit of rounding lies in the pool.
        let all = end.stake + end.outsiders + end.burned;
        let expected = plain.stake + plain.outsiders;
        assert!(expected - all <= 1, "{context}");
        // The hand pays for its own share of the slash, and for all of the attester's.
        let signed = if ruling.signers_lied == 1 { BOND } else { 0 };
        let share = if corner.delegated { 100 } else { 1 };
        assert!(
            plain.stake - end.stake >= ruling.slash / share + signed,
            "{context}"
        );
    }
}

/// Every corner with this fee.
fn corners(fee_bps: u16, delegated: bool) {
    for bond in [0, 9_000 * TOKEN] {
        for challenge_bond in [0, 100_000 * TOKEN] {
            for price in [1, 3 * TOKEN] {
                check(Corner {
                    bond,
                    challenge_bond,
                    price,
                    fee_bps,
                    delegated,
                });
            }
        }
    }
}

#[test]
fn no_dispute_pays_without_fees_and_without_outsiders() {
    corners(0, false);
}

#[test]
fn no_dispute_pays_without_fees_and_with_outsiders_stake() {
    corners(0, true);
}

#[test]
fn no_dispute_pays_with_the_highest_fees_and_without_outsiders() {
    corners(900, false);
}

#[test]
fn no_dispute_pays_with_the_highest_fees_and_with_outsiders_stake() {
    corners(900, true);
}
