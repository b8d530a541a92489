//! A chain in memory that follows the program's own rules, members that behave as a test says, and a worker between them.

use {
    crate::{
        blobs::{JobId, Name},
        chain::Chain,
        config::{self, Config},
        member::{Member, Unasked},
        windows::WindowId,
        wire::{Admission, Admitted, Countersigned, Submission, Told},
        worker::{
            Hand, Members, Runner, Setup, Turn, Worker,
            send::fake::{Accounts, Call, Fake, refused, written},
            store::{Store, WindowRow},
        },
    },
    bytemuck::Zeroable,
    sluice_client::{
        Account, Address, AttesterSet, ClientError, Clock, Discriminator, EndCause, Hash, Job,
        JobState, Keypair, Ledger, Network, Node, Pod, Position, Provider, Receipt, Result,
        Signature, Signer, SluiceError, StakePool, Terms, Transaction, account, address,
        ledger::{Lifetime, Outcome},
        statement::{Journal, Path, Statement},
    },
    sluice_work::{
        core::{Core, Kind},
        evidence::Evidence,
        hash,
        inputs::Inputs,
        sluice_math::schedule::Schedule,
        spec::{Rest, Spec},
        undone::Undone,
    },
    std::{
        cell::{Cell, RefCell},
        collections::{BTreeMap, HashMap, HashSet},
        rc::Rc,
        sync::{
            Arc, Mutex,
            atomic::{AtomicI64, AtomicUsize, Ordering},
        },
        time::{Duration, Instant},
    },
    tempfile::TempDir,
};

/// When the chain begins, unix seconds.
pub const START: i64 = 1_000_000;
pub const WINDOW_SECS: u32 = 100;
pub const GRACE_SECS: u32 = 80;
/// Chunks of a window, and units of a chunk.
pub const PER_WINDOW: u32 = 4;
pub const UNITS: u64 = 10;
pub const CAP: u64 = 40;
pub const JOB: Address = Address::new_from_array([7; 32]);

/// The chain, which the test and the worker share.
#[derive(Clone)]
pub struct Net {
    pub fake: Rc<RefCell<Fake>>,
    pub now: Rc<Cell<i64>>,
    /// Transactions to come that land though nobody tells.
    pub lands_untold: Rc<Cell<u32>>,
}

impl Net {
    pub fn get<T: Pod + Discriminator>(&self, key: &Address) -> T {
        account::decode(key, &self.fake.borrow().accounts[key]).unwrap()
    }

    pub fn put<T: Pod + Discriminator>(&self, key: Address, account: &T) {
        self.fake.borrow_mut().put(key, account);
    }

    pub fn job(&self) -> Job {
        self.get(&JOB)
    }

    pub fn edit(&self, edit: impl FnOnce(&mut Job)) {
        let mut job = self.job();
        edit(&mut job);
        self.put(JOB, &job);
    }

    /// The calls with this discriminator that landed.
    pub fn calls(&self, discriminator: u8) -> usize {
        let calls = self.fake.borrow().calls();
        let of_kind = calls.iter().filter(|(_, _, data)| data[0] == discriminator);
        of_kind.count()
    }
}

pub const ACCEPT: u8 = 21;
pub const ATTEST: u8 = 23;
pub const RESIGN: u8 = 34;
pub const WAIVE: u8 = 36;

impl Ledger for Net {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        self.fake.borrow().accounts(addresses)
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        self.fake.borrow().program_accounts(filters)
    }

    fn clock(&self) -> Result<Clock> {
        Ok(Clock {
            unix_timestamp: self.now.get(),
            ..Clock::default()
        })
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        self.fake.borrow().minimum_balance(len)
    }

    fn latest(&self) -> Result<Lifetime> {
        self.fake.borrow().latest()
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        self.fake.borrow().simulate(transaction)
    }

    fn submit(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        let sent = self.fake.borrow_mut().submit(transaction, lifetime)?;
        if self.lands_untold.get() > 0 {
            self.lands_untold.set(self.lands_untold.get() - 1);
            return Err(ClientError::Unknown {
                signature: sent.signature,
                why: "nobody answered".to_owned(),
            });
        }
        Ok(sent)
    }

    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.submit(transaction, lifetime)
    }

    fn outcome(&self, _: &Signature, _: &Lifetime) -> Result<Outcome> {
        Ok(Outcome::Pending)
    }

    fn genesis(&self) -> Result<Hash> {
        Ok(Hash::default())
    }
}

/// Does what the program does, by the program's own methods.
fn execute((program, keys, data): &Call, accounts: &mut Accounts, now: i64) -> Result<()> {
    if *program != sluice_client::ID {
        return Ok(());
    }
    let at = match data[0] {
        ACCEPT => 2,
        ATTEST => 0,
        RESIGN | WAIVE => 1,
        _ => return Ok(()),
    };
    let key = keys[at];
    let mut job: Job = account::decode(&key, &accounts[&key])?;
    match data[0] {
        ACCEPT => {
            job.require_state(JobState::Open)?;
            job.state = JobState::Active.byte();
            (job.start_at, job.end_at) = (now, now + i64::try_from(job.length_secs).unwrap());
            let node = keys.iter().find_map(|key| {
                let found = accounts.get(key)?;
                Some((*key, account::decode::<Node>(key, found).ok()?))
            });
            let (node_key, mut node) = node.unwrap();
            node.take_slot()?;
            (job.node, job.worker, job.provider) = (node_key, node.worker, node.provider);
            job.context = [5; 32];
            accounts.insert(node_key, written(&node));
        }
        ATTEST => {
            let window = u32::from_le_bytes(data[1..5].try_into().unwrap());
            let units = u64::from_le_bytes(data[5..13].try_into().unwrap());
            let digest = data[13..45].try_into().unwrap();
            prove(&mut job, window, units, digest, 3, now)?;
        }
        RESIGN => {
            job.mature(now)?;
            job.require_running(job.incarnation, now)?;
            let underfunded = job.is_underfunded()?;
            let (notice, cause) = if underfunded {
                (0, EndCause::Excused)
            } else {
                (job.terms.notice_secs, EndCause::Resigned)
            };
            job.end_after(notice, now, cause)?;
        }
        _ => job.waive(now)?,
    }
    accounts.insert(key, written(&job));
    Ok(())
}

/// Enters a proof as the program does.
pub fn prove(
    job: &mut Job,
    window: u32,
    units: u64,
    digest: [u8; 32],
    signers: u16,
    now: i64,
) -> Result<()> {
    // A shape of the real one: the ring takes the first 24 bytes of the statement's hash.
    let statement = Statement::of(job, window, units, digest).hash();
    let number = window + 1;
    let end = job.schedule().window_end(window).unwrap();
    let grace = i64::from(job.terms.grace_secs);
    assert!((end..end + grace).contains(&now), "out of time");
    let room = job.units_funded - job.units_counted()?;
    let cap = job.schedule().cap_of(window).unwrap();
    let accepted = units.min(cap).min(room);
    assert!(units == accepted, "{units} claimed, {accepted} count");
    let entry = &mut job.ring[usize::try_from(window % 16).unwrap()];
    if entry.window_plus_one == number {
        return Err(refused(SluiceError::WindowAlreadyProven));
    }
    entry.units = accepted;
    entry.window_plus_one = number;
    entry.signers = signers;
    entry.statement.copy_from_slice(&statement[..24]);
    job.units_pending += accepted;
    job.last_proven = job.last_proven.max(number);
    if accepted > 0 {
        job.last_worked = job.last_worked.max(number);
    }
    Ok(())
}

/// How a member behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Honest,
    Silent,
    /// It signs something else.
    Liar,
    /// It refuses with this code.
    Refuses(&'static str),
}

pub struct Peer {
    pub key: Keypair,
    pub mood: Mood,
    /// Why it does not admit jobs.
    pub denies: Option<&'static str>,
    pub blobs: HashMap<Name, Vec<u8>>,
    pub asked: usize,
    /// What it lost already.
    pub loses: HashSet<Name>,
    pub claims: Vec<Submission>,
}

/// The members, which the test and the worker's threads share.
pub struct Peers {
    pub all: Mutex<Vec<Peer>>,
    pub now: AtomicI64,
    pub schedule: Mutex<Schedule>,
    pub names: Mutex<Admitted>,
    pub admissions: AtomicUsize,
}

fn told(code: &str, blob: Option<Name>) -> Unasked {
    Unasked::Refused(Box::new(Told {
        code: code.to_owned(),
        message: "a sentence\u{202e}".to_owned(),
        blob: blob.map(hex::encode),
        ..Told::default()
    }))
}

impl Peers {
    fn with<T>(&self, member: &Member, f: impl FnOnce(&mut Peer) -> T) -> T {
        let mut all = self.all.lock().unwrap();
        f(all
            .iter_mut()
            .find(|peer| peer.key.pubkey() == member.key)
            .unwrap())
    }

    pub fn set(&self, at: usize, mood: Mood) {
        self.all.lock().unwrap()[at].mood = mood;
    }

    pub fn asked(&self, at: usize) -> usize {
        self.all.lock().unwrap()[at].asked
    }
}

impl Members for Peers {
    fn admit(&self, member: &Member, asked: &Admission) -> std::result::Result<Admitted, Unasked> {
        assert_eq!(asked.job, JOB);
        self.admissions.fetch_add(1, Ordering::SeqCst);
        self.with(member, |peer| match (peer.mood, peer.denies) {
            (Mood::Silent, _) => Err(Unasked::Silent("nobody answered".to_owned())),
            (_, Some(code)) => Err(told(code, None)),
            _ => Ok(self.names.lock().unwrap().clone()),
        })
    }

    fn put(
        &self,
        member: &Member,
        _: &Address,
        name: &Name,
        bytes: &[u8],
    ) -> std::result::Result<(), Unasked> {
        assert_eq!(hash::blob(bytes), *name);
        self.with(member, |peer| {
            if peer.mood == Mood::Silent {
                return Err(Unasked::Silent("nobody answered".to_owned()));
            }
            peer.blobs.insert(*name, bytes.to_vec());
            Ok(())
        })
    }

    fn get(
        &self,
        member: &Member,
        _: &Address,
        _: Option<&Address>,
        name: &Name,
    ) -> std::result::Result<Vec<u8>, Unasked> {
        self.with(member, |peer| {
            let found = peer.blobs.get(name).cloned();
            found.ok_or_else(|| told("blob_missing", Some(*name)))
        })
    }

    fn submit(
        &self,
        member: &Member,
        claim: &Submission,
    ) -> std::result::Result<Countersigned, Unasked> {
        let end = self
            .schedule
            .lock()
            .unwrap()
            .window_end(claim.window)
            .unwrap();
        let is_early = self.now.load(Ordering::SeqCst) < end;
        self.with(member, |peer| {
            peer.asked += 1;
            peer.claims.push(claim.clone());
            let statement = Statement {
                context: [5; 32],
                window: claim.window,
                units: claim.units,
                digest: claim.digest,
            };
            let signed = |statement: &Statement| {
                let by = statement.sign(Path::Quorum, &peer.key).unwrap();
                Ok(Countersigned {
                    key: by.key,
                    signature: by.signature,
                })
            };
            match peer.mood {
                Mood::Silent => return Err(Unasked::Silent("nobody answered".to_owned())),
                Mood::Refuses(code) => return Err(told(code, None)),
                Mood::Liar => {
                    return signed(&Statement {
                        units: claim.units + 1,
                        ..statement
                    });
                }
                Mood::Honest => {}
            }
            let bytes = peer.blobs.get(&claim.evidence);
            let evidence = bytes.ok_or_else(|| told("blob_missing", Some(claim.evidence)))?;
            let evidence = Evidence::from_bytes(evidence).unwrap();
            for output in evidence.outputs.iter().flatten() {
                if peer.loses.remove(output) || !peer.blobs.contains_key(output) {
                    return Err(told("blob_missing", Some(*output)));
                }
            }
            if is_early {
                return Err(told("early", None));
            }
            signed(&statement)
        })
    }
}

/// What kernels do with each input; the others they give twice.
pub type Kernel = Arc<Mutex<BTreeMap<u8, std::result::Result<Vec<u8>, Undone>>>>;

/// The whole of a test.
pub struct World {
    pub folder: TempDir,
    pub net: Net,
    pub peers: Arc<Peers>,
    pub kernel: Kernel,
    /// The first byte of each input that was run.
    pub ran: Arc<Mutex<Vec<u8>>>,
    pub config: config::Worker,
    pub worker_key: Arc<Keypair>,
    pub operator: Rc<Keypair>,
    pub node_key: Address,
    pub set_key: Address,
}

fn config(folder: &TempDir) -> config::Worker {
    let text = "role = 'worker'\n[chain]\nnetwork = '11111111111111111111111111111112'\nurl = 'http://127.0.0.1:1'\n\
                [keys]\noperator = 'o'\n[[node]]\nkey = 'n'\n[accept]\nopen = 'any'\n\
                [[accept.price]]\nmint = '11111111111111111111111111111113'\nprice = 5\n[work]\nprocesses = 2\nleast_answer_secs = 60\n";
    let path = folder.path().join("worker.toml");
    std::fs::write(&path, text).unwrap();
    match Config::read(&path).unwrap() {
        Config::Worker(worker) => *worker,
        Config::Attester(_) => unreachable!(),
    }
}

impl World {
    /// An active job of ten windows, all funded, on the node of a worker; four members, of whom two have to sign.
    pub fn new(kind: Kind) -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = config(&folder);
        config.work.state = folder.path().join("state");
        let (worker_key, operator) = (Arc::new(Keypair::new()), Rc::new(Keypair::new()));
        let net = Net {
            fake: Rc::new(RefCell::new(Fake::new(operator.pubkey()))),
            now: Rc::new(Cell::new(START)),
            lands_untold: Rc::default(),
        };
        let (first, second) = (Rc::clone(&net.now), Rc::clone(&net.now));
        net.fake.borrow_mut().lands = Box::new(move |call, accounts| {
            execute(call, accounts, first.get()).unwrap();
        });
        net.fake.borrow_mut().refuses = Box::new(move |call, accounts| {
            execute(call, &mut accounts.clone(), second.get()).err()
        });
        let mut peers: Vec<_> = (0..4)
            .map(|_| Peer {
                key: Keypair::new(),
                mood: Mood::Honest,
                denies: None,
                blobs: HashMap::new(),
                asked: 0,
                loses: HashSet::new(),
                claims: vec![],
            })
            .collect();
        peers.sort_by_key(|peer| peer.key.pubkey().to_bytes());
        let mut set = AttesterSet {
            count: 4,
            threshold: 2,
            live: 0b1111,
            ..AttesterSet::zeroed()
        };
        for (place, peer) in set.keys.iter_mut().zip(&peers) {
            *place = peer.key.pubkey();
        }
        config.members.at = peers
            .iter()
            .map(|peer| config::MemberAt {
                key: peer.key.pubkey(),
                url: "http://member".to_owned(),
            })
            .collect();
        let (spec, names) = work(kind, &mut peers);
        let network = config.chain.network;
        let set_key = Address::new_from_array([8; 32]);
        net.put(set_key, &set);
        let owner = Address::new_from_array([3; 32]);
        let provider_key = address::provider(&network, &owner);
        let node_key = address::node(&provider_key, &worker_key.pubkey());
        net.put(network, &Network::zeroed());
        let provider = Provider {
            network,
            owner,
            operator: operator.pubkey(),
            ..Provider::zeroed()
        };
        net.put(provider_key, &provider);
        let node = Node {
            network,
            provider: provider_key,
            worker: worker_key.pubkey(),
            set: set_key,
            slots_total: 1,
            ..Node::zeroed()
        };
        net.put(node_key, &node);
        let pool_key = address::stake_pool(&provider_key);
        let pool = StakePool {
            tokens: 1_000,
            active_shares: 1_000,
            ..StakePool::zeroed()
        };
        net.put(pool_key, &pool);
        let position = Position {
            shares: 1_000,
            ..Position::zeroed()
        };
        net.put(address::position(&pool_key, &owner), &position);
        let mut job = Job {
            network,
            provider: provider_key,
            node: node_key,
            worker: worker_key.pubkey(),
            spec_hash: spec.hash(),
            ..bare()
        };
        job.terms.mint = config.accept.price[0].mint;
        job.terms.set = set_key;
        job.fund(5 * 10 * CAP).unwrap();
        let schedule = job.schedule();
        net.put(JOB, &job);
        let peers = Arc::new(Peers {
            all: Mutex::new(peers),
            now: AtomicI64::new(START),
            schedule: Mutex::new(schedule),
            names: Mutex::new(names),
            admissions: AtomicUsize::new(0),
        });
        Self {
            folder,
            net,
            peers,
            kernel: Kernel::default(),
            ran: Arc::default(),
            config,
            worker_key,
            operator,
            node_key,
            set_key,
        }
    }

    /// A process of the worker. There is one at a time: its key's journal is held.
    pub fn open(&self) -> Worker<Net> {
        let (kernel, ran) = (Arc::clone(&self.kernel), Arc::clone(&self.ran));
        let runner: Runner = Box::new(move |_, input, _| {
            let Some(first) = input.first() else {
                return Err(Undone::Trap);
            };
            ran.lock().unwrap().push(*first);
            let told = kernel.lock().unwrap().get(first).cloned();
            told.unwrap_or_else(|| Ok(input.repeat(2)))
        });
        let key = self.worker_key.pubkey();
        let journal = Journal::open(&key, None, &self.config.work.state).unwrap();
        let peers: Arc<Peers> = Arc::clone(&self.peers);
        Worker::open(Setup {
            chain: Chain {
                ledger: self.net.clone(),
                network: self.config.chain.network,
                clock: Arc::default(),
            },
            config: self.config.clone(),
            operator: Rc::<Keypair>::clone(&self.operator),
            hands: vec![Hand {
                key: Arc::clone(&self.worker_key),
                journal,
                ask: peers,
            }],
            runner,
            pace: Duration::from_millis(5),
        })
        .unwrap()
    }

    /// So many seconds after the start.
    pub fn at(&self, secs: i64) {
        self.net.now.set(START + secs);
        self.peers.now.store(START + secs, Ordering::SeqCst);
    }

    /// Takes turns until something holds.
    pub fn until(&self, worker: &mut Worker<Net>, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !holds(self) {
            assert!(Instant::now() < deadline, "never: {what}");
            worker.turn().unwrap();
            worker.rest(Duration::from_millis(10));
        }
    }

    /// Takes turns for a while.
    pub fn rest(&self, worker: &mut Worker<Net>) {
        for _ in 0..8 {
            assert_ne!(worker.turn().unwrap(), Turn::Drained);
            worker.rest(Duration::from_millis(10));
        }
    }

    pub fn store(&self) -> Store {
        Store::open(&self.config.work.state).unwrap()
    }

    pub fn window(&self, window: u32) -> Option<WindowRow> {
        self.store().window(&id(window)).unwrap()
    }

    /// How far a window is; an empty text where it is not sealed.
    pub fn stage(&self, window: u32) -> String {
        self.window(window)
            .map_or_else(String::new, |row| row.stage.to_string())
    }
}

pub const fn id(window: u32) -> WindowId {
    let job = JobId {
        job: JOB,
        incarnation: 9,
    };
    WindowId { job, window }
}

/// An active job of ten windows, of nobody and without funds.
pub fn bare() -> Job {
    Job {
        context: [5; 32],
        incarnation: 9,
        state: JobState::Active.byte(),
        start_at: START,
        end_at: START + 10 * i64::from(WINDOW_SECS),
        length_secs: 10 * u64::from(WINDOW_SECS),
        terms: Terms {
            price: 5,
            per: 1,
            cap: CAP,
            bond: 100,
            window_secs: WINDOW_SECS,
            grace_secs: GRACE_SECS,
            challenge_secs: 300,
            ruling_secs: 1_000,
            notice_secs: 2 * WINDOW_SECS,
            fault_windows: 3,
            ..Terms::zeroed()
        },
        ..Job::zeroed()
    }
}

fn inputs() -> Vec<Vec<u8>> {
    (0..10 * PER_WINDOW)
        .map(|chunk| vec![u8::try_from(chunk).unwrap(); 3])
        .collect()
}

const KERNEL: &[u8] = b"kernel";

/// Ten windows of work. The input of chunk i is the byte i, three times.
pub fn spec(kind: Kind) -> Spec {
    let is_judged = kind == Kind::Sbpf;
    let names = inputs().iter().map(|blob| hash::blob(blob)).collect();
    Spec {
        core: Core {
            salt: [0; 32],
            kernel: hash::blob(KERNEL),
            inputs: Inputs::of(names).unwrap().root().unwrap(),
            units: UNITS,
            slash: 0,
            kernel_len: 6,
            count: 10 * PER_WINDOW,
            per_window: PER_WINDOW,
            answer_secs: if is_judged { 3_600 } else { 0 },
            kind,
            signers_answer: 0,
            reserved: [0; 6],
        },
        rest: Rest {
            memory: if is_judged { 0 } else { 1 << 16 },
            output: 1_024,
            chunk_millis: 1_000,
            ..Rest::default()
        },
    }
}

/// The work, whose blobs all members have.
fn work(kind: Kind, peers: &mut [Peer]) -> (Spec, Admitted) {
    let (blobs, spec, kernel) = (inputs(), spec(kind), KERNEL.to_vec());
    let inputs = Inputs::of(blobs.iter().map(|blob| hash::blob(blob)).collect()).unwrap();
    let (spec_blob, list) = (spec.to_bytes(), inputs.to_bytes());
    let names = Admitted {
        spec: hash::blob(&spec_blob),
        inputs: hash::blob(&list),
        kernel: hash::blob(&kernel),
    };
    for peer in peers {
        for blob in blobs.iter().chain([&spec_blob, &list, &kernel]) {
            peer.blobs.insert(hash::blob(blob), blob.clone());
        }
    }
    (spec, names)
}
