//! The names that the runtime gives to refusals which the reference only knows by kind.

use sluice_tests::reference::{Fail, IN_USE, MISSING, SHORT};

/// True if the refusal on chain is the one the reference expects.
pub fn agrees(expected: Fail, on_chain: &str) -> bool {
    match expected {
        // Anchor finds the system program's empty account where one of ours belongs.
        MISSING => ["InvalidAccountOwner", "UninitializedAccount"].contains(&on_chain),
        // The system program will not create it again.
        IN_USE => on_chain == "AccountAlreadyInitialized",
        // The token program's second error.
        SHORT => on_chain == "Custom(1)",
        named => named == on_chain,
    }
}
