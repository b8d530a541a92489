//! `sluice stake deposit`.

use {
    super::{Target, pool::provider},
    crate::{
        cmd::provider::commission,
        failure::Result,
        keys::Key,
        output::Fields,
        session::{Plan, Session, VAULT_LEN, funds_of, size},
    },
    clap::Args,
    sluice_client::{
        Ledger, Network, Position, Provider, StakePool, address, amount,
        instruction::{self, token::Mint},
        text,
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
#[command(allow_missing_positional = true)]
pub struct Deposit {
    /// Address of the provider's or attester's account, or of its stake pool; by default the signer's only provider.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "SUBJECT"
    )]
    subject: Option<Address>,
    /// Token units of the network's stake mint.
    amount: String,
}

impl Deposit {
    /// Stakes the amount.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let target = Target::owned(session, self.subject)?;
        let signer = session.signer()?;
        let staker = signer.pubkey();
        let funds = target.pool.map(|pool| funds_of(&staker, &pool.mint));
        let wanted = [
            target.network,
            target.subject,
            address::position(&target.key, &staker),
        ];
        session.gather(wanted.into_iter().chain(funds.into_iter().flatten()))?;
        let mint = stake_mint(session, &target)?;
        let base = amount::parse(&self.amount, mint.decimals)?;
        let mut fields = opened(&target, &staker).of_mint("staked", base, &mint);
        let mut plan = deposit(session, &target, signer, &mint, base)?;
        if let Some(provider) = provider(session, &target.subject)? {
            let now = session.now()?;
            fields = fields.join(commission(&provider, now));
            let most = most_commission(&provider, now);
            if target.owner != staker && most > DEAR_BPS {
                let keeps = format!(
                    "stakes behind a provider that keeps {} of its delegators' rewards",
                    text::percent(most.into())
                );
                fields = fields.with("warning", keeps.clone());
                plan = plan.irreversible(keeps);
            }
        }
        session.execute(plan, fields)
    }
}

/// A commission above this is said before anybody stakes, basis points.
const DEAR_BPS: u16 = 5_000;

/// The higher of the commission in force and the one that follows it, basis points.
fn most_commission(provider: &Provider, now: i64) -> u16 {
    let in_force = provider.commission(now);
    if now < provider.commission_at {
        in_force.max(provider.pending_commission_bps)
    } else {
        in_force
    }
}

/// Stakes `base` units of the stake mint, from the staker's associated account.
fn deposit(
    session: &Session<impl Ledger>,
    target: &Target,
    signer: Key,
    mint: &Mint,
    base: u64,
) -> Result<Plan> {
    let staker = signer.pubkey();
    let plan = session.cover(&signer, mint, base)?;
    let mut plan = plan.join(opening(session, target, &staker, mint)?);
    plan.push(instruction::stake(
        &session.payer()?.pubkey(),
        &staker,
        &target.network,
        &target.key,
        &mint.address,
        &mint.token_program,
        base,
    ));
    Ok(plan.signed_by(signer))
}

fn stake_mint(session: &Session<impl Ledger>, target: &Target) -> Result<Mint> {
    let network: Network = session.ledger.get(&target.network)?;
    session.deposit_mint(&network.stake_mint)
}

/// Creates the pool where it is missing; counts the rent of a position that the stake opens.
fn opening(
    session: &Session<impl Ledger>,
    target: &Target,
    staker: &Address,
    mint: &Mint,
) -> Result<Plan> {
    let payer = session.payer()?.pubkey();
    let mut plan = Plan::default();
    if target.pool.is_none() {
        plan.push(instruction::create_stake_pool(
            &payer,
            &target.network,
            &target.subject,
            &mint.address,
            &mint.token_program,
        ));
        plan = plan.creating(size::<StakePool>()).creating(VAULT_LEN);
    }
    let position = address::position(&target.key, staker);
    if session.ledger.account(&position)?.is_none() {
        plan = plan.creating(size::<Position>());
    }
    Ok(plan)
}

fn opened(target: &Target, staker: &Address) -> Fields {
    Fields::new()
        .with("pool", target.key)
        .with("behind", target.subject)
        .with("position", address::position(&target.key, staker))
        .with("delegated", target.owner != *staker)
}
