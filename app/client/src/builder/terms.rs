//! What a job or an offer pays, and how it is proven.

use {
    crate::error::Result,
    sluice::{
        constants::{DAY_SECS, HOUR_SECS, NOBODY},
        state::{Network, Terms},
    },
    solana_address::Address,
};

/// Builds [`Terms`]. Times are seconds, prices base units of the payment's mint, bonds base units of the network's stake mint.
#[derive(Clone, Copy, Debug)]
pub struct TermsBuilder {
    terms: Terms,
    /// `None` as long as the challenge time.
    ruling_secs: Option<u32>,
}

impl TermsBuilder {
    /// Terms that pay `price` base units of `mint` for a unit of work, and for at most `cap` units a window.
    pub const fn new(mint: Address, price: u64, cap: u64) -> Self {
        Self {
            terms: Terms {
                mint,
                price,
                per: 1,
                set: NOBODY,
                cap,
                bond: 0,
                challenge_bond: 0,
                max_length_secs: 30 * DAY_SECS as u64,
                window_secs: HOUR_SECS,
                grace_secs: HOUR_SECS,
                challenge_secs: 0,
                ruling_secs: 0,
                notice_secs: HOUR_SECS,
                fault_windows: 3,
            },
            ruling_secs: None,
        }
    }

    /// Units of work that the price buys; 1 by default.
    pub const fn per(mut self, units: u64) -> Self {
        self.terms.per = units;
        self
    }

    /// Address of the attester set whose quorum proves work; none by default: then the job's cosigner alone proves it.
    pub const fn set(mut self, set: Address) -> Self {
        self.terms.set = set;
        self
    }

    /// Stake that the provider locks; 0 by default.
    pub const fn bond(mut self, base: u64) -> Self {
        self.terms.bond = base;
        self
    }

    /// What a challenger deposits; 0 by default.
    pub const fn challenge_bond(mut self, base: u64) -> Self {
        self.terms.challenge_bond = base;
        self
    }

    /// The longest job under these terms; 30 days by default, ten years at most.
    pub const fn max_length_secs(mut self, secs: u64) -> Self {
        self.terms.max_length_secs = secs;
        self
    }

    /// Length of a window; an hour by default.
    pub const fn window_secs(mut self, secs: u32) -> Self {
        self.terms.window_secs = secs;
        self
    }

    /// How long a window can be proven after its end; an hour by default.
    pub const fn grace_secs(mut self, secs: u32) -> Self {
        self.terms.grace_secs = secs;
        self
    }

    /// How long a proof can be challenged after the grace; by default it cannot be.
    pub const fn challenge_secs(mut self, secs: u32) -> Self {
        self.terms.challenge_secs = secs;
        self
    }

    /// How long the resolver has after the challenge time, a minute at least if there is one; as long as it by default.
    pub const fn ruling_secs(mut self, secs: u32) -> Self {
        self.ruling_secs = Some(secs);
        self
    }

    /// How long a job goes on after its buyer cancels or its provider resigns; an hour by default.
    pub const fn notice_secs(mut self, secs: u32) -> Self {
        self.terms.notice_secs = secs;
        self
    }

    /// Unproven windows in a row that let either side end the job; 3 by default.
    pub const fn fault_windows(mut self, windows: u32) -> Self {
        self.terms.fault_windows = windows;
        self
    }

    /// The terms for a job or an offer in `network`. Refuses what the program refuses of terms, and nothing else:
    /// [`ClientError::Program`](crate::ClientError::Program) with the program's error, such as
    /// [`TermsOutlastUnbonding`](crate::SluiceError::TermsOutlastUnbonding) where a proof could outlast the stake behind it.
    pub fn build(self, network: &Network) -> Result<Terms> {
        let mut terms = self.terms;
        terms.ruling_secs = self.ruling_secs.unwrap_or(terms.challenge_secs);
        terms.validate(network.min_unbonding_secs)?;
        Ok(terms)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn network() -> Network {
        Network {
            min_unbonding_secs: DAY_SECS,
            ..Network::zeroed()
        }
    }

    fn terms() -> TermsBuilder {
        TermsBuilder::new(Address::new_from_array([1; 32]), 5, 10)
    }

    fn refusal(terms: TermsBuilder) -> Option<&'static str> {
        terms.build(&network()).unwrap_err().program_error()
    }

    #[test]
    fn a_mint_a_price_and_a_cap_are_terms() {
        let built = terms().build(&network()).unwrap();
        let asked = (built.price, built.per, built.cap, built.set);
        assert_eq!(asked, (5, 1, 10, NOBODY));
    }

    #[test]
    fn a_resolver_has_as_long_as_challengers_unless_something_else_is_asked() {
        let challenged = terms().challenge_secs(120);
        assert_eq!(challenged.build(&network()).unwrap().ruling_secs, 120);
        let other = challenged.ruling_secs(60).build(&network()).unwrap();
        assert_eq!((other.challenge_secs, other.ruling_secs), (120, 60));
    }

    #[test]
    fn what_the_program_refuses_of_terms_is_refused_by_the_same_name() {
        assert_eq!(refusal(terms().per(0)), Some("TermIsZero"));
        assert_eq!(
            refusal(terms().notice_secs(31 * DAY_SECS)),
            Some("TermTooLong")
        );
        assert_eq!(
            refusal(terms().max_length_secs(u64::MAX)),
            Some("LengthOutOfBounds")
        );
        assert_eq!(
            refusal(terms().grace_secs(DAY_SECS)),
            Some("GraceOutlastsRing")
        );
        assert_eq!(
            refusal(terms().window_secs(DAY_SECS)),
            Some("TermsOutlastUnbonding")
        );
        assert_eq!(
            refusal(terms().challenge_secs(9).ruling_secs(9)),
            Some("RulingTooShort")
        );
    }
}
