//! Mints that Sluice refuses: named before anything is sent, and never in the way of what leaves a vault.

use {
    crate::{
        bench::Bench,
        scene::{HOUR, Scene},
    },
    sluice_cli::Exit,
    sluice_client::{
        Ledger,
        instruction::token::{Mint, TOKEN_2022_PROGRAM},
    },
    solana_address::Address,
};

const TRANSFER_FEE_CONFIG: u16 = 1;
const PERMANENT_DELEGATE: u16 = 12;
const METADATA_POINTER: u16 = 18;
const MINT_CLOSE_AUTHORITY: u16 = 3;

/// What every refusal ends with.
const WHY: &str = "which could change or withhold what a vault holds; Sluice refuses it";

impl Bench {
    /// A bench whose mints are of Token-2022.
    pub fn in_2022() -> Self {
        let mut bench = Self::new();
        for mut mint in [bench.pay, bench.stake] {
            bench.carry(&mint.address, &[]);
            mint.token_program = TOKEN_2022_PROGRAM;
            match mint.address == bench.pay.address {
                true => bench.pay = mint,
                false => bench.stake = mint,
            }
        }
        bench
    }

    /// Makes a mint one of Token-2022 that carries extensions of these numbers, each of an address or two that nobody set.
    fn carry(&mut self, mint: &Address, extensions: &[u16]) {
        let chain = &mut self.ledger.chain;
        let mut data = chain.account(mint).unwrap().unwrap().data[..82].to_vec();
        data.resize(165, 0);
        data.push(1);
        for extension in extensions {
            let len: u16 = match *extension {
                METADATA_POINTER => 64,
                TRANSFER_FEE_CONFIG => 108,
                _ => 32,
            };
            data.extend(extension.to_le_bytes());
            data.extend(len.to_le_bytes());
            data.resize(data.len() + usize::from(len), 0);
        }
        chain.put(mint, data, &TOKEN_2022_PROGRAM).unwrap();
    }

    /// A mint that carries extensions of these numbers.
    fn mint_with(&mut self, extensions: &[u16]) -> Address {
        let (address, authority) = (self.key("odd-mint"), self.key("admin"));
        let chain = &mut self.ledger.chain;
        chain.create_mint(&address, &authority, 6).unwrap();
        self.carry(&address, extensions);
        address
    }

    /// Every line is refused with one sentence that names `extensions` of the mint.
    #[track_caller]
    fn names(&mut self, lines: &[(&str, String)], mint: &Address, extensions: &str) {
        let says = format!("the mint {mint} carries {extensions}, {WHY}");
        for (name, line) in lines {
            self.refused_as(name, line, Exit::BadInput, &says);
        }
    }
}

impl Scene {
    /// The words that create a reward pool in the mint of payments.
    fn pool_line(&self) -> String {
        format!(
            "rewards create --network {} --id 1 --set {} --mint {} --rate 10 --ceiling 0.05 --node-cap 1000 --start +0 --end +30d",
            self.network, self.set, self.bench.pay.address
        )
    }

    /// The words that post an offer in the mint of payments.
    fn post_line(&self) -> String {
        format!(
            "offer post --node {} --id 1 --mint {} --price 0.01 --cap 100 --window 1h --grace 1h --challenge-time 1h \
             --notice 1h --bond 20 --slots 1 --expires +1d",
            self.node, self.bench.pay.address
        )
    }
}

#[test]
fn a_mint_s_refused_extensions_are_named_before_anything_is_sent() {
    let mut s = Scene::new();
    let (pay, stake) = (s.bench.pay.address.to_string(), s.bench.stake.address);
    let odd = s.bench.mint_with(&[]);
    let lines = [
        ("admin", format!("network create odd --stake-mint {odd}")),
        (
            "admin",
            format!("network create odd --stake-mint {stake} --dividend-mint {odd}"),
        ),
        ("buyer", s.open_line(1).replace(&pay, &odd.to_string())),
        ("admin", s.pool_line().replace(&pay, &odd.to_string())),
        ("operator", s.post_line().replace(&pay, &odd.to_string())),
    ];
    for (extensions, names) in [
        (&[TRANSFER_FEE_CONFIG][..], "TransferFeeConfig"),
        (&[METADATA_POINTER, PERMANENT_DELEGATE], "PermanentDelegate"),
        (
            &[MINT_CLOSE_AUTHORITY, METADATA_POINTER, TRANSFER_FEE_CONFIG],
            "MintCloseAuthority, TransferFeeConfig",
        ),
        (&[999], "the unknown extension 999"),
    ] {
        s.bench.carry(&odd, extensions);
        s.bench.names(&lines, &odd, names);
    }
    s.bench.carry(&odd, &[METADATA_POINTER]);
    for (name, line) in [&lines[0], &lines[3]] {
        s.bench.ok(name, line);
    }
}

#[test]
fn a_refused_mint_is_bad_input_in_json_too() {
    let mut s = Scene::new();
    let odd = s.bench.mint_with(&[PERMANENT_DELEGATE]);
    let create = format!("network create odd --stake-mint {odd}");
    let error: serde_json::Value =
        serde_json::from_str(&s.bench.run("admin", &create).err).unwrap();
    assert_eq!(error["error"]["name"], "BadInput");
    assert_eq!(error["error"]["code"], 3);
    assert_eq!(
        error["error"]["message"],
        format!("the mint {odd} carries PermanentDelegate, {WHY}")
    );
}

/// A scene in Token-2022 mints with a job whose first hour was proven, dividends, a ticket that is due and a reward pool.
pub fn in_business() -> (Scene, String, String, String) {
    let mut s = Scene::on(Bench::in_2022());
    let (provider, pay) = (s.provider.clone(), s.bench.pay);
    s.bench.ok("buyer", &format!("dividends add {provider} 1"));
    s.wait(14 * 86_400);
    let ticket = s
        .bench
        .field("owner", &format!("stake unstake {provider} 100"), "ticket");
    s.wait(8 * 86_400);
    let pool_line = s.pool_line();
    let pool = s.bench.field("admin", &pool_line, "pool");
    let bond = "--challenge-time 1h --challenge-bond 5";
    let line = s.open_line(1).replace("--challenge-time 1h", bond);
    let (job, node) = (s.bench.field("buyer", &line, "job"), s.node.clone());
    s.bench
        .ok("operator", &format!("job accept {job} --node {node}"));
    s.wait(HOUR);
    let signed = ["worker", "cosigner"].map(|name| s.sign(name, &job, 0, 100, "cosigned"));
    s.bench.ok(
        "buyer",
        &format!("attest submit {job} {}", signed.join(" ")),
    );
    assert_eq!(s.bench.held(&s.buyer, &pay), 94_000_000);
    (s, job, pool, ticket)
}

#[test]
fn deposits_into_a_mint_that_came_to_carry_more_are_refused_by_name() {
    let (mut s, job, pool, _) = in_business();
    let post = s.post_line();
    let offer = s.bench.field("operator", &post, "offer");
    let (network, provider, pay) = (s.network.clone(), s.provider.clone(), s.bench.pay.address);
    let piece = "ef".repeat(32);
    let challenge = format!("challenge open --job {job} --window 0 --reason 3 --evidence {piece}");
    s.bench.carry(&pay, &[PERMANENT_DELEGATE]);
    let lines = [
        ("buyer", s.open_line(2)),
        ("buyer", format!("job top-up {job} 1")),
        ("buyer", format!("job take {offer} --id 3 --length 10h")),
        (
            "buyer",
            format!("job place --network {network} --id 3 --length 10h --yes"),
        ),
        ("buyer", format!("dividends add {provider} 1")),
        ("buyer", format!("rewards fund {pool} 1")),
    ];
    s.bench.names(&lines, &pay, "PermanentDelegate");
    let stake = s.bench.stake.address;
    s.bench.carry(&stake, &[MINT_CLOSE_AUTHORITY]);
    let lines = [
        ("owner", format!("stake deposit {provider} 1")),
        ("owner", challenge),
    ];
    s.bench.names(&lines, &stake, "MintCloseAuthority");
}

#[test]
fn no_exit_from_a_vault_asks_the_mint_policy() {
    let (mut s, job, _, ticket) = in_business();
    let (provider, owner) = (s.provider.clone(), s.owner);
    let Bench { pay, stake, .. } = s.bench;
    for Mint { address, .. } in [pay, stake] {
        s.bench.carry(&address, &[PERMANENT_DELEGATE]);
    }
    s.bench.ok("owner", &format!("stake show {provider}"));
    s.bench.ok("guild", &format!("stake withdraw {ticket}"));
    s.bench.ok(
        "guild",
        &format!("dividends claim {provider} --staker {owner}"),
    );
    s.wait(5 * HOUR);
    assert_eq!(
        s.bench.ok("guild", &format!("job pay {job}")).base("paid"),
        990_000
    );
    s.bench.ok("guild", &format!("job sweep {job}"));
    s.bench.ok("guild", &format!("job refund {job}"));
    assert_eq!(s.bench.held(&s.buyer, &pay), 94_000_000 + 4_000_000);
    s.bench.ok("guild", &format!("job release {job}"));
    s.bench.ok("guild", &format!("job close {job}"));
}
