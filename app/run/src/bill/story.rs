//! What happened to a job beside its escrow: work, challenges and rent, from the transactions that named it.

use {
    super::{Bonds, Rent, Result, Units},
    sluice::instruction as ix,
    sluice_client::{
        Address, Discriminator, Event, Ledger, Verdict, address,
        books::Books,
        ledger::history::{Call, Past},
    },
    std::{collections::BTreeSet, rc::Rc},
};

/// Where instructions name what is asked for here. The first account of those that open something pays its rent.
const PAYER: usize = 0;
const OPENED_JOB: usize = 8;
const CLOSED_JOB: usize = 0;
const CLOSED_JOBS_PAYER: usize = 1;
const CHALLENGER: usize = 1;
const CHALLENGE: usize = 3;
const BONDS_SOURCE: usize = 5;
const SETTLED_CHALLENGE: usize = 6;
const SETTLED_CHALLENGES_PAYER: usize = 7;

/// One life of the job at an address.
pub struct Story {
    job: Address,
    incarnation: u64,
    buyer: Address,
    pub units: Units,
    pub bonds: Bonds,
    pub rent: Rent,
    /// The transactions of this life, and of the buyer's challenges.
    pub pasts: Vec<Rc<Past>>,
    /// The buyer's.
    challenges: BTreeSet<Address>,
    /// True between opening and closing.
    is_open: bool,
}

impl Story {
    /// Reads what happened to the job that was opened in slot `incarnation`; the next one at its address, if there is one, was opened
    /// in slot `next`.
    pub fn read(
        books: &Books<impl Ledger>,
        buyer: &Address,
        (job, incarnation, next): (&Address, u64, Option<u64>),
    ) -> Result<Self> {
        let mut story = Self {
            job: *job,
            incarnation,
            buyer: *buyer,
            units: Units::default(),
            bonds: Bonds::default(),
            rent: Rent::default(),
            pasts: vec![],
            challenges: BTreeSet::new(),
            is_open: false,
        };
        let end = next.unwrap_or(u64::MAX);
        for past in books.transactions(job)? {
            if (incarnation..=end).contains(&past.slot) {
                story.apply(&past);
                if past.slot < end {
                    story.pasts.push(past);
                }
            }
        }
        for challenge in story.challenges.clone() {
            for past in books.transactions(&challenge)? {
                story.settle(&past, &challenge);
                story.pasts.push(past);
            }
        }
        Ok(story)
    }

    fn apply(&mut self, past: &Past) {
        for event in past.logged().events {
            self.count(&event);
        }
        for call in &past.calls {
            if opens(call) && call.account(OPENED_JOB) == Some(self.job) {
                self.is_open = past.slot == self.incarnation;
                if self.is_open && call.account(PAYER) == Some(self.buyer) {
                    self.rent.take(past, &self.accounts());
                }
            } else if call.is(ix::CloseJob::DISCRIMINATOR)
                && call.account(CLOSED_JOB) == Some(self.job)
            {
                if self.is_open && call.account(CLOSED_JOBS_PAYER) == Some(self.buyer) {
                    self.rent.take(past, &self.accounts());
                }
                self.is_open = false;
            } else if call.is(ix::Challenge::DISCRIMINATOR) {
                self.challenge(past, call);
            }
        }
    }

    fn accounts(&self) -> [Address; 2] {
        [self.job, address::vault(&self.job)]
    }

    /// Counts units of this life.
    fn count(&mut self, event: &Event) {
        let units = &mut self.units;
        match event {
            Event::WindowProven(e) if (e.job, e.incarnation) == (self.job, self.incarnation) => {
                units.proven = units.proven.saturating_add(e.accepted);
            }
            Event::ChallengeRuled(e) => {
                // Its address tells which life it is of.
                let own = address::challenge(&self.job, self.incarnation, e.window);
                if e.challenge == own && e.verdict == u64::from(Verdict::Void.byte()) {
                    units.void = units.void.saturating_add(e.units);
                }
            }
            _ => {}
        }
    }

    /// Takes in a challenge of this life, if the buyer made it.
    fn challenge(&mut self, past: &Past, call: &Call) {
        let Some((incarnation, rest)) = call.arguments().split_first_chunk::<8>() else {
            return;
        };
        let Some(window) = rest.first_chunk::<4>() else {
            return;
        };
        let incarnation = u64::from_le_bytes(*incarnation);
        let window = u32::from_le_bytes(*window);
        let own = address::challenge(&self.job, self.incarnation, window);
        let is_own = incarnation == self.incarnation && call.account(CHALLENGE) == Some(own);
        if !is_own || call.account(CHALLENGER) != Some(self.buyer) {
            return;
        }
        self.challenges.insert(own);
        let source = call.account(BONDS_SOURCE).unwrap_or_default();
        let bond = call.taken_from(&source);
        self.bonds.posted = self.bonds.posted.saturating_add(bond);
        if call.account(PAYER) == Some(self.buyer) {
            self.rent.take(past, &[own]);
        }
    }

    /// Takes in the end of a challenge of the buyer's.
    fn settle(&mut self, past: &Past, challenge: &Address) {
        for event in past.logged().events {
            match event {
                Event::ChallengeSettled(e) if e.challenge == *challenge => {
                    let total = if e.winner == self.buyer {
                        &mut self.bonds.returned
                    } else {
                        &mut self.bonds.lost
                    };
                    *total = total.saturating_add(e.bond);
                }
                _ => {}
            }
        }
        let settles = past.calls.iter().any(|call| {
            call.is(ix::SettleChallenge::DISCRIMINATOR)
                && call.account(SETTLED_CHALLENGE) == Some(*challenge)
                && call.account(SETTLED_CHALLENGES_PAYER) == Some(self.buyer)
        });
        if settles {
            self.rent.take(past, &[*challenge]);
        }
    }
}

fn opens(call: &Call) -> bool {
    call.is(ix::OpenJob::DISCRIMINATOR) || call.is(ix::TakeOffer::DISCRIMINATOR)
}
