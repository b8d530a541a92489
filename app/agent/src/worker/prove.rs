//! Windows that enough members signed, on the chain; and what the chain says of all that were sealed.

use {
    super::{
        seal::is_proven,
        send::{NotSent, Priority, Purse, Sent},
        store::{WindowRow, WindowStage},
        submit::live,
    },
    sluice_client::{
        AttesterSet, ClientError, Job, Ledger, instruction, quorum,
        send::Plan,
        statement::{Countersignature, Statement},
    },
};

/// A window counts as lost only so many seconds after its grace: a node may tell the time before it tells the last proofs.
const LAG_SECS: i64 = 30;

/// How far a window is by the chain, and why it is no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How far it is.
    pub stage: WindowStage,
    /// Why it is no further.
    pub reason: Option<String>,
}

/// What the statement of a sealed window hashes to, as far as the chain keeps it.
fn statement(job: &Job, row: &WindowRow) -> Statement {
    Statement::of(job, row.id.window, row.sealed.units, row.sealed.digest)
}

/// What `job` says of a sealed window at `now`; `None` where it says nothing new.
pub fn found(job: &Job, row: &WindowRow, now: i64) -> Option<Found> {
    let to = |stage, reason: Option<&str>| {
        let reason = reason.map(str::to_owned);
        let is_new = stage != row.stage || (reason.is_some() && reason != row.reason);
        is_new.then_some(Found { stage, reason })
    };
    let is_over = row.stage == WindowStage::Matured || is_contradicted(row);
    if is_over {
        return None;
    }
    let window = row.id.window;
    let entry = job
        .ring
        .iter()
        .find(|entry| entry.window_plus_one.checked_sub(1) == Some(window));
    let Some(entry) = entry else {
        return match row.stage {
            // A later window took its place in the ring, which happens only once it is earned.
            WindowStage::Proven if now >= row.sealed.matures_at => to(WindowStage::Matured, None),
            WindowStage::Sealed | WindowStage::Signed
                if now >= row.sealed.closes_at.saturating_add(LAG_SECS) =>
            {
                to(WindowStage::Lost, Some("its time to be proven is over"))
            }
            // A node showed what did not stay, or one shows now what is old: there is time to look, and to send it again.
            WindowStage::Proven
                if row.signature.is_some() && is_late(row, now) && now < row.sealed.closes_at =>
            {
                to(
                    WindowStage::Signed,
                    Some("its proof is not on the chain any more"),
                )
            }
            // A node that told of no such job was wrong.
            WindowStage::Lost if now < row.sealed.closes_at => match row.signature {
                Some(_) => to(WindowStage::Signed, None),
                None => to(WindowStage::Sealed, None),
            },
            _ => None,
        };
    };
    if !statement(job, row).hash().starts_with(&entry.statement) {
        return to(WindowStage::Lost, Some(CONTRADICTED));
    }
    if entry.units > 0 || row.sealed.units == 0 {
        let is_ripe = row.sealed.units == 0 && now >= row.sealed.matures_at;
        return to(
            if is_ripe {
                WindowStage::Matured
            } else {
                WindowStage::Proven
            },
            None,
        );
    }
    // Its units left the ring: they are earned, or held by a challenge. The account may be younger than the time that was read.
    let is_challenged = row.reason.as_deref() == Some(CHALLENGED);
    let was_none_held = job.units_frozen == 0 && job.void_windows == 0;
    let is_ripe = now >= row.sealed.matures_at && !is_challenged;
    if entry.signers == 0 || is_ripe || was_none_held {
        return to(WindowStage::Matured, None);
    }
    to(WindowStage::Proven, Some(CHALLENGED))
}

/// True in the last quarter of a window's time to be proven.
fn is_late(row: &WindowRow, now: i64) -> bool {
    let (ends, closes) = (row.sealed.ends_at, row.sealed.closes_at);
    now >= closes.saturating_sub(closes.saturating_sub(ends) / 4)
}

/// Why a window is lost of which the chain has another statement.
pub const CONTRADICTED: &str = "the chain has another statement of this window";
/// Why a window that was proven is not earned.
pub const CHALLENGED: &str = "it is challenged: a ruling decides";

fn is_contradicted(row: &WindowRow) -> bool {
    row.stage == WindowStage::Lost && row.reason.as_deref() == Some(CONTRADICTED)
}

/// What became of a proof.
pub enum Proven {
    /// Too few members signed yet, the window has not ended, or a proof of nothing is not worth its fee.
    NotYet,
    /// It was sent, or is on the chain already: the chain says which.
    Ask,
    /// It was not sent, and why.
    Not(NotSent),
}

/// Proves a signed window if enough of `signed` are live members' signatures and the chain has no proof yet.
pub fn prove<L: Ledger>(
    (ledger, purse): (&mut L, &mut Purse),
    (job, set): (&Job, &AttesterSet),
    row: &WindowRow,
    signed: &[Countersignature],
    now: i64,
) -> Proven {
    let is_time = (row.sealed.ends_at..row.sealed.closes_at).contains(&now);
    let is_due = is_time && is_worth_its_fee(job, row);
    let Some(signature) = row.signature.filter(|_| is_due) else {
        return Proven::NotYet;
    };
    if is_proven(job, row.id.window) {
        return Proven::Ask;
    }
    let plan = plan((job, set), row, signature, signed);
    let Ok(plan) = plan else {
        return Proven::NotYet;
    };
    match purse.send(ledger, &plan, Priority::Vital, now) {
        Ok(Sent { signature, .. }) => {
            tracing::info!(job = %row.id.job.job, window = row.id.window, units = row.sealed.units, %signature, "proven");
            Proven::Ask
        }
        Err(NotSent::Unknown { .. }) => Proven::Ask,
        Err(error) if error.program_error() == Some("WindowAlreadyProven") => Proven::Ask,
        Err(error) => Proven::Not(error),
    }
}

/// False for a window in which nothing was done, unless the windows since the last proof are half of those for which the job could be
/// ended: a buyer that gives no inputs must not use up the fees of others' proofs.
const fn is_worth_its_fee(job: &Job, row: &WindowRow) -> bool {
    let windows = row.id.window.saturating_add(1);
    let unproven = windows.saturating_sub(job.last_proven);
    row.sealed.units > 0 || unproven.saturating_mul(2) >= job.terms.fault_windows
}

fn plan(
    (job, set): (&Job, &AttesterSet),
    row: &WindowRow,
    signature: sluice_client::Signature,
    signed: &[Countersignature],
) -> Result<Plan, ClientError> {
    let worker = Countersignature {
        key: job.worker,
        signature,
    };
    let quorum = quorum::choose(set, &live(set, signed))?;
    let key = &row.id.job.job;
    let statement = statement(job, row);
    let proof = instruction::attest(key, job, set, &statement, worker, &quorum)?;
    let mut plan = Plan::default();
    proof.into_iter().for_each(|one| plan.push(one));
    Ok(plan)
}
