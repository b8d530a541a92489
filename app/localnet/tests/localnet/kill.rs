//! `sluice`, killed at any point of any command and run again: what it does is done once.
//!
//! `SLUICE_KILLS` sets how many kills, `SLUICE_SEED` where they fall.

use {
    crate::shell::Shell,
    serde_json::Value,
    sluice_client::{Ledger, address, instruction::token::Mint},
    solana_address::Address,
    solana_signer::Signer,
    std::{
        collections::BTreeMap,
        env,
        process::Stdio,
        thread::sleep,
        time::{Duration, Instant},
    },
};

const KILLS: usize = 40;
/// No kill comes later, milliseconds: most commands have ended by then. Every other comes before anything is sent.
const LATEST: u64 = 800;
const EARLY: u64 = 120;

#[test]
fn a_command_that_is_killed_and_run_again_pays_once() {
    let kills = number("SLUICE_KILLS").unwrap_or(KILLS as u64) as usize;
    let mut killer = Killer {
        shell: Shell::new("kill"),
        dice: number("SLUICE_SEED").unwrap_or(1),
        tally: BTreeMap::new(),
        kills: 0,
    };
    let mut round = 1;
    while killer.kills < kills {
        // The reward pool of a chain ends after a month, and a round takes a week.
        if round % 3 == 1 {
            killer.shell = Shell::new("kill");
            killer.register();
        }
        killer.round(round);
        round += 1;
    }
    println!(
        "{} kills in {} rounds: {:?}",
        killer.kills,
        round - 1,
        killer.tally
    );
    // The dangerous moment came about: it had landed, and nobody had been told.
    assert!(
        killer.tally["landed, was not told"] > 0,
        "{:?}",
        killer.tally
    );
    assert!(
        killer.tally["was not sent, or did not land"] > 0,
        "{:?}",
        killer.tally
    );
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

struct Killer {
    shell: Shell,
    dice: u64,
    tally: BTreeMap<&'static str, usize>,
    kills: usize,
}

impl Killer {
    /// Another network with a provider, a set and a reward pool in it.
    fn register(&mut self) {
        let (stake, reward) = (
            self.shell.chain.world().stake,
            self.shell.chain.world().reward,
        );
        let cast = &self.shell.chain.world().cast;
        let [admin, buyer] = [&cast.admin, &cast.buyer].map(Signer::pubkey);
        let attester = cast.attesters[0].pubkey();
        let nothing = (buyer, stake);
        let create = format!(
            "network create other --stake-mint {} --dividend-mint {} --treasury {admin} --min-stake 1 \
             --min-bond 1 --unbonding 7d",
            stake.address, reward.address
        );
        let created = self.does("admin", &create, nothing, 0);
        let network = created["network"].as_str().unwrap();
        let key = self.shell.key("attester-1");
        let register = format!("attester register --network {network} --key {key}");
        let registered = self.does("attester-owner", &register, nothing, 0);
        let account = registered["attester"].as_str().unwrap();
        let owner = (self.shell.chain.world().cast.attester_owner.pubkey(), stake);
        self.does(
            "attester-owner",
            &format!("stake deposit {account} 5"),
            owner,
            -5_000_000_000,
        );
        let set = format!(
            "attester-set create --network {network} --key {attester} --threshold 1 --meter {} --fee-owner {admin} \
             --pay-mint {} --least-price 0.001 --least-bond 20",
            "01".repeat(32),
            reward.address
        );
        let set = self.does("admin", &set, nothing, 0);
        let set = set["set"].as_str().unwrap().to_owned();
        self.does(
            "attester-owner",
            &format!("attester enter {account} --set {set}"),
            nothing,
            0,
        );
        let provider = format!("provider register --network {network} --operator {admin}");
        let provider = self.does("provider", &provider, nothing, 0);
        let provider = provider["provider"].as_str().unwrap().to_owned();
        let worker = self.shell.key("worker");
        let node =
            format!("node register --provider {provider} --worker {worker} --set {set} --slots 2");
        self.does("provider", &node, nothing, 0);
        self.does(
            "provider",
            &format!("provider set-commission {provider} 50%"),
            nothing,
            0,
        );
        self.does(
            "admin",
            &format!("network pause {network} --for 1h"),
            nothing,
            0,
        );
    }

    /// A job's life, a stake's and a reward pool's, every command of which may be killed.
    fn round(&mut self, round: usize) {
        let (network, set, usdc, stake, reward, node, provider, pool) = {
            let w = self.shell.chain.world();
            (
                w.network,
                w.set,
                w.usdc,
                w.stake,
                w.reward,
                w.node,
                w.provider,
                w.reward_pool,
            )
        };
        let [buyer, owner, funder] = {
            let cast = &self.shell.chain.world().cast;
            [&cast.buyer, &cast.provider, &cast.funder].map(Signer::pubkey)
        };
        let job = address::job(&network, &buyer, round as u64);
        let terms = format!(
            "--mint {} --set {set} --price 0.01 --cap 100 --length 3h --window 1h --grace 1h \
             --challenge-time 1h --notice 1h --bond 20",
            usdc.address
        );
        // Who signs, the words, whose balance of what it changes, by how many base units.
        let buyers = (buyer, usdc);
        self.does(
            "buyer",
            &format!("job open --network {network} --id {round} {terms} --funds 2"),
            buyers,
            -2_000_000,
        );
        self.does("buyer", &format!("job top-up {job} 0.5"), buyers, -500_000);
        self.does(
            "operator",
            &format!("job accept {job} --node {node}"),
            buyers,
            0,
        );
        self.does("buyer", &format!("job cancel {job}"), buyers, 0);
        self.does(
            "buyer",
            &format!("stake deposit {provider} 7"),
            (buyer, stake),
            -7_000_000_000,
        );
        self.does(
            "buyer",
            &format!("stake deposit {provider} 7"),
            (buyer, stake),
            -7_000_000_000,
        );
        let unstake = self.does(
            "buyer",
            &format!("stake unstake {provider} 14"),
            (buyer, stake),
            0,
        );
        self.does(
            "funder",
            &format!("rewards fund {pool} 3"),
            (funder, reward),
            -3_000_000_000,
        );
        self.does(
            "funder",
            &format!("dividends add {provider} 1"),
            (funder, reward),
            -1_000_000_000,
        );

        let offer = self.does(
            "operator",
            &format!(
                "offer post --node {node} --id {round} --mint {} --price 0.02 --cap 10 --bond 20",
                usdc.address
            ),
            buyers,
            0,
        );
        let offer = offer["offer"].as_str().unwrap();
        let placed = self.does(
            "buyer",
            &format!("job place --network {network} --id {round}00 --length 2h --funds 0.4"),
            buyers,
            -400_000,
        );
        let placed = placed["job"].as_str().unwrap();
        self.does("operator", &format!("offer withdraw {offer}"), buyers, 0);
        self.does("operator", &format!("job resign {placed}"), buyers, 0);
        self.does(
            "operator",
            &format!("node update {node} --class {round}"),
            buyers,
            0,
        );
        self.shell.warp("1h");
        let files = self.sign(&job, round);
        self.does("buyer", &format!("attest submit {job} {files}"), buyers, 0);
        self.shell.warp("3h");
        self.does("worker", &format!("job mature {job}"), buyers, 0);
        self.does("worker", &format!("job pay {job}"), (owner, usdc), 965_000);
        self.does("worker", &format!("job sweep {job}"), buyers, 0);
        self.does("worker", &format!("job refund {job}"), buyers, 1_500_000);
        self.does("worker", &format!("job release {job}"), buyers, 0);
        self.does("buyer", &format!("job close {job}"), buyers, 0);
        self.does(
            "worker",
            &format!("crank --network {network} --create-accounts"),
            buyers,
            400_000,
        );
        self.shell.warp("7d");
        let ticket = unstake["ticket"].as_str().unwrap();
        // Dividends do not go into stake, so every token comes back.
        self.does(
            "buyer",
            &format!("stake withdraw {ticket}"),
            (buyer, stake),
            14_000_000_000,
        );
    }

    /// Kills the command somewhere, runs it again, and holds its effect against `delta`; returns its result.
    fn does(&mut self, who: &str, line: &str, (owner, mint): (Address, Mint), delta: i64) -> Value {
        let before = self.held(&owner, &mint);
        let after = i64::try_from(before).unwrap() + delta;
        let first = self.killed(who, line);
        let held = i64::try_from(self.held(&owner, &mint)).unwrap();
        let result = if let Some(result) = first {
            self.count("ended before the kill");
            result
        } else {
            self.kills += 1;
            // What moves nothing cannot be told apart from outside.
            self.count(match held {
                _ if delta == 0 => "moves nothing itself",
                held if held == after => "landed, was not told",
                _ => "was not sent, or did not land",
            });
            self.again(who, line)
        };
        assert_eq!(
            i64::try_from(self.held(&owner, &mint)).unwrap(),
            after,
            "{line}: {result}"
        );
        result
    }

    /// Its result if it ended before the kill.
    fn killed(&mut self, who: &str, line: &str) -> Option<Value> {
        let latest = if self.roll().is_multiple_of(2) {
            EARLY
        } else {
            LATEST
        };
        let wait = Duration::from_millis(self.roll() % latest);
        let mut command = self.shell.signed_by(who, line);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let begin = Instant::now();
        while begin.elapsed() < wait {
            if child.try_wait().unwrap().is_some() {
                break;
            }
            sleep(Duration::from_millis(2));
        }
        // It may have ended meanwhile.
        let _ = child.kill();
        let ran = child.wait_with_output().unwrap();
        if ran.status.code().is_some() {
            let cause = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success(), "{line}: {cause}");
            return Some(serde_json::from_slice(&ran.stdout).unwrap());
        }
        // A result that was told is not told again, even if the process was killed before it ended.
        serde_json::from_slice(&ran.stdout).ok()
    }

    /// Runs it again, which must succeed.
    fn again(&self, who: &str, line: &str) -> Value {
        let ran = self.shell.signed_by(who, line).output().unwrap();
        let cause = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{line}: {cause}");
        serde_json::from_slice(&ran.stdout).unwrap()
    }

    /// Signature files of a full window.
    fn sign(&self, job: &Address, round: usize) -> String {
        let sign = format!(
            "attest sign --job {job} --window 0 --units 100 --digest {}",
            "ab".repeat(32)
        );
        ["worker", "attester-3", "attester-1"]
            .map(|name| {
                let signed = self.shell.ok(name, &sign);
                self.shell.keep(&format!("{name}-{round}"), &signed)
            })
            .join(" ")
    }

    fn held(&self, owner: &Address, mint: &Mint) -> u64 {
        let account = address::token_account(owner, &mint.address, &mint.token_program);
        self.shell.chain.ledger().token_balance(&account).unwrap()
    }

    fn count(&mut self, what: &'static str) {
        *self.tally.entry(what).or_default() += 1;
    }

    /// xorshift64*.
    const fn roll(&mut self) -> u64 {
        self.dice ^= self.dice >> 12;
        self.dice ^= self.dice << 25;
        self.dice ^= self.dice >> 27;
        self.dice.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }
}
