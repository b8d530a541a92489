//! A buyer opens a job of its own terms, which an attester set proves.
//!
//! ```console
//! cargo run -p sluice-client --example open -- URL NETWORK SET BUYER.json
//! ```

use {
    sluice_client::{
        Address, AttesterSet, CommitmentConfig, Keypair, Ledger, Network, OpenBuilder, Signer,
        TermsBuilder, address, amount, instruction,
        ledger::{Rpc, ws_url},
        read_keypair_file,
    },
    std::{env, error::Error},
};

/// Opens job `id`: a token buys 1,000 units, an hour counts 100 at most, 2.4 tokens pay for a day. Returns its address.
pub fn open(
    ledger: &mut impl Ledger,
    buyer: &Keypair,
    (network_key, set_key): (Address, Address),
    id: u64,
) -> Result<Address, Box<dyn Error>> {
    let network: Network = ledger.get(&network_key)?;
    let set: AttesterSet = ledger.get(&set_key)?;
    let mint = ledger.mint(&set.quality.mint)?;
    let tokens = |text| amount::parse(text, mint.decimals);
    let terms = TermsBuilder::new(mint.address, tokens("1")?, 100)
        .per(1_000)
        .set(set_key)
        .max_length_secs(86_400)
        .build(&network)?;
    let open_until = ledger.clock()?.unix_timestamp + 3_600;
    let args = OpenBuilder::new(id, terms, tokens("2.4")?, open_until).build(&network, Some(&set));
    let key = buyer.pubkey();
    let open = instruction::open_job(&key, &key, &network_key, &mint.token_program, args);
    ledger.send(&[open], buyer, &[])?;
    Ok(address::job(&network_key, &key, id))
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [url, network, set, buyer] = args.as_slice() else {
        return Err("usage: open URL NETWORK SET BUYER.json".into());
    };
    let mut ledger = Rpc::new(url.clone(), ws_url(url), CommitmentConfig::confirmed());
    let buyer = read_keypair_file(buyer)?;
    let job = open(&mut ledger, &buyer, (network.parse()?, set.parse()?), 1)?;
    println!("opened the job {job}");
    Ok(())
}
