//! The fields of a layout, down to numbers and keys: name, place and value.

use {
    serde_json::{Value, json},
    solana_address::Address,
};

/// One field of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// With what it is in: `terms.price`, `ring[3].units`.
    pub name: String,
    /// Bytes from the start of the account, discriminator included.
    pub offset: usize,
    pub len: usize,
    /// Numbers as such, keys in base58, bytes as hexadecimal digits.
    pub value: Value,
}

impl Field {
    /// True for bytes that belong to later versions.
    pub fn is_reserve(&self) -> bool {
        let last = self.name.rsplit('.').next().unwrap();
        last.starts_with("reserve")
    }
}

/// What has fields.
pub trait Layout {
    /// Adds the fields of this value, which is called `name` and lies at `offset`.
    fn fields(&self, name: &str, offset: usize, out: &mut Vec<Field>);
}

/// The fields of a struct, all of them: one that is not named does not compile.
macro_rules! layout {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::field::Layout for $name {
            fn fields(&self, name: &str, offset: usize, out: &mut Vec<$crate::field::Field>) {
                let Self { $($field: _),* } = self;
                let dot = if name.is_empty() { "" } else { "." };
                $(
                    let inner = format!("{name}{dot}{}", stringify!($field));
                    self.$field.fields(&inner, offset + std::mem::offset_of!(Self, $field), out);
                )*
            }
        }
    };
}
pub(crate) use layout;

fn leaf(name: &str, offset: usize, len: usize, value: Value, out: &mut Vec<Field>) {
    out.push(Field {
        name: name.to_owned(),
        offset,
        len,
        value,
    });
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Layout for $number {
            fn fields(&self, name: &str, offset: usize, out: &mut Vec<Field>) {
                leaf(name, offset, size_of::<Self>(), json!(self), out);
            }
        })*
    };
}

numbers!(u8, u16, u32, u64, i64);

impl Layout for Address {
    fn fields(&self, name: &str, offset: usize, out: &mut Vec<Field>) {
        leaf(name, offset, 32, json!(self.to_string()), out);
    }
}

impl<const N: usize> Layout for [u8; N] {
    fn fields(&self, name: &str, offset: usize, out: &mut Vec<Field>) {
        leaf(name, offset, N, json!(super::golden::hex(self)), out);
    }
}

/// Arrays of anything but bytes, element by element.
macro_rules! elements {
    ($($element:ty),*) => {
        $(impl<const N: usize> Layout for [$element; N] {
            fn fields(&self, name: &str, offset: usize, out: &mut Vec<Field>) {
                for (index, element) in self.iter().enumerate() {
                    let at = offset + index * size_of::<$element>();
                    element.fields(&format!("{name}[{index}]"), at, out);
                }
            }
        })*
    };
}

elements!(
    u64,
    Address,
    sluice::state::RingEntry,
    sluice::state::ShareSlot
);
