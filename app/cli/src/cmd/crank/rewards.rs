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
        session::{Plan, Session},
    },
    sluice_client::{Epoch, Ledger, RewardPool, Share, instruction},
    solana_address::Address,
    solana_signer::Signer,
    std::{mem::offset_of, rc::Rc},
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
        let filter = (
            8 + offset_of!(RewardPool, network),
            network.to_bytes().to_vec(),
        );
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
        let ended = pool.has_ended(session.now()?).unwrap_or(false);
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
        close_epochs(session, key, report)?;
        if ended {
            end(session, key, report)?;
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
        for found in of_pool(session, key)? {
            if found.share.earned == found.share.claimed {
                continue;
            }
            match self.paying(session, &found.share.payee, &found.mint) {
                Ok(_) => payable.push(found),
                Err(missing) => {
                    report.note(key, "claim", Err(missing));
                }
            }
        }
        let steps = claim::claims(session, &payable)?;
        send(session, key, report, "claim", steps);
        Ok(())
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
    report: &mut Report,
) -> Result<()> {
    let filter = (8 + offset_of!(Epoch, pool), key.to_bytes().to_vec());
    for (address, epoch) in session.ledger.list::<Epoch>(&[filter])? {
        let pool: RewardPool = session.ledger.get(key)?;
        let over = pool.epoch_start(epoch.index.saturating_add(2));
        if over.is_ok_and(|at| session.now().is_ok_and(|now| now >= at))
            && epoch.folded == epoch.shares
        {
            let plan = Plan::of(instruction::close_epoch(&epoch));
            let result = session.execute(plan, Fields::new());
            report.note(&address, "close-epoch", result);
        }
    }
    Ok(())
}

/// Closes the shares of an ended pool, returns what is left, and closes it when nothing hangs on it.
fn end(session: &mut Session<impl Ledger>, key: &Address, report: &mut Report) -> Result<()> {
    let closer = session.signer()?;
    let filter = (8 + offset_of!(Share, pool), key.to_bytes().to_vec());
    for (address, share) in session.ledger.list::<Share>(&[filter])? {
        if share.owes_nothing() {
            let close = instruction::close_share(&closer.pubkey(), &share);
            let plan = Plan::of(close).signed_by(Rc::clone(&closer));
            let result = session.execute(plan, Fields::new());
            report.note(&address, "close-share", result);
        }
    }
    let pool: RewardPool = session.ledger.get(key)?;
    let target = close::Pool { pool: *key };
    if pool.shares == 0 && pool.epochs == 0 {
        let result = target.close(session);
        report.note(key, "close", result);
    } else if pool.unallocated > 0 {
        let result = target.return_unallocated(session);
        report.note(key, "return", result);
    }
    Ok(())
}
