//! A node that lists less than there is, members that hang, and a worker between them.

use {
    super::world::*,
    crate::{
        blobs::Name,
        chain::Chain,
        member::{Member, Unasked},
        wire::{Admission, Admitted, Countersigned, Submission},
        worker::{Hand, Members, Setup, Worker},
    },
    sluice_client::{
        Account, Address, Clock, Hash, Keypair, Ledger, Receipt, Result, Signature, Signer,
        Transaction,
        ledger::{Lifetime, Outcome},
        statement::Journal,
    },
    std::{
        cell::Cell,
        rc::Rc,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        thread,
        time::Duration,
    },
};

/// A chain whose node, while it is blind, finds no account but by its address.
#[derive(Clone)]
pub struct Odd {
    pub net: Net,
    pub is_blind: Rc<Cell<bool>>,
}

impl Ledger for Odd {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        self.net.accounts(addresses)
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        if self.is_blind.get() {
            return Ok(vec![]);
        }
        self.net.program_accounts(filters)
    }

    fn clock(&self) -> Result<Clock> {
        self.net.clock()
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        self.net.minimum_balance(len)
    }

    fn latest(&self) -> Result<Lifetime> {
        self.net.latest()
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        self.net.simulate(transaction)
    }

    fn submit(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.net.submit(transaction, lifetime)
    }

    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.net.settle(transaction, lifetime)
    }

    fn outcome(&self, signature: &Signature, lifetime: &Lifetime) -> Result<Outcome> {
        self.net.outcome(signature, lifetime)
    }

    fn genesis(&self) -> Result<Hash> {
        self.net.genesis()
    }
}

/// Members of whom one takes long for everything.
pub struct Hanging {
    pub inner: Arc<Peers>,
    pub who: Address,
    /// How long it takes to give a blob, and for everything else.
    pub naps: (Duration, Duration),
    /// Blobs that it was asked for, and other questions.
    pub asked: (AtomicUsize, AtomicUsize),
}

impl Hanging {
    fn hang(&self, member: &Member, gives: bool) {
        if member.key == self.who {
            let (count, nap) = if gives {
                (&self.asked.0, self.naps.0)
            } else {
                (&self.asked.1, self.naps.1)
            };
            count.fetch_add(1, Ordering::SeqCst);
            thread::sleep(nap);
        }
    }
}

type Answer<T> = std::result::Result<T, Unasked>;

impl Members for Hanging {
    fn admit(&self, member: &Member, asked: &Admission) -> Answer<Admitted> {
        self.hang(member, false);
        self.inner.admit(member, asked)
    }

    fn put(&self, member: &Member, job: &Address, name: &Name, bytes: &[u8]) -> Answer<()> {
        self.hang(member, false);
        self.inner.put(member, job, name, bytes)
    }

    fn get(
        &self,
        member: &Member,
        job: &Address,
        node: Option<&Address>,
        name: &Name,
    ) -> Answer<Vec<u8>> {
        self.hang(member, true);
        self.inner.get(member, job, node, name)
    }

    fn submit(&self, member: &Member, claim: &Submission) -> Answer<Countersigned> {
        self.hang(member, false);
        self.inner.submit(member, claim)
    }
}

/// A process of the worker between such a chain and such members.
pub fn open(world: &World, ledger: Odd, ask: Arc<dyn Members>) -> Worker<Odd> {
    let key = world.worker_key.pubkey();
    let ran = Arc::clone(&world.ran);
    Worker::open(Setup {
        chain: Chain {
            ledger,
            network: world.config.chain.network,
            clock: Arc::new(crate::clock::ChainClock::patient(
                std::time::Duration::from_millis(200),
            )),
        },
        config: world.config.clone(),
        operator: Rc::<Keypair>::clone(&world.operator),
        hands: vec![Hand {
            key: Arc::clone(&world.worker_key),
            journal: Journal::open(&key, None, &world.config.work.state).unwrap(),
            ask,
        }],
        runner: Box::new(move |_, input, _| {
            let first = input.first();
            ran.lock().unwrap().extend(first);
            Ok(input.repeat(2))
        }),
        pace: Duration::from_millis(5),
    })
    .unwrap()
}
