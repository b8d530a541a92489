//! Values as the vectors write them: 64-bit integers as decimal strings, bytes as `0x` and hexadecimal digits, addresses in
//! base58, fields under their names.

use {
    serde_json::{Map, Value},
    solana_address::Address,
};

pub trait ToJson {
    fn json(&self) -> Value;
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> Value {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("0x{digits}").into()
}

/// Named values as an object, in this order.
pub fn object<const N: usize>(fields: [(&str, &dyn ToJson); N]) -> Value {
    let fields = fields.map(|(name, value)| (name.to_owned(), value.json()));
    Value::Object(Map::from_iter(fields))
}

/// All fields of a struct by name. The pattern names every field, so that a new one does not compile until it is written here.
macro_rules! record {
    ($($type:path { $($field:ident),* $(,)? })*) => {$(
        impl $crate::json::ToJson for $type {
            fn json(&self) -> serde_json::Value {
                let Self { $($field),* } = self;
                $crate::json::object([$((stringify!($field), $field as &dyn $crate::json::ToJson)),*])
            }
        }
    )*};
}
pub(crate) use record;

macro_rules! plain {
    ($as:ident: $($type:ty),*) => {$(
        impl ToJson for $type {
            fn json(&self) -> Value {
                plain!(@$as self)
            }
        }
    )*};
    (@number $value:ident) => { (*$value).into() };
    (@text $value:ident) => { $value.to_string().into() };
}
plain!(number: bool, u8, u16, u32);
plain!(text: u64, i64, str, &str, String, Address);

impl ToJson for Value {
    fn json(&self) -> Value {
        self.clone()
    }
}

impl<const N: usize> ToJson for [u8; N] {
    fn json(&self) -> Value {
        hex(self)
    }
}

macro_rules! lists {
    ($($type:ty),*) => {$(
        impl<const N: usize> ToJson for [$type; N] {
            fn json(&self) -> Value {
                self.iter().map(ToJson::json).collect()
            }
        }
    )*};
}
lists!(
    u64,
    Address,
    [u8; 32],
    sluice::state::RingEntry,
    sluice::state::ShareSlot
);

impl<T: ToJson> ToJson for Vec<T> {
    fn json(&self) -> Value {
        self.iter().map(ToJson::json).collect()
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn json(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToJson::json)
    }
}

impl<A: ToJson, B: ToJson> ToJson for (A, B) {
    fn json(&self) -> Value {
        Value::Array(vec![self.0.json(), self.1.json()])
    }
}
