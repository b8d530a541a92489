//! The README's five minutes, typed as they stand there.

use {
    crate::shell::Shell,
    std::{fs, path::Path, process::Command},
};

#[test]
fn the_five_minutes_of_the_readme_are_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let (_, section) = readme.split_once("## Five minutes").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let blocks: Vec<&str> = section
        .split("```console\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .collect();
    let [chain, buyer, provider, after] = blocks[..] else {
        panic!("{} blocks", blocks.len());
    };
    assert_eq!(chain, "cargo xtask localnet\n");
    let s = Shell::new("readme");
    // Each block in a terminal of its own, from the folder where the chain left its files.
    for block in [buyer, provider, after] {
        let script = block.replace("target/localnet/env.sh", &s.path("env.sh"));
        let ran = Command::new("bash")
            .args(["-euc", &script])
            .current_dir(s.path(""))
            .output()
            .unwrap();
        let cause = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{script}{cause}");
        println!("{}", String::from_utf8_lossy(&ran.stdout));
    }
    let told = s.ok(
        "provider",
        &format!("job list --network {}", s.chain.world().network),
    );
    assert_eq!(told["jobs"][0]["earned"]["amount"], "772000", "{told}");
    assert_eq!(told["jobs"][0]["owed"]["amount"], "0", "{told}");
}
