//! `sluice-agent worker`: from a job on a node to money on its owner's account.
