//! What the node tells, over a connection that is made anew whenever it is lost.

use {
    super::Subject,
    crate::{
        error::Result,
        ledger::{Endpoint, Socket},
    },
    solana_account::Account,
    solana_address::Address,
    solana_commitment_config::CommitmentConfig,
    std::{
        collections::BTreeMap,
        thread,
        time::{Duration, Instant},
    },
};

/// How long to wait before connecting again: at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Longest time that is waited at once: no clock is asked for a moment that it has not.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// What came of waiting.
pub enum Heard {
    /// An account as it is now; one that was closed has no lamports.
    Account(Address, Account),
    /// Nothing changed in that time.
    Nothing,
    /// The connection is gone, and why; `Back` follows once there is another.
    Lost(String),
    /// There is a connection again: what changed meanwhile was not told.
    Back,
}

/// Subscriptions to a subject.
pub struct Feed {
    url: Endpoint,
    commitment: CommitmentConfig,
    line: Option<Line>,
    pause: Duration,
    /// When to connect again.
    retry_at: Instant,
}

struct Line {
    socket: Socket,
    /// Whose account a subscription tells; none for one to many.
    accounts: BTreeMap<u64, Address>,
}

impl Feed {
    /// Connects, which must succeed this first time.
    pub fn connect(
        url: impl Into<Endpoint>,
        commitment: CommitmentConfig,
        subject: &Subject,
    ) -> Result<Self> {
        let url = url.into();
        Ok(Self {
            line: Some(Line::open(&url, commitment, subject)?),
            url,
            commitment,
            pause: FIRST_PAUSE,
            retry_at: Instant::now(),
        })
    }

    /// Waits for the next change, `timeout` at most.
    pub fn next(&mut self, subject: &Subject, timeout: Duration) -> Heard {
        let Some(line) = &mut self.line else {
            return self.connect_again(subject, timeout);
        };
        match line.next(timeout) {
            Ok(Some((address, account))) => {
                self.pause = FIRST_PAUSE;
                Heard::Account(address, account)
            }
            Ok(None) => Heard::Nothing,
            Err(error) => {
                self.line = None;
                self.retry_at = Instant::now() + self.pause;
                Heard::Lost(error.to_string())
            }
        }
    }

    fn connect_again(&mut self, subject: &Subject, timeout: Duration) -> Heard {
        let wait = self.retry_at.saturating_duration_since(Instant::now());
        thread::sleep(wait.min(timeout));
        if wait > timeout {
            return Heard::Nothing;
        }
        // A connection that is accepted and lost at once is no better than one that is refused.
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        match Line::open(&self.url, self.commitment, subject) {
            Ok(line) => {
                self.line = Some(line);
                Heard::Back
            }
            Err(_) => {
                self.retry_at = Instant::now() + self.pause;
                Heard::Nothing
            }
        }
    }
}

impl Line {
    fn open(url: &Endpoint, commitment: CommitmentConfig, subject: &Subject) -> Result<Self> {
        let mut line = Self::to_accounts(url, commitment, subject)?;
        for filters in &subject.members {
            if line.socket.follow_program(filters, commitment).is_err() {
                // Some nodes refuse it: then what belongs to the accounts is told when all is read again.
                return Self::to_accounts(url, commitment, subject);
            }
        }
        Ok(line)
    }

    fn to_accounts(
        url: &Endpoint,
        commitment: CommitmentConfig,
        subject: &Subject,
    ) -> Result<Self> {
        let mut socket = Socket::connect(url.clone())?;
        let mut accounts = BTreeMap::new();
        for address in &subject.accounts {
            accounts.insert(socket.follow_account(address, commitment)?, *address);
        }
        Ok(Self { socket, accounts })
    }

    fn next(&mut self, timeout: Duration) -> Result<Option<(Address, Account)>> {
        let deadline = Instant::now() + timeout.min(LONGEST_WAIT);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(told) = self.socket.next(left)? else {
                return Ok(None);
            };
            let (named, account) = told.account()?;
            let address = named.or_else(|| self.accounts.get(&told.subscription).copied());
            if let Some(address) = address {
                return Ok(Some((address, account)));
            }
        }
    }
}
