//! `sluice attester-set`.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::Hex32,
        session::{Plan, Session, size},
    },
    clap::{Args, Subcommand},
    sluice::constants::NOBODY,
    sluice_client::{AttesterSet, Ledger, Network, SetArgs, address, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Creates a set; its address is the hash of its contents, and its members go live by `attester enter`.
    Create(Create),
    /// Shows a set and which members are live.
    Show(Show),
}

#[derive(Args, Debug)]
pub struct Create {
    /// Network the set serves.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Address,
    /// A member's key; repeat for each, in any order.
    #[arg(long = "key", value_name = "KEY", required = true)]
    keys: Vec<Address>,
    /// Members that must sign a statement, 1 to 5.
    #[arg(long)]
    threshold: u8,
    /// Hash of what a unit is and how it is measured, 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    meter: Hex32,
    /// Attestation fee on what providers earn, basis points.
    #[arg(long, value_name = "BPS", default_value_t = 0)]
    fee_bps: u16,
    /// Receives the attestation fee; by default the payer.
    #[arg(long, value_name = "KEY")]
    fee_owner: Option<Address>,
    /// May remove members; by default the network's guardian.
    #[arg(long, value_name = "KEY")]
    revoker: Option<Address>,
}

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the set.
    set: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Create(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
        }
    }
}

impl Create {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let payer = session.payer()?.pubkey();
        let network: Network = session.ledger.get(&self.network)?;
        let (keys, count) = members(&self.keys)?;
        let args = SetArgs {
            meter: self.meter.0,
            fee_owner: self.fee_owner.unwrap_or(payer),
            revoker: self.revoker.unwrap_or(network.roles.guardian),
            fee_bps: self.fee_bps,
            threshold: self.threshold,
            count,
            keys,
        };
        let set = address::attester_set(&self.network, &args.digest());
        session.require_absent("attester set", &set)?;
        let plan = plan(session, &self.network, args)?;
        session.execute(plan, Fields::new().with("set", set))
    }
}

/// The keys of a set in their order, and their number.
pub fn members(given: &[Address]) -> Result<([Address; 16], u8)> {
    let wrong = || Failure::input("a set has between 1 and 16 members");
    let mut keys = [NOBODY; 16];
    let members = keys.get_mut(..given.len()).ok_or_else(wrong)?;
    members.copy_from_slice(given);
    members.sort_by_key(Address::to_bytes);
    let count = u8::try_from(given.len()).map_err(|_| wrong())?;
    Ok((keys, count))
}

/// Creates a set.
pub fn plan(session: &Session<impl Ledger>, network: &Address, args: SetArgs) -> Result<Plan> {
    let payer = session.payer()?.pubkey();
    let create = instruction::create_attester_set(&payer, network, args);
    Ok(Plan::of(create).creating(size::<AttesterSet>()))
}

impl Show {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let set: AttesterSet = session.ledger.get(&self.set)?;
        let members: Vec<Fields> = set
            .keys
            .iter()
            .take(usize::from(set.count))
            .zip(0..)
            .map(|(key, index)| {
                Fields::new()
                    .with("index", index)
                    .with("key", *key)
                    .with("live", set.live_member(index).is_some())
            })
            .collect();
        Ok(Fields::new()
            .with("set", self.set)
            .with("network", set.network)
            .with("threshold", set.threshold)
            .with("live", u64::from(set.live.count_ones()))
            .with("quorum", set.has_quorum())
            .with("fee_bps", set.fee_bps)
            .with("fee_owner", set.fee_owner)
            .with("revoker", set.revoker)
            .with("meter", set.meter)
            .with("members", members))
    }
}
