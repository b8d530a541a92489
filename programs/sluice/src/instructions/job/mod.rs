pub mod exit;
#[doc(hidden)]
pub use exit::*;

pub mod accept;
pub mod attest;
pub mod attest_cosigned;
pub mod cancel;
pub mod close;
pub mod credit;
pub mod mature;
pub mod open;
pub mod pay;
pub mod refund;
pub mod release;
pub mod sweep;
pub mod top_up;
