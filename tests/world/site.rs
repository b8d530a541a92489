//! One accepted job and everybody around it.

use {
    super::{JobHandle, NodeHandle, ProviderHandle, Pull, SetHandle, Stall, World},
    sluice_client::{Job, Ledger, OpenArgs, Provider, Record, TakeArgs, instruction as ix},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// A job of [`World::terms`] under a set of four, three of whom must sign, accepted onto a node.
pub struct Site {
    pub world: World,
    pub set: SetHandle,
    pub provider: ProviderHandle,
    pub node: NodeHandle,
    pub job: JobHandle,
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Site {
    /// A site of the default terms.
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    /// A site whose job was opened with what `change` makes of the default arguments.
    pub fn with(change: impl FnOnce(&mut OpenArgs)) -> Self {
        Self::on(World::new(), change)
    }

    /// The same in a world that a test prepared.
    pub fn on(mut world: World, change: impl FnOnce(&mut OpenArgs)) -> Self {
        let set = world.set(4, 3);
        Self::under(world, set, change)
    }

    /// The same under a set that a test prepared.
    pub fn under(mut world: World, set: SetHandle, change: impl FnOnce(&mut OpenArgs)) -> Self {
        let provider = world.provider();
        let node = world.node(&provider, &set.address);
        let terms = world.terms(&set.address);
        let job = world.active_job_with(&provider, &node, terms, change);
        Self {
            world,
            set,
            provider,
            node,
            job,
        }
    }

    /// A job taken from the offer of a [`Stall`], at its start.
    pub fn taken() -> Self {
        Self::taken_with(|_| ())
    }

    /// The same with what `change` makes of the default arguments.
    pub fn taken_with(change: impl FnOnce(&mut TakeArgs)) -> Self {
        let mut stall = Stall::new();
        let job = stall.take_with(1, change);
        Self {
            world: stall.world,
            set: stall.set,
            provider: stall.provider,
            node: stall.node,
            job,
        }
    }

    /// The records of the provider and of its node, which are one as long as it has no other node.
    #[track_caller]
    pub fn record(&self) -> Record {
        let provider: Provider = self.world.chain.get(&self.provider.address).unwrap();
        assert_eq!(provider.record, self.world.node_state(&self.node).record);
        provider.record
    }

    /// Another job like it on the same node, by another buyer.
    pub fn another(&mut self, change: impl FnOnce(&mut OpenArgs)) -> JobHandle {
        let terms = self.world.terms(&self.set.address);
        let (provider, node) = (&self.provider, &self.node);
        self.world.active_job_with(provider, node, terms, change)
    }

    /// The job account.
    pub fn state(&self) -> Job {
        self.world.job(&self.job.address)
    }

    /// Moves the clock to `secs` after the job's start.
    pub fn at(&mut self, secs: i64) {
        let start = self.state().start_at;
        self.world.chain.set_time(start + secs);
    }

    /// Proves `window` by quorum.
    #[track_caller]
    pub fn prove(&mut self, window: u32, units: u64) {
        self.world.attest(&self.job, &self.set, window, units);
    }

    /// A quorum's proof of `window` is refused by this name.
    #[track_caller]
    pub fn proof_refused(&mut self, window: u32, units: u64, name: &str) {
        let proof = self.world.attest_ixs(&self.job, &self.set, window, units);
        self.world.refused(&proof, &[], name);
    }

    /// Proves `window` by worker and cosigner.
    #[track_caller]
    pub fn cosign(&mut self, window: u32, units: u64) {
        self.world.attest_cosigned(&self.job, window, units);
    }

    /// A cosigned proof of `window` is refused by this name.
    #[track_caller]
    pub fn cosigned_refused(&mut self, window: u32, units: u64, name: &str) {
        let proof = self.world.cosigned_ixs(&self.job, window, units);
        self.world.refused(&proof, &[], name);
    }

    /// The instruction of a pull.
    pub fn pull_ix(&self, what: Pull) -> Instruction {
        self.world.pull(&self.job.address, what)
    }

    /// Pulls, and returns what arrived.
    #[track_caller]
    pub fn pull(&mut self, what: Pull) -> u64 {
        let before = self.held(what);
        let pull = self.pull_ix(what);
        self.world.ok(&[pull], &[]);
        self.held(what) - before
    }

    /// A pull is refused by this name.
    #[track_caller]
    pub fn pull_refused(&mut self, what: Pull, name: &str) {
        let pull = self.pull_ix(what);
        self.world.refused(&[pull], &[], name);
    }

    /// Pulls whatever is due by every door, and returns what arrived by each.
    #[track_caller]
    pub fn pull_all(&mut self) -> [u64; 4] {
        Pull::ALL.map(|what| {
            let before = self.held(what);
            let pull = self.pull_ix(what);
            match self.world.send(&[pull], &[]) {
                Ok(_) => {}
                Err(error) if error.program_error() == Some("NothingDue") => {}
                Err(error) => panic!("{what:?}: {error:?}"),
            }
            self.held(what) - before
        })
    }

    /// Who receives by this door.
    pub fn recipient(&self, what: Pull) -> Address {
        match what {
            Pull::Pay => self.job.provider_owner,
            Pull::Treasury => self.world.treasury.pubkey(),
            Pull::Attesters => self.set.fee_owner.pubkey(),
            Pull::Refund => self.job.buyer.pubkey(),
        }
    }

    /// Base units of the payment mint that the recipient of this door holds.
    pub fn held(&self, what: Pull) -> u64 {
        self.world
            .tokens(&self.recipient(what), &self.world.pay_mint)
    }

    /// Base units in the job's vault.
    pub fn vault(&self) -> u64 {
        self.world.vault(&self.job.address)
    }

    /// Moves to the second in which nothing can be proven or is pending any more.
    pub fn settle(&mut self) {
        let (job, terms) = (self.state(), self.state().terms);
        let window = u64::from(terms.window_secs);
        let windows = job.end_at.abs_diff(job.start_at).div_ceil(window);
        self.at((windows * window) as i64 + terms.maturity_secs());
    }

    /// A top-up by the buyer.
    pub fn top_up_ix(&self, amount: u64) -> Instruction {
        ix::top_up_job(
            &self.job.buyer.pubkey(),
            &self.job.address,
            &self.state(),
            &self.world.pay_mint.token_program,
            amount,
        )
    }

    /// Tops up as the buyer.
    #[track_caller]
    pub fn top_up(&mut self, amount: u64) {
        let (top_up, buyer) = (self.top_up_ix(amount), self.job.buyer.insecure_clone());
        self.world.ok(&[top_up], &[&buyer]);
    }

    /// The release of the job.
    pub fn release_ix(&self) -> Instruction {
        ix::release_job(&self.job.address, &self.state())
    }

    /// Releases the job.
    #[track_caller]
    pub fn release(&mut self) {
        let release = self.release_ix();
        self.world.ok(&[release], &[]);
    }

    /// The close of the job.
    pub fn close_ix(&self) -> Instruction {
        ix::close_job(
            &self.job.address,
            &self.state(),
            &self.world.pay_mint.token_program,
        )
    }

    /// Settles, releases and empties the job, so that it can close.
    #[track_caller]
    pub fn wind_up(&mut self) {
        self.settle();
        self.release();
        self.pull_all();
    }
}

impl World {
    /// An address that nobody else has.
    pub fn key_address(&mut self) -> Address {
        self.key().pubkey()
    }
}
