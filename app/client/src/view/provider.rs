//! What a provider can show, and for how long its record has counted.

use {
    sluice::{
        identity::{ATTESTATION_SERVICE, Attested},
        state::Network,
    },
    solana_account::Account,
    solana_address::Address,
};

/// What a provider shows of the identity that its network asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityView {
    /// Nobody vouches for it.
    Missing,
    /// It counts until this unix second; `None` for ever.
    VouchedFor(Option<i64>),
    /// It does not count: this unix second is over, or it vouches for somebody else.
    Expired(Option<i64>),
}

impl IdentityView {
    /// What the owner of a provider shows at `now`: `account` is what was found at
    /// [`credential`](crate::address::credential).
    pub fn of(network: &Network, owner: &Address, account: Option<&Account>, now: i64) -> Self {
        let attested = account
            .filter(|account| account.owner == ATTESTATION_SERVICE)
            .and_then(|account| Attested::parse(&account.data));
        let Some(attested) = attested else {
            return Self::Missing;
        };
        let until = (attested.expiry != 0).then_some(attested.expiry);
        match network.params.identity.accept(&attested, owner, now) {
            Ok(()) => Self::VouchedFor(until),
            Err(_) => Self::Expired(until),
        }
    }

    /// What it shows, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::VouchedFor(_) => "vouched for",
            Self::Expired(_) => "expired",
        }
    }

    /// The first unix second in which it no longer counts, where there is one.
    pub const fn until(self) -> Option<i64> {
        match self {
            Self::Missing => None,
            Self::VouchedFor(until) | Self::Expired(until) => until,
        }
    }
}

/// For how many seconds a record that began in `opened_slot` has counted at `slot`, about: a slot takes 0.4 seconds.
pub const fn record_secs(opened_slot: u64, slot: u64) -> u64 {
    slot.saturating_sub(opened_slot).saturating_mul(2) / 5
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    #[test]
    fn what_another_program_holds_vouches_for_nobody() {
        let (network, owner) = (Network::zeroed(), Address::new_unique());
        let mut account = Account {
            data: vec![0; 300],
            ..Account::default()
        };
        let view = |account: Option<&Account>| IdentityView::of(&network, &owner, account, 0);
        assert_eq!(view(None), IdentityView::Missing);
        assert_eq!(view(Some(&account)), IdentityView::Missing);
        account.owner = ATTESTATION_SERVICE;
        assert_eq!(view(Some(&account)), IdentityView::Missing);
    }

    #[test]
    fn a_slot_takes_two_fifths_of_a_second() {
        assert_eq!(record_secs(100, 350), 100);
        assert_eq!(record_secs(100, 99), 0);
    }
}
