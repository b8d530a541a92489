pub mod exit;
#[doc(hidden)]
pub use exit::*;

pub mod accept;
pub mod attest;
pub mod attest_cosigned;
pub mod cancel;
pub mod close;
pub mod credit;
pub mod end;
pub mod fault;
pub mod mature;
pub mod open;
pub mod pay;
pub mod place;
pub mod refund;
pub mod release;
pub mod resign;
pub mod sweep;
pub mod top_up;
pub mod waive;
