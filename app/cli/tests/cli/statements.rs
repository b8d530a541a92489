//! `sluice attest sign` as a process: one statement about a window, however the key is read and whatever becomes of the journal.

use {
    crate::process::{SLUICE, folder, keypair, text},
    sluice_client::statement::{Path as Way, Statement},
    solana_keypair::read_keypair_file,
    solana_signer::Signer,
    std::{
        fs::{self, File},
        path::{Path, PathBuf},
        process::{Command, Output, Stdio},
    },
};

/// A folder with a key and a state directory.
struct Home {
    folder: PathBuf,
    key: PathBuf,
}

impl Home {
    fn new(name: &str) -> Self {
        let folder = folder(name);
        Self {
            key: keypair(&folder),
            folder,
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn address(&self) -> String {
        read_keypair_file(&self.key).unwrap().pubkey().to_string()
    }

    /// Where what the key signed is written down.
    fn places(&self) -> [PathBuf; 2] {
        let name = format!("{}.signed", self.address());
        [self.at(&name), self.at("state/signed").join(&name)]
    }

    /// What signs offline that so many units were done in a window.
    fn command(&self, key: impl AsRef<Path>, window: u32, units: u64) -> Command {
        let hash = "ab".repeat(32);
        let mut command = Command::new(SLUICE);
        command.env("SLUICE_PROFILE", "/dev/null");
        command.env_remove("NO_DNA").arg("-k").arg(key.as_ref());
        command.env("SLUICE_STATE_DIR", self.at("state"));
        command.args(["attest", "sign", "--context", &hash, "--digest", &hash]);
        command.arg("--window").arg(window.to_string());
        command.arg("--units").arg(units.to_string());
        command
    }

    fn sign(&self, window: u32, units: u64) -> Output {
        self.command(&self.key, window, units).output().unwrap()
    }

    /// The key on standard input, as a file or by a pipe.
    fn sign_from(&self, name: &str, is_piped: bool, window: u32, units: u64) -> Output {
        let secret = File::open(&self.key).unwrap();
        let mut command = self.command(name, window, units);
        if !is_piped {
            return command.stdin(secret).output().unwrap();
        }
        let mut cat = Command::new("cat");
        let mut cat = cat.stdin(secret).stdout(Stdio::piped()).spawn().unwrap();
        let output = command.stdin(cat.stdout.take().unwrap()).output().unwrap();
        cat.wait().unwrap();
        output
    }
}

/// What was refused, and that nothing was printed that could be shown to anybody.
fn refused(output: &Output, code: i32) -> String {
    assert_eq!(
        (output.status.code(), &output.stdout),
        (Some(code), &vec![]),
        "{output:?}"
    );
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_key_signs_one_statement_about_a_window_and_says_why_not_another() {
    let home = Home::new("signed");
    let first = text(&home.sign(0, 30));
    assert_eq!(text(&home.sign(0, 30)), first);
    let told = refused(&home.sign(0, 31), 3);
    for part in ["signed another statement", "30 units", "31 units", "bond"] {
        assert!(told.contains(part), "{told} lacks {part}");
    }
    for place in home.places() {
        assert!(
            told.contains(place.to_str().unwrap()),
            "{told} lacks {}",
            place.display()
        );
    }
    text(&home.sign(1, 31));
    let kept = fs::read_to_string(&home.places()[0]).unwrap();
    fs::write(&home.places()[0], kept.replace("\"30\"", "\"31\"")).unwrap();
    assert!(refused(&home.sign(2, 1), 3).contains("line 1 of"));
}

#[test]
fn a_key_by_any_name_is_the_same_key() {
    let home = Home::new("names");
    let elsewhere = home.at("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::hard_link(&home.key, home.at("hard.json")).unwrap();
    fs::copy(&home.key, elsewhere.join("copy.json")).unwrap();
    std::os::unix::fs::symlink(&home.key, elsewhere.join("link.json")).unwrap();
    let names = [
        home.key.clone(),
        home.at("hard.json"),
        elsewhere.join("copy.json"),
        elsewhere.join("link.json"),
    ];
    let by_name = |number: usize, window, units| match number {
        0..=3 => home
            .command(&names[number], window, units)
            .output()
            .unwrap(),
        4 => home.sign_from("-", false, window, units),
        5 => home.sign_from("/dev/stdin", true, window, units),
        6 => home.sign_from("/dev/stdin", false, window, units),
        _ => home.sign_from("file:-", true, window, units),
    };
    for number in 0..8_usize {
        let window = u32::try_from(number).unwrap();
        text(&by_name(number, window, 30));
        for other in 0..8 {
            refused(&by_name(other, window, 31), 3);
        }
    }
    let moved = elsewhere.join("attester.json");
    fs::rename(&home.key, &moved).unwrap();
    refused(&home.command(&moved, 0, 31).output().unwrap(), 3);
}

#[test]
fn of_processes_at_once_one_signs() {
    let home = Home::new("at-once");
    let elsewhere = home.at("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::copy(&home.key, elsewhere.join("copy.json")).unwrap();
    for window in 0..10 {
        let children = [&home.key, &elsewhere.join("copy.json"), Path::new("-")];
        let children = children.into_iter().zip(30..).map(|(key, units)| {
            let mut command = home.command(key, window, units);
            command.stdin(File::open(&home.key).unwrap());
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().unwrap()
        });
        let children: Vec<_> = children.collect();
        let outputs = children.into_iter().map(|child| child.wait_with_output());
        let mut codes: Vec<_> = outputs
            .map(|output| output.unwrap().status.code())
            .collect();
        codes.sort_unstable();
        assert_eq!(codes, [Some(0), Some(3), Some(3)], "window {window}");
    }
}

#[test]
fn what_cannot_be_written_down_is_not_signed() {
    let home = Home::new("full");
    text(&home.sign(0, 30));
    let len = fs::metadata(&home.places()[0]).unwrap().len();
    // No file may grow beyond a block of 512 bytes, as on a disk that is full in the middle of a line.
    assert!((256..512).contains(&len), "{len}");
    let limited = |window, units| {
        let inner = home.command(&home.key, window, units);
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]);
        command
            .env("SLUICE_PROFILE", "/dev/null")
            .env_remove("NO_DNA");
        command.env("SLUICE_STATE_DIR", home.at("state"));
        command.arg(inner.get_program()).args(inner.get_args());
        command.output().unwrap()
    };
    assert!(refused(&limited(1, 30), 3).contains("nothing is signed"));
    text(&limited(0, 30));
    for place in home.places() {
        assert_eq!(fs::metadata(place).unwrap().len(), len);
    }
    text(&home.sign(1, 31));

    // Nobody makes a folder here.
    let mut nowhere = home.command(&home.key, 2, 30);
    nowhere.args(["--state-dir", "/proc/sluice"]);
    assert!(refused(&nowhere.output().unwrap(), 3).contains("nothing is signed"));
    let homeless = Command::new(SLUICE)
        .env_clear()
        .env("SLUICE_PROFILE", "/dev/null")
        .arg("-k")
        .arg(&home.key)
        .args(["attest", "sign", "--window", "2", "--units", "30"])
        .args(["--context", &"ab".repeat(32), "--digest", &"ab".repeat(32)])
        .output();
    assert!(refused(&homeless.unwrap(), 3).contains("--state-dir"));
}

#[test]
fn a_signature_made_elsewhere_is_verified_before_it_is_written_down() {
    let home = Home::new("given");
    let key = read_keypair_file(&home.key).unwrap();
    let given = |units: u64, signed: u64| {
        let statement = Statement {
            context: [0xab; 32],
            window: 0,
            units: signed,
            digest: [0xab; 32],
        };
        let by = statement.sign(Way::Quorum, &key).unwrap();
        let mut command = home.command(home.address(), 0, units);
        command
            .arg("--signer")
            .arg(format!("{}={}", by.key, by.signature));
        command.output().unwrap()
    };
    assert!(refused(&given(31, 30), 3).contains("not of this statement"));
    text(&given(30, 30));
    assert!(refused(&given(31, 31), 3).contains("another statement"));
    refused(&home.sign(0, 31), 3);
    let absent = home
        .command(home.address(), 1, 30)
        .arg("--sign-only")
        .output();
    assert!(refused(&absent.unwrap(), 4).contains("is an address"));
}

#[test]
fn a_hardware_wallet_is_not_asked_for_what_it_cannot_sign() {
    let home = Home::new("wallet");
    let told = refused(&home.command("usb://ledger", 0, 30).output().unwrap(), 4);
    assert!(told.contains("a statement is none"), "{told}");
    assert!(!home.at("state").exists());
}
