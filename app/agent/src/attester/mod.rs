//! `sluice-agent attester`: signs what it has computed itself.
