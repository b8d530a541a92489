//! Arithmetic that refuses what does not fit its type, with one error: `MathOverflow`.

use {crate::error::SluiceError, anchor_lang::prelude::*};

/// Sums and differences of amounts, units, times and counts.
pub trait Checked: Copy {
    /// `self + other`.
    fn plus(self, other: Self) -> Result<Self>;
    /// `self - other`.
    fn minus(self, other: Self) -> Result<Self>;

    /// Adds `by` in place.
    fn raise(&mut self, by: Self) -> Result<()> {
        *self = self.plus(by)?;
        Ok(())
    }

    /// Subtracts `by` in place.
    fn lower(&mut self, by: Self) -> Result<()> {
        *self = self.minus(by)?;
        Ok(())
    }
}

macro_rules! checked {
    ($($integer:ty),*) => {$(
        impl Checked for $integer {
            fn plus(self, other: Self) -> Result<Self> {
                self.checked_add(other).fits()
            }

            fn minus(self, other: Self) -> Result<Self> {
                self.checked_sub(other).fits()
            }
        }
    )*};
}

checked!(u16, u32, u64, i64);

/// A result of arithmetic that may not exist.
pub trait Fits<T> {
    /// The result, or `MathOverflow`.
    fn fits(self) -> Result<T>;
}

impl<T> Fits<T> for Option<T> {
    fn fits(self) -> Result<T> {
        self.ok_or(SluiceError::MathOverflow.into())
    }
}

impl<T> Fits<T> for core::result::Result<T, core::num::TryFromIntError> {
    fn fits(self) -> Result<T> {
        self.map_err(|_| SluiceError::MathOverflow.into())
    }
}

/// Raises what was `taken` of a cumulative total to `total` and returns the difference; refuses with `NothingDue` if
/// there is none.
pub fn take(total: u64, taken: &mut u64) -> Result<u64> {
    match total.checked_sub(*taken) {
        Some(amount) if amount > 0 => {
            *taken = total;
            Ok(amount)
        }
        _ => Err(SluiceError::NothingDue.into()),
    }
}

/// Declares an enum that an account holds as one byte.
macro_rules! byte_enum {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$what:meta])* $variant:ident = $byte:literal,)* }) => {
        $(#[$about])*
        #[repr(u8)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$what])* $variant = $byte,)*
        }

        impl $name {
            /// The byte in the account.
            pub const fn byte(self) -> u8 {
                match self {
                    $(Self::$variant => $byte,)*
                }
            }
        }
    };
}
pub(crate) use byte_enum;
