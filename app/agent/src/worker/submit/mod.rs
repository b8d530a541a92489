//! Sealed windows, before the members of their set: all at once, until enough have signed.

mod ask;

pub use ask::{Blobs, Known};
use {
    super::{
        Event,
        members::Members,
        retry::Retry,
        store::{self, Names, Refusal, Store, WindowRow, WindowStage},
    },
    crate::{
        member::{Member, Unasked},
        windows::WindowId,
        wire::{Countersigned, Submission},
    },
    ask::{Asked, Needless},
    metrics::counter,
    sluice_client::{
        AttesterSet, Job, quorum,
        statement::{Countersignature, Path, Statement},
    },
    sluice_work::{evidence::Evidence, hash},
    solana_address::Address,
    std::{
        collections::{HashMap, HashSet},
        sync::{Arc, mpsc::Sender},
        thread,
        time::{Duration, Instant},
    },
};

/// Questions on their way at once.
const MOST_ASKED: usize = 64;
/// Of these to one member: one that never answers must not take the others' places ...
const MOST_OF_MEMBER: usize = 8;
/// ... and about one job: nor must one whose outputs take hours to put take the other jobs'.
const MOST_OF_JOB: usize = 4;

/// This process's own code for a signature of something else.
const WRONG_SIGNATURE: &str = "wrong_signature";

/// A member that is asked about a window.
pub type Question = (WindowId, Address);

/// What a member said, or that it said nothing.
pub struct Answer {
    /// To what.
    pub question: Question,
    /// What.
    pub said: Result<Countersigned, Unasked>,
}

/// What is asked, and what came back.
pub struct Submit {
    store: Arc<Store>,
    blobs: Blobs,
    known: Known,
    events: Sender<Event>,
    /// What is on its way, and whether nobody needs it any more.
    busy: HashMap<Question, Needless>,
    retry: Retry<Question>,
    /// Of members that said that it is too early: the window's end, unix seconds of the chain, and the moment before which they are not
    /// asked again. They go by settled time, which is a little behind.
    early: HashMap<Question, (i64, Instant)>,
    pace: Duration,
}

/// A window to be put before its members.
pub struct Sheet<'a> {
    /// The window, which the worker signed.
    pub row: &'a WindowRow,
    /// The job.
    pub job: &'a Job,
    /// Its set.
    pub set: &'a AttesterSet,
    /// The set's live members that can be asked.
    pub members: &'a [Member],
    /// Asks in the name of the job's worker.
    pub ask: &'a Arc<dyn Members>,
}

impl Sheet<'_> {
    fn statement(&self) -> Statement {
        let sealed = &self.row.sealed;
        Statement::of(self.job, self.row.id.window, sealed.units, sealed.digest)
    }

    fn submission(&self) -> Option<Submission> {
        let WindowRow {
            id,
            sealed,
            signature,
            ..
        } = self.row;
        Some(Submission {
            job: id.job.job,
            incarnation: id.job.incarnation,
            window: id.window,
            units: sealed.units,
            digest: sealed.digest,
            signature: (*signature)?,
            evidence: hash::blob(&sealed.evidence),
        })
    }
}

impl Submit {
    /// Nothing is asked yet. A member that failed is asked again after `pace`, then after longer and longer.
    pub fn new(store: Arc<Store>, blobs: Blobs, events: Sender<Event>, pace: Duration) -> Self {
        Self {
            store,
            blobs,
            known: Known::default(),
            events,
            busy: HashMap::new(),
            retry: Retry::new(pace, pace.saturating_mul(60)),
            early: HashMap::new(),
            pace,
        }
    }

    /// Asks the members that are to be asked about a window at `now`, unless enough have signed, and writes down why it waits.
    ///
    /// # Errors
    /// The database's.
    pub fn turn(&mut self, sheet: &Sheet, now: i64) -> store::Result<()> {
        let id = sheet.row.id;
        let signed = live(sheet.set, &self.store.countersignatures(&id)?);
        if signed.len() >= usize::from(sheet.set.threshold) {
            self.give_up(|of| *of == id);
            return Ok(());
        }
        let refusals = self.store.refusals(&id)?;
        let is_final = |key: &Address| {
            let mut refusals = refusals.iter();
            refusals.any(|one| one.member == *key && one.is_final)
        };
        let names = self.store.job(&id.job)?.and_then(|row| row.names);
        for member in sheet.members {
            let key = &member.key;
            let has_signed = signed.iter().any(|one| one.key == *key);
            if !has_signed && !is_final(key) && self.is_due(&(id, *key), now) {
                self.ask(sheet, member, names);
            }
        }
        let reason = why(sheet, signed.len(), &refusals, now);
        self.store
            .set_window(&id, WindowStage::Signed, Some(&reason))
    }

    fn is_due(&self, question: &Question, now: i64) -> bool {
        let (id, member) = question;
        let of_member = self.busy.keys().filter(|(_, one)| one == member);
        let of_job = of_member.clone().filter(|(one, _)| one.job == id.job);
        self.busy.len() < MOST_ASKED
            && of_member.count() < MOST_OF_MEMBER
            && of_job.count() < MOST_OF_JOB
            && !self.busy.contains_key(question)
            && self.retry.is_due(question)
            && self
                .early
                .get(question)
                .is_none_or(|(end, at)| now >= *end && Instant::now() >= *at)
    }

    fn ask(&mut self, sheet: &Sheet, member: &Member, names: Option<Names>) {
        let Some(claim) = sheet.submission() else {
            return;
        };
        let outputs = Evidence::from_bytes(&sheet.row.sealed.evidence).unwrap_or_default();
        let outputs = outputs.outputs.into_iter().flatten().collect();
        let evidence = sheet.row.sealed.evidence.clone();
        let (members, member) = (Arc::clone(sheet.ask), member.clone());
        let (blobs, known) = (self.blobs.clone(), self.known.clone());
        let (events, question) = (self.events.clone(), (sheet.row.id, member.key));
        let needless = Needless::default();
        self.busy.insert(question, needless.clone());
        thread::spawn(move || {
            let blobs = blobs.with(evidence);
            let asked = Asked {
                members: members.as_ref(),
                member: &member,
                claim: &claim,
                names,
                blobs: &blobs,
                known: &known,
                needless: &needless,
            };
            let said = asked.ask(outputs);
            // Nobody listens any more when the process ends.
            let _ = events.send(Event::Answered(Answer { question, said }));
        });
    }

    /// Takes an answer: a signature that verifies is kept, and every refusal. `sheet` is the window that it is about, `now` the chain's
    /// time.
    ///
    /// # Errors
    /// The database's.
    pub fn hear(&mut self, answer: Answer, sheet: Option<&Sheet>, now: i64) -> store::Result<()> {
        let question = answer.question;
        let needless = self.busy.remove(&question);
        let is_needless = needless.is_some_and(|needless| needless.is_told());
        let sheet = sheet.filter(|_| !is_needless || answer.said.is_ok());
        let Some(sheet) = sheet else {
            self.forget(&question);
            return Ok(());
        };
        let (id, member) = question;
        match answer.said {
            Ok(signed) if is_signature(sheet, &member, &signed) => {
                self.forget(&question);
                counter!("sluice_worker_countersignatures_total").increment(1);
                tracing::info!(job = %id.job.job, window = id.window, %member, "countersigned");
                let by = Countersignature {
                    key: member,
                    signature: signed.signature,
                };
                self.store.countersigned(&id, &by)
            }
            Ok(_) => {
                let message = "it answered with a signature that is not its own of this statement";
                self.refuse(&question, WRONG_SIGNATURE, message.to_owned(), None, now)
            }
            Err(Unasked::Refused(told)) => {
                if told.code == "early" {
                    let soon = Instant::now().checked_add(self.pace.saturating_mul(2));
                    let again = (sheet.row.sealed.ends_at, soon.unwrap_or_else(Instant::now));
                    self.early.insert(question, again);
                    self.retry.done(&question);
                    return Ok(());
                }
                self.refuse(&question, &told.code, told.message, told.chunk, now)
            }
            Err(error) => self.refuse(&question, "silent", error.to_string(), None, now),
        }
    }

    fn refuse(
        &mut self,
        question: &Question,
        code: &str,
        message: String,
        chunk: Option<u32>,
        now: i64,
    ) -> store::Result<()> {
        let (id, member) = *question;
        let refusal = Refusal {
            member,
            code: code.to_owned(),
            message,
            chunk,
            is_final: is_final(code),
            times: 1,
            at: now,
        };
        tracing::warn!(
            job = %id.job.job, window = id.window, %member, is_final = refusal.is_final,
            code = %sluice_client::foreign::Foreign::from(code),
            message = %sluice_client::foreign::Foreign::from(refusal.message.as_str()),
            "refused"
        );
        let is_final = if refusal.is_final { "good" } else { "now" };
        counter!("sluice_worker_refusals_total", "for" => is_final).increment(1);
        self.early.remove(question);
        self.retry.failed(*question);
        self.store.refused(&id, &refusal)
    }

    fn forget(&mut self, question: &Question) {
        self.early.remove(question);
        self.retry.done(question);
    }

    /// Ends what is on its way about windows that nobody has to sign any more. A thread ends once its member answers what it was asked.
    pub fn give_up(&self, is_over: impl Fn(&WindowId) -> bool) {
        let over = self.busy.iter().filter(|((id, _), _)| is_over(id));
        over.for_each(|(_, needless)| needless.tell());
    }

    /// Forgets windows that are not asked about any more.
    pub fn retain(&mut self, is_wanted: impl Fn(&WindowId) -> bool) {
        self.give_up(|id| !is_wanted(id));
        self.early.retain(|(id, _), _| is_wanted(id));
        self.retry.retain(|(id, _)| is_wanted(id));
    }

    /// When a member is to be asked again that failed.
    pub fn next(&self) -> Option<Instant> {
        let now = Instant::now();
        let early = self.early.values().map(|(_, at)| *at);
        let early = early.filter(|at| *at > now).min();
        self.retry.next().into_iter().chain(early).min()
    }
}

/// The signatures of members that are live.
pub fn live(set: &AttesterSet, signed: &[Countersignature]) -> Vec<Countersignature> {
    let live = quorum::members(set);
    live.filter_map(|key| signed.iter().find(|one| one.key == *key).copied())
        .collect()
}

fn is_signature(sheet: &Sheet, member: &Address, signed: &Countersigned) -> bool {
    let message = sheet.statement().message(Path::Quorum);
    signed.key == *member && signed.signature.verify(member.as_ref(), &message)
}

/// True for refusals of what the window is, that neither time nor anybody else lifts. A code that is not known is no such: an upload that
/// was too slow, or a member's full disk, must not cost the window its signature.
fn is_final(code: &str) -> bool {
    const FINAL: [&str; 21] = [
        "before_start",
        "claim",
        "claims",
        "contradiction",
        "count",
        "digest",
        "engines",
        "evidence",
        "gap",
        "inputs",
        "kernel",
        "late",
        "no_window",
        "other_window",
        "output",
        "remainder",
        "shape",
        "spec",
        "stop",
        "too_many_chunks",
        "undone",
    ];
    FINAL.contains(&code) || code == WRONG_SIGNATURE
}

/// Why a window waits for its members. It may hold a stranger's text.
fn why(sheet: &Sheet, signed: usize, refusals: &[Refusal], now: i64) -> String {
    let mut why = format!("{signed} of {} members signed", sheet.set.threshold);
    if now < sheet.row.sealed.ends_at {
        why.push_str("; the window has not ended");
    }
    let unknown = quorum::members(sheet.set)
        .filter(|key| sheet.members.iter().all(|member| member.key != **key));
    for key in unknown {
        why.push_str(&format!("; {key}: its URL is not known"));
    }
    let mut told = HashSet::new();
    for refusal in refusals.iter().filter(|one| told.insert(one.member)) {
        why.push_str(&format!(
            "; {}: {}: {}",
            refusal.member, refusal.code, refusal.message
        ));
    }
    why
}
