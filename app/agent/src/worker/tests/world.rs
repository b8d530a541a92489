//! A worker between a chain in memory and members, and the time, which stands still until a test moves it.

pub use super::{net::*, peers::*, work::*};
use {
    crate::{
        chain::Chain,
        config::{self, Config},
        worker::{
            Hand, Runner, Setup, Turn, Worker,
            send::fake::Fake,
            store::{Store, WindowRow},
        },
    },
    bytemuck::Zeroable,
    sluice_client::{
        Address, AttesterSet, Job, Keypair, Network, Node, Position, Provider, Signer, StakePool,
        address, statement::Journal,
    },
    sluice_work::{core::Kind, undone::Undone},
    std::{
        cell::{Cell, RefCell},
        collections::{BTreeMap, HashMap},
        rc::Rc,
        sync::{
            Arc, Mutex,
            atomic::{AtomicI64, AtomicUsize, Ordering},
        },
        time::{Duration, Instant},
    },
    tempfile::TempDir,
};

/// What kernels do with each input; the others they give twice.
pub type Kernel = Arc<Mutex<BTreeMap<u8, std::result::Result<Vec<u8>, Undone>>>>;

/// The whole of a test.
pub struct World {
    /// It goes with the test.
    _folder: TempDir,
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
                is_stranger: false,
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
            _folder: folder,
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
                clock: Arc::new(crate::clock::ChainClock::patient(
                    std::time::Duration::from_millis(200),
                )),
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
            if Instant::now() >= deadline {
                let windows = self.store().windows(&id(0).job).unwrap();
                let told = windows
                    .iter()
                    .map(|row| (row.id.window, row.stage, &row.reason));
                panic!("never: {what}: {:?}", told.collect::<Vec<_>>());
            }
            worker.turn().unwrap();
            worker.rest(Duration::from_millis(10));
        }
    }

    /// Takes turns for a while, from when the worker believes the chain's time on.
    pub fn rest(&self, worker: &mut Worker<Net>) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while worker.chain.clock.now() < Some(self.net.now.get()) && Instant::now() < deadline {
            worker.turn().unwrap();
            worker.rest(Duration::from_millis(10));
        }
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
