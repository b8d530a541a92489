//! `sluice network propose` and `apply`.

use {
    super::show,
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::{Bps, Secs},
        session::{Plan, Session},
    },
    clap::{ArgGroup, Args},
    sluice_client::{
        Identity, Ledger, Network, NetworkChange, NetworkParams, amount, instruction,
        view::network::{ChangeState, in_force},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("change").required(true).multiple(true).args([
    "guardian", "resolver", "treasury", "min_stake", "min_bond", "unbonding", "timelock", "fee_bps", "credential", "no_identity",
]))]
pub struct Propose {
    /// Address of the network.
    network: Address,
    /// Pauses intake; by default as it is now.
    #[arg(long, value_name = "KEY")]
    guardian: Option<Address>,
    /// Rules challenges; by default as it is now.
    #[arg(long, value_name = "KEY")]
    resolver: Option<Address>,
    /// Receives the network's fees; by default as it is now.
    #[arg(long, value_name = "KEY")]
    treasury: Option<Address>,
    /// Stake a provider needs to accept a job, token units; by default as it is now.
    #[arg(long, value_name = "AMOUNT")]
    min_stake: Option<String>,
    /// Stake an attester locks while it is live, token units; by default as it is now.
    #[arg(long, value_name = "AMOUNT")]
    min_bond: Option<String>,
    /// Time between unstake and withdraw; by default as it is now.
    #[arg(long, value_name = "DURATION")]
    unbonding: Option<Secs>,
    /// Time a change waits; by default as it is now.
    #[arg(long, value_name = "DURATION")]
    timelock: Option<Secs>,
    /// Fee on what providers earn, basis points or `1.5%`; by default as it is now.
    #[arg(long, value_name = "BPS")]
    fee_bps: Option<Bps>,
    /// Credential of the Solana Attestation Service: who must vouch for a provider's owner; by default as it is now.
    #[arg(long, value_name = "ADDRESS", requires = "schema")]
    credential: Option<Address>,
    /// Schema of that credential: what is vouched for.
    #[arg(long, value_name = "ADDRESS", requires = "credential")]
    schema: Option<Address>,
    /// Asks nobody to vouch any more.
    #[arg(long, conflicts_with = "credential")]
    no_identity: bool,
}

impl Propose {
    /// Proposes what the options say and, for the rest, what is in force.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let mut network: Network = session.ledger.get(&self.network)?;
        let admin = session.signer_as("network's admin", &network.roles.admin)?;
        let decimals = session.mint(&network.stake_mint)?.decimals;
        let change = self.change(&network, decimals)?;
        let now = session.now()?;
        let pending = ChangeState::of(&network, now).filter(|state| *state != ChangeState::Lapsed);
        if pending.is_none() && change == in_force(&network) {
            return Err(Failure::input(
                "all of this is in force already, and no change is pending that it would take back",
            ));
        }
        let dropped = pending.map(|_| show::values(&network.change, decimals));
        // Dated as it will be, give or take the time that sending takes.
        network.change = change;
        network.change_at = now.saturating_add(i64::from(network.params.timelock_secs));
        let propose = instruction::propose_change(&admin.pubkey(), &self.network, change);
        let fields = Fields::new()
            .with("network", self.network)
            .join(show::values(&change, decimals))
            .join(show::dates(&network))
            .with("dropped_change", dropped)
            .unless_nothing();
        let mut plan = Plan::of(propose).signed_by(admin);
        if pending.is_some() {
            plan = plan.irreversible("drops the change that is pending");
        }
        session.execute(plan, fields)
    }

    fn change(&self, network: &Network, decimals: u8) -> Result<NetworkChange> {
        let (roles, params) = (network.roles, network.params);
        let tokens = |text: &Option<String>, now: u64| match text {
            Some(text) => amount::parse(text, decimals),
            None => Ok(now),
        };
        let secs = |given: Option<Secs>, now: u32| given.map_or(Ok(now), Secs::short);
        Ok(NetworkChange {
            params: NetworkParams {
                min_stake: tokens(&self.min_stake, params.min_stake)?,
                min_bond: tokens(&self.min_bond, params.min_bond)?,
                unbonding_secs: secs(self.unbonding, params.unbonding_secs)?,
                timelock_secs: secs(self.timelock, params.timelock_secs)?,
                fee_bps: self.fee_bps.map_or(params.fee_bps, |bps| bps.0),
                reserve: [0; 6],
                identity: self.identity(params.identity),
            },
            guardian: self.guardian.unwrap_or(roles.guardian),
            resolver: self.resolver.unwrap_or(roles.resolver),
            treasury: self.treasury.unwrap_or(roles.treasury),
        })
    }
}

impl Propose {
    fn identity(&self, now: Identity) -> Identity {
        match (self.credential, self.schema) {
            (Some(credential), Some(schema)) => Identity { credential, schema },
            _ if self.no_identity => Identity::NONE,
            _ => now,
        }
    }
}

#[derive(Args, Debug)]
pub struct Apply {
    /// Address of the network.
    network: Address,
}

impl Apply {
    /// Applies the pending change.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let network: Network = session.ledger.get(&self.network)?;
        let decimals = session.mint(&network.stake_mint)?.decimals;
        let anyone = session.signer()?;
        let apply = instruction::apply_change(&anyone.pubkey(), &self.network);
        let fields = Fields::new()
            .with("network", self.network)
            .join(show::values(&network.change, decimals));
        session.execute(Plan::of(apply).signed_by(anyone), fields)
    }
}
