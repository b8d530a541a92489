//! A buyer: opens jobs, brings the blobs, looks on, and closes.

use {
    crate::{books::PRICE, stage::Stage, work::Work},
    anyhow::{Context, Result, bail, ensure},
    sluice_agent::{
        member::{Caller, Member},
        request,
        wire::Admission,
    },
    sluice_client::{
        Address, ClientError, Event, Job, Keypair, Ledger, Network, OpenBuilder, Signer,
        TermsBuilder, address,
        due::job,
        events::WindowProven,
        instruction,
        ledger::history::{self, Span},
    },
    std::{
        sync::Arc,
        thread::{self, sleep},
        time::{Duration, Instant},
    },
};

/// What of a job's terms the tests choose.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Length of a window, seconds.
    pub window: u32,
    /// To prove a window after its end, seconds; at most 16 windows together with `challenge`.
    pub grace: u32,
    /// To challenge a proof after that, seconds.
    pub challenge: u32,
}

/// A job of the buyer's.
pub struct Order {
    /// Its address.
    pub job: Address,
    /// What is to be done.
    pub work: Work,
    /// Index of the provider that it is for.
    pub provider: usize,
}

/// A window's proof on the chain.
pub struct Proof {
    /// What the program logged.
    pub logged: WindowProven,
    /// Unix seconds of its block.
    pub at: i64,
}

/// The buyer of the local network.
#[derive(Clone)]
pub struct Buyer {
    caller: Arc<Caller>,
    key: Arc<Keypair>,
    jobs: u64,
}

impl Buyer {
    /// Of this stage.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(stage: &Stage) -> Result<Self> {
        let key = Arc::new(stage.chain.world().cast.buyer.insecure_clone());
        let signer: Arc<Keypair> = Arc::clone(&key);
        let caller = Caller::new(signer, Arc::clone(&stage.clock), true)?;
        Ok(Self {
            caller: Arc::new(caller),
            key,
            jobs: 0,
        })
    }

    /// Opens a job for a provider, with funds for all of the work.
    ///
    /// # Errors
    /// What the program refuses.
    pub fn open(
        &mut self,
        stage: &Stage,
        work: Work,
        provider: usize,
        times: Times,
    ) -> Result<Order> {
        self.open_for(stage, work, provider, times, 3_600)
    }

    /// The same, to be accepted within so many seconds.
    ///
    /// # Errors
    /// What the program refuses.
    pub fn open_for(
        &mut self,
        stage: &Stage,
        work: Work,
        provider: usize,
        times: Times,
        secs: i64,
    ) -> Result<Order> {
        let mut ledger = stage.ledger();
        let world = stage.chain.world();
        let network: Network = ledger.get(&world.network)?;
        let set = ledger.get(&stage.set)?;
        let shape = work.spec.core.shape()?;
        let cap = shape.cap().context("that is too much")?;
        let length = u64::from(shape.windows()).saturating_mul(times.window.into());
        let terms = TermsBuilder::new(world.usdc.address, PRICE, cap)
            .set(stage.set)
            .window_secs(times.window)
            .grace_secs(times.grace)
            .challenge_secs(times.challenge)
            .ruling_secs(60)
            .notice_secs(times.window)
            // Whoever ends a job for missed windows ends the test.
            .fault_windows(1_000)
            .max_length_secs(length)
            .build(&network)?;
        let units = u64::from(shape.count()).saturating_mul(shape.units());
        let funds = units.saturating_mul(PRICE);
        let until = stage.tell_time()?.saturating_add(secs);
        self.jobs = self.jobs.saturating_add(1);
        let args = OpenBuilder::new(self.jobs, terms, funds, until)
            .provider(stage.provider(provider)?)
            .spec_hash(work.spec.hash())
            .build(&network, Some(&set));
        let key = self.key.pubkey();
        let program = &world.usdc.token_program;
        let open = instruction::open_job(&key, &key, &world.network, program, args);
        ledger.send(&[open], &self.key, &[])?;
        Ok(Order {
            job: address::job(&world.network, &key, self.jobs),
            work,
            provider,
        })
    }

    /// Brings everything to every member, and says which blobs are the specification and the list. A member that is down is left out.
    ///
    /// # Errors
    /// If fewer than `least` members have all of it.
    pub fn bring(&self, stage: &Stage, order: &Order, least: usize) -> Result<()> {
        stage.tell_time()?;
        let members = stage.members();
        let brought: Vec<_> = thread::scope(|scope| {
            let bringing: Vec<_> = members
                .iter()
                .map(|member| scope.spawn(|| self.bring_to(member, order)))
                .collect();
            let brought = bringing.into_iter().map(thread::ScopedJoinHandle::join);
            brought.filter_map(std::result::Result::ok).collect()
        });
        let taken = brought.iter().filter(|one| one.is_ok()).count();
        ensure!(
            taken >= least,
            "{taken} members took the blobs: {brought:?}"
        );
        Ok(())
    }

    /// Brings everything to one member.
    ///
    /// # Errors
    /// If it is down, or refuses for long.
    pub fn bring_to(&self, member: &Member, order: &Order) -> Result<()> {
        // A node tells of a job only once it is settled, and a member whose clock was left behind needs its time.
        let mut attempts = 600u32;
        for blob in order.work.blobs() {
            let name = request::body(&blob);
            while let Err(error) = self.caller.put(member, &order.job, &name, &blob) {
                attempts = attempts.saturating_sub(1);
                ensure!(attempts > 0 && error.code().is_some(), "{error}");
                sleep(Duration::from_millis(100));
            }
        }
        let asked = Admission {
            job: order.job,
            node: None,
            spec: Some(request::body(&order.work.spec.to_bytes())),
            inputs: Some(request::body(&order.work.list.to_bytes())),
        };
        while let Err(error) = self.caller.admit(member, &asked) {
            attempts = attempts.saturating_sub(1);
            ensure!(attempts > 0 && error.code().is_some(), "{error}");
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// The bytes of an output, from any member that has them.
    ///
    /// # Errors
    /// If none has.
    pub fn fetch(&self, stage: &Stage, order: &Order, output: &[u8]) -> Result<Vec<u8>> {
        stage.tell_time()?;
        let name = request::body(output);
        let members = stage.members();
        let mut asked = members
            .iter()
            .map(|member| self.caller.get(member, &order.job, None, &name));
        let found = asked.find_map(Result::ok);
        found.context("no member has this output")
    }

    /// Sends every step that is due of a job and that its worker has not sent, until the job is closed.
    ///
    /// # Errors
    /// If it is not closed in time, and what the program refuses.
    pub fn close(&self, stage: &Stage, order: &Order, patience: Duration) -> Result<()> {
        let begin = Instant::now();
        let ledger = stage.ledger();
        let network: Network = ledger.get(&stage.chain.world().network)?;
        loop {
            let found = match ledger.get::<Job>(&order.job) {
                Err(ClientError::NoAccount(_)) => return Ok(()),
                found => found?,
            };
            if !push(stage, &order.job, &found, &network)? {
                if begin.elapsed() > patience {
                    bail!("the job {} does not come to its end", order.job);
                }
                sleep(Duration::from_millis(200));
            }
        }
    }
}

/// Sends the first step that is due of a job, for anybody may; false if none is.
///
/// # Errors
/// The ledger's.
pub fn push(stage: &Stage, key: &Address, job: &Job, network: &Network) -> Result<bool> {
    let now = stage.tell_time()?;
    let due = job::due(job, network, now).context("the job's totals contradict")?;
    let Some(step) = due.steps.first() else {
        return Ok(false);
    };
    let world = stage.chain.world();
    let send = step.instruction(key, job, network, &world.usdc.token_program);
    // The worker may have been quicker: the account says.
    let _ = stage.ledger().send(&[send], &world.cast.funder, &[]);
    Ok(true)
}

impl Order {
    /// The job as it is now; `None` once it is closed.
    ///
    /// # Errors
    /// The ledger's.
    pub fn now(&self, stage: &Stage) -> Result<Option<Job>> {
        match stage.ledger().get::<Job>(&self.job) {
            Err(ClientError::NoAccount(_)) => Ok(None),
            found => Ok(Some(found?)),
        }
    }

    /// Every proof of one of its windows, from the chain's logs, in their order.
    ///
    /// # Errors
    /// The ledger's.
    pub fn proofs(&self, stage: &Stage) -> Result<Vec<Proof>> {
        proofs(stage, &self.job)
    }
}

/// Every proof of a window of the job at this address, from the chain's logs, in their order.
///
/// # Errors
/// The ledger's.
pub fn proofs(stage: &Stage, job: &Address) -> Result<Vec<Proof>> {
    let ledger = stage.ledger();
    let history = history::of(&ledger)?;
    let mut proofs = vec![];
    for entry in history.entries(job, &Span::default())?.iter().rev() {
        if entry.failed {
            continue;
        }
        let at = stage.chain.block_time(entry.slot)?;
        let logged = history.past(entry)?.logged();
        proofs.extend(logged.events.into_iter().filter_map(|event| match event {
            Event::WindowProven(logged) if logged.job == *job => Some(Proof { logged, at }),
            _ => None,
        }));
    }
    Ok(proofs)
}
