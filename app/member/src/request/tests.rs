//! Requests as they should be, and as somebody else would like them.

use {
    super::{guard::SKEW_SECS, *},
    proptest::prelude::*,
    solana_keypair::Keypair,
    std::collections::HashMap,
};

const NOW: i64 = 1_800_000_000;

fn asked(to: &Address) -> Asked<'_> {
    Asked {
        to,
        method: "PUT",
        target: "/v1/blobs/ab?job=cd",
        body: body(b"blob"),
    }
}

fn signed(key: &Keypair, to: &Address, time: i64, nonce: u8) -> Signed {
    asked(to).sign(key, time, [nonce; 16]).unwrap()
}

#[test]
fn a_request_passes_once() {
    let (key, member, mut guard) = (Keypair::new(), Keypair::new().pubkey(), Guard::new(100));
    let first = signed(&key, &member, NOW, 1);
    assert_eq!(guard.accept(&first, &asked(&member), NOW), Ok(()));
    assert_eq!(
        guard.accept(&first, &asked(&member), NOW),
        Err(Refused::Again)
    );
    let second = signed(&key, &member, NOW, 2);
    assert_eq!(guard.accept(&second, &asked(&member), NOW), Ok(()));
    // Another key may have the same number.
    let other = signed(&Keypair::new(), &member, NOW, 1);
    assert_eq!(guard.accept(&other, &asked(&member), NOW), Ok(()));
}

#[test]
fn a_request_is_for_one_member_one_method_one_target_one_body_one_time_and_one_number() {
    let (key, member) = (Keypair::new(), Keypair::new().pubkey());
    let good = signed(&key, &member, NOW, 1);
    let stranger = Keypair::new().pubkey();
    let right = asked(&member);
    let others = [
        Asked {
            to: &stranger,
            ..right
        },
        Asked {
            method: "GET",
            ..right
        },
        Asked {
            target: "/v1/blobs/ab?job=ce",
            ..right
        },
        Asked {
            target: "/v1/blobs/ab",
            ..right
        },
        Asked {
            body: body(b"blot"),
            ..right
        },
        Asked {
            body: body(b""),
            ..right
        },
    ];
    let mut guard = Guard::new(100);
    for other in &others {
        assert_eq!(guard.accept(&good, other, NOW), Err(Refused::Signature));
    }
    let bent = [
        Signed {
            key: stranger,
            ..good
        },
        Signed {
            time: NOW + 1,
            ..good
        },
        Signed {
            nonce: [2; 16],
            ..good
        },
        Signed {
            signature: Signature::default(),
            ..good
        },
    ];
    for bent in &bent {
        assert_eq!(guard.accept(bent, &right, NOW), Err(Refused::Signature));
    }
    // None of that left anything behind, and the right one still passes.
    assert_eq!(guard.remembered(), 0);
    assert_eq!(guard.accept(&good, &right, NOW), Ok(()));
}

#[test]
fn lines_cannot_be_moved_from_one_field_into_the_next() {
    let (key, member) = (Keypair::new(), Keypair::new().pubkey());
    let one = Asked {
        method: "PUT",
        target: "/a\n/b",
        ..asked(&member)
    };
    let two = Asked {
        method: "PUT\n/a",
        target: "/b",
        ..asked(&member)
    };
    assert!(one.sign(&key, NOW, [1; 16]).is_err() && two.sign(&key, NOW, [1; 16]).is_err());
    let good = asked(&member).sign(&key, NOW, [1; 16]).unwrap();
    assert!(!good.is_of(&one) && !good.is_of(&two));
}

#[test]
fn clocks_may_differ_by_a_minute() {
    let (key, member) = (Keypair::new(), Keypair::new().pubkey());
    let skew = i64::try_from(SKEW_SECS).unwrap();
    for (apart, passes) in [
        (0, true),
        (skew, true),
        (-skew, true),
        (skew + 1, false),
        (-skew - 1, false),
    ] {
        let mut guard = Guard::new(100);
        let sent = signed(&key, &member, NOW + apart, 1);
        let accepted = guard.accept(&sent, &asked(&member), NOW);
        let expected = if passes {
            Ok(())
        } else {
            Err(Refused::Time(apart.unsigned_abs()))
        };
        assert_eq!(accepted, expected);
    }
    let mut guard = Guard::new(100);
    for extreme in [i64::MIN, i64::MAX] {
        let sent = signed(&key, &member, extreme, 1);
        assert!(matches!(
            guard.accept(&sent, &asked(&member), NOW),
            Err(Refused::Time(_))
        ));
    }
}

#[test]
fn what_is_forgotten_is_too_old_to_come_again() {
    let (key, member, mut guard) = (Keypair::new(), Keypair::new().pubkey(), Guard::new(100));
    let skew = i64::try_from(SKEW_SECS).unwrap();
    // Sent from the future, it is remembered for twice as long.
    let early = signed(&key, &member, NOW + skew, 1);
    assert_eq!(guard.accept(&early, &asked(&member), NOW), Ok(()));
    for later in [NOW + 1, NOW + skew, NOW + 2 * skew] {
        assert_eq!(
            guard.accept(&early, &asked(&member), later),
            Err(Refused::Again)
        );
    }
    let after = NOW + 2 * skew + 1;
    assert!(matches!(
        guard.accept(&early, &asked(&member), after),
        Err(Refused::Time(_))
    ));
    let next = signed(&key, &member, after, 2);
    assert_eq!(guard.accept(&next, &asked(&member), after), Ok(()));
    assert_eq!(guard.remembered(), 1);
}

#[test]
fn one_key_cannot_fill_the_memory_and_all_of_them_stay_within_it() {
    let (member, mut guard) = (Keypair::new().pubkey(), Guard::new(100));
    let flood = Keypair::new();
    let accepted = (0..50).filter(|nonce| {
        let sent = signed(&flood, &member, NOW, *nonce);
        guard.accept(&sent, &asked(&member), NOW).is_ok()
    });
    assert_eq!(accepted.count(), 10);
    let sent = signed(&Keypair::new(), &member, NOW, 1);
    assert_eq!(guard.accept(&sent, &asked(&member), NOW), Ok(()));
    for _ in 0..200 {
        let sent = signed(&Keypair::new(), &member, NOW, 1);
        let _ = guard.accept(&sent, &asked(&member), NOW);
    }
    assert_eq!(guard.remembered(), 100);
}

#[test]
fn headers_are_read_as_they_are_written() {
    let (key, member) = (Keypair::new(), Keypair::new().pubkey());
    let sent = signed(&key, &member, NOW, 7);
    let headers: HashMap<_, _> = sent.headers().into_iter().collect();
    let read = |headers: &HashMap<&str, String>| {
        Signed::read(|name| headers.get(name).map(String::as_str))
    };
    assert_eq!(read(&headers), Ok(sent));
    for name in [KEY, TIME, NONCE, SIGNATURE] {
        for broken in [None, Some(""), Some("x"), Some("\u{202e}")] {
            let mut headers = headers.clone();
            match broken {
                None => headers.remove(name),
                Some(value) => headers.insert(name, value.to_owned()),
            };
            assert_eq!(read(&headers), Err(Refused::Header(name)), "{broken:?}");
        }
    }
}

proptest! {
    #[test]
    fn no_header_panics(values in proptest::array::uniform4(".*")) {
        let names = [KEY, TIME, NONCE, SIGNATURE];
        let value = |name: &str| {
            let at = names.iter().position(|known| *known == name)?;
            values.get(at).map(String::as_str)
        };
        prop_assert!(Signed::read(value).is_err());
    }
}
