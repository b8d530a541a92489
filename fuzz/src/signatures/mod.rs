//! The parser of signatures against a slow one: a transaction as the runtime shows it, canonical or bent, is accepted by both
//! with the same result, or by neither.

mod image;
mod slow;

use {
    crate::{Place, Target, bend::bend, pick::Pick},
    anchor_lang::{Error, prelude::Address},
    bytemuck::Zeroable,
    sluice::{
        attestation::{self, MESSAGE_LEN, Said, TAG_BATCH, TAG_COSIGNED, TAG_QUORUM},
        state::AttesterSet,
    },
};

static FOUND: Place = Place::new("signatures before the instruction");
static PARSED: Place = Place::new("a canonical layout");
static QUORUM: Place = Place::new("a quorum accepted");
static FULL_QUORUM: Place = Place::new("a quorum of sixteen accepted");
static COSIGNED: Place = Place::new("a cosigner accepted");
static BOTH: Place = Place::new("two statements of one key accepted");
static BENT: Place = Place::new("bent bytes accepted");
static REFUSED: Place = Place::new("something refused");

pub static TARGET: Target = Target {
    name: "signatures",
    run,
    places: &[
        &FOUND,
        &PARSED,
        &QUORUM,
        &FULL_QUORUM,
        &COSIGNED,
        &BOTH,
        &BENT,
        &REFUSED,
    ],
};

const WORKER: [u8; 32] = key(0);
const COSIGNER: [u8; 32] = key(1);
const STATEMENT: [u8; 32] = [0x5a; 32];
const OTHER: [u8; 32] = [0xa5; 32];

/// Keys 2 to 17 are the members, 18 is a stranger's.
const fn key(number: u8) -> [u8; 32] {
    [number + 1; 32]
}

fn run(input: &[u8]) {
    let pick = &mut Pick::new(input);
    match pick.below(5) {
        0 => quorum(pick),
        1 => cosigned(pick),
        2 => both(pick),
        3 => canonical(pick),
        _ => raw(pick.rest()),
    }
}

/// Worker and members of a set of sixteen.
fn quorum(pick: &mut Pick) {
    let threshold = 1 + pick.below(17);
    let live = !pick.short();
    let asked = !pick.short();
    let ids: Vec<u8> = (0..16)
        .filter(|id| asked >> id & 1 == 1)
        .take(threshold.into())
        .collect();
    let mut members = 0u64;
    for (position, id) in ids.iter().enumerate() {
        members |= u64::from(*id) << (4 * position);
    }
    let mut keys = vec![WORKER];
    keys.extend(ids.iter().map(|id| key(id + 2)));
    let bent = pick.byte();
    if bent & 1 == 1 {
        members ^= pick.wide();
    }
    let message = message(pick, &TAG_QUORUM, &TAG_COSIGNED);
    replace_a_key(pick, &mut keys);
    let data = image::shared(&message, &keys);

    let mut set = AttesterSet::zeroed();
    for (id, member) in (0..).zip(&mut set.keys) {
        *member = Address::new_from_array(key(id + 2));
    }
    (set.threshold, set.count, set.live) = (threshold, 16, live);

    sent(pick, data, |data, bent| {
        let worker = Address::new_from_array(WORKER);
        let told = attestation::verify_quorum(data, &STATEMENT, &worker, &set, members);
        let accepted = named(told);
        let expected = slow::quorum(data, &STATEMENT, &WORKER, &set, members);
        assert_eq!(accepted, expected);
        if let Some(mask) = accepted {
            assert_eq!(mask.count_ones(), u32::from(threshold));
            assert_eq!(mask & !live, 0);
            QUORUM.reach();
            reach_if(threshold == 16, &FULL_QUORUM);
            reach_if(bent, &BENT);
        }
    });
}

/// Worker and cosigner.
fn cosigned(pick: &mut Pick) {
    let mut keys = vec![WORKER, COSIGNER];
    let message = message(pick, &TAG_COSIGNED, &TAG_QUORUM);
    replace_a_key(pick, &mut keys);
    keys.resize(2 + usize::from(pick.below(4)), COSIGNER);
    let data = image::shared(&message, &keys);
    sent(pick, data, |data, bent| {
        let [worker, cosigner] = [WORKER, COSIGNER].map(Address::new_from_array);
        let told = attestation::verify_cosigned(data, &STATEMENT, &worker, &cosigner);
        let accepted = named(told).is_some();
        let expected = slow::cosigned(data, &STATEMENT, &WORKER, &COSIGNER);
        assert_eq!(accepted, expected);
        if accepted {
            COSIGNED.reach();
            reach_if(bent, &BENT);
        }
    });
}

/// Two statements signed by one key, as evidence of equivocation.
fn both(pick: &mut Pick) {
    // Each by itself, or in a batch.
    let tags = [0, 1].map(|_| {
        if pick.below(3) == 2 {
            TAG_BATCH
        } else {
            TAG_QUORUM
        }
    });
    let mut messages = [
        message(pick, &tags[0], &TAG_COSIGNED),
        message(pick, &tags[1], &TAG_QUORUM),
    ];
    let second = if pick.below(2) == 0 { OTHER } else { STATEMENT };
    if pick.below(4) != 3 {
        messages[1][16..].copy_from_slice(&second);
    }
    let mut keys = [WORKER, WORKER];
    replace_a_key(pick, &mut keys);
    let data = image::apart(&keys, &messages);
    sent(pick, data, |data, bent| {
        let worker = Address::new_from_array(WORKER);
        let said = [(&tags[0], STATEMENT), (&tags[1], second)];
        let both = said.map(|(tag, hash)| Said { tag, hash });
        let told = attestation::verify_both(data, &worker, &both);
        let accepted = named(told).is_some();
        let expected = slow::both(data, &WORKER, [(&tags[0], &STATEMENT), (&tags[1], &second)]);
        assert_eq!(accepted, expected);
        if accepted {
            BOTH.reach();
            reach_if(bent, &BENT);
        }
    });
}

/// Any number of signers, bent or not.
fn canonical(pick: &mut Pick) {
    let signers = usize::from(pick.byte());
    let mut data = image::shared(&[7; MESSAGE_LEN], &vec![COSIGNER; signers]);
    bend(pick, &mut data);
    parsed(&data);
}

/// Bytes as they come, as each of the two inputs.
fn raw(bytes: &[u8]) {
    assert_eq!(
        named(attestation::previous_ed25519(bytes)),
        slow::previous(bytes)
    );
    parsed(bytes);
}

/// `data` in a transaction, both perhaps bent: what is found before ours goes to `judge`, with whether its bytes were changed.
fn sent(pick: &mut Pick, data: Vec<u8>, judge: impl FnOnce(&[u8], bool)) {
    let mut given = data.clone();
    bend(pick, &mut given);
    let plain = image::image(pick, &given);
    let mut bent = plain.clone();
    bend(pick, &mut bent);
    let found = named(attestation::previous_ed25519(&bent));
    assert_eq!(found, slow::previous(&bent));
    if bent == plain {
        assert_eq!(found, Some(given.as_slice()));
    }
    if let Some(found) = found {
        FOUND.reach();
        parsed(found);
        // Bytes of a signature may differ: the precompile judges them.
        judge(found, found != data);
    }
}

fn parsed(data: &[u8]) {
    let parsed = attestation::parse(data);
    let expected = slow::shared(data);
    assert_eq!(parsed.is_some(), expected.is_some());
    if let (Some(parsed), Some(expected)) = (parsed, expected) {
        PARSED.reach();
        assert_eq!(parsed.count(), expected.len());
        for (index, (key, message)) in expected.iter().enumerate() {
            assert_eq!(parsed.key(index).map(<[u8; 32]>::as_slice), Some(*key));
            assert_eq!(parsed.message, *message);
        }
        assert_eq!(parsed.key(expected.len()), None);
    }
}

/// The message that was signed: mostly the right one.
fn message(pick: &mut Pick, tag: &[u8; 16], other: &[u8; 16]) -> [u8; MESSAGE_LEN] {
    let choice = pick.below(8);
    let mut message = [0; MESSAGE_LEN];
    let (head, body) = message.split_at_mut(16);
    head.copy_from_slice(if choice == 7 { other } else { tag });
    body.copy_from_slice(if choice == 6 { &OTHER } else { &STATEMENT });
    message
}

/// Puts any key in the place of any signer's, one time in two.
fn replace_a_key(pick: &mut Pick, keys: &mut [[u8; 32]]) {
    let place = usize::from(pick.byte());
    if place & 1 == 1 {
        let place = (place >> 1) % keys.len();
        keys[place] = key(pick.below(19));
    }
}

/// The result, whose error is one of the program's own.
fn named<T>(result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Error::Custom(_)) => {
            REFUSED.reach();
            None
        }
        Err(other) => panic!("a nameless error: {other:?}"),
    }
}

fn reach_if(condition: bool, place: &Place) {
    if condition {
        place.reach();
    }
}
