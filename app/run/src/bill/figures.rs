//! What a job, or all jobs, came to.

use {
    super::json,
    crate::order::Price,
    serde::Serialize,
    sluice_client::books::{Kind, Row},
};

/// Tokens and units of one job, or of all of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// With which the jobs were opened.
    #[serde(serialize_with = "json::text")]
    pub deposited: u64,
    /// Deposited later, by whomever.
    #[serde(serialize_with = "json::text")]
    pub topped_up: u64,
    /// To the provider's owner.
    #[serde(serialize_with = "json::text")]
    pub paid: u64,
    /// To the network's treasury.
    #[serde(serialize_with = "json::text")]
    pub network_fee: u64,
    /// To the set's fee owner.
    #[serde(serialize_with = "json::text")]
    pub attestation_fee: u64,
    /// To the refund owner.
    #[serde(serialize_with = "json::text")]
    pub refunded: u64,
    /// What left by a door that no transaction tells: pay, fees or refund.
    #[serde(serialize_with = "json::text")]
    pub unseen: u64,
    /// What is there still, as the accounts say.
    #[serde(serialize_with = "json::text")]
    pub in_escrow: u64,
    /// Of work.
    pub units: Units,
    /// Bonds of the buyer's own challenges.
    pub bonds: Bonds,
}

/// Units of work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Units {
    /// That were proven and counted, whatever a ruling said later.
    #[serde(serialize_with = "json::text")]
    pub proven: u64,
    /// Of these, ruled void.
    #[serde(serialize_with = "json::text")]
    pub void: u64,
    /// Whose pay has left escrow.
    #[serde(serialize_with = "json::text")]
    pub paid: u64,
}

/// Bonds of challenges, base units of the network's stake mint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bonds {
    /// Put up.
    #[serde(serialize_with = "json::text")]
    pub posted: u64,
    /// Back with the buyer.
    #[serde(serialize_with = "json::text")]
    pub returned: u64,
    /// Gone to the provider's owner, whose window was upheld. What is neither is held still.
    #[serde(serialize_with = "json::text")]
    pub lost: u64,
}

/// Base units for a count, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// Base units ...
    #[serde(serialize_with = "json::text")]
    pub price: u64,
    /// ... for so many, which is not 0.
    #[serde(serialize_with = "json::text")]
    pub per: u64,
}

impl Rate {
    /// `None` for none of anything.
    pub(super) fn of(price: u64, per: u64) -> Option<Self> {
        (per > 0).then_some(Self { price, per })
    }

    /// For one, rounded up: base units.
    pub const fn each(&self) -> u64 {
        self.price.div_ceil(self.per)
    }
}

impl From<Price> for Rate {
    fn from(Price { price, per }: Price) -> Self {
        Self { price, per }
    }
}

impl Figures {
    /// Takes in a row; `None` when sums overflow.
    pub(super) fn take(&mut self, row: &Row) -> Option<()> {
        let total = match row.kind {
            Kind::Funded => &mut self.deposited,
            Kind::ToppedUp => &mut self.topped_up,
            Kind::PaidToProvider => &mut self.paid,
            Kind::NetworkFee => &mut self.network_fee,
            Kind::AttestationFee => &mut self.attestation_fee,
            Kind::Refunded => &mut self.refunded,
            // Those of a provider are in no escrow.
            _ => &mut self.unseen,
        };
        *total = total.checked_add(row.amount)?;
        Some(())
    }

    /// What work cost: pay and fees. `None` beyond 64 bits.
    pub fn cost(&self) -> Option<u64> {
        let fees = self.network_fee.checked_add(self.attestation_fee)?;
        self.paid.checked_add(fees)
    }

    /// True when all that came in left, or is there still.
    pub fn is_balanced(&self) -> bool {
        let sum = |all: &[u64]| all.iter().copied().map(u128::from).sum::<u128>();
        let out = [
            self.paid,
            self.network_fee,
            self.attestation_fee,
            self.refunded,
            self.unseen,
            self.in_escrow,
        ];
        sum(&[self.deposited, self.topped_up]) == sum(&out)
    }

    /// With another job's; `None` when sums overflow.
    pub(super) fn plus(&self, other: &Self) -> Option<Self> {
        let (units, bonds) = (&self.units, &self.bonds);
        Some(Self {
            deposited: self.deposited.checked_add(other.deposited)?,
            topped_up: self.topped_up.checked_add(other.topped_up)?,
            paid: self.paid.checked_add(other.paid)?,
            network_fee: self.network_fee.checked_add(other.network_fee)?,
            attestation_fee: self.attestation_fee.checked_add(other.attestation_fee)?,
            refunded: self.refunded.checked_add(other.refunded)?,
            unseen: self.unseen.checked_add(other.unseen)?,
            in_escrow: self.in_escrow.checked_add(other.in_escrow)?,
            units: Units {
                proven: units.proven.checked_add(other.units.proven)?,
                void: units.void.checked_add(other.units.void)?,
                paid: units.paid.checked_add(other.units.paid)?,
            },
            bonds: Bonds {
                posted: bonds.posted.checked_add(other.bonds.posted)?,
                returned: bonds.returned.checked_add(other.bonds.returned)?,
                lost: bonds.lost.checked_add(other.bonds.lost)?,
            },
        })
    }
}

impl Units {
    /// How many units the `cost` is for: `counted`, if their pay comes to just that, else as many as it covers.
    pub(super) fn paid(cost: u64, price: Price, counted: u64) -> u64 {
        let floor = |factor: u64, by: u64, through: u64| {
            let product = u128::from(factor).saturating_mul(by.into());
            let whole = product.checked_div(through.into()).unwrap_or_default();
            u64::try_from(whole).unwrap_or(u64::MAX)
        };
        if floor(counted, price.price, price.per) == cost {
            counted
        } else {
            floor(cost, price.per, price.price)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_that_the_pay_is_for() {
        let price = Price { price: 10, per: 3 };
        // 10 / 3 base units each, rounded down in all.
        assert_eq!(Units::paid(23, price, 7), 7);
        assert_eq!(Units::paid(20, price, 7), 6);
        assert_eq!(Units::paid(0, price, 7), 0);
        let free = Price { price: 0, per: 1 };
        assert_eq!(Units::paid(0, free, 7), 7);
        let dear = Price {
            price: 1,
            per: u64::MAX,
        };
        assert_eq!(Units::paid(u64::MAX, dear, 1), u64::MAX);
    }

    #[test]
    fn a_rate_is_exact_and_one_is_rounded_up() {
        let rate = Rate::of(10, 3).unwrap();
        assert_eq!((rate.each(), Rate::of(1, 0)), (4, None));
    }

    #[test]
    fn sums_beyond_64_bits_are_none_and_no_balance() {
        let most = Figures {
            paid: u64::MAX,
            network_fee: 1,
            ..Figures::default()
        };
        assert_eq!(most.cost(), None);
        assert_eq!(most.plus(&most), None);
        assert!(!most.is_balanced());
    }
}
