//! Completion as a shell asks for it: the built command, and bash itself.

use {
    crate::{bench::Bench, process::SLUICE},
    std::{
        io::ErrorKind,
        net::TcpListener,
        path::Path,
        process::{Command, Output},
        time::{Duration, Instant},
    },
};

/// A profile with two names.
fn named() -> (Bench, String) {
    let mut bench = Bench::new();
    let address = bench.key("anybody").to_string();
    for name in ["USDC", "render"] {
        bench.raw(&format!("config set name.{name} {address}"));
    }
    let profile = bench.path("profile.toml");
    (bench, profile)
}

/// Asks for the word at the end of `line`.
fn ask(profile: &str, line: &str) -> Output {
    let words: Vec<&str> = line.split(' ').collect();
    Command::new(SLUICE)
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", (words.len() - 1).to_string())
        .env("_CLAP_IFS", "\n")
        .env("SLUICE_PROFILE", profile)
        .arg("--")
        .args(words)
        .output()
        .unwrap()
}

#[track_caller]
fn told(profile: &str, line: &str) -> Vec<String> {
    let ran = ask(profile, line);
    assert!(ran.status.success(), "{ran:?}");
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "");
    let text = String::from_utf8(ran.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_is_told_commands_options_values_and_names() {
    let (_bench, profile) = named();
    assert_eq!(told(&profile, "sluice job top"), ["top-up"]);
    assert_eq!(told(&profile, "sluice job open --mint U"), ["USDC"]);
    assert_eq!(told(&profile, "sluice node show r"), ["render"]);
    assert_eq!(told(&profile, "sluice job list --state act"), ["active"]);
    assert_eq!(told(&profile, "sluice job pay --keyp"), ["--keypair"]);
    // The file that the typed words name.
    let line = format!("sluice --profile {profile} node show r");
    assert_eq!(told("/dev/null", &line), ["render"]);
    assert_eq!(told("/dev/null", "sluice node show r"), [""; 0]);
}

#[test]
fn no_cluster_is_asked() {
    let (bench, profile) = named();
    let node = TcpListener::bind("127.0.0.1:0").unwrap();
    node.set_nonblocking(true).unwrap();
    let url = format!("http://{}", node.local_addr().unwrap());
    let ran = Command::new(SLUICE)
        .env("SLUICE_PROFILE", &profile)
        .args(["config", "set", "url", &url])
        .output();
    assert!(ran.unwrap().status.success());
    for line in ["sluice job show ", "sluice job open --mint ", "sluice -u "] {
        told(&profile, line);
    }
    assert_eq!(node.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    drop(bench);
}

#[test]
fn a_broken_profile_has_no_names_and_breaks_nothing() {
    let (bench, _) = named();
    for text in ["current = 3", "= = =", "[profiles.main]\nnetwork = \"x\"\n"] {
        let broken = bench.file("broken.toml", text);
        assert_eq!(told(&broken, "sluice job top"), ["top-up"]);
        assert_eq!(told(&broken, "sluice node show r"), [""; 0]);
    }
    assert_eq!(told("/", "sluice job top"), ["top-up"]);
}

#[test]
fn a_completion_is_told_within_fifty_milliseconds() {
    let (_bench, profile) = named();
    let fastest = (0..10)
        .map(|_| {
            let begin = Instant::now();
            told(&profile, "sluice job open --mint ");
            begin.elapsed()
        })
        .min()
        .unwrap();
    assert!(fastest < Duration::from_millis(50), "{fastest:?}");
}

#[test]
fn bash_completes_by_the_script_that_is_printed() {
    let (_bench, profile) = named();
    let folder = Path::new(SLUICE).parent().unwrap();
    let script = r#"
        PATH="$1:$PATH"
        source <(sluice completions bash)
        complete -p sluice >/dev/null || exit 1
        COMP_WORDS=(sluice node show re)
        COMP_CWORD=3
        COMP_TYPE=9
        $(complete -p sluice | sed 's/.* -F \([^ ]*\) .*/\1/') sluice re show
        echo "${COMPREPLY[@]}"
    "#;
    let ran = Command::new("bash")
        .env("SLUICE_PROFILE", profile)
        .env_remove("COMPLETE")
        .args(["-c", script, "bash"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    assert_eq!(String::from_utf8_lossy(&ran.stdout).trim(), "render");
}

#[test]
fn a_shell_that_is_none_is_refused_in_one_line() {
    let ran = Command::new(SLUICE)
        .env("COMPLETE", "nonsense")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(2));
    let told = String::from_utf8(ran.stderr).unwrap();
    assert!(told.starts_with("error: unknown shell"), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
}
