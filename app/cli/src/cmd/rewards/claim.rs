//! `sluice rewards claim` and `pay-delegators`: what has streamed, to whom it belongs.

use {
    super::shares::{Found, Which},
    crate::{
        batch::send_all,
        failure::{Failure, Result},
        output::{Fields, Value},
        session::{Plan, Session, VAULT_LEN, purses},
    },
    sluice::constants::NOBODY,
    sluice_client::{
        Ledger, StakePool, address,
        due::{
            Payment,
            rewards::{self, ShareStep},
        },
        instruction::token::Mint,
    },
    solana_address::Address,
    solana_signer::Signer,
    std::collections::{BTreeMap, BTreeSet},
};

/// Amounts, share by share and in all by mint.
#[derive(Default)]
struct Preview {
    rows: Vec<Fields>,
    totals: BTreeMap<[u8; 32], (Mint, u64)>,
}

impl Preview {
    fn add(&mut self, found: &Found, to: Address, amount: u64) {
        self.rows.push(
            Fields::new()
                .with("pool", found.pool_key)
                .with("node", found.share.node)
                .with("to", to)
                .tokens("amount", amount, found.mint.decimals),
        );
        let total = self
            .totals
            .entry(found.mint.address.to_bytes())
            .or_insert((found.mint, 0));
        total.1 = total.1.saturating_add(amount);
    }

    fn fields(self) -> Fields {
        let totals = self.totals.into_values().map(|(mint, amount)| {
            Fields::new()
                .with("mint", mint.address)
                .tokens("amount", amount, mint.decimals)
        });
        Fields::new()
            .with("totals", Value::Table(totals.collect()))
            .with("paid", Value::Table(self.rows))
    }
}

/// Pays shares what has streamed to their payees.
pub fn claim(session: &mut Session<impl Ledger>, which: &Which) -> Result<Fields> {
    match claims(session, &which.find(session)?)? {
        Some((steps, fields)) => send_all(session, steps, fields),
        None => Err(Failure::input("nothing has streamed that was not claimed")),
    }
}

/// The claims of what is due to payees; none when nothing is.
pub fn claims(
    session: &Session<impl Ledger>,
    shares: &[Found],
) -> Result<Option<(Vec<Plan>, Fields)>> {
    let now = session.now()?;
    let paid = shares.iter().filter_map(|found| {
        let claim = rewards::claim(&found.share, &found.view)?;
        Some(purses(&claim.payment()?.to, &found.mint.address))
    });
    session.gather(paid.flatten())?;
    let (mut steps, mut preview, mut opened) = (vec![], Preview::default(), BTreeSet::new());
    for found in shares {
        let due = rewards::claim(&found.share, &found.view);
        let Some((claim, Payment { amount, to })) = due.and_then(|due| Some((due, due.payment()?)))
        else {
            continue;
        };
        let mut step = Plan::default();
        if opened.insert((to.to_bytes(), found.mint.address.to_bytes())) {
            step = session.ensure_token_account(step, &to, &found.mint)?;
        }
        step.push(claim.instruction(&NOBODY, &found.accounts(None), now));
        steps.push(step);
        preview.add(found, to, amount);
    }
    Ok((!steps.is_empty()).then(|| (steps, preview.fields())))
}

/// Gives the delegators' part of shares to the stake pools of their providers.
pub fn pay_delegators(session: &mut Session<impl Ledger>, which: &Which) -> Result<Fields> {
    match delegators(session, &which.find(session)?)? {
        Some((steps, fields)) => send_all(session, steps, fields),
        None => Err(Failure::input(
            "nothing has streamed to delegators that was not paid",
        )),
    }
}

/// The pulls of what is due to delegators; none when nothing is.
pub fn delegators(
    session: &Session<impl Ledger>,
    shares: &[Found],
) -> Result<Option<(Vec<Plan>, Fields)>> {
    let now = session.now()?;
    let due = shares.iter().filter(|found| found.view.due.delegators > 0);
    session.gather(due.map(|found| address::stake_pool(&found.share.provider)))?;
    let (mut steps, mut preview, mut opened) = (vec![], Preview::default(), BTreeSet::new());
    for found in shares.iter().filter(|found| found.view.due.delegators > 0) {
        let stake = stake_pool(session, found)?;
        let accounts = found.accounts(stake.as_ref());
        let mut plan = Plan::default();
        for step in rewards::delegators(&found.share, &found.view, stake.as_ref()) {
            // Many shares are paid to one account: the first of them opens it.
            let mut first =
                |to: &Address| opened.insert((to.to_bytes(), found.mint.address.to_bytes()));
            let mut sender = NOBODY;
            if let ShareStep::OpenDividends { pool } = step {
                if !first(&pool) {
                    continue;
                }
                let payer = session.payer()?;
                sender = payer.pubkey();
                plan = plan.signed_by(payer).creating(VAULT_LEN);
            } else if let Some(Payment { to, .. }) = step.payment()
                && first(&to)
            {
                plan = session.ensure_token_account(plan, &to, &found.mint)?;
            }
            plan.push(step.instruction(&sender, &accounts, now));
            if let ShareStep::PayDelegators { amount, to } = step {
                preview.add(found, *to.address(), amount);
            }
        }
        steps.push(plan);
    }
    Ok((!steps.is_empty()).then(|| (steps, preview.fields())))
}

/// The stake pool of a share's provider, if there is one.
fn stake_pool(session: &Session<impl Ledger>, found: &Found) -> Result<Option<StakePool>> {
    let key = address::stake_pool(&found.share.provider);
    Ok(match session.ledger.account(&key)? {
        Some(_) => Some(session.ledger.get(&key)?),
        None => None,
    })
}
