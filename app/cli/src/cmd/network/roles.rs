//! `sluice network name-admin` and `accept-admin`.

use {
    crate::{
        failure::Result,
        output::Fields,
        session::{Plan, Session},
    },
    clap::{ArgGroup, Args},
    sluice::constants::NOBODY,
    sluice_client::{Ledger, Network, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("whom").required(true).args(["candidate", "withdraw"]))]
pub struct NameAdmin {
    /// Address of the network.
    network: Address,
    /// The candidate; it becomes the admin when it accepts.
    candidate: Option<Address>,
    /// Withdraws the candidate.
    #[arg(long)]
    withdraw: bool,
}

impl NameAdmin {
    /// Names the candidate, or nobody.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let network: Network = session.ledger.get(&self.network)?;
        let admin = session.signer_as("network's admin", &network.roles.admin)?;
        let candidate = self.candidate.unwrap_or(NOBODY);
        let name = instruction::name_admin(&admin.pubkey(), &self.network, &candidate);
        let fields = Fields::new()
            .with("network", self.network)
            .with("admin", network.roles.admin)
            .with("pending_admin", candidate);
        session.execute(Plan::of(name).signed_by(admin), fields)
    }
}

#[derive(Args, Debug)]
pub struct AcceptAdmin {
    /// Address of the network.
    network: Address,
}

impl AcceptAdmin {
    /// Makes the signer the admin.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let network: Network = session.ledger.get(&self.network)?;
        let candidate = session.signer_as("candidate for admin", &network.pending_admin)?;
        let fields = Fields::new()
            .with("network", self.network)
            .with("admin", candidate.pubkey())
            .with("dropped_change", network.change_at != 0);
        let accept = instruction::accept_admin(&candidate.pubkey(), &self.network);
        session.execute(Plan::of(accept).signed_by(candidate), fields)
    }
}
