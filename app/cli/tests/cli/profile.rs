//! The profile: what is set once, names in the place of addresses, and who stands before whom.

use {
    crate::{bench::Bench, process::SLUICE, scene::Scene},
    sluice_cli::Exit,
    solana_address::Address,
    std::{fs, process::Command},
};

/// A scene whose profile has its network, set, provider, node and mint, each by name.
fn scene() -> Scene {
    let mut s = Scene::new();
    let pay = s.bench.pay.address.to_string();
    for (key, value) in [
        ("name.USDC", &pay),
        ("name.measured", &s.set),
        ("name.render", &s.node),
        ("name.farm", &s.provider),
        ("network", &s.network),
    ] {
        let ran = s.bench.raw(&format!("config set {key} {value}"));
        assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
    }
    s
}

const TERMS: &str = "--price 0.01 --cap 100 --length 3h --window 1h --grace 1h --challenge-time 1h --notice 30m --bond 20 --funds 5";

#[test]
fn values_are_set_shown_and_taken_out() {
    let mut bench = Bench::new();
    let address = bench.key("anybody").to_string();
    let set = bench.raw("config set url l");
    assert_eq!(set.exit, Exit::Ok, "{}", set.err);
    bench.raw(&format!("config set name.farm {address}"));
    // What is written is the address, so that the name may go.
    bench.raw("config set provider farm");
    bench.raw("config unset name.farm");
    let shown = bench.raw("--output json config get").json();
    assert_eq!(shown["profile"], "main");
    assert_eq!(shown["url"], "l");
    assert_eq!(shown["provider"], address);
    assert_eq!(shown["names"].as_array().unwrap().len(), 0);
    let one = bench.raw("--output json config get provider").json();
    assert_eq!(one["provider"], address);
    bench.refused(
        "config unset name.farm",
        Exit::BadInput,
        "the profile main has no farm",
    );
}

#[test]
fn who_changes_the_file_at_the_same_time_loses_nothing() {
    let mut bench = Bench::new();
    let address = bench.key("anybody").to_string();
    let file = bench.path("profile.toml");
    let names: Vec<String> = (0..8).map(|number| format!("n{number}")).collect();
    let children = names.iter().map(|name| {
        Command::new(SLUICE)
            .args(["--profile", &file, "config", "set"])
            .args([&format!("name.{name}"), &address])
            .spawn()
            .unwrap()
    });
    for mut child in children.collect::<Vec<_>>() {
        assert!(child.wait().unwrap().success());
    }
    let shown = bench.raw("--output json config get").json();
    let kept = shown["names"].as_array().unwrap().iter();
    let kept: Vec<&str> = kept.map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(kept, names);
}

#[test]
fn another_profile_is_taken_into_use_and_made() {
    let mut bench = Bench::new();
    bench.raw("config set url l");
    let used = bench.raw("--output json config use test").json();
    assert_eq!(used["profile"], "test");
    assert_eq!(used["profiles"], serde_json::json!(["main", "test"]));
    assert_eq!(used["url"], serde_json::Value::Null);
    let back = bench.raw("--output json config use main").json();
    assert_eq!(back["url"], "l");
}

#[test]
fn a_rehearsal_says_what_would_be_written_and_writes_nothing() {
    let mut bench = Bench::new();
    let address = bench.key("anybody").to_string();
    bench.raw(&format!("config set provider {address}"));
    let file = bench.path("profile.toml");
    let before = fs::read_to_string(&file).unwrap();
    let set = bench.raw("--output json --dry-run config set url l").json();
    assert_eq!(set["dry_run"], true);
    assert_eq!(
        (&set["url"], &set["profile"]),
        (&"l".into(), &"main".into())
    );
    assert_eq!(set["file"], file.as_str());
    let unset = bench
        .raw("--output json --dry-run config unset provider")
        .json();
    assert_eq!(unset["provider"], serde_json::Value::Null);
    let used = bench.raw("--output json --dry-run config use test").json();
    assert_eq!(used["profiles"], serde_json::json!(["main", "test"]));
    assert_eq!(used["file"], file.as_str());
    for line in [
        "--as-instruction config set url l",
        "--dry-run config set name.farm nobody",
    ] {
        bench.raw(line);
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), before);
    // What could not be written is refused all the same.
    bench.refused(
        "--dry-run config unset url",
        Exit::BadInput,
        "the profile main has no url",
    );
    let new = bench.path("new.toml");
    let line = format!("--profile {new} --dry-run config set url l");
    assert_eq!(bench.raw(&line).exit, Exit::Ok);
    assert!(fs::metadata(&new).is_err());
}

#[test]
fn names_stand_where_addresses_do() {
    let mut s = scene();
    let line = format!("job open --id 1 --mint USDC --set measured {TERMS}");
    let job = s.bench.field("buyer", &line, "job");
    s.bench.raw(&format!("config set name.first {job}"));
    s.bench.ok("operator", "job accept first --node render");
    let shown = s.bench.run("buyer", "job show first").json();
    assert_eq!(shown["node"], s.node);
    let farm = s.bench.run("owner", "provider show farm").json();
    assert_eq!(farm["network"], s.network);
}

#[test]
fn the_profile_stands_behind_a_flag() {
    let mut s = scene();
    for (key, value) in [("mint", "USDC"), ("set", "measured"), ("node", "render")] {
        s.bench.raw(&format!("config set {key} {value}"));
    }
    let job = s
        .bench
        .field("buyer", &format!("job open --id 1 {TERMS}"), "job");
    s.bench.ok("operator", &format!("job accept {job}"));
    let shown = s.bench.run("buyer", &format!("job show {job}")).json();
    assert_eq!(shown["set"], s.set);
    let other = Address::new_from_array([7; 32]);
    for (line, says) in [
        (format!("network show {other}"), other.to_string()),
        (format!("market --network {other}"), other.to_string()),
    ] {
        s.bench.refused(&line, Exit::NotFound, &says);
    }
    assert_eq!(s.bench.raw("network show").exit, Exit::Ok);
    // A cosigner stands in the place of a set, and what closes an account is told which.
    let cosigner = s.bench.key("cosigner");
    let line = format!("job open --id 2 --cosigner {cosigner} {TERMS}");
    let job = s.bench.field("buyer", &line, "job");
    let shown = s.bench.run("buyer", &format!("job show {job}")).json();
    assert_eq!(shown["set"], serde_json::Value::Null);
    s.bench
        .refused_as("owner", "node close", Exit::Usage, "were not provided");
    // So is what cannot be entered or left again.
    for verb in ["leave", "enter"] {
        let line = format!("attester {verb} {other}");
        s.bench
            .refused_as("owner", &line, Exit::Usage, "were not provided");
    }
}

#[test]
fn who_buys_what_he_finds_buys_under_the_set_of_the_profile_whoever_cosigns() {
    let mut s = scene();
    s.bench.funded("sponsor");
    let sponsor = s.bench.path("sponsor");
    let post = format!(
        "--fee-payer {sponsor} offer post --node {} --id 1 --mint USDC --price 0.01 --cap 100 --window 1h --grace 1h \
         --challenge-time 1h --notice 1h --bond 20 --slots 1 --expires +1d",
        s.node
    );
    s.bench.ok("operator", &post);
    let other = Address::new_from_array([7; 32]);
    s.bench.raw(&format!("config set set {other}"));
    let cosigner = s.bench.key("cosigner");
    for extra in [String::new(), format!("--cosigner {cosigner}")] {
        let line = format!("job place --id 1 --length 2h {extra}");
        s.bench
            .refused_as("buyer", &line, Exit::BadInput, "no live offer matches");
    }
    s.bench.raw("config set set measured");
    let placed = s
        .bench
        .run(
            "buyer",
            &format!("job place --id 1 --length 2h --cosigner {cosigner}"),
        )
        .json();
    assert_eq!(placed["set"], s.set);
    assert_eq!(placed["cosigner"], cosigner.to_string());
}

#[test]
fn the_profile_stands_behind_the_environment() {
    let mut bench = Bench::new();
    let mine = bench.key("mine").to_string();
    bench.raw(&format!("config set network {mine}"));
    let ran = Command::new(SLUICE)
        .env("SLUICE_PROFILE", bench.path("profile.toml"))
        .env("SLUICE_NETWORK", "nobody")
        .args(["market"])
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(2));
    let told = String::from_utf8(ran.stderr).unwrap();
    assert!(told.contains("invalid value 'nobody'"), "{told}");
    // The environment names the file, and help tells what stands in for a word.
    let ran = Command::new(SLUICE)
        .env("SLUICE_PROFILE", bench.path("profile.toml"))
        .args(["network", "show", "--help"])
        .output()
        .unwrap();
    assert!(String::from_utf8(ran.stdout).unwrap().contains(&mine));
}

#[test]
fn a_name_is_shown_in_the_place_of_its_address() {
    let mut s = scene();
    let job = s.active(1);
    s.bench.raw(&format!("config set name.first {job}"));
    let seen = s.bench.seen("buyer", "job list").out;
    let line = seen.lines().find(|line| line.starts_with("first "));
    assert!(line.is_some_and(|line| line.contains("  farm")), "{seen}");
    assert!(
        seen.lines().all(|line| line.chars().count() <= 80),
        "{seen}"
    );
    let shown = s.bench.seen("buyer", "job show first").out;
    assert!(shown.contains(&format!("{} (render)", s.node)), "{shown}");
    assert!(shown.contains(" USDC"), "{shown}");
}

#[test]
fn a_key_in_a_url_is_never_printed() {
    let mut bench = Bench::new();
    let url = "https://rpc.example/v2/SeCret4242?api-key=SeCret";
    for line in [
        format!("config set url {url}"),
        "config get".to_owned(),
        "--output json config get url".to_owned(),
        "config use main".to_owned(),
        "config unset name.nobody".to_owned(),
        format!("config set network {url}"),
        format!("config set url {url}#\u{7}"),
    ] {
        let ran = bench.raw(&line);
        assert!(!ran.out.contains("SeCret"), "{line}: {}", ran.out);
        assert!(!ran.err.contains("SeCret"), "{line}: {}", ran.err);
    }
    let shown = bench.raw("config get url").out;
    assert!(shown.contains("https://rpc.example"), "{shown}");
    // Whatever else somebody wrote there by hand.
    let by_hand = "[profiles.main]\nurl = \"rpc.example/?api-key=SeCret\"\n";
    let file = bench.file("by-hand.toml", by_hand);
    for line in [
        "config get",
        "--output json config get url",
        "config use main",
    ] {
        let ran = bench.raw(&format!("--profile {file} {line}"));
        assert!(
            !(ran.out.clone() + &ran.err).contains("SeCret"),
            "{line}: {}",
            ran.out
        );
    }
    let file = bench.path("profile.toml");
    assert!(fs::read_to_string(&file).unwrap().contains(url));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
}

#[test]
fn what_cannot_be_set_or_read_is_refused_in_one_line() {
    let mut bench = Bench::new();
    let address = bench.key("anybody").to_string();
    for (line, exit, says) in [
        (
            format!("config set netwrok {address}"),
            Exit::Usage,
            "expected url, network, mint, set, provider, node or name.NAME",
        ),
        (
            format!("config set name.Us_dc {address}"),
            Exit::Usage,
            "a name is a word like render-2",
        ),
        (
            "config set network nobody".to_owned(),
            Exit::BadInput,
            "or a name of the profile",
        ),
        (
            "config set url moon".to_owned(),
            Exit::BadInput,
            "moon is neither a moniker",
        ),
        (
            "job show nobody".to_owned(),
            Exit::Usage,
            "or a name of the profile",
        ),
        (
            "config use ../x".to_owned(),
            Exit::Usage,
            "a name is a word",
        ),
    ] {
        bench.refused(&line, exit, says);
    }
    let missing = bench.path("nowhere.toml");
    for line in ["config get", "job list"] {
        let line = format!("--profile {missing} {line}");
        bench.refused(&line, Exit::BadInput, "there is no profile file at");
    }
    let bad = bench.file("bad.toml", "[profiles.main]\nnetwork = \"nobody\"\n");
    bench.refused(
        &format!("--profile={bad} job show nobody"),
        Exit::BadInput,
        "its network is neither an address nor a name",
    );
    let helped = bench.raw(&format!("--profile {bad} job show --help"));
    assert_eq!(helped.exit, Exit::Ok, "{}", helped.err);
}

#[test]
fn the_lowest_free_number_is_taken_where_none_is_told() {
    let mut s = scene();
    s.open(1);
    s.open(3);
    let line = format!("job open --mint USDC --set measured {TERMS}");
    for id in ["2", "4"] {
        let opened = s.bench.run("buyer", &line).json();
        assert_eq!(opened["id"], id);
        let job = opened["job"].as_str().unwrap();
        let derived = format!("address job {} {} {id}", s.network, s.buyer);
        assert_eq!(s.bench.field("buyer", &derived, "address"), job);
    }
    let pool =
        "rewards create --set measured --mint USDC --rate 1 --ceiling 1 --node-cap 10 --end +30d";
    for id in ["1", "2"] {
        assert_eq!(s.bench.run("owner", pool).json()["id"], id);
    }
}
