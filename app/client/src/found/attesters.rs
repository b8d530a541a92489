//! Steps 0003 and 0004: attesters and the stake behind them.

use {
    super::{
        error::Result,
        step::{Deposit, Step},
        survey::{Stage, Survey, find},
        wanted::{self, Wanted},
    },
    crate::{address, amount, error::ClientError, ledger::Ledger, view::stake::PositionView},
    sluice::state::{Attester, Position, StakePool},
    solana_address::Address,
};

/// After a slash a deposit may be worth so many base units less: one for its shares and one for their worth, both rounded down.
const ROUNDING: u64 = 2;

/// Holds the attesters against the manifest.
pub fn survey(ledger: &impl Ledger, wanted: &Wanted, survey: &mut Survey) -> Result<()> {
    let network = wanted.network.address;
    for attester in &wanted.attesters {
        let Some(found) = find::<Attester>(ledger, &attester.address)? else {
            let step = Step::Register {
                network,
                owner: attester.owner,
                key: attester.key,
            };
            let what = format!("register the key {}", attester.key);
            survey.step(attester.address, what, step);
            continue;
        };
        let field = format!("the owner of attester {}", attester.key);
        survey.fixed(&field, attester.owner, found.owner);
        survey.done(Stage::Attesters, attester.address, "registered");
    }
    for attester in wanted.attesters.iter().filter(|wanted| wanted.stake > 0) {
        stake(ledger, wanted, attester, survey)?;
    }
    Ok(())
}

fn stake(
    ledger: &impl Ledger,
    wanted: &Wanted,
    attester: &wanted::Attester,
    survey: &mut Survey,
) -> Result<()> {
    let mint = wanted.network.stake_mint;
    let active = active(ledger, &attester.address, &attester.owner)?;
    let missing = attester.stake.saturating_sub(active);
    if missing == 0 || (active > 0 && missing <= ROUNDING) {
        let what = format!("{} staked", amount::format(active, mint.decimals));
        survey.done(Stage::Stake, attester.address, what);
        return Ok(());
    }
    let step = Step::Stake {
        network: wanted.network.address,
        attester: attester.address,
        deposit: Deposit {
            owner: attester.owner,
            mint,
            base: missing,
        },
    };
    let what = format!(
        "stake {} more, to {}",
        amount::format(missing, mint.decimals),
        amount::format(attester.stake, mint.decimals)
    );
    survey.step(attester.address, what, step);
    Ok(())
}

/// What the owner's active shares behind the attester are worth, base units.
fn active(ledger: &impl Ledger, attester: &Address, owner: &Address) -> Result<u64> {
    let key = address::stake_pool(attester);
    let Some(pool) = find::<StakePool>(ledger, &key)? else {
        return Ok(0);
    };
    let Some(position) = find::<Position>(ledger, &address::position(&key, owner))? else {
        return Ok(0);
    };
    let now = ledger.clock()?.unix_timestamp;
    let view = PositionView::of(&pool, &position, now)
        .ok_or_else(|| ClientError::Rpc(format!("the account {key} is inconsistent").into()))?;
    Ok(view.active)
}
