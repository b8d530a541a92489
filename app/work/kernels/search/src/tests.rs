use {
    super::*,
    sluice_kernel::native,
    std::{panic::catch_unwind, vec::Vec},
};

const SEARCH: Search<'static> = Search {
    start: 1_000,
    count: 500,
    bits: 255,
    text: b"a text of thirty-two bytes or so",
};

fn encoded(search: &Search<'_>) -> Vec<u8> {
    [&search.header(), search.text].concat()
}

fn found(search: &Search<'_>) -> (u64, [u8; 32]) {
    let output = native(kernel, &encoded(search)).unwrap();
    let (number, hash) = output.split_first_chunk().unwrap();
    (u64::from_le_bytes(*number), hash.try_into().unwrap())
}

fn hash(text: &[u8], number: u64) -> [u8; 32] {
    sha256(&[&[text, &number.to_le_bytes()[..]].concat()])
}

#[test]
fn the_lowest_hash_is_found() {
    let all = (1_000..1_500).map(|number| (hash(SEARCH.text, number), number));
    let (lowest, number) = all.min().unwrap();
    assert_eq!(found(&SEARCH), (number, lowest));
}

#[test]
fn the_first_hash_that_is_low_enough_ends_the_search() {
    for bits in 0..8 {
        let (number, found) = found(&Search { bits, ..SEARCH });
        let mut numbers = 1_000..1_500;
        let low = |number: &u64| {
            u32::from_be_bytes(*hash(SEARCH.text, *number).first_chunk().unwrap()).leading_zeros()
                >= u32::from(bits)
        };
        assert_eq!(Some(number), numbers.find(low));
        assert_eq!(found, hash(SEARCH.text, number));
    }
}

#[test]
fn a_known_hash_is_found() {
    let only = Search {
        start: 0x6867_6665_6463_6261,
        count: 1,
        bits: 0,
        text: b"",
    };
    // The SHA-256 of "abcdefgh".
    let known = [
        0x9c, 0x56, 0xcc, 0x51, 0xb3, 0x74, 0xc3, 0xba, 0x18, 0x92, 0x10, 0xd5, 0xb6, 0xd4, 0xbf,
        0x57, 0x79, 0x0d, 0x35, 0x1c, 0x96, 0xc4, 0x7c, 0x02, 0x19, 0x0e, 0xcf, 0x1e, 0x43, 0x06,
        0x35, 0xab,
    ];
    assert_eq!(found(&only), (only.start, known));
}

#[test]
fn zeros_are_counted_from_the_front() {
    let mut hash = [0; 32];
    assert_eq!(zeros(&hash), 256);
    hash[2] = 0x10;
    assert_eq!(zeros(&hash), 19);
    hash[0] = 0x80;
    assert_eq!(zeros(&hash), 0);
}

#[test]
fn the_last_number_is_tried() {
    let last = Search {
        start: u64::MAX,
        count: 1,
        ..SEARCH
    };
    assert_eq!(found(&last), (u64::MAX, hash(SEARCH.text, u64::MAX)));
}

#[test]
fn what_is_no_search_is_refused() {
    let none = Search { count: 0, ..SEARCH };
    let past = Search {
        start: u64::MAX - 498,
        ..SEARCH
    };
    let short = encoded(&SEARCH)[..HEADER - 1].to_vec();
    for input in [vec![], short, encoded(&none), encoded(&past)] {
        assert_eq!(Search::decode(&input), None);
        assert!(catch_unwind(|| native(kernel, &input)).is_err());
    }
}
