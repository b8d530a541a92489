//! `sluice network show`.

use {
    crate::{
        failure::{Result, gone},
        output::{Fields, Value},
        session::Session,
    },
    clap::Args,
    sluice_client::{
        Ledger, Network, NetworkChange,
        foreign::Foreign,
        view::network::{ChangeState, in_force},
    },
    solana_address::Address,
};

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the network.
    network: Address,
}

impl Show {
    /// Shows the network.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let found = session.ledger.get(&self.network);
        let network: Network = found.map_err(gone("network", &self.network))?;
        figures(session, &self.network, &network, session.now()?)
    }
}

/// A network at `now`.
pub fn figures(
    session: &Session<impl Ledger>,
    address: &Address,
    network: &Network,
    now: i64,
) -> Result<Fields> {
    let decimals = session.mint(&network.stake_mint)?.decimals;
    let fields = Fields::new()
        .with("network", *address)
        .with("name", Foreign::padded(&network.name))
        .with("stake_mint", network.stake_mint)
        .with("dividend_mint", network.dividend_mint)
        .detail("domain", network.domain)
        .section("Roles")
        .with("creator", network.creator)
        .with("admin", network.roles.admin)
        .with("pending_admin", network.pending_admin)
        .unless_nothing()
        .join(roles(&in_force(network)))
        .section("Parameters")
        .join(params(&in_force(network), decimals))
        .secs("min_unbonding", network.min_unbonding_secs)
        .secs("dividend_period", network.dividend_secs)
        .section("Pause")
        .join(pause(network, now))
        .section("Change");
    let change = ChangeState::of(network, now).map(|state| {
        values(&network.change, decimals)
            .join(dates(network))
            .with("state", state.name())
    });
    Ok(fields
        .with("pending_change", change)
        .unless_nothing()
        .in_mint(&network.stake_mint))
}

/// The values of a change; `decimals` are the stake mint's.
pub fn values(change: &NetworkChange, decimals: u8) -> Fields {
    roles(change).join(params(change, decimals))
}

fn roles(change: &NetworkChange) -> Fields {
    Fields::new()
        .with("guardian", change.guardian)
        .with("resolver", change.resolver)
        .with("treasury", change.treasury)
}

fn params(change: &NetworkChange, decimals: u8) -> Fields {
    let params = change.params;
    Fields::new()
        .tokens("min_stake", params.min_stake, decimals)
        .tokens("min_bond", params.min_bond, decimals)
        .secs("unbonding", params.unbonding_secs)
        .secs("timelock", params.timelock_secs)
        .with("fee_bps", params.fee_bps)
        .with("credential", params.identity.credential)
        .unless_nothing()
        .with("schema", params.identity.schema)
        .unless_nothing()
}

/// Between which dates the pending change can be applied.
pub fn dates(network: &Network) -> Fields {
    Fields::new()
        .date("applicable_from", network.change_at)
        .date("lapses_at", network.change_lapses_at())
}

/// Whether intake is paused, until when, and when it can be again; nothing where there is no such date.
pub fn pause(network: &Network, now: i64) -> Fields {
    let paused = network.is_paused(now);
    let next = network.next_pause_at();
    Fields::new()
        .with("paused", paused)
        .with(
            "paused_until",
            paused.then_some(Value::Date(network.paused_until)),
        )
        .with("next_pause_from", (now < next).then_some(Value::Date(next)))
}
