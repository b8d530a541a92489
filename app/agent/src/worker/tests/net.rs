//! A chain in memory that follows the program's own rules.

use {
    super::work::JOB,
    crate::worker::send::fake::{Accounts, Call, Fake, refused, written},
    sluice_client::{
        Account, Address, ClientError, Clock, Discriminator, EndCause, Hash, Job, JobState, Ledger,
        Node, Pod, Receipt, Result, Signature, SluiceError, Transaction, account,
        ledger::{Lifetime, Outcome},
        statement::Statement,
    },
    std::{
        cell::{Cell, RefCell},
        rc::Rc,
    },
};

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
pub fn execute((program, keys, data): &Call, accounts: &mut Accounts, now: i64) -> Result<()> {
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
