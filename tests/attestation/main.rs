//! The ed25519 layout and who signed it: the parser on the host, byte by byte, and the same attacks on the built ELF.

mod call_through;
mod cosigned;
mod countersigners;
mod layout;
mod place;
mod pointers;
mod proof;
mod quorum;
mod signed;
mod statement;
mod sysvar;
