//! `sluice kernel` as a process, with the compilers of this machine: those that `cargo xtask kernels` takes.

use {
    crate::process::SLUICE,
    serde_json::Value,
    std::{
        env,
        ffi::OsStr,
        fs,
        path::{Path, PathBuf},
        process::{Command, Output},
    },
    tempfile::TempDir,
};

const INPUT: &str = r#"(import "sluice" "input" (func $input (param i32 i32 i32) (result i32)))"#;
const OUTPUT: &str = r#"(import "sluice" "output" (func $output (param i32 i32)))"#;

/// Somebody who writes kernels, in a folder of his own, without a cluster and without a profile.
struct Author(TempDir);

impl Author {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A module of `parts` with the imports, a memory and `run`.
    fn module(&self, name: &str, run: &str) -> PathBuf {
        let text = format!(
            r#"(module {INPUT} {OUTPUT} (memory (export "memory") 1) (func (export "run") {run}))"#
        );
        self.file(name, wat::parse_str(text).unwrap())
    }

    /// The command, which finds the tools of this checkout, and compiles where core was compiled the last time.
    fn command(&self) -> Command {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
        let tools = ["tools/bin", "sbf/tools/debug"].map(|folder| target.join(folder));
        let path = env::var_os("PATH").unwrap();
        let path = env::join_paths(tools.into_iter().chain(env::split_paths(&path)));
        let mut command = Command::new(SLUICE);
        command
            .current_dir(self.0.path())
            .env("PATH", path.unwrap())
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("kernels"),
            )
            // What the workspace is made of is there.
            .env("CARGO_NET_OFFLINE", "true")
            .env("SLUICE_PROFILE", "/dev/null")
            .env("SLUICE_STATE_DIR", self.path("state"))
            .env_remove("NO_DNA");
        command
    }

    fn run<S: AsRef<OsStr>>(&self, words: &[S]) -> Output {
        self.command().arg("kernel").args(words).output().unwrap()
    }

    /// The result, and the exit code.
    fn json(&self, line: &str) -> (Value, i32) {
        let words = line.split_whitespace().chain(["--output", "json"]);
        let ran = self.run(&words.collect::<Vec<_>>());
        let told = serde_json::from_slice(&ran.stdout);
        (
            told.unwrap_or_else(|_| panic!("{line}: {ran:?}")),
            ran.status.code().unwrap(),
        )
    }

    /// The one sentence of a failure with exit code 3.
    fn refused<S: AsRef<OsStr>>(&self, words: &[S], says: &str) {
        let ran = self.run(words);
        let told = String::from_utf8(ran.stderr).unwrap();
        assert_eq!(ran.status.code(), Some(3), "{told}");
        assert!(told.lines().last().unwrap().contains(says), "{told}");
        assert_eq!(ran.stdout, b"");
    }
}

/// What stands in `column` of `rows`.
fn column<'a>(rows: &'a Value, column: &str) -> Vec<&'a str> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[column].as_str().unwrap_or_default())
        .collect()
}

/// What the kernel of a new project writes for `text`.
fn counted(text: &str) -> Vec<u8> {
    let numbers = [text.matches('\n').count(), text.split_whitespace().count()];
    let mut output: Vec<u8> = numbers
        .iter()
        .flat_map(|number| (*number as u64).to_le_bytes())
        .collect();
    output.extend(sluice::hash::sha256(&[text.as_bytes()]));
    output
}

#[test]
fn a_new_project_is_built_for_both_machines_and_gives_the_same_everywhere() {
    let author = Author::new();
    let (made, _) = author.json("new word-count");
    assert_eq!(made["kernel"], "word-count");
    let (built, exit) = author.json("build word-count");
    assert_eq!(exit, 0);
    for (machine, end) in [("wasm", "wasm"), ("sbpf", "so")] {
        let file = format!("word-count/target/kernel/word-count.{end}");
        let bytes = fs::read(author.path(&file)).unwrap();
        assert_eq!(built[machine]["bytes"], bytes.len().to_string(), "{built}");
        let hash = sluice_client::hex::encode(&sluice::hash::sha256(&[&bytes]));
        assert_eq!(built[machine]["sha256"], hash);
        let (checked, exit) = author.json(&format!("check {file} --inputs word-count/inputs"));
        assert_eq!((exit, &checked["kind"]), (0, &machine.into()), "{checked}");
        assert_eq!(checked["admissible"], "yes");
        assert_eq!(checked["verdict"], "same");
    }
    let (tested, exit) = author.json("test word-count");
    assert_eq!((exit, &tested["verdict"]), (0, &"same".into()), "{tested}");
    let engines = column(&tested["trials"], "engine");
    assert_eq!(
        engines,
        ["sbpf", "sbpf-interpreted", "wasm", "wasmi"].repeat(2)
    );
    for trial in tested["trials"].as_array().unwrap() {
        let input = trial["input"].as_str().unwrap();
        let text = fs::read_to_string(author.path("word-count/inputs").join(input)).unwrap();
        let hash = sluice::hash::sha256(&[&counted(&text)]);
        assert_eq!(
            trial["sha256"],
            sluice_client::hex::encode(&hash),
            "{input}"
        );
    }
    // Elsewhere on the machine the same sources give the same bytes.
    author.json("new word-count --path elsewhere/words");
    let (again, _) = author.json("build elsewhere/words");
    for machine in ["wasm", "sbpf"] {
        assert_eq!(
            again[machine]["sha256"], built[machine]["sha256"],
            "{machine}"
        );
    }
}

#[test]
fn the_test_of_a_new_project_passes() {
    let author = Author::new();
    author.json("new own-test");
    let tested = Command::new("cargo")
        .args(["test", "--quiet", "--offline"])
        .current_dir(author.path("own-test"))
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("kernels"),
        )
        .output()
        .unwrap();
    let told = String::from_utf8(tested.stdout).unwrap();
    assert!(
        tested.status.success() && told.contains("2 passed"),
        "{told}"
    );
}

#[test]
fn a_kernel_that_differs_between_its_machines_is_reported() {
    let author = Author::new();
    author.json("new two-faced");
    let source = author.path("two-faced/src/lib.rs");
    let kernel = |body: &str| {
        let text = format!(
            "#![cfg_attr(any(target_os = \"solana\", target_arch = \"wasm32\"), no_std)]\n\
             sluice_kernel::kernel!(kernel);\n\
             pub fn kernel(input: &[u8], output: &mut sluice_kernel::Output) {{ {body} }}"
        );
        fs::write(&source, text).unwrap();
    };
    // A number that has four bytes here and eight there.
    kernel("output.extend(&input.len().to_le_bytes());");
    author.json("build two-faced");
    let (tested, exit) = author.json("test two-faced");
    assert_eq!(
        (exit, &tested["verdict"]),
        (13, &"differs".into()),
        "{tested}"
    );
    let what = "built for sBPF (sbpf) it differs from WebAssembly (wasm)";
    assert_eq!(column(&tested["differences"], "what"), [what; 2]);
    // One machine refuses what the other does.
    kernel("assert!(cfg!(target_arch = \"wasm32\")); output.push(1);");
    author.json("build two-faced");
    let (tested, exit) = author.json("test two-faced");
    assert_eq!(exit, 13, "{tested}");
    assert!(column(&tested["trials"], "undone").contains(&"the kernel trapped"));

    kernel("output.nonsense();");
    author.refused(&["build", "two-faced"], "do not compile for WebAssembly");
    let said = String::from_utf8(author.run(&["build", "two-faced"]).stderr).unwrap();
    assert!(said.contains("no method named `nonsense`"), "{said}");
    let (failed, exit) = {
        let ran = author.run(&["build", "two-faced", "--output", "json"]);
        (
            serde_json::from_slice::<Value>(&ran.stderr),
            ran.status.code(),
        )
    };
    let message = failed.unwrap()["error"]["message"].to_string();
    assert!(exit == Some(3) && message.contains("nonsense"), "{message}");
}

#[test]
fn a_kernel_that_traps_loops_or_returns_nothing_is_undone_by_every_engine() {
    let author = Author::new();
    author.file("inputs/a", "text");
    author.module("trap.wasm", "unreachable");
    author.module("loop.wasm", "(loop (br 0))");
    author.module("nothing.wasm", "");
    author.module("zeros.wasm", "(call $output (i32.const 0) (i32.const 5))");
    let (tested, exit) =
        author.json("test trap.wasm loop.wasm nothing.wasm zeros.wasm --inputs inputs --time 1");
    assert_eq!((exit, &tested["verdict"]), (0, &"same".into()), "{tested}");
    assert_eq!(
        (&tested["done"], &tested["undone"]),
        (&"1".into(), &"3".into())
    );
    let told = [
        "the kernel trapped",
        "the time is up",
        "the kernel returned no output",
        "",
    ];
    let told: Vec<_> = told.iter().flat_map(|why| [*why; 2]).collect();
    assert_eq!(column(&tested["trials"], "undone"), told);
    let lengths = column(&tested["trials"], "length");
    assert_eq!(lengths, ["", "", "", "", "", "", "5", "5"]);
}

#[test]
fn what_is_no_kernel_is_told_why() {
    let author = Author::new();
    let module = |text: &str| wat::parse_str(format!("(module {text})")).unwrap();
    let run = r#"(memory (export "memory") 1) (func (export "run"))"#;
    let asks = format!(r#"(import "wasi" "exit" (func)) {run}"#);
    author.file("asks.wasm", module(&asks));
    author.file(
        "starts.wasm",
        module(&format!("{run} (func $f) (start $f)")),
    );
    author.file("cut.so", b"\x7fELF\x02\x01");
    for (file, says, engine) in [
        ("asks.wasm", "wasi.exit", "no kernel is given"),
        ("starts.wasm", "start function", "not valid code"),
        ("cut.so", "cut short", "not valid code"),
    ] {
        let (told, exit) = author.json(&format!("check {file}"));
        assert_eq!((exit, &told["admissible"]), (13, &"no".into()), "{told}");
        assert!(told["faults"][0].as_str().unwrap().contains(says), "{told}");
        for said in column(&told["engines"], "says") {
            assert!(said.contains(engine), "{told}");
        }
    }
    author.file("text.wasm", "text");
    author.file("long.wasm", [&b"\0asm"[..], &[0; 4 << 20]].concat());
    author.refused(&["check", "text.wasm"], "text.wasm is no kernel");
    author.refused(&["check", "long.wasm"], "longer than a kernel may be");
    author.refused(&["check", "nowhere.wasm"], "cannot read nowhere.wasm");
    author.refused(&["test", "asks.wasm"], "name the folder of inputs");
    author.refused(&["test", "."], "run `sluice kernel build` first");
    author.refused(&["build", "."], "cargo finds no package in");
}

#[test]
fn names_of_files_and_imports_reach_no_terminal_as_they_are() {
    let author = Author::new();
    let name = "a\u{1b}[2J\u{202e}b";
    author.file(&format!("inputs/{name}"), "text");
    author.module(
        &format!("{name}.wasm"),
        "(call $output (i32.const 0) (i32.const 5))",
    );
    let asks = r#"(module (import "\1b[2J" "\e2\80\ae" (func)) (memory (export "memory") 1) (func (export "run")))"#;
    author.file("asks.wasm", wat::parse_str(asks).unwrap());
    let kernel = format!("{name}.wasm");
    for words in [
        &["test", &kernel, "--inputs", "inputs"][..],
        &["check", &kernel, "--inputs", "inputs"],
        &["check", "asks.wasm"],
        &["check", &format!("{name}.so")],
        &["new", name],
        &["build", name],
    ] {
        for form in ["display", "json"] {
            let ran = author.run(&[words, &["--output", form]].concat());
            let told = [ran.stdout, ran.stderr].concat();
            let told = String::from_utf8(told).unwrap();
            assert!(
                !told.contains(['\u{1b}', '\u{202e}']),
                "{words:?}: {told:?}"
            );
            assert!(told.contains("1b"), "{words:?}: {told}");
        }
    }
}

#[test]
fn a_project_is_made_where_nothing_is_and_needs_no_home() {
    let author = Author::new();
    author.file("there/mine", "mine");
    author.refused(&["new", "there"], "nothing is overwritten");
    author.refused(&["new", "2d"], "is no name for a kernel");
    author.refused(&["new", "fn"], "no package can be called fn");
    let (told, _) = author.json("new later --dry-run");
    assert_eq!(told["dry_run"], true);
    assert!(!author.path("later").exists());
    let mut made = author.command();
    let made = made
        .env("HOME", author.path("nowhere"))
        .args(["kernel", "new", "later"]);
    assert!(made.output().unwrap().status.success());
    assert!(author.path("later/sluice-kernel/src/lib.rs").is_file());
}

#[test]
fn a_machine_without_the_tools_is_told_what_to_install() {
    let author = Author::new();
    author.json("new alone");
    let mut alone = author.command();
    let ran = alone.args(["kernel", "build", "alone"]).env("PATH", "");
    let ran = ran.output().unwrap();
    let told = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(3));
    assert_eq!(
        told,
        "error: there is no `cargo` on this machine: install Rust from rustup.rs\n"
    );
    // Cargo and its compiler alone: nothing for sBPF.
    let path = env::var_os("PATH").unwrap();
    let bin = author.path("bin");
    fs::create_dir(&bin).unwrap();
    for name in ["cargo", "rustc"] {
        let mut places = env::split_paths(&path).map(|folder| folder.join(name));
        let place = places.find(|place| place.is_file()).unwrap();
        std::os::unix::fs::symlink(place, bin.join(name)).unwrap();
    }
    let path = env::join_paths([bin, "/usr/bin".into(), "/bin".into()]).unwrap();
    let mut alone = author.command();
    let ran = alone.args(["kernel", "build", "alone"]).env("PATH", path);
    let ran = ran.output().unwrap();
    let told = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{ran:?}", ran = ran.stderr);
    assert!(
        told.contains("sbpf    left out: it takes `cargo build-sbf`"),
        "{told}"
    );
    assert!(!author.path("alone/target/kernel/alone.so").exists());
    let (tested, exit) = author.json("test alone");
    assert_eq!((exit, &tested["verdict"]), (0, &"same".into()));
}
