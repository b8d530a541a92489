//! The attester behind its interface.

use {
    super::{
        jobs::{Room, Sites},
        keeper::Readings,
        kernels::Kernels,
        secret,
        signatory::Signatory,
        store::Store,
        underway::Underway,
    },
    crate::{
        blobs::{Blobs, JobId, Name},
        chain::{Chain, Site},
        clock::ChainClock,
        http::{Desk, Jobs, Known, Unread, answer::Refusal, denied::Why},
        sampling::Secret,
        windows::{WindowId, Windows},
        wire::{Admission, Admitted, Claimed, Countersigned, Finding, Submission, Terms},
    },
    anyhow::Context,
    sluice_client::{Keypair, Ledger, quorum},
    solana_address::Address,
    std::{
        collections::HashSet,
        fs::DirBuilder,
        os::unix::fs::DirBuilderExt,
        path::{Path, PathBuf},
        sync::{Arc, Mutex, MutexGuard, PoisonError},
        time::Duration,
    },
};

/// Members whose findings are looked at at once.
const MEMBERS: usize = 16;

/// How an attester checks, and what it keeps.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Kernels that run at once.
    pub processes: usize,
    /// Chunks of a window that are computed again; none for all of them.
    pub sample: Option<u32>,
    /// How much more work is admitted than could be checked if every chunk took its longest time.
    pub overcommit: u32,
    /// How many bytes a job may have here.
    pub room: Room,
    /// For how long what was read of the chain is good.
    pub fresh: Duration,
}

/// What an attester is made of.
pub struct Parts<L> {
    /// The key that signs.
    pub key: Keypair,
    /// The file that the key is in.
    pub key_file: Option<PathBuf>,
    /// The state directory of the key's journal.
    pub journal: PathBuf,
    /// The folder of everything else.
    pub folder: PathBuf,
    /// Settled state. Its clock has been read.
    pub chain: Chain<L>,
    /// What runs kernels.
    pub kernels: Arc<dyn Kernels>,
    /// How it checks.
    pub policy: Policy,
}

/// An attester: it signs what it has computed itself.
pub struct Attester<L> {
    pub(super) own: Address,
    pub(super) policy: Policy,
    pub(super) sites: Sites<L>,
    pub(super) blobs: Arc<Blobs>,
    pub(super) windows: Mutex<Windows>,
    pub(super) store: Store,
    pub(super) signatory: Signatory,
    /// Since when it knows what it signed, unix seconds of the chain.
    pub(super) began: i64,
    pub(super) secret: Secret,
    pub(super) kernels: Arc<dyn Kernels>,
    pub(super) checks: Underway<WindowId>,
    /// What members tell is looked at for each of them by itself.
    pub(super) looks: Underway<Address>,
    /// Statements and chunks that a member said are false, and that are not.
    pub(super) idle: Mutex<HashSet<([u8; 32], Option<u32>)>>,
    /// What the chain's clock said lately.
    pub(super) readings: Mutex<Readings>,
    pub(super) admissions: Underway<JobId>,
    /// Held while it is seen whether there is time for another job.
    pub(super) promises: Mutex<()>,
}

impl<L: Ledger> Attester<L> {
    /// The attester with everything that its folders hold.
    ///
    /// # Errors
    /// A sentence.
    pub fn open(parts: Parts<L>) -> anyhow::Result<Self> {
        let Parts {
            key,
            key_file,
            journal,
            folder,
            chain,
            kernels,
            policy,
        } = parts;
        // What others sample, and whom this one watches, is nobody's business.
        let mut builder = DirBuilder::new();
        let made = builder.recursive(true).mode(0o700).create(&folder);
        made.with_context(|| format!("the folder {}", folder.display()))?;
        let signatory = Signatory::open(key, key_file.as_deref(), &journal)?;
        let now = chain.clock.now();
        let now = now.context("the chain's clock was not read before")?;
        let file = folder.join("attester.sqlite");
        let (store, windows, began) = memory(&file, &signatory, now)
            .with_context(|| format!("the database {}", file.display()))?;
        let own = signatory.address();
        // Each runs on all processes: a second one fills the gaps, more would only wait.
        let checks = policy.processes.max(4);
        Ok(Self {
            own,
            policy,
            sites: Sites::new(chain, own, policy.room, policy.fresh),
            blobs: Arc::new(Blobs::open(&folder.join("blobs")).context("the folder of blobs")?),
            windows: Mutex::new(windows),
            store,
            signatory,
            began,
            secret: secret::open(&folder.join("secret"))?,
            kernels,
            checks: Underway::shared(checks, |one, other| one.job == other.job),
            looks: Underway::new(MEMBERS),
            idle: Mutex::default(),
            readings: Mutex::default(),
            admissions: Underway::new(4),
            promises: Mutex::default(),
        })
    }

    /// Its key.
    pub const fn own(&self) -> Address {
        self.own
    }

    /// Its blobs.
    pub fn blobs(&self) -> Arc<Blobs> {
        self.blobs.clone()
    }

    /// The chain's clock, as it knows it.
    pub fn clock(&self) -> Arc<ChainClock> {
        self.sites.chain().clock.clone()
    }

    /// Since when it knows what it signed, unix seconds of the chain. It signs no window that ended before.
    pub const fn began(&self) -> i64 {
        self.began
    }

    /// Unix seconds of the chain.
    pub(super) fn now(&self) -> Result<i64, Refusal> {
        self.sites.chain().clock.now().ok_or(Refusal::Chain)
    }

    /// The job, if it is the same as a moment ago and this attester may sign for it.
    pub(super) fn site(&self, known: &Known) -> Result<Site, Refusal> {
        let site = self.sites.site(&known.id.job)?.ok_or(Refusal::NoJob)?;
        if site.id() != known.id {
            return Err(Why::Incarnation.into());
        }
        let is_live = quorum::members(&site.set).any(|key| *key == self.own);
        if is_live {
            Ok(site)
        } else {
            Err(Why::NotLive.into())
        }
    }

    pub(super) fn idle_looks(&self) -> MutexGuard<'_, HashSet<([u8; 32], Option<u32>)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn windows(&self) -> MutexGuard<'_, Windows> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn memory(file: &Path, signatory: &Signatory, now: i64) -> rusqlite::Result<(Store, Windows, i64)> {
    let store = Store::open(file)?;
    let windows = Windows::open(file)?;
    let began = store.began(&signatory.places(), now)?;
    Ok((store, windows, began))
}

impl<L: Ledger + Send + Sync + 'static> Jobs for Attester<L> {
    fn job(&self, job: &Address) -> Result<Option<Known>, Unread> {
        let site = self.sites.site(job)?;
        Ok(site.map(|site| self.sites.known(&site)))
    }

    fn is_registered(&self, known: &Known, node: &Address, key: &Address) -> Result<bool, Unread> {
        self.sites.is_registered(known, node, key)
    }

    fn shown(&self, job: &JobId) -> Result<Vec<Name>, Unread> {
        let admitted = self.store.admitted(job);
        let admitted = admitted.map_err(|error| Unread::Failed(error.to_string()))?;
        Ok(admitted.map_or_else(Vec::new, |known| {
            vec![known.spec, known.inputs, known.kernel]
        }))
    }

    fn read_clock(&self) -> Result<(), Unread> {
        let read = self.sites.chain().now();
        read.map(drop)
            .map_err(|error| Unread::Failed(error.to_string()))
    }
}

impl<L: Ledger + Send + Sync + 'static> Desk for Attester<L> {
    fn terms(&self) -> Terms {
        Terms {
            key: self.own,
            network: self.sites.chain().network,
            free_bytes: self.policy.room.free_bytes,
            bytes_per_fee_unit: self.policy.room.bytes_per_fee_unit,
            sample: self.policy.sample,
        }
    }

    fn admit(&self, known: &Known, asked: &Admission) -> Result<Admitted, Refusal> {
        self.admission(known, asked)
    }

    fn countersign(&self, known: &Known, asked: &Submission) -> Result<Countersigned, Refusal> {
        self.submission(known, asked)
    }

    fn claims(&self, known: &Known, window: u32) -> Result<Vec<Claimed>, Refusal> {
        let job = known.id;
        Ok(self.store.claimed(&WindowId { job, window })?)
    }

    fn hear(&self, known: &Known, by: &Address, told: &Finding) -> Result<(), Refusal> {
        self.finding(known, by, told)
    }
}
