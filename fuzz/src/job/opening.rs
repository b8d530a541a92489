//! Terms and deposits of any size; most of them such that a job opens.

use {
    super::{actions::Opening, course::OPENED_AT},
    crate::pick::Pick,
    bytemuck::Zeroable,
    sluice::{
        constants::{
            MAX_LENGTH_SECS, MAX_TERM_SECS, MAX_TOTAL_FEE_BPS, MAX_UNBONDING_SECS, MIN_RULING_SECS,
            RING,
        },
        state::Terms,
    },
};

/// What a job is opened with.
pub fn opening(pick: &mut Pick) -> Opening {
    let terms = terms(pick);
    let fees = pick.short() % (MAX_TOTAL_FEE_BPS + 1);
    let attestation_bps = pick.short() % (fees + 1);
    let min_unbonding_secs = match pick.below(4) {
        3 => pick.secs(MAX_UNBONDING_SECS),
        _ => MAX_UNBONDING_SECS,
    };
    Opening {
        terms,
        min_unbonding_secs,
        length_secs: 1 + pick.wide() % terms.max_length_secs.max(1),
        open_until: OPENED_AT + 1 + i64::from(pick.secs(u32::MAX)),
        funds: pick.wide().max(1),
        fee_bps: fees - attestation_bps,
        attestation_bps,
        taken: pick.below(2) == 1,
    }
}

/// Terms within their bounds as far as each alone can be; one time in sixteen one of them is 0.
fn terms(pick: &mut Pick) -> Terms {
    let window_secs = pick.secs(MAX_TERM_SECS).max(1);
    let ring_secs = window_secs.saturating_mul(RING).min(MAX_TERM_SECS);
    let grace_secs = pick.secs(ring_secs).max(1);
    let challenge_secs = pick.secs(ring_secs - grace_secs);
    let ruling_secs = match challenge_secs {
        0 => pick.secs(MAX_TERM_SECS),
        _ => pick.secs(MAX_TERM_SECS).max(MIN_RULING_SECS),
    };
    let mut terms = Terms {
        price: pick.wide().max(1),
        per: pick.wide().max(1),
        cap: pick.wide().max(1),
        bond: pick.wide(),
        challenge_bond: pick.wide(),
        max_length_secs: pick.wide().clamp(1, MAX_LENGTH_SECS),
        window_secs,
        grace_secs,
        challenge_secs,
        ruling_secs,
        notice_secs: pick.secs(MAX_TERM_SECS),
        fault_windows: pick.secs(u32::MAX).max(1),
        ..Terms::zeroed()
    };
    match pick.byte() {
        0xf0 => terms.price = 0,
        0xf1 => terms.per = 0,
        0xf2 => terms.cap = 0,
        0xf3 => terms.max_length_secs = 0,
        0xf4 => terms.window_secs = 0,
        0xf5 => terms.grace_secs = 0,
        0xf6 => terms.fault_windows = 0,
        0xf7 => terms.window_secs = u32::MAX,
        0xf8 => terms.ruling_secs = u32::MAX,
        0xf9 => terms.notice_secs = u32::MAX,
        0xfa => terms.grace_secs = u32::MAX,
        0xfb => terms.challenge_secs = u32::MAX,
        _ => {}
    }
    terms
}
