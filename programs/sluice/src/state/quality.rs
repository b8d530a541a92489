use {
    super::Terms,
    crate::{constants::*, error::SluiceError},
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
    sluice_math::metering,
};

/// What an attester set asks of a job, so that the units its quorum proves there count for rewards and records. The program
/// cannot see whether work was done; it can see whether somebody paid for it, could object, and had something to lose.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite)]
pub struct Quality {
    /// The mint that the job pays in.
    pub mint: Address,
    /// The job pays at least `price` base units for `per` units of work.
    pub price: u64,
    /// Units of work that the price is for.
    pub per: u64,
    /// Least bond of the provider, base units of the stake mint.
    pub bond: u64,
    /// Most bond of a challenger, base units of the stake mint.
    pub challenge_bond: u64,
    /// Least challenge time and least ruling time.
    pub challenge_secs: u32,
    /// Least ruling time.
    pub ruling_secs: u32,
}

/// Why the units of a job do not count: the first thing that its terms offer too little of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// It pays in another mint.
    Mint,
    /// It pays too little for a unit.
    Price,
    /// Its provider's bond is too small.
    Bond,
    /// Its challengers' bond is too large.
    ChallengeBond,
    /// It can be challenged for too short a time.
    ChallengeTime,
    /// Its resolver has too little time.
    RulingTime,
}

impl Quality {
    /// Refuses a quality that asks for too little or for too much. Every set asks for a mint, a price, a bond, a time to
    /// object and a time for the resolver, within what terms can offer, and for no dearer an objection than the bond it
    /// is about.
    pub fn validate(&self) -> Result<()> {
        require!(
            self.mint != NOBODY
                && self.price >= 1
                && self.per >= 1
                && self.bond >= 1
                && self.challenge_bond <= self.bond
                && (1..=MAX_TERM_SECS).contains(&self.challenge_secs)
                && (MIN_RULING_SECS..=MAX_TERM_SECS).contains(&self.ruling_secs),
            SluiceError::QualityOutOfBounds
        );
        Ok(())
    }

    /// What `terms` offer too little of; `None` when a job under them counts.
    pub fn shortfall(&self, terms: &Terms) -> Option<Shortfall> {
        let pays = metering::pays_at_least(terms.price, terms.per, self.price, self.per);
        [
            (terms.mint == self.mint, Shortfall::Mint),
            (pays, Shortfall::Price),
            (terms.bond >= self.bond, Shortfall::Bond),
            (
                terms.challenge_bond <= self.challenge_bond,
                Shortfall::ChallengeBond,
            ),
            (
                terms.challenge_secs >= self.challenge_secs,
                Shortfall::ChallengeTime,
            ),
            (terms.ruling_secs >= self.ruling_secs, Shortfall::RulingTime),
        ]
        .into_iter()
        .find(|(offered, _)| !offered)
        .map(|(_, shortfall)| shortfall)
    }
}
