//! `sluice network create`.

use {
    crate::{
        cmd::step,
        failure::Result,
        output::Fields,
        parse::{Bps, Hex32, Secs},
        session::Session,
    },
    clap::Args,
    sluice::constants::NOBODY,
    sluice_client::{
        Identity, Ledger, NetworkArgs, NetworkParams, NetworkRoles, address, amount,
        found::{Error, Step},
        instruction::{DIVIDEND_SECS, random_nonce, shortest_timelock},
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Create {
    /// Up to 16 bytes; with the creator's key it is the network's address.
    name: String,
    /// Mint of stake and bonds; never wrapped SOL.
    #[arg(long, value_name = "MINT")]
    stake_mint: Address,
    /// Mint of stakers' dividends; by default the stake mint.
    #[arg(long, value_name = "MINT")]
    dividend_mint: Option<Address>,
    /// Changes the parameters; by default the creator.
    #[arg(long, value_name = "KEY")]
    admin: Option<Address>,
    /// Pauses intake; by default the creator.
    #[arg(long, value_name = "KEY")]
    guardian: Option<Address>,
    /// Rules challenges; by default the creator.
    #[arg(long, value_name = "KEY")]
    resolver: Option<Address>,
    /// Receives the network's fees; by default the creator.
    #[arg(long, value_name = "KEY")]
    treasury: Option<Address>,
    /// Stake a provider needs to accept a job, token units.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    min_stake: String,
    /// Stake an attester locks while it is live, token units.
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    min_bond: String,
    /// Time between unstake and withdraw.
    #[arg(long, value_name = "DURATION", default_value = "7d")]
    unbonding: Secs,
    /// Floor of the unbonding time for ever, and bound of the times in jobs' terms; by default the unbonding time.
    #[arg(long, value_name = "DURATION")]
    min_unbonding: Option<Secs>,
    /// How long a period of dividends lasts, 1 to 30 days, for ever: what comes in during one streams out through the next; by
    /// default 7 days.
    #[arg(long, value_name = "DURATION")]
    dividend_period: Option<Secs>,
    /// Time a parameter change waits; by default the longer of two days and the unbonding time.
    #[arg(long, value_name = "DURATION")]
    timelock: Option<Secs>,
    /// Fee on what providers earn, basis points or `1.5%`.
    #[arg(long, value_name = "BPS", default_value = "0")]
    fee_bps: Bps,
    /// Credential of the Solana Attestation Service: who must vouch for a provider's owner; by default nobody is asked.
    #[arg(long, value_name = "ADDRESS", requires = "schema")]
    credential: Option<Address>,
    /// Schema of that credential: what is vouched for.
    #[arg(long, value_name = "ADDRESS", requires = "credential")]
    schema: Option<Address>,
    /// Makes the network's domain unique, 64 hexadecimal digits; by default random.
    #[arg(long, value_name = "HEX")]
    domain_nonce: Option<Hex32>,
}

impl Create {
    /// Creates the network.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let creator = session.signer()?;
        let name = address::network_name(&self.name).filter(|_| !self.name.is_empty());
        let name = name.ok_or(Error::NameLength)?;
        let network = address::network(&creator.pubkey(), &name);
        session.require_absent("network", &network)?;
        let dividend_mint = self.dividend_mint.unwrap_or(self.stake_mint);
        session.deposit_mint(&dividend_mint)?;
        let decimals = session.deposit_mint(&self.stake_mint)?.decimals;
        let unbonding_secs = self.unbonding.short()?;
        let args = NetworkArgs {
            name,
            nonce: self.domain_nonce.map_or_else(random_nonce, |nonce| nonce.0),
            roles: NetworkRoles {
                admin: self.admin.unwrap_or(creator.pubkey()),
                guardian: self.guardian.unwrap_or(creator.pubkey()),
                resolver: self.resolver.unwrap_or(creator.pubkey()),
                treasury: self.treasury.unwrap_or(creator.pubkey()),
            },
            params: NetworkParams {
                min_stake: amount::parse(&self.min_stake, decimals)?,
                min_bond: amount::parse(&self.min_bond, decimals)?,
                unbonding_secs,
                timelock_secs: match self.timelock {
                    Some(timelock) => timelock.short()?,
                    None => shortest_timelock(unbonding_secs),
                },
                fee_bps: self.fee_bps.0,
                reserve: [0; 6],
                identity: Identity {
                    credential: self.credential.unwrap_or(NOBODY),
                    schema: self.schema.unwrap_or(NOBODY),
                },
            },
            min_unbonding_secs: self.min_unbonding.unwrap_or(self.unbonding).short()?,
            dividend_secs: self
                .dividend_period
                .map_or(Ok(DIVIDEND_SECS), Secs::short)?,
        };
        let create = Step::CreateNetwork {
            creator: creator.pubkey(),
            stake_mint: self.stake_mint,
            dividend_mint,
            args: Box::new(args),
        };
        let plan = step::plan(session, &create, vec![creator])?;
        session.execute(plan, Fields::new().with("network", network))
    }
}
