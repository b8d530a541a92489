//! The names by which each kind of substitution is refused: who an account is, never what state it is in.

use crate::bend::Kind;

impl Kind {
    /// Names of the errors that may refuse it.
    pub const fn refusals(self) -> &'static [&'static str] {
        match self {
            _ => &[],
        }
    }
}
