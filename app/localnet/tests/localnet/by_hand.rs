//! docs/by-hand.md, typed as it stands there.

use {
    crate::shell::Shell,
    sluice_client::{Job, Ledger, address},
    solana_signer::Signer,
    std::{fs, path::Path, process::Command},
};

#[test]
fn a_job_is_settled_by_hand_as_the_document_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = fs::read_to_string(root.join("docs/by-hand.md")).unwrap();
    let blocks: Vec<&str> = document
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
    let world = s.chain.world();
    let (owner, usdc) = (world.cast.provider.pubkey(), world.usdc);
    let account = address::token_account(&owner, &usdc.address, &usdc.token_program);
    // 0.8 less fees of 3.5 %, and nothing is left of the job.
    assert_eq!(s.chain.ledger().token_balance(&account).unwrap(), 772_000);
    assert_eq!(s.chain.ledger().list::<Job>(&[]).unwrap().len(), 0);
}
