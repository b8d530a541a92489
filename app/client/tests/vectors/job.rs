//! A job with every field that instructions read.

use {
    crate::key,
    bytemuck::Zeroable,
    sluice_client::{Job, JobState, Terms, address},
};

/// Terms of a job of somebody's, under a set.
pub fn terms() -> Terms {
    Terms {
        mint: key("mint"),
        set: key("set"),
        price: 10_000,
        per: 3,
        cap: 100,
        bond: 20_000_000_000,
        challenge_bond: 1_000_000_000,
        max_length_secs: 86_400,
        window_secs: 3_600,
        grace_secs: 1_800,
        challenge_secs: 7_200,
        ruling_secs: 600,
        notice_secs: 3_601,
        fault_windows: 2,
    }
}

/// An active job at `address`.
pub fn job(address: &solana_address::Address) -> Job {
    Job {
        network: key("network"),
        buyer: key("buyer"),
        refund_owner: key("refund owner"),
        provider: key("provider"),
        payee: key("owner"),
        node: key("node"),
        attestation_owner: key("fee owner"),
        vault: address::vault(address),
        rent_payer: key("rent payer"),
        terms: terms(),
        incarnation: 77,
        state: JobState::Active.byte(),
        ..Job::zeroed()
    }
}
