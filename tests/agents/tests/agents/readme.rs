//! The README's five minutes, typed as they stand there.

use {
    crate::{alone, folder},
    sluice_client::{Job, Ledger, Signer, address},
    sluice_localnet::{Cast, Localnet, Options, agents::Agents, files},
    std::{
        fs,
        path::{Path, PathBuf},
        process::Command,
    },
};

/// The blocks of commands of the section.
fn blocks() -> Vec<String> {
    let text = include_str!("../../../../README.md");
    let (_, section) = text.split_once("## Five minutes").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let blocks = section.split("```console\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    blocks.map(str::to_owned).collect()
}

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// Types a block into a shell in `home`, and gives what it says.
fn typed(home: &Path, out: &Path, block: &str) -> String {
    let root = root();
    let script = block
        .replace("target/localnet", &out.display().to_string())
        .replace(
            "target/kernels",
            &root.join("target/kernels").display().to_string(),
        )
        .replace("app/work", &root.join("app/work").display().to_string());
    let mut shell = Command::new("bash");
    shell
        .current_dir(home)
        .env("HOME", home)
        .args(["-euc", &script]);
    let told = shell.output().unwrap();
    let error = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{script}{error}");
    String::from_utf8(told.stdout).unwrap()
}

#[test]
fn a_film_is_rented_after_the_commands_of_the_readme() {
    let _alone = alone();
    let home = folder("readme");
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).unwrap();
    let blocks = blocks();
    let [start, rent, look] = &blocks[..] else {
        panic!("{} blocks", blocks.len());
    };
    assert_eq!(start, "cargo xtask localnet --agents\n");
    let options = Options {
        slot_ms: 100,
        elf: sluice_elf::built().to_owned(),
        idl: None,
        port: 0,
        ws_port: 0,
    };
    let chain = Localnet::with(&options, Cast::with_second()).unwrap();
    let out = home.join("localnet");
    files::write(&chain, &out).unwrap();
    let out = out.canonicalize().unwrap();
    let agents = Agents::of(&chain, &out).unwrap();

    let (buyer, usdc) = (chain.world().cast.buyer.pubkey(), chain.world().usdc);
    let account = address::token_account(&buyer, &usdc.address, &usdc.token_program);
    let holds = || chain.ledger().token_balance(&account).unwrap();
    let before = holds();
    // Nobody is there to be asked.
    let rent = rent.replace("buyer run", "buyer run --yes");
    println!("{}", typed(&home, &out, &rent));
    for number in 1..=24 {
        let path = home.join(format!("film/frame-{number:02}.bmp"));
        let frame = fs::read(&path).unwrap();
        assert!(frame.starts_with(b"BM"), "{}", path.display());
    }
    assert_eq!(fs::read_dir(home.join("film")).unwrap().count(), 24);
    assert_eq!(chain.ledger().list::<Job>(&[]).unwrap().len(), 0);
    let spent = before - holds();
    assert!(spent > 0);
    println!("{spent} base units\n{}", typed(&home, &out, look));
    drop(agents);
}
