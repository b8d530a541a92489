use {
    crate::proof::{
        attest, honest, ready_and_small, signed, statement, still_provable, worker_and,
    },
    sluice_client::statement::{Path, Statement},
    sluice_tests::world::{Site, seeded},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

const SIGNATURES: usize = 2;
const MESSAGE_AT: usize = 2 + 14 * SIGNATURES;
/// Places of a record's fields.
const SIGNATURE: usize = 0;
const SIGNATURE_IN: usize = 2;
const KEY: usize = 4;
const KEY_IN: usize = 6;
const MESSAGE: usize = 8;
const MESSAGE_LEN: usize = 10;
const MESSAGE_IN: usize = 12;

/// The precompile's refusal of a signature.
const BAD_SIGNATURE: &str = "Custom(2)";

/// Where signer `index` keeps its key.
const fn key_at(index: usize) -> usize {
    MESSAGE_AT + 48 + 96 * index
}

/// Writes one field of one record.
fn point(ed25519: &mut Instruction, record: usize, field: usize, value: usize) {
    let at = 2 + 14 * record + field;
    ed25519.data[at..at + 2].copy_from_slice(&(value as u16).to_le_bytes());
}

/// The precompile is content with `ed25519`, and the program refuses it.
#[track_caller]
fn malformed(site: &mut Site, before: &[Instruction], ed25519: &Instruction) {
    let [_, ours] = honest(site);
    let all: Vec<_> = before.iter().chain([ed25519, &ours]).cloned().collect();
    site.world.send(&all[..all.len() - 1], &[]).unwrap();
    site.world.refused(&all, &[], "MalformedSignatures");
}

#[test]
fn any_index_that_points_at_another_instruction_holding_the_same_bytes_is_refused() {
    let mut site = ready_and_small();
    let [good, _] = honest(&site);
    for field in [SIGNATURE_IN, KEY_IN, MESSAGE_IN] {
        for record in 0..SIGNATURES {
            let mut bent = good.clone();
            point(&mut bent, record, field, 0);
            malformed(&mut site, from_ref(&good), &bent);
        }
    }
    still_provable(site);
}

#[test]
fn an_instruction_s_own_number_does_not_stand_for_the_number_that_means_itself() {
    let mut site = ready_and_small();
    let [good, _] = honest(&site);
    for field in [SIGNATURE_IN, KEY_IN, MESSAGE_IN] {
        for record in 0..SIGNATURES {
            let mut bent = good.clone();
            point(&mut bent, record, field, 0);
            malformed(&mut site, &[], &bent);
        }
    }
    still_provable(site);
}

#[test]
fn members_keys_in_place_while_strangers_signed_elsewhere_are_refused() {
    let mut site = ready_and_small();
    let statement = statement(&site);
    let strangers: Vec<_> = (0..2).map(|number| seeded(70_000 + number)).collect();
    let elsewhere = signed(&statement, Path::Quorum, &strangers);
    let [mut forged, _] = honest(&site);
    for record in 0..SIGNATURES {
        point(&mut forged, record, SIGNATURE_IN, 0);
        point(&mut forged, record, KEY_IN, 0);
    }
    malformed(&mut site, &[elsewhere], &forged);
    still_provable(site);
}

#[test]
fn a_forged_message_in_place_while_another_was_signed_elsewhere_is_refused() {
    let mut site = ready_and_small();
    let modest = Statement {
        units: 1,
        ..statement(&site)
    };
    let keys = worker_and(&site, &[0]);
    let elsewhere = signed(&modest, Path::Quorum, &keys);
    let mut forged = elsewhere.clone();
    let greedy = statement(&site).message(Path::Quorum);
    forged.data[MESSAGE_AT..MESSAGE_AT + 48].copy_from_slice(&greedy);
    let [_, ours] = honest(&site);
    // As it stands, the precompile finds the forgery itself.
    let alone = [elsewhere.clone(), forged.clone(), ours];
    site.world.refused(&alone, &[], BAD_SIGNATURE);
    for record in 0..SIGNATURES {
        point(&mut forged, record, MESSAGE_IN, 0);
    }
    malformed(&mut site, &[elsewhere], &forged);
    still_provable(site);
}

#[test]
fn strangers_behind_the_members_keys_in_the_same_instruction_are_refused() {
    let mut site = ready_and_small();
    let statement = statement(&site);
    let strangers: Vec<_> = (0..2).map(|number| seeded(70_000 + number)).collect();
    let theirs = signed(&statement, Path::Quorum, &strangers);
    let [mut forged, _] = honest(&site);
    let tail = forged.data.len();
    forged.data.extend(&theirs.data[key_at(0)..]);
    for record in 0..SIGNATURES {
        point(&mut forged, record, KEY, tail + 96 * record);
        point(&mut forged, record, SIGNATURE, tail + 96 * record + 32);
    }
    malformed(&mut site, &[], &forged);
    still_provable(site);
}

#[test]
fn one_signature_counted_for_several_keys_is_refused() {
    let mut site = ready_and_small();
    let [good, _] = honest(&site);
    for record in 1..SIGNATURES {
        let mut bent = good.clone();
        point(&mut bent, record, KEY, key_at(0));
        point(&mut bent, record, SIGNATURE, key_at(0) + 32);
        malformed(&mut site, &[], &bent);
    }
    still_provable(site);
}

#[test]
fn keys_and_signatures_in_each_others_places_are_refused() {
    let mut site = ready_and_small();
    let [good, _] = honest(&site);
    let mut bent = good.clone();
    for (record, other) in [(0, 1), (1, 0)] {
        point(&mut bent, record, KEY, key_at(other));
        point(&mut bent, record, SIGNATURE, key_at(other) + 32);
    }
    malformed(&mut site, &[], &bent);
    still_provable(site);
}

#[test]
fn a_shorter_longer_or_shifted_message_is_refused() {
    // What the keys sign: a part of the canonical message, more than it, or bytes next to it.
    for (start, len) in [(0, 47), (1, 47), (0, 0), (16, 32), (0, 49), (1, 48)] {
        let mut site = ready_and_small();
        let [mut bent, _] = honest(&site);
        let keys = worker_and(&site, &[0]);
        let message = bent.data[MESSAGE_AT + start..][..len].to_vec();
        for (record, key) in keys.iter().enumerate() {
            point(&mut bent, record, MESSAGE, MESSAGE_AT + start);
            point(&mut bent, record, MESSAGE_LEN, len);
            let at = key_at(record) + 32;
            let signature = key.sign_message(&message);
            bent.data[at..at + 64].copy_from_slice(signature.as_ref());
        }
        malformed(&mut site, &[], &bent);
        still_provable(site);
    }
}

#[test]
fn a_members_key_hidden_in_the_message_of_strangers_is_refused() {
    let mut site = ready_and_small();
    // One stranger signs a long message that holds, at the right places, everything that an honest instruction holds.
    let stranger = seeded(70_001);
    let [good, _] = honest(&site);
    let mut bent = good.clone();
    let tail = bent.data.len();
    let message = bent.data[MESSAGE_AT..].to_vec();
    bent.data.extend(stranger.pubkey().to_bytes());
    bent.data.extend(stranger.sign_message(&message).as_ref());
    for record in 0..SIGNATURES {
        point(&mut bent, record, KEY, tail);
        point(&mut bent, record, SIGNATURE, tail + 32);
        point(&mut bent, record, MESSAGE_LEN, message.len());
    }
    malformed(&mut site, &[], &bent);
    still_provable(site);
}

#[test]
fn an_instruction_without_signatures_proves_nothing() {
    let mut site = ready_and_small();
    let [mut empty, _] = honest(&site);
    empty.data = vec![0, 0];
    malformed(&mut site, &[], &empty);
    still_provable(site);
}

#[test]
fn a_wrong_count_padding_or_tail_is_refused() {
    let mut site = ready_and_small();
    let [good, _] = honest(&site);
    let bends: [fn(&mut Vec<u8>); 4] = [
        |data| data[0] = 1,
        |data| data[1] = 1,
        |data| data.push(0),
        |data| data.extend([0; 96]),
    ];
    for bend in bends {
        let mut bent = good.clone();
        bend(&mut bent.data);
        malformed(&mut site, &[], &bent);
    }
    still_provable(site);
}

#[test]
fn wrong_signatures_never_reach_the_program() {
    let mut site = ready_and_small();
    let [good, ours] = honest(&site);
    for record in 0..SIGNATURES {
        let mut bent = good.clone();
        bent.data[key_at(record) + 40] ^= 1;
        let all = [bent, ours.clone()];
        site.world.refused(&all, &[], BAD_SIGNATURE);
    }
    still_provable(site);
}

#[test]
fn a_signer_of_another_message_does_not_pass_the_precompile() {
    let mut site = ready_and_small();
    let statement = statement(&site);
    let keys: Vec<Keypair> = worker_and(&site, &[0]);
    let mut mixed = signed(&statement, Path::Quorum, &keys);
    let cosigned = signed(&statement, Path::Cosigned, &keys[..1]);
    // The worker agreed to the cosigned path only.
    let signature = &cosigned.data[2 + 14 + 48 + 32..];
    mixed.data[key_at(0) + 32..][..64].copy_from_slice(signature);
    let ours = attest(&site, &statement, 0);
    site.world.refused(&[mixed, ours], &[], BAD_SIGNATURE);
    still_provable(site);
}
