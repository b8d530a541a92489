//! What keys signed, from every source there is: what passed the taps, the attesters' journals, the workers' stores.

use {
    crate::{
        buyer::Order,
        stage::{Manner, Stage},
        tap::Exchange,
    },
    anyhow::{Context, Result, ensure},
    serde_json::Value,
    sluice_agent::{
        blobs::JobId,
        request,
        windows::WindowId,
        wire::{Countersigned, Submission, Told},
        worker::store::{Store, WindowRow, WindowStage},
    },
    sluice_client::{
        Address, Job, Signer,
        statement::{Path as Way, Statement},
    },
    sluice_work::evidence::Evidence,
    std::{
        collections::{BTreeMap, BTreeSet},
        fs,
        path::{Path, PathBuf},
    },
};

/// A refusal that a member answered a claim with.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The job.
    pub job: Address,
    /// The window.
    pub window: u32,
    /// Index of the member.
    pub member: usize,
    /// What it told.
    pub told: Told,
}

/// What a key said of a window: units, digest, signature.
pub type Said = (u64, [u8; 32], [u8; 64]);

/// What passed the taps about windows.
#[derive(Default)]
pub struct Heard {
    /// Every claim, by job and window, with the worker's signature.
    pub claims: BTreeMap<(Address, u32), BTreeSet<Said>>,
    /// The evidence of each, which was brought before.
    pub evidence: BTreeMap<(Address, u32), [u8; 32]>,
    /// Blobs that were brought in one piece.
    pub blobs: BTreeMap<[u8; 32], Vec<u8>>,
    /// Every countersignature, by member, job and window.
    pub signed: BTreeMap<(Address, Address, u32), BTreeSet<Said>>,
    /// Every refusal of a claim.
    pub refused: Vec<Refused>,
}

/// Reads the taps.
///
/// # Errors
/// If an answer is none of an attester's.
pub fn heard(stage: &Stage) -> Result<Heard> {
    let mut heard = Heard::default();
    for (member, tap) in stage.taps.iter().enumerate() {
        for exchange in tap.heard() {
            if exchange.asked == "POST /v1/windows" {
                heard.add(member, exchange)?;
            } else if exchange.asked.starts_with("PUT ") {
                let name = request::body(&exchange.question);
                heard.blobs.insert(name, exchange.question);
            }
        }
    }
    Ok(heard)
}

impl Heard {
    /// Takes what passed the taps since they were last read, less the blobs that are known.
    ///
    /// # Errors
    /// If an answer is none of an attester's.
    pub fn take(&mut self, stage: &Stage, is_known: impl Fn(&[u8; 32]) -> bool) -> Result<()> {
        for (member, tap) in stage.taps.iter().enumerate() {
            for exchange in tap.take() {
                if exchange.asked == "POST /v1/windows" {
                    self.add(member, exchange)?;
                } else if exchange.asked.starts_with("PUT ") {
                    let name = request::body(&exchange.question);
                    if !is_known(&name) {
                        self.blobs.insert(name, exchange.question);
                    }
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, member: usize, exchange: Exchange) -> Result<()> {
        let claim: Submission = serde_json::from_slice(&exchange.question)?;
        let said = (claim.units, claim.digest, *claim.signature.as_array());
        let claims = self.claims.entry((claim.job, claim.window)).or_default();
        claims.insert(said);
        self.evidence
            .insert((claim.job, claim.window), claim.evidence);
        if exchange.status == 200 {
            let signed: Countersigned = serde_json::from_value(exchange.answer)?;
            let of = (signed.key, claim.job, claim.window);
            let signature = *signed.signature.as_array();
            let all = self.signed.entry(of).or_default();
            all.insert((claim.units, claim.digest, signature));
        } else if let Ok(told) = serde_json::from_value(exchange.answer) {
            self.refused.push(Refused {
                job: claim.job,
                window: claim.window,
                member,
                told,
            });
        }
        Ok(())
    }

    /// Holds that no key said two things of one window.
    ///
    /// # Errors
    /// With the one that did.
    pub fn hold(&self) -> Result<()> {
        for ((job, window), said) in &self.claims {
            ensure!(
                said.len() == 1,
                "the worker of {job} signed window {window} {} times",
                said.len()
            );
        }
        for ((key, job, window), said) in &self.signed {
            ensure!(
                said.len() == 1,
                "{key} signed window {window} of {job} {} times",
                said.len()
            );
        }
        Ok(())
    }

    /// What a worker showed for a window.
    ///
    /// # Errors
    /// If it showed nothing, or something that is no evidence.
    pub fn shown(&self, job: &Address, window: u32) -> Result<Evidence> {
        let name = self.evidence.get(&(*job, window));
        let bytes = name.and_then(|name| self.blobs.get(name));
        let bytes = bytes.with_context(|| format!("nobody showed window {window} of {job}"))?;
        Evidence::from_bytes(bytes).context("that is no evidence")
    }

    /// The chunks that members named when they refused a window.
    pub fn named(&self, job: &Address, window: u32) -> BTreeSet<u32> {
        let refused = self.refused.iter();
        let refused = refused.filter(|one| one.job == *job && one.window == window);
        refused.filter_map(|one| one.told.chunk).collect()
    }
}

/// What a job's statements begin with, and its workers' key, while it was there.
#[derive(Clone, Copy)]
pub struct Seen {
    /// The job.
    pub key: Address,
    /// As it was when it was accepted.
    pub job: Job,
}

/// Holds the attesters' journals: nothing is written down twice with two meanings, and whatever was heard is written down.
///
/// # Errors
/// With the statement that is not as it should be.
pub fn hold_journals(stage: &Stage, heard: &Heard, jobs: &[Seen]) -> Result<usize> {
    let mut statements = 0usize;
    for (number, key) in (1..).zip(&stage.attesters) {
        let own = key.pubkey();
        let mut book = BTreeMap::<(String, u64), Line>::new();
        let agent = stage.agents.get(&format!("attester-{number}"))?;
        for file in files(&agent.folder, &stage.folder.join("keys"), &own) {
            for line in lines(&file)? {
                let of = (line.context.clone(), line.window);
                let known = book.entry(of).or_insert_with(|| line.clone());
                ensure!(
                    *known == line,
                    "{} has two statements of window {}",
                    file.display(),
                    line.window
                );
            }
        }
        statements = statements.saturating_add(book.len());
        for ((by, job, window), said) in &heard.signed {
            if by != &own {
                continue;
            }
            let seen = jobs.iter().find(|seen| seen.key == *job);
            let seen = seen.with_context(|| format!("nobody opened {job}"))?;
            for (units, digest, signature) in said {
                let statement = Statement::of(&seen.job, *window, *units, *digest);
                let message = statement.message(Way::Quorum);
                let signature = sluice_client::Signature::from(*signature);
                ensure!(
                    signature.verify(own.as_ref(), &message),
                    "{own} answered with a signature of something else"
                );
                let context = sluice_client::hex::encode(&seen.job.context);
                let line = book.get(&(context, u64::from(*window)));
                ensure!(
                    line.is_some_and(|line| line.is_of(&statement)),
                    "{own} signed window {window} of {job} and did not write it down"
                );
            }
        }
    }
    Ok(statements)
}

/// What of a line of a journal matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    context: String,
    window: u64,
    units: String,
    digest: String,
}

impl Line {
    fn is_of(&self, statement: &Statement) -> bool {
        self.units == statement.units.to_string()
            && self.digest == sluice_client::hex::encode(&statement.digest)
    }
}

fn lines(file: &Path) -> Result<Vec<Line>> {
    let text = fs::read_to_string(file)?;
    let mut lines = vec![];
    for line in text.lines() {
        let value: Value = serde_json::from_str(line)
            .with_context(|| format!("{} has a line that is none", file.display()))?;
        let text = |name: &str| {
            let found = value.get(name).and_then(Value::as_str);
            found.map(str::to_owned).context("a line lacks a field")
        };
        lines.push(Line {
            context: text("context")?,
            window: value
                .get("window")
                .and_then(Value::as_u64)
                .unwrap_or(u64::MAX),
            units: text("units")?,
            digest: text("digest")?,
        });
    }
    Ok(lines)
}

/// The files of a key's journal: beside the key, and wherever the agent keeps its state.
fn files(folder: &Path, keys: &Path, key: &Address) -> Vec<PathBuf> {
    let name = format!("{key}.signed");
    let mut files = vec![folder.join("state/signed").join(&name), keys.join(&name)];
    files.retain(|file| file.is_file());
    files
}

/// Every window that a worker sealed of a job.
///
/// # Errors
/// The store's.
pub fn sealed(stage: &Stage, order: &Order, seen: &Seen) -> Result<Vec<WindowRow>> {
    let crew = stage.crews.iter();
    let mut crew = crew.filter(|crew| crew.nodes.contains(&seen.job.node));
    let crew = crew.next().context("nobody works on this node")?;
    if crew.manner == Manner::Silent {
        return Ok(vec![]);
    }
    let store = Store::open(&stage.agents.get(&crew.name)?.folder.join("state"))?;
    let id = JobId {
        job: order.job,
        incarnation: seen.job.incarnation,
    };
    Ok(store.windows(&id)?)
}

/// Holds what a worker sealed and the countersignatures that it has against what was heard: each is the same, and no window is lost.
///
/// # Errors
/// With the window that is not as it should be.
pub fn hold_store(stage: &Stage, order: &Order, seen: &Seen, heard: &Heard) -> Result<usize> {
    let crew = stage.crews.iter();
    let mut crew = crew.filter(|crew| crew.nodes.contains(&seen.job.node));
    let crew = crew.next().context("nobody works on this node")?;
    let store = Store::open(&stage.agents.get(&crew.name)?.folder.join("state"))?;
    let rows = sealed(stage, order, seen)?;
    for row in &rows {
        let window = row.id.window;
        ensure!(
            row.stage != WindowStage::Lost,
            "window {window} of {} was sealed and lost: {:?}",
            order.job,
            row.reason
        );
        if let Some(said) = heard.claims.get(&(order.job, window)) {
            let is_same = said.iter().all(|(units, digest, _)| {
                *units == row.sealed.units && *digest == row.sealed.digest
            });
            ensure!(is_same, "window {window} was claimed as it was not sealed");
        }
        let id = WindowId {
            job: row.id.job,
            window,
        };
        let statement = Statement::of(&seen.job, window, row.sealed.units, row.sealed.digest);
        for by in store.countersignatures(&id)? {
            ensure!(
                by.signature
                    .verify(by.key.as_ref(), &statement.message(Way::Quorum)),
                "{} is said to have signed window {window} and did not",
                by.key
            );
        }
    }
    Ok(rows.len())
}
