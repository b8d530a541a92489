//! The values that events carry.

use {
    crate::foreign::Foreign,
    sluice::state::{NetworkChange, RewardTerms},
    solana_address::Address,
};

/// A value of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A key, or an account's address.
    Address(Address),
    /// A code, or a count of 32 bits.
    Number(u32),
    /// A count or an index of 64 bits.
    Count(u64),
    /// Base units of the mint that the account is in.
    Amount(u64),
    /// Unix seconds.
    Date(i64),
    /// A hash, or 32 bytes that a party chose.
    Hash([u8; 32]),
    /// What a party wrote, without the padding.
    Text(Foreign),
    /// A dividend index.
    Index(u128),
    /// Several in one, with their names.
    Group(Vec<(&'static str, Self)>),
}

/// Marks a number as base units.
pub(super) struct Amount(pub u64);

impl From<Amount> for Field {
    fn from(amount: Amount) -> Self {
        Self::Amount(amount.0)
    }
}

impl From<Address> for Field {
    fn from(address: Address) -> Self {
        Self::Address(address)
    }
}

impl From<i64> for Field {
    fn from(unix: i64) -> Self {
        Self::Date(unix)
    }
}

impl From<[u8; 32]> for Field {
    fn from(bytes: [u8; 32]) -> Self {
        Self::Hash(bytes)
    }
}

impl From<[u8; 64]> for Field {
    fn from(bytes: [u8; 64]) -> Self {
        Self::Text(Foreign::padded(&bytes))
    }
}

impl From<[u64; 2]> for Field {
    /// The low word is the first.
    fn from([low, high]: [u64; 2]) -> Self {
        Self::Index(u128::from(high) << 64 | u128::from(low))
    }
}

macro_rules! number_into_field {
    ($($number:ty),*) => {
        $(impl From<$number> for Field {
            fn from(number: $number) -> Self {
                Self::Number(u32::from(number))
            }
        })*
    };
}

number_into_field!(u16, u32);

impl From<u64> for Field {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}

impl From<RewardTerms> for Field {
    fn from(terms: RewardTerms) -> Self {
        Self::Group(vec![
            ("rate", Self::Amount(terms.rate)),
            ("ceiling", Self::Amount(terms.ceiling)),
            ("node_cap", terms.node_cap.into()),
            ("start_at", terms.start_at.into()),
            ("end_at", terms.end_at.into()),
            ("epoch_secs", terms.epoch_secs.into()),
        ])
    }
}

impl From<NetworkChange> for Field {
    fn from(change: NetworkChange) -> Self {
        let params = change.params;
        Self::Group(vec![
            ("min_stake", Self::Amount(params.min_stake)),
            ("min_bond", Self::Amount(params.min_bond)),
            ("unbonding_secs", params.unbonding_secs.into()),
            ("timelock_secs", params.timelock_secs.into()),
            ("fee_bps", params.fee_bps.into()),
            ("credential", params.identity.credential.into()),
            ("schema", params.identity.schema.into()),
            ("guardian", change.guardian.into()),
            ("resolver", change.resolver.into()),
            ("treasury", change.treasury.into()),
        ])
    }
}
