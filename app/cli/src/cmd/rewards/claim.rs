//! `sluice rewards claim` and `pay-delegators`: what has streamed, to whom it belongs.

use {
    super::shares::{Found, Which},
    crate::{
        batch::send_all,
        failure::{Failure, Result},
        output::{Fields, Value},
        session::{Plan, Session, VAULT_LEN},
    },
    sluice::constants::NOBODY,
    sluice_client::{
        Ledger, StakePool, address,
        instruction::{self, token::Mint},
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
    let (mut steps, mut preview, mut opened) = (vec![], Preview::default(), BTreeSet::new());
    for found in shares {
        let due = found.view.due.payee;
        if due == 0 {
            continue;
        }
        let payee = found.share.payee;
        let mut step = Plan::default();
        if opened.insert((payee.to_bytes(), found.mint.address.to_bytes())) {
            step = session.ensure_token_account(step, &payee, &found.mint)?;
        }
        step.push(instruction::claim(
            &found.pool_key,
            &found.pool,
            &found.share,
            now,
            &found.mint.token_program,
        ));
        steps.push(step);
        preview.add(found, payee, due);
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
    let (mut steps, mut preview, mut opened) = (vec![], Preview::default(), BTreeSet::new());
    for found in shares {
        let due = found.view.due.delegators;
        if due == 0 {
            continue;
        }
        let (step, to) = delegators_step(session, found, &mut opened)?;
        steps.push(step);
        preview.add(found, to, due);
    }
    Ok((!steps.is_empty()).then(|| (steps, preview.fields())))
}

/// The pull of one share's delegators' part, and to whom it goes: the provider's stake pool, whose dividend vault it opens if
/// there is none, or the payee while nobody has stake there. `opened` are the accounts that earlier steps open.
fn delegators_step(
    session: &Session<impl Ledger>,
    found: &Found,
    opened: &mut BTreeSet<([u8; 32], [u8; 32])>,
) -> Result<(Plan, Address)> {
    let key = address::stake_pool(&found.share.provider);
    let stake: Option<StakePool> = match session.ledger.account(&key)? {
        Some(_) => Some(session.ledger.get(&key)?),
        None => None,
    };
    let staked = stake.filter(instruction::has_stake);
    let to = staked.map_or(found.share.payee, |_| key);
    let first = opened.insert((to.to_bytes(), found.mint.address.to_bytes()));
    let mut step = Plan::default();
    match staked {
        Some(stake) if first && stake.dividend_vault == NOBODY => {
            let payer = session.payer()?;
            step.push(instruction::add_dividends(
                &payer.pubkey(),
                &payer.pubkey(),
                &key,
                &stake.network,
                &found.mint.address,
                &found.mint.token_program,
                0,
            ));
            step = step.signed_by(payer).creating(VAULT_LEN);
        }
        None if first => step = session.ensure_token_account(step, &to, &found.mint)?,
        _ => {}
    }
    step.push(instruction::pay_delegators(
        &found.pool_key,
        &found.pool,
        &found.share,
        stake.as_ref(),
        session.now()?,
        &found.mint.token_program,
    ));
    Ok((step, to))
}
