//! `sluice rewards claim` and `pay-delegators`: what has streamed, to whom it belongs.

use {
    super::shares::{Found, Which},
    crate::{
        batch::{Batch, send_all},
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
        instruction::token::{Mint, is_held_by},
        send,
    },
    solana_address::Address,
    solana_signer::Signer,
    std::collections::{BTreeMap, BTreeSet},
};

/// What is paid out of shares, and what cannot be now.
pub struct Payments {
    pub due: Batch,
    /// What is due to accounts that take nothing, and why they do not.
    pub withheld: Vec<(Fields, Failure)>,
}

impl Payments {
    const fn new() -> Self {
        Self {
            due: Batch::new(paid),
            withheld: vec![],
        }
    }

    /// The row of what `step` pays out of a share, if it can be paid now. Shares are paid in one transaction, and an account that takes
    /// nothing would hold up the others.
    fn row(
        &mut self,
        session: &Session<impl Ledger>,
        found: &Found,
        step: &ShareStep,
    ) -> Result<Option<Fields>> {
        let (amount, to) = match step {
            ShareStep::Claim(Payment { amount, to }) => (*amount, *to),
            ShareStep::PayDelegators { amount, to } => (*amount, *to.address()),
            _ => return Ok(None),
        };
        let row = Fields::new()
            .with("pool", found.pool_key)
            .with("node", found.share.node)
            .with("to", to)
            .tokens("amount", amount, found.mint.decimals)
            .in_mint(&found.mint.address);
        Ok(match refusal(session, step, &found.mint)? {
            Some(refusal) => {
                self.withheld.push((row, refusal));
                None
            }
            None => Some(row),
        })
    }

    /// Sends what is due, and tells beside it what is withheld. What is withheld alone is the failure. `nothing` says that nothing is due
    /// at all.
    fn send(mut self, session: &mut Session<impl Ledger>, nothing: &str) -> Result<Fields> {
        let is_nothing = self.due.steps.is_empty();
        match self.withheld.len() {
            0 if is_nothing => return Err(Failure::input(nothing)),
            0 => return send_all(session, self.due, withheld(vec![])),
            1 if is_nothing => {
                let (_, failure) = self.withheld.remove(0);
                return Err(failure);
            }
            _ => {}
        }
        let rows = self
            .withheld
            .into_iter()
            .map(|(row, failure)| row.with("why", failure.to_string()));
        let withheld = withheld(rows.collect()).partly();
        if is_nothing {
            return Ok(paid(vec![]).join(withheld));
        }
        send_all(session, self.due, withheld)
    }
}

fn withheld(rows: Vec<Fields>) -> Fields {
    Fields::new()
        .with("withheld", Value::List(rows))
        .unless_nothing()
}

/// What was paid, share by share and in all by mint.
fn paid(rows: Vec<Fields>) -> Fields {
    let mut totals = BTreeMap::new();
    for row in &rows {
        if let Some(Value::Tokens {
            base,
            decimals,
            mint: Some(mint),
        }) = row.get("amount")
        {
            let total = totals.entry(mint.to_bytes()).or_insert((mint, decimals, 0));
            total.2 = base.saturating_add(total.2);
        }
    }
    let totals = totals.into_values().map(|(mint, decimals, base)| {
        Fields::new()
            .with("mint", *mint)
            .tokens("amount", base, *decimals)
            .in_mint(mint)
    });
    let totals = Value::Table(totals.collect());
    Fields::new()
        .with("totals", totals)
        .with("paid", Value::Table(rows))
}

/// Why the account that `step` pays into takes nothing now, if it takes nothing.
fn refusal(
    session: &Session<impl Ledger>,
    step: &ShareStep,
    mint: &Mint,
) -> Result<Option<Failure>> {
    let Some(account) = step.pays_into(mint) else {
        return Ok(None);
    };
    let found = session.ledger.account(&account)?;
    let is_given_away = step
        .payment()
        .zip(found)
        .is_some_and(|(payment, found)| !is_held_by(&found, &payment.to));
    // Another one stands in for it.
    if is_given_away {
        return Ok(None);
    }
    Ok(send::refusal(&session.ledger, &account)?.map(Failure::from))
}

/// Pays shares what has streamed to their payees.
pub fn claim(session: &mut Session<impl Ledger>, which: &Which) -> Result<Fields> {
    let payments = claims(session, &which.find(session)?)?;
    payments.send(session, "nothing has streamed that was not claimed")
}

/// The claims of what is due to payees.
pub fn claims(session: &Session<impl Ledger>, shares: &[Found]) -> Result<Payments> {
    let now = session.now()?;
    let paid = shares.iter().filter_map(|found| {
        let claim = rewards::claim(&found.share, &found.view)?;
        Some(purses(&claim.payment()?.to, &found.mint.address))
    });
    session.gather(paid.flatten())?;
    let (mut payments, mut opened) = (Payments::new(), BTreeSet::new());
    for found in shares {
        let Some(claim) = rewards::claim(&found.share, &found.view) else {
            continue;
        };
        let Some(row) = payments.row(session, found, &claim)? else {
            continue;
        };
        let mut step = Plan::default();
        if let Some(Payment { to, .. }) = claim.payment()
            && opened.insert((to.to_bytes(), found.mint.address.to_bytes()))
        {
            step = session.ensure_token_account(step, &to, &found.mint)?;
        }
        step.push(claim.instruction(&NOBODY, &found.accounts(None), now));
        payments.due.steps.push((step, row));
    }
    Ok(payments)
}

/// Gives the delegators' part of shares to the stake pools of their providers.
pub fn pay_delegators(session: &mut Session<impl Ledger>, which: &Which) -> Result<Fields> {
    let payments = delegators(session, &which.find(session)?)?;
    payments.send(
        session,
        "nothing has streamed to delegators that was not paid",
    )
}

/// The pulls of what is due to delegators.
pub fn delegators(session: &Session<impl Ledger>, shares: &[Found]) -> Result<Payments> {
    let now = session.now()?;
    let due = shares.iter().filter(|found| found.view.due.delegators > 0);
    let due: Vec<&Found> = due.collect();
    session.gather(due.iter().flat_map(|found| {
        let pool = address::stake_pool(&found.share.provider);
        let to_payee = purses(&found.share.payee, &found.mint.address);
        [pool, address::dividends(&pool)]
            .into_iter()
            .chain(to_payee)
    }))?;
    let (mut payments, mut opened) = (Payments::new(), BTreeSet::new());
    for found in due {
        let stake = stake_pool(session, found)?;
        let accounts = found.accounts(stake.as_ref());
        let steps = rewards::delegators(&found.share, &found.view, stake.as_ref());
        let Some(pull) = steps.last() else {
            continue;
        };
        let Some(row) = payments.row(session, found, pull)? else {
            continue;
        };
        let mut plan = Plan::default();
        for step in steps {
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
        }
        payments.due.steps.push((plan, row));
    }
    Ok(payments)
}

/// The stake pool of a share's provider, if there is one.
fn stake_pool(session: &Session<impl Ledger>, found: &Found) -> Result<Option<StakePool>> {
    let key = address::stake_pool(&found.share.provider);
    Ok(match session.ledger.account(&key)? {
        Some(_) => Some(session.ledger.get(&key)?),
        None => None,
    })
}
