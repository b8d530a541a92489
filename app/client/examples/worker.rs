//! A worker: proves every window of its node's job and pulls the pay.
//!
//! ```console
//! cargo run -p sluice-client --example worker -- URL JOB WORKER.json ATTESTER.json...
//! ```
//!
//! Two functions stand for what each network does in its own way, and you replace them: `measure` says what the node did in a
//! window, `countersign` asks attesters for their signatures. Here a node does what its job pays for, and the attesters' keys lie
//! beside the worker's. Every key signs through its journal: an attester that signs two statements about one window loses its bond,
//! be it for a restart with another measure.

use {
    sluice_client::{
        Address, AttesterSet, CommitmentConfig, Job, Keypair, Ledger, Signer,
        instruction::{self, token::create_token_account},
        ledger::{Rpc, ws_url},
        read_keypair_file,
        statement::{self, Countersignature, Journal, Path, Statement},
        view::job::{JobView, unproven_windows},
    },
    std::{env, error::Error, path::Path as File, thread::sleep, time::Duration},
};

pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Units done in a window, and the hash of their evidence.
pub type Work = (u64, [u8; 32]);

/// Asks attesters for their signatures of a statement.
pub type Countersign<'a> = dyn FnMut(&Statement) -> Result<Vec<Countersignature>> + 'a;

/// The worker's key, which pays the fees too, its journal, and what you replace.
pub struct Worker<'a> {
    pub job: Address,
    pub key: &'a Keypair,
    pub journal: Journal,
    pub measure: &'a dyn Fn(&Job, u32) -> Work,
    pub countersign: &'a mut Countersign<'a>,
}

impl Worker<'_> {
    /// Does what is due now and says when to look again, unix seconds; `None` once the job has nothing left for its worker.
    pub fn look(&mut self, ledger: &mut impl Ledger) -> Result<Option<i64>> {
        let now = ledger.clock()?.unix_timestamp;
        let job: Job = ledger.get(&self.job)?;
        if job.worker != self.key.pubkey() {
            return Err(format!("the job's worker is {}", job.worker).into());
        }
        let inconsistent = "the job's numbers contradict each other";
        for window in unproven_windows(&job, now).ok_or(inconsistent)? {
            self.prove(ledger, &job, window)?;
        }
        // The proofs are pending now: the account is another.
        let job: Job = ledger.get(&self.job)?;
        let view = JobView::of(&job, now).ok_or(inconsistent)?;
        if view.owed > 0 {
            self.pull(ledger, &job)?;
        }
        let schedule = job.schedule();
        let running = schedule.first_open(now, 0).ok_or(inconsistent)?;
        let ends = (running < schedule.windows().ok_or(inconsistent)?)
            .then(|| schedule.window_end(running))
            .flatten();
        let matures = view.pending_dates.map(|(first, _)| first);
        Ok(ends.into_iter().chain(matures).min())
    }

    /// Signs what was done in a window, and sends it with the signatures of a quorum.
    fn prove(&mut self, ledger: &mut impl Ledger, job: &Job, window: u32) -> Result<()> {
        let (units, digest) = (self.measure)(job, window);
        let statement = Statement::of(job, window, units, digest);
        let own = self.journal.sign(&statement, Path::Quorum, self.key)?;
        let signed = (self.countersign)(&statement)?;
        let set: AttesterSet = ledger.get(&job.terms.set)?;
        // The program takes as many as the set's threshold, and no more.
        let quorum = signed.get(..usize::from(set.threshold));
        let quorum = quorum.ok_or("too few attesters signed")?;
        let proof = instruction::attest(&self.job, job, &set, &statement, own, quorum)?;
        ledger.send(&proof, self.key, &[])?;
        Ok(())
    }

    /// Has the job pay its provider's owner, whose token account is opened if it is missing.
    fn pull(&self, ledger: &mut impl Ledger, job: &Job) -> Result<()> {
        let mint = ledger.mint(&job.terms.mint)?;
        let steps = [
            create_token_account(&self.key.pubkey(), &job.payee, &mint),
            instruction::pay(&self.job, job, &mint.token_program),
        ];
        ledger.send(&steps, self.key, &[])?;
        Ok(())
    }
}

/// A key and its journal, which the command on this machine keeps to as well.
fn open(file: &String) -> Result<(Keypair, Journal)> {
    let key = read_keypair_file(file)?;
    let state = statement::state_dir().ok_or("set HOME or SLUICE_STATE_DIR")?;
    let journal = Journal::open(&key.pubkey(), Some(File::new(file)), &state)?;
    Ok((key, journal))
}

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [url, job, worker, attesters @ ..] = args.as_slice() else {
        return Err("usage: worker URL JOB WORKER.json ATTESTER.json...".into());
    };
    let confirmed = CommitmentConfig::confirmed();
    let mut ledger = Rpc::new(url.clone(), ws_url(url), confirmed);
    let (key, journal) = open(worker)?;
    let attesters = attesters.iter().map(|file| open(file));
    let mut attesters = attesters.collect::<Result<Vec<_>>>()?;
    let mut countersign = |statement: &Statement| {
        let signed = attesters
            .iter_mut()
            .map(|(key, journal)| journal.sign(statement, Path::Quorum, key));
        Ok(signed.collect::<std::result::Result<Vec<_>, _>>()?)
    };
    let mut worker = Worker {
        job: job.parse()?,
        key: &key,
        journal,
        measure: &|job, _| (job.terms.cap, [0; 32]),
        countersign: &mut countersign,
    };
    while let Some(at) = worker.look(&mut ledger)? {
        let wait = at.saturating_sub(ledger.clock()?.unix_timestamp);
        println!("the next step is due in {wait} seconds");
        sleep(Duration::from_secs(wait.clamp(1, 60).unsigned_abs()));
    }
    println!("everything is proven and paid");
    Ok(())
}
