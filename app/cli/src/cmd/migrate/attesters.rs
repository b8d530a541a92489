//! Steps 0003 and 0004: attesters and the stake behind them.

use {
    super::{
        act::Act,
        survey::{State, Step, Survey, find},
        wanted::{self, Wanted},
    },
    crate::{cmd::job::inconsistent, failure::Result, session::Session},
    sluice_client::{
        Attester, Ledger, Position, StakePool, address, amount, view::stake::PositionView,
    },
    solana_address::Address,
};

/// After a slash a deposit may be worth so many base units less: one for its shares and one for their worth, both rounded down.
const ROUNDING: u64 = 2;

/// Holds the attesters against the manifest.
pub fn survey(session: &Session<impl Ledger>, wanted: &Wanted, survey: &mut Survey) -> Result<()> {
    let network = wanted.network.address;
    for attester in &wanted.attesters {
        let Some(found) = find::<Attester>(session, &attester.address)? else {
            let act = Act::Register {
                network,
                owner: attester.owner,
                key: attester.key,
            };
            let what = format!("register the key {}", attester.key);
            survey.add(Step::Attesters, attester.address, what, State::Due(act));
            continue;
        };
        let field = format!("the owner of attester {}", attester.key);
        survey.fixed(&field, attester.owner, found.owner);
        survey.add(Step::Attesters, attester.address, "registered", State::Done);
    }
    for attester in wanted.attesters.iter().filter(|wanted| wanted.stake > 0) {
        stake(session, wanted, attester, survey)?;
    }
    Ok(())
}

fn stake(
    session: &Session<impl Ledger>,
    wanted: &Wanted,
    attester: &wanted::Attester,
    survey: &mut Survey,
) -> Result<()> {
    let mint = wanted.network.stake_mint;
    let active = active(session, &attester.address, &attester.owner)?;
    let missing = attester.stake.saturating_sub(active);
    if missing == 0 || (active > 0 && missing <= ROUNDING) {
        let what = format!("{} staked", amount::format(active, mint.decimals));
        survey.add(Step::Stake, attester.address, what, State::Done);
        return Ok(());
    }
    let act = Act::Stake {
        attester: attester.address,
        owner: attester.owner,
        mint,
        base: missing,
    };
    let what = format!(
        "stake {} more, to {}",
        amount::format(missing, mint.decimals),
        amount::format(attester.stake, mint.decimals)
    );
    survey.add(Step::Stake, attester.address, what, State::Due(act));
    Ok(())
}

/// What the owner's active shares behind the attester are worth, base units.
fn active(session: &Session<impl Ledger>, attester: &Address, owner: &Address) -> Result<u64> {
    let key = address::stake_pool(attester);
    let Some(pool) = find::<StakePool>(session, &key)? else {
        return Ok(0);
    };
    let Some(position) = find::<Position>(session, &address::position(&key, owner))? else {
        return Ok(0);
    };
    let view =
        PositionView::of(&pool, &position, session.now()?).ok_or_else(|| inconsistent(&key)(()))?;
    Ok(view.active)
}
