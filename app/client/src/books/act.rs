//! What the runs of the program did to a job's escrow, each with the event that it logged, where the log tells.

use {
    super::Kind,
    crate::{
        Event,
        ledger::history::{Call, Past},
    },
    anchor_lang::Discriminator,
    sluice::{
        OpenArgs, TakeArgs,
        events::{EscrowMoved, JobClosed, JobOpened},
        instruction as ix,
    },
    solana_address::Address,
};

/// One run of the program on a job's vault.
#[derive(Clone, Copy)]
pub enum Act {
    Opened {
        /// Base units.
        funded: u64,
        event: Option<JobOpened>,
    },
    ToppedUp {
        /// Of the job that it was meant for: the program refuses another.
        incarnation: u64,
        /// Base units.
        amount: u64,
        /// The deposits in all after it.
        funded: Option<u64>,
    },
    Moved {
        kind: Kind,
        /// Base units.
        amount: u64,
        /// The token account that they went to.
        to: Option<Address>,
        event: Option<EscrowMoved>,
    },
    Closed {
        event: Option<JobClosed>,
    },
}

/// Where an instruction names the job, and the vault right behind it or elsewhere.
struct Place {
    job: usize,
    vault: usize,
}

const OPENING: Place = Place { job: 8, vault: 4 };
const TOP_UP: Place = Place { job: 1, vault: 2 };
const PULL: Place = Place { job: 0, vault: 1 };
const SWEEP: Place = Place { job: 1, vault: 2 };
const CLOSE: Place = Place { job: 0, vault: 2 };
/// A pull's destination stands behind vault and mint.
const TO_BEHIND_VAULT: usize = 2;

/// The pulls, and where each names job and vault.
const PULLS: [(&[u8], Kind, Place); 4] = [
    (ix::Pay::DISCRIMINATOR, Kind::PaidToProvider, PULL),
    (ix::SweepTreasury::DISCRIMINATOR, Kind::NetworkFee, SWEEP),
    (
        ix::SweepAttesters::DISCRIMINATOR,
        Kind::AttestationFee,
        PULL,
    ),
    (ix::Refund::DISCRIMINATOR, Kind::Refunded, PULL),
];

/// What the transaction did to the vault of `job`, in its order. `None` if its events are not those of its instructions.
pub fn acts(past: &Past, job: &Address, vault: &Address) -> Option<Vec<Act>> {
    let logged = past.logged();
    let mut events = logged.events.iter().filter(|event| is_of(event, job));
    let calls = past.calls.iter();
    let acts: Option<Vec<Act>> = calls
        .filter(|call| is_on(call, job, vault))
        .map(|call| act(call, vault, events.next()))
        .collect();
    let is_told = logged.truncated || acts.iter().flatten().all(Act::is_told);
    acts.filter(|_| is_told && events.next().is_none())
}

/// The job that the instruction opened, and the deposit, base units.
pub fn opening(call: &Call) -> Option<(Address, u64)> {
    let funds = if call.is(ix::OpenJob::DISCRIMINATOR) {
        wincode::deserialize::<OpenArgs>(call.arguments())
            .ok()?
            .funds
    } else if call.is(ix::TakeOffer::DISCRIMINATOR) {
        wincode::deserialize::<TakeArgs>(call.arguments())
            .ok()?
            .funds
    } else {
        return None;
    };
    Some((call.account(OPENING.job)?, funds))
}

/// The first number that an instruction is told.
pub fn first_number(call: &Call) -> Option<u64> {
    let bytes = call.arguments().first_chunk::<8>()?;
    Some(u64::from_le_bytes(*bytes))
}

impl Act {
    const fn is_told(&self) -> bool {
        match self {
            Self::Opened { event, .. } => event.is_some(),
            Self::ToppedUp { funded, .. } => funded.is_some(),
            Self::Moved { event, .. } => event.is_some(),
            Self::Closed { event } => event.is_some(),
        }
    }

    /// The slot in which the job was opened, where the act tells.
    pub const fn incarnation(&self) -> Option<u64> {
        match self {
            Self::ToppedUp { incarnation, .. } => Some(*incarnation),
            Self::Closed { event: Some(event) } => Some(event.incarnation),
            _ => None,
        }
    }

    /// What the documentation of a gap calls it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "JobOpened",
            Self::ToppedUp { .. } => "JobToppedUp",
            Self::Moved { .. } => "EscrowMoved",
            Self::Closed { .. } => "JobClosed",
        }
    }
}

/// True for an event of the job's escrow.
fn is_of(event: &Event, job: &Address) -> bool {
    match event {
        Event::JobOpened(e) => e.job == *job,
        Event::JobToppedUp(e) => e.job == *job,
        Event::EscrowMoved(e) => e.job == *job,
        Event::JobClosed(e) => e.job == *job,
        _ => false,
    }
}

/// Where the instruction names job and vault, if it moves escrow.
fn place(call: &Call) -> Option<Place> {
    if call.is(ix::OpenJob::DISCRIMINATOR) || call.is(ix::TakeOffer::DISCRIMINATOR) {
        Some(OPENING)
    } else if call.is(ix::TopUpJob::DISCRIMINATOR) {
        Some(TOP_UP)
    } else if call.is(ix::CloseJob::DISCRIMINATOR) {
        Some(CLOSE)
    } else {
        let mut pulls = PULLS.into_iter();
        pulls.find_map(|(byte, _, place)| call.is(byte).then_some(place))
    }
}

/// True where the instruction moves escrow of this job, and does not only name it somewhere.
fn is_on(call: &Call, job: &Address, vault: &Address) -> bool {
    place(call).is_some_and(|place| {
        call.account(place.job) == Some(*job) && call.account(place.vault) == Some(*vault)
    })
}

/// True where the transaction closed the vault.
pub fn closes(past: &Past, vault: &Address) -> bool {
    let mut calls = past.calls.iter();
    calls.any(|call| {
        call.is(ix::CloseJob::DISCRIMINATOR) && call.account(CLOSE.vault) == Some(*vault)
    })
}

/// What the instruction did; `None` if the event is another's, or what it was told cannot be read.
fn act(call: &Call, vault: &Address, event: Option<&Event>) -> Option<Act> {
    if let Some((_, funded)) = opening(call) {
        let event = match event {
            None => None,
            Some(Event::JobOpened(event)) => Some(*event),
            Some(_) => return None,
        };
        return Some(Act::Opened { funded, event });
    }
    if call.is(ix::TopUpJob::DISCRIMINATOR) {
        let amount = call.arguments().get(8..)?.first_chunk::<8>()?;
        let funded = match event {
            None => None,
            Some(Event::JobToppedUp(event)) => Some(event.funded),
            Some(_) => return None,
        };
        return Some(Act::ToppedUp {
            incarnation: first_number(call)?,
            amount: u64::from_le_bytes(*amount),
            funded,
        });
    }
    if call.is(ix::CloseJob::DISCRIMINATOR) {
        let event = match event {
            None => None,
            Some(Event::JobClosed(event)) => Some(*event),
            Some(_) => return None,
        };
        return Some(Act::Closed { event });
    }
    let mut pulls = PULLS.iter();
    let (_, kind, place) = pulls.find(|(byte, _, _)| call.is(byte))?;
    let event = match event {
        None => None,
        Some(Event::EscrowMoved(event)) => Some(*event),
        Some(_) => return None,
    };
    let amount = call.taken_from(vault);
    let agrees = event.is_none_or(|event| event.amount == amount);
    agrees.then_some(Act::Moved {
        kind: *kind,
        amount,
        to: call.account(place.vault.saturating_add(TO_BEHIND_VAULT)),
        event,
    })
}
