pub mod evidence;
pub mod open;
pub mod rule;
pub mod settle;
pub mod slash_signer;
