use {super::*, proptest::prelude::*, sluice_work::spec::SBPF_INPUT_LEN, tempfile::TempDir};

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn read(folder: &TempDir) -> Result<Folder, BadInputs> {
    Folder::read(folder.path(), Kind::Wasm)
}

fn names(folder: &Folder) -> Vec<&str> {
    folder
        .files()
        .iter()
        .map(|file| file.name.as_str())
        .collect()
}

#[test]
fn inputs_stand_in_order_of_bytes_with_numbers_by_value() {
    let ordered = [
        "-",
        "2",
        "002b",
        "10",
        "a",
        "a-1",
        "a1-2",
        "a1-10",
        "a2",
        "a10",
        "a99999999999999999999",
        "a100000000000000000000",
        "ab",
        "frame-2.png",
        "frame-10.png",
        "é2",
        "é10",
    ];
    let files: Vec<_> = ordered.iter().rev().map(|name| (*name, &b""[..])).collect();
    let folder = folder(&files);
    assert_eq!(names(&read(&folder).unwrap()), ordered);
}

#[test]
fn each_input_has_its_length_and_hash_and_is_read_again() {
    let folder = folder(&[("b", b"second"), ("a", b""), (".hidden", b"x")]);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let inputs = read(&folder).unwrap();
    let of = |name: &str, bytes: &[u8]| Input {
        name: name.to_owned(),
        len: u32::try_from(bytes.len()).unwrap(),
        hash: hash::blob(bytes),
    };
    assert_eq!(inputs.files(), [of("a", b""), of("b", b"second")]);
    assert_eq!(inputs.read_chunk(0).unwrap(), b"");
    assert_eq!(inputs.read_chunk(1).unwrap(), b"second");
    assert!(matches!(inputs.read_chunk(2), Err(Changed::Unknown(2))));
}

#[test]
fn a_file_that_changed_since_is_named() {
    let folder = folder(&[("a\u{202e}", b"first"), ("b", b"second")]);
    let inputs = read(&folder).unwrap();
    for other in [&b"First"[..], b"firs", b"first and more", b""] {
        fs::write(folder.path().join("a\u{202e}"), other).unwrap();
        let changed = inputs.read_chunk(0).unwrap_err();
        assert!(matches!(changed, Changed::Other(_)));
        assert!(
            changed.to_string().contains("a\\u{202e} has changed"),
            "{changed}"
        );
    }
    fs::write(folder.path().join("a\u{202e}"), b"first").unwrap();
    assert_eq!(inputs.read_chunk(0).unwrap(), b"first");
    fs::remove_file(folder.path().join("b")).unwrap();
    assert!(matches!(inputs.read_chunk(1), Err(Changed::Gone(..))));
}

#[test]
fn the_sample_is_first_middle_and_last_without_repetition() {
    for (count, wanted) in [
        (1u32, vec![0u32]),
        (2, vec![0, 1]),
        (3, vec![0, 1, 2]),
        (10, vec![0, 4, 9]),
    ] {
        let folder = TempDir::new().unwrap();
        for number in 0..count {
            fs::write(folder.path().join(number.to_string()), number.to_string()).unwrap();
        }
        let sample = read(&folder).unwrap().sample().unwrap();
        let with_bytes = wanted
            .iter()
            .map(|index| (*index, index.to_string().into_bytes()));
        assert_eq!(sample, with_bytes.collect::<Vec<_>>());
    }
}

#[test]
fn a_folder_of_nothing_and_no_folder_are_errors() {
    let empty = folder(&[(".hidden", b"x")]);
    assert!(matches!(read(&empty), Err(BadInputs::Empty(_))));
    let none = Folder::read(&empty.path().join("none"), Kind::Wasm);
    assert!(matches!(none, Err(BadInputs::Unreadable(..))));
    let file = Folder::read(&empty.path().join(".hidden"), Kind::Wasm);
    assert!(matches!(file, Err(BadInputs::Unreadable(..))));
}

#[test]
fn a_folder_within_the_folder_is_told_and_not_left_out() {
    let folder = folder(&[("a", b"")]);
    fs::create_dir(folder.path().join("more")).unwrap();
    let error = read(&folder).unwrap_err();
    assert!(matches!(error, BadInputs::Folder(_)) && error.to_string().contains("more"));
}

#[test]
fn the_longest_input_depends_on_the_kind() {
    let most = usize::try_from(SBPF_INPUT_LEN).unwrap();
    let folder = folder(&[("a", &vec![1; most])]);
    let read = || Folder::read(folder.path(), Kind::Sbpf);
    assert_eq!(read().unwrap().files()[0].len, SBPF_INPUT_LEN);
    fs::write(folder.path().join("a"), vec![1; most + 1]).unwrap();
    assert!(matches!(read(), Err(BadInputs::TooLong(_, SBPF_INPUT_LEN))));
    assert!(Folder::read(folder.path(), Kind::Wasm).is_ok());
}

#[cfg(unix)]
mod links {
    use {
        super::*,
        std::os::unix::{ffi::OsStrExt, fs::symlink, net::UnixListener},
    };

    #[test]
    fn a_link_is_followed_to_a_file_and_nowhere_else() {
        let elsewhere = folder(&[("target", b"bytes")]);
        let folder = folder(&[]);
        let link = folder.path().join("link");
        symlink(elsewhere.path().join("target"), &link).unwrap();
        assert_eq!(read(&folder).unwrap().read_chunk(0).unwrap(), b"bytes");
        let leads_to = |target: &Path| {
            fs::remove_file(&link).unwrap();
            symlink(target, &link).unwrap();
            read(&folder).unwrap_err()
        };
        assert!(matches!(leads_to(elsewhere.path()), BadInputs::Folder(_)));
        assert!(matches!(
            leads_to(Path::new("/dev/zero")),
            BadInputs::Odd(_)
        ));
        let nothing = leads_to(Path::new("nothing"));
        assert!(matches!(nothing, BadInputs::Unreadable(..)));
    }

    #[test]
    fn what_is_neither_file_nor_folder_is_refused() {
        let folder = folder(&[]);
        let _socket = UnixListener::bind(folder.path().join("socket")).unwrap();
        assert!(matches!(read(&folder), Err(BadInputs::Odd(_))));
    }

    #[test]
    fn a_name_that_is_not_utf_8_is_told_without_its_bytes() {
        let folder = folder(&[]);
        let name = OsStr::from_bytes(b"a\xff\x1b[2J");
        // Some file systems take no such name.
        if fs::write(folder.path().join(name), b"").is_ok() {
            let error = read(&folder).unwrap_err();
            assert!(matches!(error, BadInputs::Name(_)));
            assert!(!error.to_string().contains('\x1b'));
        }
    }
}

proptest! {
    /// The order is total: what sorts the names relies on it.
    #[test]
    fn the_order_is_one(one in "[a0-2-]{0,6}", other in "[a0-2-]{0,6}", third in "[a0-2-]{0,6}") {
        prop_assert_eq!(order(&one, &other), order(&other, &one).reverse());
        prop_assert_eq!(order(&one, &other) == Ordering::Equal, one == other);
        if order(&one, &other).is_lt() && order(&other, &third).is_lt() {
            prop_assert!(order(&one, &third).is_lt());
        }
    }

    #[test]
    fn numbers_alone_are_ordered_by_value(one: u64, other: u64, zeros in 0usize..3) {
        let padded = format!("{}{one}", "0".repeat(zeros));
        if one != other {
            prop_assert_eq!(order(&padded, &other.to_string()), one.cmp(&other));
        }
    }
}
