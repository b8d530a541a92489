use {
    crate::signed::{canonical, keys_of},
    proptest::prelude::*,
    sluice::attestation::parse,
};

const COUNTS: std::ops::RangeInclusive<u8> = 1..=6;

/// Bytes before the message: count, padding and records.
fn head_len(n: u8) -> usize {
    2 + 14 * usize::from(n)
}

/// What the layout is, said a second time: the head that belongs in front of this many signatures.
fn head(n: u8) -> Vec<u8> {
    let n = u32::from(n);
    let message_at = 2 + 14 * n;
    let mut head = vec![n as u8, 0];
    for signer in 0..n {
        let key_at = message_at + 48 + 96 * signer;
        for field in [key_at + 32, 0xffff, key_at, 0xffff, message_at, 48, 0xffff] {
            head.extend((field as u16).to_le_bytes());
        }
    }
    head
}

/// True for the canonical layout and no other bytes.
fn is_canonical(data: &[u8]) -> bool {
    data.first().is_some_and(|n| {
        *n > 0
            && data.len() == head_len(*n) + 48 + 96 * usize::from(*n)
            && data.starts_with(&head(*n))
    })
}

#[test]
fn a_canonical_instruction_gives_back_its_message_and_its_keys_in_order() {
    for n in COUNTS {
        let data = canonical(n);
        let signed = parse(&data).unwrap();
        assert_eq!(signed.count(), usize::from(n));
        assert_eq!(signed.message[..], data[head_len(n)..][..48]);
        for (index, key) in keys_of(&signed).into_iter().enumerate() {
            assert_eq!(key[..], data[head_len(n) + 48 + 96 * index..][..32]);
        }
        assert_eq!(signed.key(usize::from(n)), None);
        assert_eq!(signed.key(usize::MAX), None);
    }
}

#[test]
fn every_truncation_is_refused() {
    for n in COUNTS {
        let data = canonical(n);
        for len in 0..data.len() {
            assert_eq!(parse(&data[..len]), None, "{n} signatures, {len} bytes");
        }
        for start in 1..data.len() {
            assert_eq!(parse(&data[start..]), None, "{n} signatures from {start}");
        }
    }
}

#[test]
fn every_trailing_or_leading_byte_is_refused() {
    for n in COUNTS {
        let data = canonical(n);
        for byte in 0..=u8::MAX {
            assert_eq!(parse(&[&data[..], &[byte]].concat()), None);
            assert_eq!(parse(&[&[byte], &data[..]].concat()), None);
        }
        // A whole signer, record or message more than the count says.
        for extra in [14, 48, 96, 96 + 14, 1_000] {
            assert_eq!(parse(&[&data[..], &vec![0; extra]].concat()), None);
        }
    }
}

#[test]
fn a_byte_inserted_or_removed_anywhere_is_refused() {
    for n in COUNTS {
        let data = canonical(n);
        for at in 0..data.len() {
            let mut longer = data.clone();
            longer.insert(at, data[at]);
            assert_eq!(parse(&longer), None, "{n} signatures, byte {at} twice");
            let mut shorter = data.clone();
            shorter.remove(at);
            assert_eq!(parse(&shorter), None, "{n} signatures, without {at}");
        }
    }
}

#[test]
fn every_other_value_of_every_byte_of_header_and_records_is_refused() {
    for n in COUNTS {
        let data = canonical(n);
        for at in 0..head_len(n) {
            let mut bent = data.clone();
            for change in 1..=u8::MAX {
                bent[at] = data[at] ^ change;
                assert_eq!(parse(&bent), None, "{n} signatures, byte {at} ^ {change}");
            }
        }
    }
}

#[test]
fn a_change_after_the_records_is_another_message_key_or_signature_and_never_another_layout() {
    for n in COUNTS {
        let data = canonical(n);
        let signed = parse(&data).unwrap();
        for at in head_len(n)..data.len() {
            for change in [1, 2, 0x40, 0x80, 0xaa, 0xff] {
                let mut bent = data.clone();
                bent[at] ^= change;
                let other = parse(&bent).unwrap();
                assert_eq!(other.count(), signed.count());
                let place = at - head_len(n);
                assert_eq!(other.message == signed.message, place >= 48);
                let in_key = |index| {
                    let key_at = 48 + 96 * index;
                    (key_at..key_at + 32).contains(&place)
                };
                for index in 0..usize::from(n) {
                    assert_eq!(other.key(index) != signed.key(index), in_key(index));
                }
            }
        }
    }
}

#[test]
fn records_in_another_order_are_refused() {
    for n in 2..=6 {
        let data = canonical(n);
        for (a, b) in (0..n).flat_map(|a| (0..a).map(move |b| (a, b))) {
            let (a, b) = (2 + 14 * usize::from(a), 2 + 14 * usize::from(b));
            let mut bent = data.clone();
            bent[a..a + 14].copy_from_slice(&data[b..b + 14]);
            assert_eq!(parse(&bent), None, "one record twice");
            bent[b..b + 14].copy_from_slice(&data[a..a + 14]);
            assert_eq!(parse(&bent), None, "two records swapped");
        }
    }
}

#[test]
fn zero_signatures_are_refused_whatever_follows() {
    for len in 0..600 {
        assert_eq!(parse(&vec![0; len]), None);
    }
    let mut data = canonical(1);
    data[0] = 0;
    assert_eq!(parse(&data), None);
    let rest = [&[0, 0], &canonical(1)[16..]].concat();
    assert_eq!(parse(&rest), None);
}

#[test]
fn the_largest_counts_are_read_without_overflow() {
    for n in [7, 13, 127, 254, 255] {
        let len = head_len(n) + 48 + 96 * usize::from(n);
        let mut data = head(n);
        assert_eq!(parse(&data), None);
        data.resize(len, 3);
        assert_eq!(parse(&data).map(|signed| signed.count()), Some(n.into()));
        assert_eq!(parse(&data[..len - 1]), None);
        data[0] -= 1;
        assert_eq!(parse(&data), None);
    }
}

/// One bend of a canonical instruction.
#[derive(Clone, Debug)]
enum Bend {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Grow(Vec<u8>),
    Copy(prop::sample::Index, prop::sample::Index, usize),
}

fn bend() -> impl Strategy<Value = Bend> {
    use prop::sample::Index;
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Bend::Set(at, byte)),
        1 => any::<Index>().prop_map(Bend::Cut),
        1 => prop::collection::vec(any::<u8>(), 1..120).prop_map(Bend::Grow),
        2 => (any::<Index>(), any::<Index>(), 1..100usize).prop_map(|(a, b, n)| Bend::Copy(a, b, n)),
    ]
}

fn apply(data: &mut Vec<u8>, bend: Bend) {
    if data.is_empty() {
        return;
    }
    let len = data.len();
    match bend {
        Bend::Set(at, byte) => data[at.index(len)] = byte,
        Bend::Cut(at) => data.truncate(at.index(len)),
        Bend::Grow(bytes) => data.extend(bytes),
        Bend::Copy(from, to, n) => {
            let (from, to) = (from.index(len), to.index(len));
            let n = n.min(len - from.max(to));
            data.copy_within(from..from + n, to);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn random_bytes_never_panic_and_never_pass(data in prop::collection::vec(any::<u8>(), 0..1_300)) {
        prop_assert_eq!(parse(&data).is_some(), is_canonical(&data));
    }

    #[test]
    fn bent_instructions_pass_only_if_they_are_canonical_again(
        n in 1..=6u8,
        bends in prop::collection::vec(bend(), 0..4),
    ) {
        let mut data = canonical(n);
        for bend in bends {
            apply(&mut data, bend);
        }
        prop_assert_eq!(parse(&data).is_some(), is_canonical(&data));
    }

    #[test]
    fn any_message_keys_and_signatures_pass_in_the_canonical_layout(
        n in 1..=6u8,
        body in prop::collection::vec(any::<u8>(), 48 + 96 * 6),
    ) {
        let body = &body[..48 + 96 * usize::from(n)];
        let data = [&head(n)[..], body].concat();
        let signed = parse(&data).unwrap();
        prop_assert_eq!(&signed.message[..], &body[..48]);
        for (index, key) in keys_of(&signed).into_iter().enumerate() {
            prop_assert_eq!(&key[..], &body[48 + 96 * index..][..32]);
        }
    }
}
