//! Every account type as today's program has it, and the structs within.

use {
    crate::field::{Field, Layout, layout},
    anchor_lang::Discriminator,
    sluice::state::*,
};

/// A type of account.
pub struct Kind {
    pub name: &'static str,
    pub discriminator: &'static [u8],
    /// Bytes, discriminator included.
    pub size: usize,
    /// The fields, from what comes after the discriminator.
    pub read: fn(&[u8]) -> Vec<Field>,
}

/// Reads the bytes after a discriminator as `T`.
pub fn read<T: bytemuck::Pod + Layout>(body: &[u8]) -> Vec<Field> {
    let account: T = bytemuck::pod_read_unaligned(body);
    let mut fields = Vec::new();
    account.fields("", 8, &mut fields);
    fields
}

macro_rules! kinds {
    ($($name:ident),*) => {
        &[$(Kind {
            name: stringify!($name),
            discriminator: $name::DISCRIMINATOR,
            size: 8 + size_of::<$name>(),
            read: read::<$name>,
        }),*]
    };
}

pub const KINDS: &[Kind] = kinds!(
    Network,
    Attester,
    AttesterSet,
    Provider,
    Node,
    Offer,
    StakePool,
    Position,
    Unstake,
    Job,
    Challenge,
    RewardPool,
    Share,
    Epoch
);

layout!(Network {
    domain,
    creator,
    name,
    roles,
    pending_admin,
    stake_mint,
    dividend_mint,
    params,
    change,
    change_at,
    opened_slot,
    paused_until,
    paused_at,
    min_unbonding_secs,
    version,
    bump,
    reserve,
    reserve_words
});
layout!(Attester {
    network,
    owner,
    key,
    rent_payer,
    opened_slot,
    bond,
    live_bits,
    standing,
    version,
    bump,
    reserve,
    liable_until,
    reserve_words
});
layout!(AttesterSet {
    network,
    meter,
    fee_owner,
    revoker,
    digest,
    keys,
    opened_slot,
    live,
    entered,
    fee_bps,
    count,
    threshold,
    version,
    bump,
    reserve,
    reserve_words
});
layout!(Provider {
    network,
    owner,
    operator,
    rent_payer,
    opened_slot,
    quorum_windows,
    jobs_completed,
    jobs_resigned,
    slashes,
    commission_at,
    nodes,
    commission_bps,
    pending_commission_bps,
    version,
    bump,
    reserve,
    reserve_words
});
layout!(Node {
    network,
    provider,
    worker,
    set,
    metadata_hash,
    uri,
    rent_payer,
    opened_slot,
    units,
    quorum_windows,
    jobs_completed,
    slots_total,
    slots_used,
    class,
    region,
    version,
    bump,
    reserve,
    reserve_words
});
layout!(Offer {
    network,
    provider,
    node,
    rent_payer,
    terms,
    id,
    incarnation,
    registration,
    expires_at,
    slots_left,
    slots_total,
    version,
    bump,
    reserve,
    reserve_words
});
layout!(StakePool {
    network,
    subject,
    owner,
    mint,
    vault,
    dividend_vault,
    rent_payer,
    opened_slot,
    tokens,
    active_shares,
    thawing_shares,
    locked,
    dividend_index,
    dividend_rem,
    dividend_total_in,
    slashed,
    to_burn,
    challenge_bonds,
    challenges,
    positions,
    decimals,
    subject_kind,
    version,
    bump,
    vault_bump,
    reserve,
    reserve_words
});
layout!(Position {
    pool,
    staker,
    rent_payer,
    opened_slot,
    shares,
    thawing,
    tickets,
    dividend_seen,
    dividend_frac,
    dividend_due,
    dividend_claimed,
    version,
    bump,
    reserve,
    reserve_words
});
layout!(Unstake {
    position,
    pool,
    staker,
    rent_payer,
    nonce,
    shares,
    withdraw_at,
    opened_slot,
    version,
    bump,
    reserve
});
layout!(Job {
    context,
    network,
    buyer,
    provider,
    payee,
    node,
    worker,
    cosigner,
    attestation_owner,
    resolver,
    vault,
    rent_payer,
    spec_hash,
    terms,
    id,
    incarnation,
    start_at,
    end_at,
    length_secs,
    funded,
    units_funded,
    units_matured,
    units_pending,
    units_frozen,
    quorum_matured,
    quorum_credited,
    paid,
    swept_treasury,
    swept_attesters,
    refunded,
    bond,
    last_proven,
    quorum_windows,
    fee_bps,
    attestation_bps,
    state,
    decimals,
    taken,
    cause,
    version,
    bump,
    vault_bump,
    slashes,
    reserve,
    ring
});
layout!(Challenge {
    job,
    network,
    pool,
    set,
    challenger,
    payee,
    rent_payer,
    evidence,
    statement,
    incarnation,
    units,
    bond,
    slashed,
    rule_from,
    rule_until,
    ruled_at,
    opened_slot,
    window,
    pieces,
    signers,
    reason,
    ruling_reason,
    verdict,
    version,
    bump,
    reserve,
    reserve_words
});
layout!(RewardPool {
    network,
    creator,
    set,
    mint,
    vault,
    refund_owner,
    rent_payer,
    terms,
    id,
    incarnation,
    funded,
    claimed,
    returned,
    unallocated,
    earned,
    epochs,
    shares,
    decimals,
    version,
    bump,
    vault_bump,
    delegated,
    reserve,
    reserve_words
});
layout!(Share {
    pool,
    node,
    provider,
    payee,
    rent_payer,
    opened_slot,
    registration,
    joined_epoch,
    seen,
    earned,
    claimed,
    delegators_earned,
    delegators_claimed,
    slots,
    baseline,
    version,
    bump,
    reserve,
    reserve_words
});
layout!(Epoch {
    pool,
    rent_payer,
    index,
    opened_slot,
    total_units,
    allocated,
    shares,
    folded,
    version,
    bump,
    reserve
});
layout!(NetworkRoles {
    admin,
    guardian,
    resolver,
    treasury
});
layout!(NetworkParams {
    min_stake,
    min_bond,
    unbonding_secs,
    timelock_secs,
    fee_bps,
    reserve
});
layout!(NetworkChange {
    params,
    guardian,
    resolver,
    treasury
});
layout!(Terms {
    mint,
    set,
    price,
    per,
    cap,
    bond,
    challenge_bond,
    max_length_secs,
    window_secs,
    grace_secs,
    challenge_secs,
    ruling_secs,
    notice_secs,
    fault_windows
});
layout!(RingEntry {
    units,
    window_plus_one,
    signers,
    reserve,
    statement
});
layout!(RewardTerms {
    rate,
    ceiling,
    node_cap,
    start_at,
    end_at,
    epoch_secs,
    reserve
});
layout!(ShareSlot {
    epoch_plus_one,
    units,
    delegators_bps,
    reserve
});
