//! Account layouts outlive the program that wrote them: the bytes of version 1 are kept in `v1.json`, and today's layouts, and
//! those of any later version, must read from them what was written.
//!
//! A new version adds its own file (`cargo test -p sluice-tests --test layouts -- --ignored`) and changes none. The rule is in
//! migrations/README.md.

mod accounts;
mod field;
mod golden;
mod newer;
mod rule;
mod scene;

use {
    accounts::{KINDS, Kind},
    golden::Golden,
    rule::successor,
    sluice::constants::VERSION,
    std::collections::BTreeSet,
};

fn kind(name: &str) -> &'static Kind {
    KINDS.iter().find(|kind| kind.name == name).unwrap()
}

#[test]
fn every_account_of_the_interface_is_kept() {
    let interface: serde_json::Value =
        serde_json::from_str(include_str!("../../idl/sluice.json")).unwrap();
    let named = interface["accounts"].as_array().unwrap().iter();
    let named: BTreeSet<_> = named
        .map(|account| account["name"].as_str().unwrap())
        .collect();
    let kinds: BTreeSet<_> = KINDS.iter().map(|kind| kind.name).collect();
    let kept = golden::read(VERSION);
    let kept: BTreeSet<_> = kept.iter().map(|golden| golden.name.as_str()).collect();
    assert_eq!(named, kinds);
    assert_eq!(named, kept);
}

#[test]
fn todays_layouts_read_the_bytes_of_every_version() {
    for golden in (1..=VERSION).flat_map(golden::read) {
        let read = (kind(&golden.name).read)(golden.body());
        for old in golden.fields.iter().filter(|old| !old.is_reserve()) {
            let found = read.iter().find(|field| field.name == old.name);
            let found = found.unwrap_or_else(|| panic!("{} lost {}", golden.name, old.name));
            assert_eq!(found, old, "{}", golden.name);
        }
        assert_eq!(successor(&golden.fields, &read), Ok(()), "{}", golden.name);
    }
}

#[test]
fn every_byte_of_a_layout_is_some_fields() {
    for kind in KINDS {
        let mut end = 8;
        for field in (kind.read)(&vec![0; kind.size - 8]) {
            assert_eq!(field.offset, end, "{}: before {}", kind.name, field.name);
            end = field.offset + field.len;
        }
        assert_eq!(end, kind.size, "{}", kind.name);
    }
}

#[test]
fn accounts_begin_with_their_discriminator_have_a_version_and_an_empty_reserve() {
    let mut seen = BTreeSet::new();
    let written = scene::accounts();
    let kept = golden::read(1).into_iter().map(|golden| (golden, 1));
    let written = written.into_iter().map(|golden| (golden, VERSION));
    for (
        Golden {
            name,
            bytes,
            fields,
            ..
        },
        version,
    ) in kept.chain(written)
    {
        let kind = kind(&name);
        assert_eq!(&bytes[..8], kind.discriminator, "{name}");
        assert_eq!(bytes.len(), kind.size, "{name}");
        let byte = fields.iter().find(|field| field.name == "version").unwrap();
        assert_eq!((byte.len, bytes[byte.offset]), (1, version), "{name}");
        for field in fields.iter().filter(|field| field.is_reserve()) {
            let reserve = &bytes[field.offset..field.offset + field.len];
            assert!(
                reserve.iter().all(|byte| *byte == 0),
                "{name}.{}",
                field.name
            );
        }
        seen.insert(name);
    }
    assert_eq!(seen.len(), KINDS.len(), "the scene makes every kind");
}

/// Writes the file of this build's version, unless it is there: what was written once is never written again.
#[test]
#[ignore = "writes the file of a new version"]
fn keep_the_bytes_of_this_version() {
    golden::write(VERSION, &scene::richest());
}
