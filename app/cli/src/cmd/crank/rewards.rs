//! What is due in reward pools: reports, folds, what was folded, and the ends of epochs, shares and pools.

use {
    super::{Crank, Report},
    crate::{
        batch::send_all,
        cmd::rewards::{
            claim, close,
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
        address::token_account,
        due::{
            Payment,
            rewards::{self, PoolStep, ShareAccounts},
        },
        instruction::token::Mint,
        send::refusal,
    },
    solana_address::Address,
    solana_signer::Signer,
    std::rc::Rc,
};

/// Steps over many shares, and what to tell of them.
type Steps = Option<(Vec<Plan>, Fields)>;

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
        for (key, pool) in session.ledger.list::<RewardPool>(&[filter])? {
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
            let steps = claim::delegators(session, &of_pool(session, key)?)?;
            send(session, key, report, "pay-delegators", steps);
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
            // Claims share transactions: one that cannot be paid would hold up the others.
            match self.can_pay(session, claim.payment(), &found.mint) {
                Ok(()) => payable.push(found),
                Err(failure) => {
                    report.note(key, "claim", Err(failure));
                }
            }
        }
        let steps = claim::claims(session, &payable)?;
        send(session, key, report, "claim", steps);
        Ok(())
    }

    /// Why a recipient cannot be paid now, if it cannot.
    fn can_pay(
        &self,
        session: &Session<impl Ledger>,
        payment: Option<Payment>,
        mint: &Mint,
    ) -> Result<()> {
        self.paying(session, payment, mint)?;
        let Some(Payment { to, .. }) = payment else {
            return Ok(());
        };
        let account = token_account(&to, &mint.address, &mint.token_program);
        refusal(&session.ledger, &account)?.map_or(Ok(()), |refused| Err(refused.into()))
    }
}

/// Every share of a pool, as it is now.
fn of_pool(session: &Session<impl Ledger>, pool: &Address) -> Result<Vec<Found>> {
    Which::of_pool(*pool).find(session)
}

fn send(
    session: &mut Session<impl Ledger>,
    key: &Address,
    report: &mut Report,
    name: &'static str,
    steps: Steps,
) {
    if let Some((steps, fields)) = steps {
        let result = send_all(session, steps, fields).and_then(|told| {
            if told.is_partly() {
                return Err(Failure::input("only some of its transactions went through"));
            }
            Ok(told)
        });
        report.note(key, name, result);
    }
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
