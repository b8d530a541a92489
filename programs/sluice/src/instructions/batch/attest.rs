use {
    crate::{
        attestation::{self, Claimed, Proof},
        checked::Fits,
        constants::*,
        error::SluiceError,
        events::BatchProven,
        hash::sha256,
        state::*,
    },
    alloc::vec::Vec,
    anchor_lang::{address_eq, prelude::*},
    sluice_math::tree,
};

#[derive(Accounts)]
pub struct AttestBatch {
    /// The worker of every job that is named, or the provider's operator.
    pub authority: Signer,
    pub batch: Account<Batch>,
    #[account(address = batch.set @ SluiceError::WrongSet)]
    pub set: Account<AttesterSet>,
    /// Whose jobs the operator proves; absent where the worker signs.
    #[account(constraint = provider.operator == *authority.address() @ SluiceError::NotOperator)]
    pub provider: Option<Account<Provider>>,
}

/// A statement of a run.
#[derive(Clone, Copy, Debug, IdlType, SchemaRead, SchemaWrite)]
pub struct BatchEntry {
    /// Which of the job accounts behind the others.
    pub job: u8,
    /// Number of the window, from 0 on.
    pub window: u32,
    /// Units of work.
    pub units: u64,
    /// Hash of the evidence, chosen by the meter.
    pub digest: [u8; 32],
}

/// A run of leaves of a batch's tree, as many as a power of two, which begins at a multiple of that.
#[derive(Clone, Debug, IdlType, SchemaRead, SchemaWrite)]
pub struct BatchRun {
    /// Place of its first leaf in the tree.
    pub first: u32,
    /// Which of its leaves are statements, a bit each, the lowest for the first leaf. The others are hashes.
    pub mask: u32,
    /// The statements, in the order of their leaves.
    pub entries: Vec<BatchEntry>,
    /// The other leaves, in their order.
    pub others: Vec<[u8; 32]>,
    /// The siblings from the run upwards.
    pub path: Vec<[u8; 32]>,
}

impl BatchRun {
    /// The depth of the run's own tree; refuses a number of leaves that is none, and statements that the mask does not tell.
    fn depth(&self) -> Result<u32> {
        let statements = self.entries.len();
        let leaves = statements
            .checked_add(self.others.len())
            .and_then(|leaves| u32::try_from(leaves).ok())
            .filter(|leaves| leaves.is_power_of_two() && *leaves <= MAX_RUN)
            .ok_or(SluiceError::MalformedRun)?;
        // A mask of 32 leaves has no bit above.
        let above = self.mask.checked_shr(leaves).unwrap_or_default();
        let told = usize::try_from(self.mask.count_ones()).fits()?;
        require!(
            above == 0 && told == statements && statements > 0,
            SluiceError::MalformedRun
        );
        Ok(leaves.trailing_zeros())
    }

    /// The root that the run's own root leads to.
    fn root(&self, depth: u32, run: &[u8; 32]) -> Result<[u8; 32]> {
        let own = usize::try_from(depth).fits()?;
        let place = self.first.checked_shr(depth).unwrap_or_default();
        require!(
            place.checked_shl(depth) == Some(self.first)
                && own.saturating_add(self.path.len()) <= MAX_BATCH_DEPTH,
            SluiceError::MalformedRun
        );
        tree::root_from(sha256, run, place, &self.path).ok_or(SluiceError::MalformedRun.into())
    }
}

/// Who signs for the jobs.
struct Authority<'a> {
    key: &'a Address,
    provider: Option<&'a Address>,
}

impl Authority<'_> {
    /// Refuses a job whose worker is another, and which is not the provider's.
    fn require(&self, job: &Job) -> Result<()> {
        let is_operators = |own| address_eq(own, &job.provider);
        require!(
            address_eq(&job.worker, self.key) || self.provider.is_some_and(is_operators),
            SluiceError::NotTheWorkers
        );
        Ok(())
    }
}

/// Who proves from what, and when.
struct Proving<'a> {
    authority: Authority<'a>,
    set: &'a Address,
    signers: u16,
    now: i64,
}

impl Proving<'_> {
    /// Enters one statement; returns its hash, and the units that counted unless it was entered before.
    fn enter(
        &self,
        account: &mut AccountView,
        entry: &BatchEntry,
    ) -> Result<([u8; 32], Option<u64>)> {
        require!(account.owned_by(&crate::ID), ProgramError::IllegalOwner);
        let mut data = account.try_borrow_mut()?;
        let job = Job::of_data(&mut data)?;
        require!(address_eq(&job.terms.set, self.set), SluiceError::WrongSet);
        self.authority.require(job)?;
        let claimed = Claimed {
            window: entry.window,
            units: entry.units,
            digest: entry.digest,
        };
        let statement = attestation::statement_hash(&job.context, &claimed);
        if job.is_proven_by(entry.window, &statement) {
            return Ok((statement, None));
        }
        job.mature(self.now)?;
        let proof = Proof {
            claimed: &claimed,
            signers: self.signers,
            statement: &statement,
        };
        let accepted = job.prove(self.now, &proof)?;
        Ok((statement, Some(accepted)))
    }
}

#[inline(never)]
pub fn handler(ctx: &mut Context<AttestBatch>, run: &BatchRun) -> Result<()> {
    let depth = run.depth()?;
    let mut jobs = ctx.remaining_accounts()?;
    let a = &ctx.accounts;
    let signers = a.batch.quorum(&a.set)?;
    let proving = Proving {
        authority: Authority {
            key: a.authority.address(),
            provider: a.provider.as_ref().map(|found| found.account().address()),
        },
        set: &a.batch.set,
        signers,
        now: Clock::get()?.unix_timestamp,
    };
    let mut log = BatchProven::begin(a.batch.account().address(), signers, run.entries.len());
    let mut entries = (0u8..).zip(&run.entries);
    let mut others = run.others.iter();
    let mut leaves = Vec::with_capacity(run.entries.len().saturating_add(run.others.len()));
    for place in 0..1u32.checked_shl(depth).fits()? {
        if run.mask.checked_shr(place).unwrap_or_default() & 1 == 0 {
            leaves.push(*others.next().ok_or(SluiceError::MalformedRun)?);
            continue;
        }
        let (number, entry) = entries.next().ok_or(SluiceError::MalformedRun)?;
        let job = jobs.get_mut(usize::from(entry.job));
        let job = job.ok_or(SluiceError::MalformedRun)?;
        let (statement, accepted) = proving.enter(job, entry)?;
        if let Some(accepted) = accepted {
            log.push(job.address(), number, entry.window, accepted);
        }
        leaves.push(statement);
    }
    let own = tree::fold(sha256, &mut leaves).ok_or(SluiceError::MalformedRun)?;
    require!(
        run.root(depth, &own)? == a.batch.root,
        SluiceError::NotInBatch
    );
    log.emit();
    Ok(())
}
