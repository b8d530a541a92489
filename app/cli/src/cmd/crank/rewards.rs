//! What is due in reward pools: reports, folds, what was folded, and the ends of epochs, shares and pools.

use {
    super::{Crank, Report},
    crate::{
        batch::{Batch, send_all},
        cmd::rewards::{
            claim::{self, Payments},
            close,
            shares::{Found, Which},
            work,
        },
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session, purses},
    },
    sluice_client::{
        Epoch, Ledger, RewardPool, Share,
        account::filter,
        due::rewards::{self, PoolStep, ShareAccounts},
    },
    solana_address::Address,
    solana_signer::Signer,
    std::rc::Rc,
};

impl Crank {
    /// Turns every reward pool of the network. What streams to owners is left to their own claims until it is folded, once an
    /// epoch.
    pub(super) fn rewards(
        &self,
        session: &mut Session<impl Ledger>,
        network: &Address,
        report: &mut Report,
    ) -> Result<()> {
        let filter = filter::reward_pool_network(network);
        let pools = session.ledger.list::<RewardPool>(&[filter])?;
        for (key, pool) in session.counted("looks after the reward pools", pools) {
            if let Err(failure) = self.reward_pool(session, &key, &pool, report) {
                report.note(&key, "read", Err(failure));
            }
        }
        Ok(())
    }

    fn reward_pool(
        &self,
        session: &mut Session<impl Ledger>,
        key: &Address,
        pool: &RewardPool,
        report: &mut Report,
    ) -> Result<()> {
        let now = session.now()?;
        let ended = pool.has_ended(now).unwrap_or(false);
        if pool.shares > 0 {
            let steps = work::folds(session, &of_pool(session, key)?)?;
            send(session, key, report, "fold", steps);
            self.claim_rewards(session, key, report)?;
            // At every turn: a dividend goes to the stake that is active when it is pulled.
            let payments = claim::delegators(session, &of_pool(session, key)?)?;
            pay(session, key, report, "pay-delegators", payments);
            if !ended {
                let steps = work::reports(session, &of_pool(session, key)?)?;
                send(session, key, report, "report", steps);
            }
        }
        if session.is_dry_run() {
            return Ok(());
        }
        close_epochs(session, key, pool, report)?;
        if ended {
            end(session, key, pool, report)?;
        }
        Ok(())
    }

    /// Claims for shares with folded rewards whose payee has an account for them.
    fn claim_rewards(
        &self,
        session: &mut Session<impl Ledger>,
        key: &Address,
        report: &mut Report,
    ) -> Result<()> {
        let mut payable = vec![];
        let shares = of_pool(session, key)?;
        let folded = shares.iter().filter_map(|found| {
            let claim = rewards::claim_folded(&found.share, &found.view)?;
            Some(purses(&claim.payment()?.to, &found.mint.address))
        });
        session.ledger.gather(folded.flatten())?;
        for found in shares {
            let Some(claim) = rewards::claim_folded(&found.share, &found.view) else {
                continue;
            };
            // At the payer's expense only with its word.
            match self.paying(session, claim.payment(), &found.mint) {
                Ok(_) => payable.push(found),
                Err(failure) => {
                    report.note(key, "claim", Err(failure));
                }
            }
        }
        let payments = claim::claims(session, &payable)?;
        pay(session, key, report, "claim", payments);
        Ok(())
    }
}

/// Every share of a pool, as it is now.
fn of_pool(session: &Session<impl Ledger>, pool: &Address) -> Result<Vec<Found>> {
    Which::of_pool(*pool).find(session)
}

/// Sends what can be paid; what is withheld does not hold it up.
fn pay(
    session: &mut Session<impl Ledger>,
    key: &Address,
    report: &mut Report,
    name: &'static str,
    payments: Payments,
) {
    for (_, failure) in payments.withheld {
        report.note(key, name, Err(failure));
    }
    send(session, key, report, name, payments.due);
}

fn send(
    session: &mut Session<impl Ledger>,
    key: &Address,
    report: &mut Report,
    name: &'static str,
    batch: Batch,
) {
    if batch.steps.is_empty() {
        return;
    }
    let result = send_all(session, batch, Fields::new()).and_then(|told| {
        if told.is_partly() {
            let looks = session.looks();
            let why = told.get("failed").map(|why| why.display(&looks));
            return Err(Failure::input(format!(
                "only some of its transactions went through: {}",
                why.unwrap_or_default()
            )));
        }
        Ok(told)
    });
    report.note(key, name, result);
}

fn close_epochs(
    session: &mut Session<impl Ledger>,
    key: &Address,
    pool: &RewardPool,
    report: &mut Report,
) -> Result<()> {
    let now = session.now()?;
    for (address, epoch) in session.ledger.list::<Epoch>(&[filter::epoch_pool(key)])? {
        for step in rewards::of_epoch(pool, &epoch, now).steps {
            let result = session.execute(Plan::of(step.instruction(&epoch)), Fields::new());
            report.note(&address, step.name(), result);
        }
    }
    Ok(())
}

/// Closes the shares of an ended pool, returns what is left, and closes it when nothing hangs on it.
fn end(
    session: &mut Session<impl Ledger>,
    key: &Address,
    pool: &RewardPool,
    report: &mut Report,
) -> Result<()> {
    let (closer, mint, now) = (session.signer()?, session.mint(&pool.mint)?, session.now()?);
    for (address, share) in session.ledger.list::<Share>(&[filter::share_pool(key)])? {
        if let Some(step) = rewards::close(pool, &share, now) {
            let accounts = ShareAccounts {
                pool_key: key,
                pool,
                share: &share,
                stake: None,
                token_program: &mint.token_program,
            };
            let close = step.instruction(&closer.pubkey(), &accounts, now);
            let plan = Plan::of(close).signed_by(Rc::clone(&closer));
            let result = session.execute(plan, Fields::new());
            report.note(&address, step.name(), result);
        }
    }
    let pool: RewardPool = session.ledger.get(key)?;
    let target = close::Pool { pool: *key };
    for step in rewards::of_pool(&pool, now).steps {
        let result = match step {
            PoolStep::Return(_) => target.return_unallocated(session),
            PoolStep::Close => target.close(session),
        };
        report.note(key, step.name(), result);
    }
    Ok(())
}
