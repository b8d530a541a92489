//! What a worker pulls of the reward pools that its nodes joined.

use {
    super::{Mine, Money, Payments, mint},
    crate::worker::send::{Done, Priority, Purse, Step},
    sluice_client::{
        Address, Epoch, Ledger, Node, RewardPool, Share, StakePool,
        account::{self, filter},
        address,
        constants::NOBODY,
        due::rewards::{self, Report, ShareAccounts, ShareStep},
        instruction::token::{Mint, TOKEN_ACCOUNT_LEN},
        ledger::Snapshot,
        view::rewards::ShareView,
    },
    std::collections::BTreeSet,
    tracing::warn,
};

/// So many turns before an epoch's end its work is reported: later than this a node that does not answer could cost the epoch.
const TURNS_TO_REPORT: i64 = 3;

/// How a worker pulls rewards.
#[derive(Clone, Copy)]
pub struct Rules {
    /// Between two turns, seconds.
    pub every_secs: i64,
    /// The worker leaves.
    pub is_leaving: bool,
}

/// A share at one moment, with all that its steps depend on.
#[derive(Clone)]
pub struct Stand {
    /// Address of the share.
    pub key: Address,
    /// The share.
    pub share: Share,
    /// What it has coming.
    pub view: ShareView,
    /// Its pool.
    pub pool: RewardPool,
    /// The pool's mint.
    pub mint: Mint,
    /// Its node, if that is still registered.
    pub node: Option<Node>,
    /// The stake pool of its provider, if there is one.
    pub stake: Option<StakePool>,
    /// True when the current epoch has an account.
    pub has_epoch: bool,
}

impl Stand {
    /// What is sent of a share whose ended epochs are folded, at `now`: what has streamed, and the report of what the node has done.
    pub fn due(&self, rules: Rules, now: i64) -> Vec<ShareStep> {
        let (share, view) = (&self.share, &self.view);
        // By the second it streams to an owner who can claim by hand: once an epoch is worth the fee.
        let claim = if rules.is_leaving {
            rewards::claim(share, view)
        } else {
            rewards::claim_folded(share, view)
        };
        let report = self.report(rules, now).map(ShareStep::Report);
        let delegators = rewards::delegators(share, view, self.stake.as_ref());
        claim.into_iter().chain(delegators).chain(report).collect()
    }

    /// The report that is due: a baseline at once, what counts once an epoch and towards its end. What is late counts in the next epoch;
    /// what is early would miss the pool's last. Before the pool's start only a registration that it does not know is reported.
    fn report(&self, rules: Rules, now: i64) -> Option<Report> {
        let (pool, share) = (&self.pool, &self.share);
        if pool.has_ended(now).ok()? {
            return None;
        }
        let report = rewards::report(pool, share, &self.view, self.node.as_ref()?, now)?;
        let Some(epoch) = report.epoch else {
            return (share.registration != self.node?.opened_slot).then_some(report);
        };
        if report.baseline || rules.is_leaving {
            return Some(report);
        }
        let ends_at = pool.epoch_start(epoch.checked_add(1)?).ok()?;
        let left = ends_at.saturating_sub(now);
        let is_late = left <= rules.every_secs.saturating_mul(TURNS_TO_REPORT);
        (is_late && self.view.reported == 0).then_some(report)
    }

    fn instruction(
        &self,
        sender: &Address,
        step: &ShareStep,
        now: i64,
    ) -> sluice_client::Instruction {
        let accounts = ShareAccounts {
            pool_key: &self.share.pool,
            pool: &self.pool,
            share: &self.share,
            stake: self.stake.as_ref(),
            token_program: &self.mint.token_program,
        };
        step.instruction(sender, &accounts, now)
    }
}

impl Money {
    /// Folds, then pulls from what the chain holds after that.
    pub(super) fn pull_shares(
        &mut self,
        ledger: &mut impl Ledger,
        purse: &mut Purse,
        now: i64,
        mine: &Mine<'_>,
        done: &mut Vec<Done>,
    ) -> sluice_client::Result<()> {
        let mut shares = find(ledger, mine.owner, now)?;
        let folds = shares.iter().flat_map(|stand| {
            let due = rewards::folds(&stand.pool, &stand.share, now).steps;
            due.into_iter().map(|step| Step {
                name: step.name(),
                about: stand.key,
                pays: None,
                plan: sluice_client::send::Plan::of(stand.instruction(&NOBODY, &step, now)),
            })
        });
        let folds = folds.collect();
        let folded = self
            .steps
            .send(ledger, purse, Priority::Routine, now, folds);
        let has_folded = folded.iter().any(|one| one.result.is_ok());
        done.extend(folded);
        if has_folded {
            shares = find(ledger, mine.owner, now)?;
        }
        let rules = Rules {
            every_secs: self.every_secs,
            is_leaving: mine.is_leaving,
        };
        let payments = self.payments(ledger, purse.payer(), &shares, rules, now)?;
        payments.send(&mut self.steps, ledger, purse, now, done);
        Ok(())
    }

    fn payments(
        &self,
        ledger: &impl Ledger,
        payer: Address,
        shares: &[Stand],
        rules: Rules,
        now: i64,
    ) -> sluice_client::Result<Payments> {
        let mut payments = Payments::new(payer);
        // Many shares report into one epoch and pay into one stake pool: the first that can opens it.
        let mut opened = BTreeSet::new();
        for stand in shares {
            for mut step in stand.due(rules, now) {
                let mut creates = None;
                if let ShareStep::OpenDividends { pool } = step {
                    if !opened.insert(pool) {
                        continue;
                    }
                    creates = Some(TOKEN_ACCOUNT_LEN);
                }
                if let ShareStep::Report(report) = &mut step {
                    report.opens = report.epoch.is_some()
                        && !report.baseline
                        && !stand.has_epoch
                        && !self.steps.is_withheld(&stand.key, "report")
                        && opened.insert(stand.share.pool);
                    creates = report.opens.then_some(account::size::<Epoch>());
                }
                let payment = step.payment();
                let name = match step {
                    ShareStep::OpenDividends { .. } => "open-dividends",
                    _ => step.name(),
                };
                payments.add(ledger, &stand.mint, &stand.key, name, payment, |plan| {
                    plan.push(stand.instruction(&payer, &step, now));
                    plan.creates.extend(creates);
                })?;
            }
        }
        Ok(payments)
    }
}

/// The shares whose rewards are `owner`'s. One of which not all can be read, or whose numbers contradict each other, is left out.
fn find(ledger: &impl Ledger, owner: &Address, now: i64) -> sluice_client::Result<Vec<Stand>> {
    let mut shares = ledger.list::<Share>(&[filter::share_payee(owner)])?;
    shares.sort_by_key(|(key, _)| *key);
    let mut known = Snapshot::default();
    let wanted = shares.iter().flat_map(|(_, share)| {
        let open = share.slots.iter().filter_map(|slot| slot.epoch());
        open.map(|index| address::epoch(&share.pool, index)).chain([
            share.pool,
            share.node,
            address::stake_pool(&share.provider),
        ])
    });
    known.gather(ledger, wanted)?;
    let mut of_pools = vec![];
    for (_, share) in &shares {
        if let Ok(Some(pool)) = known.find::<RewardPool>(&share.pool) {
            let epoch = pool.epoch_at(now).ok();
            of_pools.push(pool.mint);
            of_pools.extend(epoch.map(|index| address::epoch(&share.pool, index)));
        }
    }
    known.gather(ledger, of_pools)?;
    let mut found = vec![];
    for (key, share) in shares {
        match stand(&known, key, share, now) {
            Some(stand) => found.push(stand),
            None => {
                warn!(share = %key, "this share or its pool cannot be read, or its numbers contradict each other");
            }
        }
    }
    Ok(found)
}

fn stand(known: &Snapshot, key: Address, share: Share, now: i64) -> Option<Stand> {
    let pool: RewardPool = known.find(&share.pool).ok()??;
    let epoch = |index| {
        let found = known.find::<Epoch>(&address::epoch(&share.pool, index));
        found.ok().flatten()
    };
    let current = pool.epoch_at(now).ok();
    Some(Stand {
        key,
        share,
        view: ShareView::of(&pool, &share, now, epoch)?,
        pool,
        mint: mint(known, &pool.mint)?,
        node: known.find(&share.node).ok()?,
        stake: known.find(&address::stake_pool(&share.provider)).ok()?,
        has_epoch: current.is_some_and(|index| epoch(index).is_some()),
    })
}
