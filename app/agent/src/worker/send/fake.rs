//! A ledger in memory that does as a test says, and a table of what was spent.

use {
    super::Spent,
    sluice_client::{
        Account, Address, ClientError, Clock, Discriminator, Hash, ID, Ledger, Pod, ProgramError,
        Receipt, Result, Signature, SluiceError, Transaction,
        ledger::{Lifetime, Outcome, signature},
    },
    std::{
        cell::{Cell, RefCell},
        collections::{BTreeMap, VecDeque},
        rc::Rc,
    },
};

/// What becomes of a transaction that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Lands,
    Expires,
    IsLost,
}

pub type Accounts = BTreeMap<Address, Account>;

/// One instruction of a transaction: its program, its accounts, its data.
pub type Call = (Address, Vec<Address>, Vec<u8>);

/// Why a simulation refuses a call.
pub type Refuses = dyn Fn(&Call, &Accounts) -> Option<ClientError>;
/// What a call does that lands.
pub type Lands = dyn Fn(&Call, &mut Accounts);

pub struct Fake {
    pub accounts: Accounts,
    /// Of the transactions to come, in order; when it is empty they land.
    pub fates: VecDeque<Fate>,
    pub sent: Vec<Transaction>,
    pub refuses: Box<Refuses>,
    pub lands: Box<Lands>,
    pub is_silent: Cell<bool>,
    /// Calls to the node.
    pub asked: Cell<usize>,
    pub simulated: Cell<usize>,
    blockhashes: Cell<u8>,
}

impl Fake {
    /// A ledger on which `payer` is rich.
    pub fn new(payer: Address) -> Self {
        let rich = Account {
            lamports: u64::MAX / 2,
            ..Account::default()
        };
        Self {
            accounts: [(payer, rich)].into(),
            fates: VecDeque::new(),
            sent: vec![],
            refuses: Box::new(|_, _| None),
            lands: Box::new(|_, _| ()),
            is_silent: Cell::new(false),
            asked: Cell::new(0),
            simulated: Cell::new(0),
            blockhashes: Cell::new(0),
        }
    }

    /// Writes an account of the program.
    pub fn put<T: Pod + Discriminator>(&mut self, address: Address, account: &T) {
        self.accounts.insert(address, written(account));
    }

    /// The calls of the program that were sent, in order.
    pub fn calls(&self) -> Vec<Call> {
        let all = self.sent.iter().flat_map(calls);
        all.filter(|(program, ..)| *program == ID).collect()
    }

    fn ask(&self) -> Result<()> {
        self.asked.set(self.asked.get() + 1);
        if self.is_silent.get() {
            return Err(ClientError::Rpc("nobody answered".into()));
        }
        Ok(())
    }
}

/// An account of the program as it lies on the chain.
pub fn written<T: Pod + Discriminator>(account: &T) -> Account {
    Account {
        lamports: 1,
        data: [T::DISCRIMINATOR, bytemuck::bytes_of(account)].concat(),
        owner: ID,
        ..Account::default()
    }
}

/// What a transaction calls.
pub fn calls(transaction: &Transaction) -> Vec<Call> {
    let keys = &transaction.message.account_keys;
    let key = |index: &u8| keys[usize::from(*index)];
    let all = transaction.message.instructions.iter();
    all.map(|one| {
        let accounts = one.accounts.iter().map(key).collect();
        (key(&one.program_id_index), accounts, one.data.clone())
    })
    .collect()
}

/// A refusal of the program by name.
pub fn refused(error: SluiceError) -> ClientError {
    ClientError::Program(ProgramError::from_code(error as u32 + 6_000).unwrap())
}

impl Ledger for Fake {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        self.ask()?;
        let found = addresses.iter().map(|one| self.accounts.get(one).cloned());
        Ok(found.collect())
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        self.ask()?;
        let matches = |account: &Account| {
            let mut all = filters.iter();
            let has = |(at, bytes): &(usize, Vec<u8>)| {
                account
                    .data
                    .get(*at..)
                    .is_some_and(|rest| rest.starts_with(bytes))
            };
            account.owner == ID && all.all(has)
        };
        let found = self.accounts.iter().filter(|(_, one)| matches(one));
        Ok(found.map(|(key, one)| (*key, one.clone())).collect())
    }

    fn clock(&self) -> Result<Clock> {
        Ok(Clock::default())
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        Ok((len as u64 + 128) * 6_960)
    }

    fn latest(&self) -> Result<Lifetime> {
        self.ask()?;
        self.blockhashes.set(self.blockhashes.get() + 1);
        Ok(Lifetime::Blockhash {
            hash: Hash::new_from_array([self.blockhashes.get(); 32]),
            last_valid_block_height: 150,
            slot: 7,
        })
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        self.ask()?;
        self.simulated.set(self.simulated.get() + 1);
        let mut after = self.accounts.clone();
        for call in calls(transaction) {
            if let Some(error) = (self.refuses)(&call, &after) {
                return Err(error);
            }
            (self.lands)(&call, &mut after);
        }
        Ok(Receipt::default())
    }

    fn submit(&mut self, transaction: &Transaction, _: &Lifetime) -> Result<Receipt> {
        let signature = signature(transaction);
        match self.fates.pop_front().unwrap_or(Fate::Lands) {
            Fate::Expires => Err(ClientError::Expired(signature)),
            Fate::IsLost => Err(ClientError::Unknown {
                signature,
                why: "nobody answered\u{202e}".to_owned(),
            }),
            Fate::Lands => {
                for call in calls(transaction) {
                    (self.lands)(&call, &mut self.accounts);
                }
                self.sent.push(transaction.clone());
                Ok(Receipt {
                    signature,
                    ..Receipt::default()
                })
            }
        }
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

/// A table that outlives the purses that write in it.
#[derive(Clone, Default)]
pub struct Table {
    pub days: Rc<RefCell<BTreeMap<i64, u64>>>,
    /// The process dies once it has written.
    pub dies: Rc<Cell<bool>>,
    /// The disk is full.
    pub is_full: Rc<Cell<bool>>,
}

impl Spent for Table {
    fn spent_on(&self, day: i64) -> anyhow::Result<u64> {
        Ok(self.days.borrow().get(&day).copied().unwrap_or(0))
    }

    fn spend(&mut self, day: i64, lamports: u64) -> anyhow::Result<()> {
        anyhow::ensure!(!self.is_full.get(), "the disk is full");
        let mut days = self.days.borrow_mut();
        let spent = days.entry(day).or_default();
        *spent = spent.saturating_add(lamports);
        // Nothing after this line happens in a process that dies here.
        anyhow::ensure!(!self.dies.get(), "the process died");
        Ok(())
    }
}
