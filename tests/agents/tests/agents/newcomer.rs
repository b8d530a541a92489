//! The way of docs/running.md from nothing to the first payment, typed as it stands there.

use {
    crate::{any_work, folder},
    sluice_agents_tests::{
        buyer::{Buyer, Order, Times},
        stage::Stage,
        work::{Amount, Kernel},
    },
    sluice_client::{Job, Ledger},
    sluice_localnet::{Localnet, Options, agents::Agents, files},
    sluice_work::core::Kind,
    std::{
        fs::{self, File},
        path::Path,
        process::{Child, Command, Stdio},
        thread::sleep,
        time::{Duration, Instant},
    },
};

const TIMES: Times = Times {
    window: 10,
    grace: 60,
    challenge: 0,
};
const AMOUNT: Amount = Amount {
    windows: 1,
    per_window: 4,
    units: 250,
};
/// Most commands until a provider works.
const MOST: usize = 6;

/// The lines of the first block of commands behind a heading.
fn commands(heading: &str) -> Vec<String> {
    let text = include_str!("../../../../docs/running.md");
    let (_, section) = text.split_once(heading).unwrap();
    let (_, block) = section.split_once("```console\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    block.lines().map(str::to_owned).collect()
}

/// A shell in the newcomer's folder, in which the chain's file was sourced.
fn shell(folder: &Path, env: &Path, line: &str) -> Command {
    let mut shell = Command::new("bash");
    let script = format!(". '{}' && {line}", env.display());
    shell.current_dir(folder).args(["-c", &script]);
    shell
}

fn run(folder: &Path, env: &Path, line: &str) -> String {
    let told = shell(folder, env, line).output().unwrap();
    let error = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{line}: {error}");
    String::from_utf8(told.stdout).unwrap()
}

/// Ends with the test.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_newcomer_is_paid_after_the_commands_of_the_documents() {
    let home = folder("newcomer");
    let _ = fs::remove_dir_all(&home);
    let own = home.join("own");
    fs::create_dir_all(&own).unwrap();
    let chain = Localnet::start(&Options {
        slot_ms: 100,
        elf: sluice_elf::built().to_owned(),
        idl: None,
        port: 0,
        ws_port: 0,
    })
    .unwrap();
    let out = home.join("localnet");
    files::write(&chain, &out).unwrap();
    let agents = Agents::of_attesters(&chain, &out).unwrap();
    let env = out.join("env.sh");

    let mut lines = commands("## A provider on the local chain").into_iter();
    assert_eq!(lines.next().unwrap(), ". target/localnet/env.sh");
    let lines: Vec<_> = lines.collect();
    assert!(lines.len() <= MOST, "{lines:?}");
    let (work, lines) = lines.split_last().unwrap();
    assert_eq!(work, "sluice-agent worker");
    let mut told = String::new();
    for line in lines {
        // What the first command prints is what the next ones name.
        let named = |label: &str| {
            let words = told.split_whitespace().skip_while(|word| *word != label);
            words.skip(1).map(str::to_owned).next().unwrap_or_default()
        };
        let line = line
            .replace("--url localhost", &format!("--url {}", chain.rpc_url()))
            .replace("OPERATOR", &named("--operator"))
            .replace("PROVIDER", &named("deposit"));
        let line = if line.starts_with("sluice airdrop") {
            format!("{line} --url {}", chain.rpc_url())
        } else {
            line
        };
        told.push_str(&run(&own, &env, &line));
    }
    let checked = run(&own, &env, "sluice-agent check");
    println!("{checked}");
    let log = File::create(own.join("log")).unwrap();
    // In the shell's place, so that ending it ends the worker.
    let mut worker = shell(&own, &env, &format!("exec {work}"));
    let worker = worker.stdin(Stdio::null()).stderr(log).spawn().unwrap();
    let _worker = Daemon(worker);

    let owner = chain.world().cast.buyer.insecure_clone();
    let mut stage = Stage::beside(chain, agents, &home, &owner).unwrap();
    let mut buyer = Buyer::new(&stage).unwrap();
    let work = any_work(Kernel::Fractal, Kind::Wasm, AMOUNT, 9);
    let order: Order = buyer.open(&stage, work, 0, TIMES).unwrap();
    buyer.bring(&stage, &order, 3).unwrap();
    let (begin, mut was_moved) = (Instant::now(), false);
    let paid = loop {
        let job: Job = stage.ledger().get(&order.job).unwrap();
        if job.paid > 0 {
            break job.paid;
        }
        assert!(
            begin.elapsed() < Duration::from_secs(90),
            "nothing is paid:\n{}\n{}",
            fs::read_to_string(own.join("log")).unwrap(),
            run(&own, &env, "sluice-agent status")
        );
        // A worker pulls once an hour, and believes that one went by once the clock has said so for a while.
        if job.last_proven == 1 && !was_moved {
            stage.chain.advance(3_600).unwrap();
            was_moved = true;
        }
        sleep(Duration::from_millis(500));
    };
    println!("paid {paid}:\n{}", run(&own, &env, "sluice-agent status"));
    stage.agents.stop("attester-1").unwrap();
}
