//! `sluice provider`.

use {
    crate::{
        failure::Result,
        output::Fields,
        session::{Plan, Session, size},
    },
    clap::{Args, Subcommand},
    sluice_client::{Ledger, Network, Provider, address, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand)]
pub enum Verb {
    /// Registers the signer as a provider and payee of everything it earns.
    Register(Register),
    /// Shows a provider and its record.
    Show(Show),
}

#[derive(Args)]
pub struct Register {
    /// Network to register in.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Address,
    /// Hot key that accepts jobs; by default the owner.
    #[arg(long, value_name = "KEY")]
    operator: Option<Address>,
}

#[derive(Args)]
pub struct Show {
    /// Address of the provider's account.
    provider: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Register(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
        }
    }
}

impl Register {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let owner = session.signer()?;
        session.ledger.get::<Network>(&self.network)?;
        let provider = address::provider(&self.network, &owner.pubkey());
        session.require_absent("provider", &provider)?;
        let operator = self.operator.unwrap_or(owner.pubkey());
        let plan = Plan::of(instruction::register_provider(
            &session.payer()?.pubkey(),
            &owner.pubkey(),
            &operator,
            &self.network,
        ));
        let fields = Fields::new()
            .with("provider", provider)
            .with("owner", owner.pubkey())
            .with("operator", operator);
        session.execute(plan.signed_by(owner).creating(size::<Provider>()), fields)
    }
}

impl Show {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let provider: Provider = session.ledger.get(&self.provider)?;
        Ok(Fields::new()
            .with("provider", self.provider)
            .with("network", provider.network)
            .with("owner", provider.owner)
            .with("operator", provider.operator)
            .with("nodes", provider.nodes)
            .with("commission_bps", provider.commission_bps)
            .with("quorum_windows", provider.quorum_windows)
            .with("jobs_completed", provider.jobs_completed)
            .with("slashes", provider.slashes))
    }
}
