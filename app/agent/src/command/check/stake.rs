//! Stake behind a provider or an attester.

use {
    super::{money::unread, report::Report, standing::Rented},
    crate::chain::{self, Chain},
    sluice_client::{
        Address, Attester, Ledger, Network, Position, StakePool, Standing, address, amount,
    },
};

/// Enough of the owner's stake stands behind the provider, and is free for the bond of another job.
pub fn provider(
    chain: &Chain<impl Ledger>,
    network: &Network,
    rented: &Rented,
    bond: u64,
    report: &mut Report,
) {
    let own = match own_stake(chain, &rented.key, &rented.provider.owner) {
        Ok(own) => own,
        Err(error) => return unread("stake", &error, report),
    };
    let shown = |base| amount::format(base, own.decimals);
    let least = network.params.min_stake;
    let said = format!(
        "{} tokens of the owner's, of which bonds hold {}; the network asks for {}",
        shown(own.worth),
        shown(own.locked),
        shown(least)
    );
    let lacking = least.saturating_sub(own.worth);
    if lacking > 0 || own.is_dead {
        return report.fail("stake", said, deposit(&rented.key, &shown(lacking)));
    }
    let lacking = bond.saturating_sub(own.worth.saturating_sub(own.locked));
    if lacking > 0 {
        let lacking = shown(lacking);
        return report.warn(
            "stake",
            format!(
                "{said}; no offer can be taken now, for its bond is {}",
                shown(bond)
            ),
            deposit(&rented.key, &lacking),
        );
    }
    report.ok("stake", said);
}

fn deposit(subject: &Address, lacking: &str) -> String {
    format!("Have the owner stake what is missing: `sluice stake deposit {subject} {lacking}`.")
}

/// An owner's stake behind its own provider or attester.
struct Own {
    worth: u64,
    locked: u64,
    decimals: u8,
    is_dead: bool,
}

fn own_stake(chain: &Chain<impl Ledger>, subject: &Address, owner: &Address) -> chain::Result<Own> {
    let address = address::stake_pool(subject);
    let Some(pool) = chain.find::<StakePool>(&address)? else {
        return Ok(Own {
            worth: 0,
            locked: 0,
            decimals: stake_decimals(chain)?,
            is_dead: false,
        });
    };
    let position = chain.find::<Position>(&address::position(&address, owner))?;
    let shares = position.map_or(0, |position| position.shares);
    Ok(Own {
        worth: pool.worth(shares).unwrap_or_default(),
        locked: pool.locked,
        decimals: pool.decimals,
        is_dead: pool.is_dead().unwrap_or_default(),
    })
}

fn stake_decimals(chain: &Chain<impl Ledger>) -> chain::Result<u8> {
    let network = chain.ledger.get::<Network>(&chain.network)?;
    Ok(chain.ledger.mint(&network.stake_mint)?.decimals)
}

/// The bond is there, and was not lost.
pub fn attester(
    chain: &Chain<impl Ledger>,
    network: &Network,
    (key, attester): &(Address, Attester),
    report: &mut Report,
) {
    if attester.standing == Standing::Tombstoned.byte() {
        return report.fail(
            "bond",
            "the attester signed two statements about one window: it never enters a set again",
            "Register another key: `sluice-agent init attester` makes one.",
        );
    }
    let own = match own_stake(chain, key, &attester.owner) {
        Ok(own) => own,
        Err(error) => return unread("bond", &error, report),
    };
    let shown = |base| amount::format(base, own.decimals);
    let least = network.params.min_bond;
    let said = format!(
        "{} tokens of the owner's, bonded {}; the network asks for {}",
        shown(own.worth),
        shown(attester.bond),
        shown(least)
    );
    if attester.standing == Standing::Slashed.byte() {
        report.fail(
            "bond",
            format!("{said}; the bond was lost by a ruling"),
            "Leave every set and enter others with a new bond, once it is known why: see `sluice-agent status`.",
        );
    } else if own.worth < least {
        let lacking = shown(least.saturating_sub(own.worth));
        report.fail("bond", said, deposit(key, &lacking));
    } else if attester.is_bonded() && attester.bond < least {
        report.warn(
            "bond",
            said,
            "Nothing has to be done: the bond rises to the network's when a set is entered next.",
        );
    } else {
        report.ok("bond", said);
    }
}
