//! Account bytes and what they decode to; events likewise.

use {
    crate::{
        check, hash,
        json::{ToJson, hex, object, record},
        key,
    },
    anchor_lang::{Discriminator, Event as _},
    bytemuck::Pod,
    serde_json::{Map, Value},
    sha2::{Digest, Sha256},
    sluice::{
        events::{
            BatchClosed, BatchProven, BatchSigned, EscrowMoved, JobOpened, ProvenWindow,
            StakeChanged, WindowProven,
        },
        identity::Identity,
        state::{
            Attester, AttesterSet, Batch, Challenge, Epoch, Job, Network, NetworkChange,
            NetworkParams, NetworkRoles, Node, Offer, Position, Provider, Quality, Record,
            RewardPool, RewardTerms, RingEntry, Share, ShareSlot, StakePool, Terms, Unstake,
        },
    },
    sluice_client::{Event, account},
};

record! {
    Attester {
        network, owner, key, rent_payer, uri, opened_slot, bond, live_bits, standing, bump, reserve, reserve_words,
    }
    AttesterSet {
        network, meter, fee_owner, revoker, digest, keys, quality, opened_slot, live, entered, fee_bps, count, threshold,
        bump, reserve, reserve_words,
    }
    Batch { set, root, payer, expires_at, signers, bump, reserve }
    Challenge {
        job, network, pool, set, challenger, payee, rent_payer, evidence, statement, incarnation, units, bond, slashed,
        rule_from, rule_until, ruled_at, opened_slot, window, pieces, signers, reason, ruling_reason, verdict,
        bump, reserve, reserve_words,
    }
    Epoch {
        pool, rent_payer, index, opened_slot, total_units, allocated, shares, folded, bump, reserve,
    }
    Job {
        context, network, buyer, refund_owner, provider, payee, node, worker, cosigner, attestation_owner, resolver, vault, rent_payer,
        payee_account, treasury_account, attestation_account, refund_account, spec_hash, terms, id, incarnation, start_at, end_at, length_secs, funded, units_funded, units_matured,
        units_pending, units_frozen, quorum_matured, quorum_credited, gross_cosigned, paid, swept_treasury, swept_attesters, refunded,
        bond, last_proven, quorum_windows, worked_windows, last_worked, excused_windows, last_excused, void_windows, missed_windows, fee_bps, attestation_bps, state, decimals, taken, cause, bump,
        vault_bump, slashes, counts, reserve, ring,
    }
    Network {
        domain, creator, name, roles, pending_admin, stake_mint, dividend_mint, params, change, change_at, opened_slot,
        paused_until, paused_at, min_unbonding_secs, dividend_secs, bump, reserve, reserve_words,
    }
    Node {
        network, provider, worker, set, metadata_hash, uri, rent_payer, opened_slot, units, record,
        slots_total, slots_used, class, region, bump, reserve, reserve_words,
    }
    Offer {
        network, provider, node, rent_payer, terms, id, incarnation, registration, expires_at, slots_left, slots_total,
        bump, reserve, reserve_words,
    }
    Position {
        pool, staker, rent_payer, opened_slot, shares, thawing, tickets, dividend_seen, dividend_frac, dividend_due,
        dividend_claimed, bump, reserve, reserve_words,
    }
    Provider {
        network, owner, operator, rent_payer, opened_slot, record,
        commission_at, nodes, commission_bps, pending_commission_bps, bump, reserve, reserve_words,
    }
    RewardPool {
        network, creator, set, mint, vault, refund_owner, rent_payer, terms, id, incarnation, funded, claimed, returned,
        unallocated, earned, settled, epochs, shares, decimals, bump, vault_bump, delegated, reserve, reserve_words,
    }
    Share {
        pool, node, provider, payee, payee_account, rent_payer, opened_slot, registration, joined_epoch, seen, earned, claimed,
        delegators_earned, delegators_claimed, slots, baseline, bump, reserve, reserve_words,
    }
    StakePool {
        network, subject, owner, mint, vault, dividend_vault, rent_payer, opened_slot, tokens, active_shares,
        thawing_shares, locked, dividend_index, dividend_rem, dividend_total_in, dividend_period, dividend_streaming,
        dividend_released, dividend_next, slashed, to_burn, challenge_bonds, challenges, positions, decimals, subject_kind, bump,
        vault_bump, dividend_secs, reserve_words,
    }
    Unstake {
        position, pool, staker, rent_payer, nonce, shares, withdraw_at, opened_slot, bump, reserve,
    }
    NetworkChange { params, guardian, resolver, treasury }
    Identity { credential, schema }
    NetworkParams { min_stake, min_bond, unbonding_secs, timelock_secs, fee_bps, reserve, identity }
    NetworkRoles { admin, guardian, resolver, treasury }
    Record {
        windows_missed, windows_proven, jobs_accepted, jobs_completed, jobs_resigned, jobs_waived, jobs_faulted,
        jobs_voided, slashes,
    }
    Quality { mint, price, per, bond, challenge_bond, challenge_secs, ruling_secs }
    RewardTerms { rate, ceiling, node_cap, start_at, end_at, epoch_secs, reserve }
    RingEntry { units, window_plus_one, signers, reserve, statement }
    ShareSlot { epoch_plus_one, units, delegators_bps, reserve }
    Terms {
        mint, price, per, set, cap, bond, challenge_bond, max_length_secs, window_secs, grace_secs, challenge_secs,
        ruling_secs, notice_secs, fault_windows,
    }
    BatchSigned { batch, set, root, payer, expires_at, signers }
    BatchClosed { batch, set, root }
    BatchProven { batch, signers, windows }
    ProvenWindow { job, entry, window, accepted }
    JobOpened { job, incarnation, buyer, funded, mint, units_funded, set }
    EscrowMoved { job, amount, paid, swept_treasury, swept_attesters, refunded }
    StakeChanged {
        pool, staker, tokens, active_shares, thawing_shares, position_shares, position_thawing,
    }
    WindowProven { job, incarnation, digest, accepted, units_matured, units_pending, window, signers }
}

/// Bytes of a value, discriminator first, and its fields: no two of its bytes are alike but by chance.
fn sample<T: Pod + Discriminator + ToJson>() -> (String, Value) {
    let name = account::short_name::<T>();
    let mut bytes = Vec::new();
    while bytes.len() < size_of::<T>() {
        let block: [u8; 32] = Sha256::digest([hash(name).as_slice(), &bytes].concat()).into();
        bytes.extend(block);
    }
    let value: T = bytemuck::pod_read_unaligned(&bytes[..size_of::<T>()]);
    let data = [T::DISCRIMINATOR, bytemuck::bytes_of(&value)].concat();
    let sample = object([("data", &hex(&data)), ("fields", &value.json())]);
    (name.to_owned(), sample)
}

/// The one event of no fixed length, with three windows, as `sample` gives the others.
fn batch_proven() -> (String, Value) {
    let window = |entry: u8, window, accepted| ProvenWindow {
        job: key(&format!("job {entry}")),
        entry,
        window,
        accepted,
    };
    let proven = BatchProven {
        batch: key("batch"),
        signers: 0b1000_0000_0000_0110,
        windows: vec![
            window(0, 7, 100),
            window(2, 0, u64::MAX),
            window(31, u32::MAX, 1),
        ],
    };
    let data = proven.data();
    let read: Vec<_> = Event::read(&data)
        .into_iter()
        .map(|event| match event {
            Event::BatchProven(read) => (read.job, read.entry, read.window, read.accepted),
            _ => panic!("a window is read as {}", event.name()),
        })
        .collect();
    let said = |one: &ProvenWindow| (one.job, one.entry, one.window, one.accepted);
    assert_eq!(read, proven.windows.iter().map(said).collect::<Vec<_>>());
    let sample = object([("data", &hex(&data)), ("fields", &proven.json())]);
    ("BatchProven".to_owned(), sample)
}

#[test]
fn accounts_decode_to_these_fields() {
    let samples = [
        sample::<Attester>(),
        sample::<AttesterSet>(),
        sample::<Batch>(),
        sample::<Challenge>(),
        sample::<Epoch>(),
        sample::<Job>(),
        sample::<Network>(),
        sample::<Node>(),
        sample::<Offer>(),
        sample::<Position>(),
        sample::<Provider>(),
        sample::<RewardPool>(),
        sample::<Share>(),
        sample::<StakePool>(),
        sample::<Unstake>(),
    ];
    check("accounts", &Value::Object(Map::from_iter(samples)));
}

#[test]
fn events_decode_to_these_fields() {
    let samples = [
        sample::<BatchClosed>(),
        batch_proven(),
        sample::<BatchSigned>(),
        sample::<EscrowMoved>(),
        sample::<JobOpened>(),
        sample::<StakeChanged>(),
        sample::<WindowProven>(),
    ];
    check("events", &Value::Object(Map::from_iter(samples)));
}
