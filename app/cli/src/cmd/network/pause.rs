//! `sluice network pause`.

use {
    super::show,
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::Secs,
        session::{Plan, Session},
    },
    clap::{ArgGroup, Args},
    sluice_client::{Ledger, Network, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("what").required(true).args(["for", "lift"]))]
pub struct Pause {
    /// Address of the network.
    network: Address,
    /// How long, 7d at most. The next pause may begin as long after it.
    #[arg(long, value_name = "DURATION")]
    r#for: Option<Secs>,
    /// Lifts the pause that runs.
    #[arg(long)]
    lift: bool,
}

impl Pause {
    /// Pauses or lifts.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let mut network: Network = session.ledger.get(&self.network)?;
        let guardian = session.signer_as("network's guardian", &network.roles.guardian)?;
        let secs = self.r#for.map_or(Ok(0), Secs::short)?;
        if secs == 0 && !self.lift {
            return Err(Failure::input("a pause lasts at least a second"));
        }
        let now = session.now()?;
        let plan = Plan::of(instruction::pause(&guardian.pubkey(), &self.network, secs));
        // What it comes to; a refusal is the program's to name.
        let _ = network.pause(secs, now);
        let fields = Fields::new()
            .with("network", self.network)
            .join(show::pause(&network, now));
        session.execute(plan.signed_by(guardian), fields)
    }
}
