//! Steps 0001 and 0002: the network, its roles and its parameters.

use {
    super::{
        act::Act,
        survey::{State, Step, Survey, find},
        wanted::{self, Wanted},
    },
    crate::{cmd::network::show, failure::Result, parse, session::Session},
    sluice_client::{Ledger, Network, NetworkChange, amount},
};

/// Holds the network against the manifest.
pub fn survey(session: &Session<impl Ledger>, wanted: &Wanted, survey: &mut Survey) -> Result<()> {
    let wanted = &wanted.network;
    let Some(found) = find::<Network>(session, &wanted.address)? else {
        let act = Act::CreateNetwork {
            creator: wanted.creator,
            stake_mint: wanted.stake_mint.address,
            dividend_mint: wanted.dividend_mint,
            args: Box::new(wanted.args),
        };
        survey.add(
            Step::Network,
            wanted.address,
            "create it with its roles and parameters",
            State::Due(act),
        );
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
        let shown = |secs: u32| parse::duration(secs.into());
        let (stated, found) = (wanted.args.dividend_secs, found.dividend_secs);
        survey.fixed("network.dividend_period", shown(stated), shown(found));
    }
    survey.add(Step::Network, wanted.address, "created", State::Done);
    let handed_over = hand_over(wanted, &found, survey);
    change(session, wanted, &found, handed_over, survey)
}

/// It is a floor for ever: as it is stated, or below the unbonding time that is wanted.
fn min_unbonding(wanted: &wanted::Network, found: &Network, survey: &mut Survey) {
    let floor = found.min_unbonding_secs;
    let shown = |secs: u32| parse::duration(secs.into());
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
    let act = Act::HandOver {
        network: wanted.address,
        from: (found.pending_admin != to).then_some(from),
        to,
    };
    let what = format!("admin {from} -> {to}");
    survey.add(Step::Parameters, wanted.address, what, State::Due(act));
    true
}

/// Brings the other roles and the parameters about: by a proposal, the timelock and its application.
fn change(
    session: &Session<impl Ledger>,
    wanted: &wanted::Network,
    found: &Network,
    handed_over: bool,
    survey: &mut Survey,
) -> Result<()> {
    let (address, change) = (wanted.address, wanted.change());
    let now = session.now()?;
    let pending = found.change_at != 0 && !handed_over && now < found.change_lapses_at();
    let mut add = |what: String, state| survey.add(Step::Parameters, address, what, state);
    if show::in_force(found) == change {
        let what = if pending && found.change != change {
            "in force; another change is pending"
        } else {
            "in force"
        };
        add(what.to_owned(), State::Done);
        return Ok(());
    }
    let differing = differing(&show::in_force(found), &change, wanted.stake_mint.decimals);
    if !pending || found.change != change {
        let act = Act::Propose {
            network: address,
            admin: wanted.args.roles.admin,
            change: Box::new(change),
        };
        let timelock = parse::duration(found.params.timelock_secs.into());
        let instead = if pending {
            ", in place of the change that is pending"
        } else {
            ""
        };
        let what =
            format!("propose {differing}{instead}; in force {timelock} later at the earliest");
        add(what, State::Due(act));
    } else if now < found.change_at {
        add(
            format!("proposed {differing}"),
            State::Waits(found.change_at),
        );
    } else {
        let act = Act::Apply { network: address };
        add(format!("apply {differing}"), State::Due(act));
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
            ("unbonding", parse::duration(params.unbonding_secs.into())),
            ("timelock", parse::duration(params.timelock_secs.into())),
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
