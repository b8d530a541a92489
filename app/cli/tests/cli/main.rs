//! The command on the embedded engine: the main path, every refusal, and the reference in `docs/cli.md`.

mod apart;
mod bench;
mod calls;
mod counting;
mod disputes;
mod documents;
mod equivocation;
mod governance;
mod main_path;
mod market;
mod migrating;
mod mints;
mod printed;
mod process;
mod proofs;
mod proposal;
mod reference;
mod refusals;
mod rewarding;
mod scene;
mod sending;
mod staking;
mod strangers;
mod upkeep;
mod watching;
mod words;
