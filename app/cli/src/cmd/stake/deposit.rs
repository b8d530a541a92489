//! `sluice stake deposit`.

use {
    super::subject,
    crate::{
        failure::Result,
        output::Fields,
        session::{Plan, Session, VAULT_LEN, size},
    },
    clap::Args,
    sluice_client::{Ledger, Network, Position, StakePool, address, amount, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args)]
pub struct Deposit {
    /// Address of the provider's or attester's account.
    subject: Address,
    /// Token units of the network's stake mint.
    amount: String,
}

impl Deposit {
    /// Stakes the amount.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let (network_key, owner) = subject(session, &self.subject)?;
        let staker = session.signer_as("owner of what is staked behind", &owner)?;
        let payer = session.payer()?.pubkey();
        let network: Network = session.ledger.get(&network_key)?;
        let mint = session.mint(&network.stake_mint)?;
        let base = amount::parse(&self.amount, mint.decimals)?;
        session.require_tokens(&owner, &mint, base)?;
        let pool = address::stake_pool(&self.subject);
        let position = address::position(&pool, &owner);
        let mut plan = Plan::default();
        if session.ledger.account(&pool)?.is_none() {
            plan.push(instruction::create_stake_pool(
                &payer,
                &network_key,
                &self.subject,
                &mint.address,
                &mint.token_program,
            ));
            plan = plan.creating(size::<StakePool>()).creating(VAULT_LEN);
        }
        if session.ledger.account(&position)?.is_none() {
            plan.push(instruction::open_position(&payer, &owner, &pool));
            plan = plan.creating(size::<Position>());
        }
        plan.push(instruction::stake(
            &owner,
            &network_key,
            &pool,
            &mint.address,
            &mint.token_program,
            base,
        ));
        let fields = Fields::new()
            .with("pool", pool)
            .with("position", position)
            .tokens("staked", base, mint.decimals);
        session.execute(plan.signed_by(staker), fields)
    }
}
