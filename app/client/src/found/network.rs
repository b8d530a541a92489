//! Steps 0001 and 0002: the network, its roles and its parameters.

use {
    super::{
        error::Result,
        step::Step,
        survey::{Stage, Survey, find},
        wanted::{self, Wanted},
    },
    crate::{amount, ledger::Ledger, text::duration, view::network::in_force},
    sluice::state::{Network, NetworkChange},
};

/// Holds the network against the manifest.
pub fn survey(ledger: &impl Ledger, wanted: &Wanted, survey: &mut Survey) -> Result<()> {
    let wanted = &wanted.network;
    let Some(found) = find::<Network>(ledger, &wanted.address)? else {
        let create = Step::CreateNetwork {
            creator: wanted.creator,
            stake_mint: wanted.stake_mint.address,
            dividend_mint: wanted.dividend_mint,
            args: Box::new(wanted.args),
        };
        let what = "create it with its roles and parameters";
        survey.step(wanted.address, what, create);
        return Ok(());
    };
    survey.fixed(
        "network.stake_mint",
        wanted.stake_mint.address,
        found.stake_mint,
    );
    survey.fixed(
        "network.dividend_mint",
        wanted.dividend_mint,
        found.dividend_mint,
    );
    min_unbonding(wanted, &found, survey);
    if wanted.states_dividend_period {
        let shown = |secs: u32| duration(secs.into());
        let (stated, found) = (wanted.args.dividend_secs, found.dividend_secs);
        survey.fixed("network.dividend_period", shown(stated), shown(found));
    }
    survey.done(Stage::Network, wanted.address, "created");
    let handed_over = hand_over(wanted, &found, survey);
    change(ledger, wanted, &found, handed_over, survey)
}

/// It is a floor for ever: as it is stated, or below the unbonding time that is wanted.
fn min_unbonding(wanted: &wanted::Network, found: &Network, survey: &mut Survey) {
    let floor = found.min_unbonding_secs;
    let shown = |secs: u32| duration(secs.into());
    if wanted.states_min_unbonding {
        let stated = wanted.args.min_unbonding_secs;
        survey.fixed("network.min_unbonding", shown(stated), shown(floor));
    } else if wanted.args.params.unbonding_secs < floor {
        survey.conflict(format!(
            "network.parameters.unbonding can never be {}, which the manifest wants: at least {}",
            shown(wanted.args.params.unbonding_secs),
            shown(floor)
        ));
    }
}

/// Makes the wanted admin the admin; true when that is to be done, which drops the pending change.
fn hand_over(wanted: &wanted::Network, found: &Network, survey: &mut Survey) -> bool {
    let (from, to) = (found.roles.admin, wanted.args.roles.admin);
    if from == to {
        return false;
    }
    let step = Step::HandOver {
        network: wanted.address,
        from: (found.pending_admin != to).then_some(from),
        to,
    };
    let what = format!("admin {from} -> {to}");
    survey.step(wanted.address, what, step);
    true
}

/// Brings the other roles and the parameters about: by a proposal, the timelock and its application.
fn change(
    ledger: &impl Ledger,
    wanted: &wanted::Network,
    found: &Network,
    handed_over: bool,
    survey: &mut Survey,
) -> Result<()> {
    let (address, change) = (wanted.address, wanted.change());
    let now = ledger.clock()?.unix_timestamp;
    let pending = found.change_at != 0 && !handed_over && now < found.change_lapses_at();
    if in_force(found) == change {
        let what = if pending && found.change != change {
            "in force; another change is pending"
        } else {
            "in force"
        };
        survey.done(Stage::Parameters, address, what);
        return Ok(());
    }
    let differing = differing(&in_force(found), &change, wanted.stake_mint.decimals);
    if !pending || found.change != change {
        let step = Step::Propose {
            network: address,
            admin: wanted.args.roles.admin,
            change: Box::new(change),
        };
        let timelock = duration(found.params.timelock_secs.into());
        let instead = if pending {
            ", in place of the change that is pending"
        } else {
            ""
        };
        let what =
            format!("propose {differing}{instead}; in force {timelock} later at the earliest");
        survey.step(address, what, step);
    } else if now < found.change_at {
        let what = format!("proposed {differing}");
        survey.waits(Stage::Parameters, address, what, found.change_at);
    } else {
        let step = Step::Apply { network: address };
        survey.step(address, format!("apply {differing}"), step);
    }
    Ok(())
}

/// Every value that differs, as it is and as it is to be.
fn differing(found: &NetworkChange, wanted: &NetworkChange, decimals: u8) -> String {
    let values = |change: &NetworkChange| {
        let params = change.params;
        [
            ("guardian", change.guardian.to_string()),
            ("resolver", change.resolver.to_string()),
            ("treasury", change.treasury.to_string()),
            ("min_stake", amount::format(params.min_stake, decimals)),
            ("min_bond", amount::format(params.min_bond, decimals)),
            ("unbonding", duration(params.unbonding_secs.into())),
            ("timelock", duration(params.timelock_secs.into())),
            ("fee_bps", params.fee_bps.to_string()),
            ("credential", params.identity.credential.to_string()),
            ("schema", params.identity.schema.to_string()),
        ]
    };
    let pairs = values(found).into_iter().zip(values(wanted));
    let differing: Vec<String> = pairs
        .filter(|((_, is), (_, to_be))| is != to_be)
        .map(|((name, is), (_, to_be))| format!("{name} {is} -> {to_be}"))
        .collect();
    differing.join(", ")
}
