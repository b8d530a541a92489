//! What has gone by each door of a job, as its account and its events count it.

use {
    super::Kind,
    sluice::{events::EscrowMoved, state::Job},
};

/// Cumulative, base units, since the job was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Slot in which the job was opened.
    pub incarnation: u64,
    /// What buyers deposited.
    pub funded: u64,
    /// What the provider's owner got.
    pub paid: u64,
    /// What the network's treasury got.
    pub swept_treasury: u64,
    /// What the set's fee owner got.
    pub swept_attesters: u64,
    /// What the refund owner got back.
    pub refunded: u64,
}

impl Totals {
    /// As the account says.
    pub const fn of(job: &Job) -> Self {
        Self {
            incarnation: job.incarnation,
            funded: job.funded,
            paid: job.paid,
            swept_treasury: job.swept_treasury,
            swept_attesters: job.swept_attesters,
            refunded: job.refunded,
        }
    }

    /// After an event.
    pub const fn after(self, event: &EscrowMoved) -> Self {
        Self {
            paid: event.paid,
            swept_treasury: event.swept_treasury,
            swept_attesters: event.swept_attesters,
            refunded: event.refunded,
            ..self
        }
    }

    /// What left in all; `None` beyond 64 bits.
    pub fn out(&self) -> Option<u64> {
        [
            self.paid,
            self.swept_treasury,
            self.swept_attesters,
            self.refunded,
        ]
        .iter()
        .try_fold(0_u64, |sum, out| sum.checked_add(*out))
    }

    /// What is left in escrow; `None` when more left than came.
    pub fn left(&self) -> Option<u64> {
        self.funded.checked_sub(self.out()?)
    }

    /// Every door out by which these totals grew to `after`, and by how much; `None` if one fell.
    pub fn grown_to(&self, after: &Self) -> Option<Vec<(Kind, u64)>> {
        let doors = [
            (Kind::PaidToProvider, self.paid, after.paid),
            (Kind::NetworkFee, self.swept_treasury, after.swept_treasury),
            (
                Kind::AttestationFee,
                self.swept_attesters,
                after.swept_attesters,
            ),
            (Kind::Refunded, self.refunded, after.refunded),
        ];
        let moved = doors.iter().filter(|(_, before, after)| before != after);
        moved
            .map(|(kind, before, after)| Some((*kind, after.checked_sub(*before)?)))
            .collect()
    }

    /// Before `amount` moved by that door; `None` if it cannot have.
    pub fn before(mut self, kind: Kind, amount: u64) -> Option<Self> {
        let total = self.door(kind)?;
        *total = total.checked_sub(amount)?;
        Some(self)
    }

    /// After `amount` moved by that door; `None` if it cannot have.
    pub fn after_door(mut self, kind: Kind, amount: u64) -> Option<Self> {
        let total = self.door(kind)?;
        *total = total.checked_add(amount)?;
        Some(self)
    }

    const fn door(&mut self, kind: Kind) -> Option<&mut u64> {
        match kind {
            Kind::PaidToProvider => Some(&mut self.paid),
            Kind::NetworkFee => Some(&mut self.swept_treasury),
            Kind::AttestationFee => Some(&mut self.swept_attesters),
            Kind::Refunded => Some(&mut self.refunded),
            Kind::Funded | Kind::ToppedUp => Some(&mut self.funded),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: Totals = Totals {
        incarnation: 1,
        funded: 100,
        paid: 10,
        swept_treasury: 3,
        swept_attesters: 2,
        refunded: 0,
    };

    #[test]
    fn totals_grow_by_their_doors() {
        let refunded = Totals {
            refunded: 85,
            ..BEFORE
        };
        assert_eq!(BEFORE.grown_to(&refunded), Some(vec![(Kind::Refunded, 85)]));
        assert_eq!(BEFORE.after_door(Kind::Refunded, 85), Some(refunded));
        assert_eq!(refunded.before(Kind::Refunded, 85), Some(BEFORE));
        assert_eq!((BEFORE.left(), refunded.left()), (Some(85), Some(0)));
        let both = Totals {
            paid: 11,
            ..refunded
        };
        let doors = vec![(Kind::PaidToProvider, 1), (Kind::Refunded, 85)];
        assert_eq!(BEFORE.grown_to(&both), Some(doors));
        assert_eq!((both.left(), both.out()), (None, Some(101)));
        assert_eq!(BEFORE.grown_to(&Totals { paid: 9, ..BEFORE }), None);
        assert_eq!(BEFORE.before(Kind::PaidToProvider, 11), None);
        assert_eq!(BEFORE.grown_to(&BEFORE), Some(vec![]));
    }
}
