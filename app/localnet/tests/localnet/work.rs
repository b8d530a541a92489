//! A job from its opening on, by the built command, step by step.

use crate::shell::Shell;

/// A job of one window of 100 units at 0.01 USDC, funded with 2.
pub struct Life<'a> {
    s: &'a Shell,
    pub job: String,
}

impl<'a> Life<'a> {
    /// Opens it.
    pub fn open(s: &'a Shell, id: u64) -> Self {
        let line = s.opening(id);
        let job = s.field("buyer", &line, "job");
        Self { s, job }
    }

    /// The node takes it.
    pub fn accept(&self) {
        let node = self.s.chain.world().node;
        let line = format!("job accept {} --node {node}", self.job);
        self.s.ok("operator", &line);
    }

    /// The first window passes and its 100 units are proven.
    pub fn prove(&self) {
        self.s.warp("1h");
        let digest = "ab".repeat(32);
        let job = &self.job;
        let sign = format!("attest sign --job {job} --window 0 --units 100 --digest {digest}");
        let files = ["worker", "attester-3", "attester-1"].map(|name| {
            let signed = self.s.ok(name, &sign);
            self.s.keep(&format!("{job}-{name}"), &signed)
        });
        let line = format!("attest submit {job} {}", files.join(" "));
        self.s.ok("buyer", &line);
    }

    /// The challenge time passes and the units mature.
    pub fn mature(&self) {
        self.s.warp("2h");
        self.verb("mature");
    }

    /// Provider, treasury and attesters are paid.
    pub fn pay(&self) {
        self.verb("pay");
        self.verb("sweep");
    }

    /// The rest returns and the job is closed.
    pub fn close(&self) {
        for verb in ["credit", "refund", "release", "close"] {
            self.verb(verb);
        }
    }

    /// All of it.
    pub fn whole(s: &'a Shell, id: u64) -> Self {
        let life = Self::open(s, id);
        life.accept();
        life.prove();
        life.mature();
        life.pay();
        life.close();
        life
    }

    /// `sluice job` with this verb, by somebody who only pays the fee.
    pub fn verb(&self, verb: &str) {
        self.s.ok("funder", &format!("job {verb} {}", self.job));
    }
}
