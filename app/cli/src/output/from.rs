//! What becomes a value by itself.

use {
    super::fields::{Fields, Value},
    sluice::constants::NOBODY,
    sluice_client::foreign::Foreign,
    solana_address::Address,
    solana_signature::Signature,
};

impl From<Address> for Value {
    /// The zero address is nobody.
    fn from(address: Address) -> Self {
        if address == NOBODY {
            Self::Absent
        } else {
            Self::Address(address)
        }
    }
}

impl From<Signature> for Value {
    fn from(signature: Signature) -> Self {
        Self::Signature(signature.to_string())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Foreign> for Value {
    fn from(text: Foreign) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<[u8; 32]> for Value {
    fn from(bytes: [u8; 32]) -> Self {
        Self::Hash(bytes)
    }
}

impl From<Vec<Fields>> for Value {
    fn from(items: Vec<Fields>) -> Self {
        Self::List(items)
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Self {
        Self::Group(fields)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

macro_rules! number_into_value {
    ($($number:ty),*) => {
        $(impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(u32::from(number))
            }
        })*
    };
}

number_into_value!(u8, u16, u32);

impl From<u64> for Value {
    fn from(count: u64) -> Self {
        Self::Count(count)
    }
}
