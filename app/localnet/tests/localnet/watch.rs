//! `sluice watch`: it tells each change of what it watches.

use {
    crate::{cable::Cable, shell::Shell, work::Life},
    serde_json::Value,
    std::{
        io::{BufRead, BufReader},
        process::{Child, Stdio},
        sync::mpsc::{self, Receiver},
        thread,
        time::{Duration, Instant},
    },
};

/// Exit code of a wait in vain.
const UNMET: i32 = 14;
const PATIENCE: Duration = Duration::from_secs(20);

/// A running `sluice watch` and the lines it prints.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(s: &Shell, line: &str) -> Self {
        Self::with(s, line, |command| command)
    }

    fn with(
        s: &Shell,
        line: &str,
        change: impl FnOnce(&mut std::process::Command) -> &mut std::process::Command,
    ) -> Self {
        let mut command = s.at(s.chain.rpc_url(), "buyer", &format!("watch {line}"));
        let mut child = change(&mut command).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        Self { child, lines }
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line")
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    /// The next object that says `what`.
    fn until(&self, what: &str) -> Value {
        loop {
            let told = self.json();
            if told["what"] == what {
                return told;
            }
        }
    }

    /// The next change of this figure: what it was and is.
    fn change(&self, figure: &str) -> (Value, Value) {
        loop {
            let told = self.json();
            assert_eq!(told["what"], "changed", "{told}");
            let change = &told["changed"][figure];
            if !change.is_null() {
                assert_eq!(told["figures"][figure], change["to"]);
                return (change["from"].clone(), change["to"].clone());
            }
        }
    }

    fn exit(mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("it watches on");
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn amount(value: &Value) -> &str {
    value["amount"].as_str().unwrap()
}

#[test]
fn every_change_of_a_job_is_told_through_lost_connections() {
    let s = Shell::new("watch");
    let cable = Cable::to(s.chain.ws_url());
    let ws = format!("ws://{}", cable.address);
    let life = Life::open(&s, 1);
    let job = &life.job;
    // Only subscriptions can tell in time: it polls once an hour.
    let watch = Watch::start(
        &s,
        &format!("job {job} --ws {ws} --poll 1h --output json-compact"),
    );
    let first = watch.json();
    assert_eq!(
        (&first["what"], &first["kind"]),
        (&"seen".into(), &"job".into())
    );
    assert_eq!(first["figures"]["state"], "open");
    assert_eq!(first["figures"], s.ok("buyer", &format!("job show {job}")));

    life.accept();
    assert_eq!(watch.change("state"), ("open".into(), "active".into()));
    life.prove();
    let (before, after) = watch.change("pending");
    assert_eq!((amount(&before), amount(&after)), ("0", "965000"));
    life.mature();
    let (before, after) = watch.change("owed");
    assert_eq!((amount(&before), amount(&after)), ("0", "965000"));

    // What happens while the line is cut is read as soon as there is another.
    cable.cut();
    watch.until("lost");
    life.pay();
    cable.mend();
    watch.until("reconnected");
    let (before, after) = watch.change("paid");
    assert_eq!((amount(&before), amount(&after)), ("0", "965000"));

    // And a second time, while nothing happens; the next change comes over the new line.
    cable.cut();
    watch.until("lost");
    cable.mend();
    watch.until("reconnected");
    life.verb("credit");
    life.verb("refund");
    let (_, after) = watch.change("refunded");
    assert_eq!(amount(&after), "1000000");
    life.verb("release");
    assert_eq!(watch.change("state"), ("active".into(), "released".into()));
    life.verb("close");
    let last = watch.json();
    assert_eq!(
        (&last["what"], &last["figures"]),
        (&"closed".into(), &Value::Null)
    );
    assert_eq!(watch.exit(), Some(0));
}

#[test]
fn people_get_a_line_for_each_change_and_programs_json() {
    let s = Shell::new("watch-lines");
    let ws = s.chain.ws_url();
    let (network, provider) = (s.chain.world().network, s.chain.world().provider);
    let pool = s.chain.world().reward_pool;
    let watches = [
        format!("network {network}"),
        format!("provider {provider}"),
        format!("pool {pool}"),
    ]
    .map(|of| Watch::start(&s, &format!("{of} --ws {ws} --poll 2s")));
    let told = Watch::with(&s, &format!("network {network} --ws {ws}"), |command| {
        command.env("NO_DNA", "1")
    });
    assert_eq!(told.json()["what"], "seen");
    for (watch, kind) in watches.iter().zip(["network", "provider", "reward pool"]) {
        let line = watch.line();
        assert!(line.contains(&format!("  {kind} ")), "{line}");
    }
    let life = Life::open(&s, 1);
    life.accept();
    let find = |watch: &Watch, words: &[&str]| loop {
        let line = watch.line();
        if words.iter().all(|word| line.contains(word)) {
            break;
        }
    };
    let [network, provider, pool] = &watches;
    find(network, &[&life.job, "state open -> active"]);
    find(provider, &["  node ", "slots used 0 -> 1"]);
    life.prove();
    life.mature();
    life.verb("credit");
    let node = s.chain.world().node;
    let report = format!(
        "rewards report {} --node {node}",
        s.chain.world().reward_pool
    );
    s.ok("funder", &report);
    find(pool, &["  share ", "units seen 0 -> 100"]);
    life.pay();
    for verb in ["refund", "release", "close"] {
        life.verb(verb);
    }
    find(network, &["jobs completed 0 -> 1"]);
    // Closed accounts are the program's no longer: they are missed when all is read again.
    find(network, &[&life.job, "closed"]);
    find(provider, &[&life.job, "closed"]);
}

#[test]
fn scripts_wait_for_a_state() {
    let s = Shell::new("watch-scripts");
    let ws = s.chain.ws_url();
    let life = Life::open(&s, 1);
    let job = &life.job;
    let line = |options: &str| format!("job {job} --ws {ws} {options}");
    let once = Watch::start(&s, &line("--once --output json"));
    assert_eq!(once.json()["figures"]["state"], "open");
    assert_eq!(once.exit(), Some(0));
    assert_eq!(
        Watch::start(&s, &line("--until-state open")).exit(),
        Some(0)
    );
    let vain = Watch::start(&s, &line("--until-state active --timeout 2s"));
    assert_eq!(vain.exit(), Some(UNMET));
    let short = Watch::start(&s, &line("--timeout 1s"));
    assert_eq!(short.exit(), Some(0));
    let met = Watch::start(&s, &line("--until-state active --timeout 60s"));
    met.line();
    life.accept();
    assert_eq!(met.exit(), Some(0));
    let node = s.chain.world().node;
    s.refused("buyer", &format!("watch job {node} --once"), 3);
    let gone = "watch job 11111111111111111111111111111112";
    s.refused("buyer", gone, 5);
    let met = format!("{gone} --until-state closed");
    assert!(s.people(&met).0.is_empty());
    // A node without subscriptions is told at once.
    s.refused(
        "buyer",
        &format!("watch job {job} --ws ws://127.0.0.1:9"),
        7,
    );
}
