//! One command at work: its settings, its ledger, its keys, and everything about sending that all commands share.

mod consent;
mod funds;
pub mod offline;
pub mod own;
mod proposal;
mod send;
mod statement;

use {
    crate::{
        config::{Cluster, Settings},
        failure::{Failure, Result},
        keys::{self, Elsewhere, Key},
        output::Looks,
        profile::Profile,
        progress::Progress,
    },
    sluice_client::{
        ClientError, Ledger, address,
        explorer::Explorer,
        instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        ledger::{self, Remembered, Telling},
        send::{Envelope, Journal, Nonce},
        waiting::{self, Onlooker, Wait, Waiting},
    },
    solana_account::Account,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_sdk_ids::sysvar,
    std::{cell::OnceCell, sync::Arc},
};

/// Settings and a ledger.
pub struct Session<L> {
    settings: Settings,
    pub profile: Profile,
    pub ledger: Remembered<Telling<L>>,
    progress: Arc<Progress>,
    /// Read once: standard input cannot be read again.
    signer: OnceCell<Key>,
    payer: OnceCell<Key>,
    nonce_authority: OnceCell<Key>,
    journal: Journal,
    /// The transactions that were printed instead of sent.
    proposed: Vec<Vec<Instruction>>,
    has_executed: bool,
    stdin_taken: bool,
    looks: Looks,
}

impl<L: Ledger> Session<L> {
    /// A session on `ledger` for the command that `intent` describes.
    pub fn new(
        settings: Settings,
        profile: Profile,
        ledger: L,
        intent: &str,
        looks: Looks,
        progress: Arc<Progress>,
    ) -> Self {
        let intent = format!("{intent} {:?}", settings.memo);
        let journal = Journal::of(settings.state.clone(), &intent);
        Self {
            settings,
            profile,
            ledger: Remembered::new(Telling::new(ledger, Arc::<Progress>::clone(&progress))),
            progress,
            signer: OnceCell::new(),
            payer: OnceCell::new(),
            nonce_authority: OnceCell::new(),
            journal,
            proposed: vec![],
            has_executed: false,
            stdin_taken: false,
            looks,
        }
    }

    /// Reads in one batch what the command names and what every command needs; refuses a cluster without the program.
    pub fn begin(&self, named: Vec<Address>) -> Result<()> {
        let always = [sluice_client::ID, sysvar::clock::ID, sysvar::rent::ID];
        self.ledger.gather(always.into_iter().chain(named))?;
        match self.ledger.account(&sluice_client::ID)? {
            Some(program) if program.executable => Ok(()),
            _ => Err(Failure::NotDeployed {
                program: sluice_client::ID,
                url: self.settings.cluster.url.to_string(),
            }),
        }
    }

    /// Reads in one batch what a verb that sends is about to look at, and the payer.
    pub fn gather(&self, wanted: impl IntoIterator<Item = Address>) -> Result<()> {
        // A payer whose key is missing is told of where it is needed.
        let payer = self.payer().ok().map(|key| key.pubkey());
        Ok(self.ledger.gather(wanted.into_iter().chain(payer))?)
    }

    /// The account at `address` and the cluster's unix time, in one call at most.
    pub fn look(&self, address: &Address) -> Result<(Option<Account>, i64)> {
        let mut found = self.ledger.accounts(&[sysvar::clock::ID, *address])?;
        let account = found.pop().flatten();
        let clock = found.pop().flatten();
        let clock = clock.ok_or(ClientError::NoAccount(sysvar::clock::ID))?;
        Ok((account, ledger::decode_clock(&clock)?.unix_timestamp))
    }

    /// The cluster that it talks to.
    pub const fn cluster(&self) -> &Cluster {
        &self.settings.cluster
    }

    /// What the options and files say.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The key at `source`.
    pub fn key(&self, source: &str) -> Result<Key> {
        if keys::file_of(source).is_none() {
            // It may be asked for.
            self.progress.clear();
        }
        let key = keys::read(
            source,
            &Elsewhere {
                presigned: &self.settings.presigned,
                may_be_absent: self.settings.sign_only
                    || self.settings.dry_run
                    || self.settings.as_instruction,
            },
        )?;
        Ok(keys::told(key, self.onlooker()))
    }

    /// Who is told what is waited for.
    pub fn onlooker(&self) -> Arc<dyn Onlooker> {
        Arc::<Progress>::clone(&self.progress)
    }

    /// Tells that something else than the ledger is waited for, as long as what is returned is there.
    pub fn waits(&self, words: &'static str) -> Waiting {
        Waiting::new(&self.onlooker(), &Wait::Told(words.into()))
    }

    /// `items`, and whoever waits is told at which of them the command is.
    pub fn counted<I: IntoIterator<IntoIter: ExactSizeIterator>>(
        &self,
        words: &'static str,
        items: I,
    ) -> impl Iterator<Item = I::Item> + use<I, L> {
        waiting::counted(&self.onlooker(), words, items)
    }

    /// The key that signs.
    pub fn signer(&self) -> Result<Key> {
        self.once(&self.signer, &self.settings.keypair)
    }

    /// The key that signs, which must be `expected`.
    pub fn signer_as(&self, role: &'static str, expected: &Address) -> Result<Key> {
        let key = self.signer()?;
        let given = key.pubkey();
        if given == *expected {
            return Ok(key);
        }
        Err(Failure::WrongSigner {
            role,
            expected: *expected,
            given,
        })
    }

    /// The key that pays fees and rent.
    pub fn payer(&self) -> Result<Key> {
        match &self.settings.fee_payer {
            Some(source) => self.once(&self.payer, source),
            None => self.signer(),
        }
    }

    /// The key that may advance the nonce.
    fn nonce_authority(&self) -> Result<Key> {
        match &self.settings.nonce_authority {
            Some(source) => self.once(&self.nonce_authority, source),
            None => self.signer(),
        }
    }

    /// Who pays, and what the options put around every plan.
    pub fn envelope(&self) -> Result<Envelope> {
        let settings = &self.settings;
        let payer = self.payer()?;
        let nonce = settings.nonce.map(|account| {
            let authority = self.nonce_authority()?;
            Ok::<_, Failure>(Nonce { account, authority })
        });
        Ok(Envelope {
            payer,
            nonce: nonce.transpose()?,
            blockhash: settings.blockhash,
            unit_price: settings.unit_price,
            unit_limit: settings.unit_limit,
            max_fee: settings.max_fee,
            memo: settings.memo.clone(),
            is_signed_apart: self.is_signed_apart(),
        })
    }

    fn once(&self, cell: &OnceCell<Key>, source: &str) -> Result<Key> {
        if let Some(key) = cell.get() {
            return Ok(Key::clone(key));
        }
        let key = self.key(source)?;
        Ok(Key::clone(cell.get_or_init(|| key)))
    }

    /// The cluster's unix time.
    pub fn now(&self) -> Result<i64> {
        self.ledger.gather([sysvar::clock::ID])?;
        Ok(self.ledger.clock()?.unix_timestamp)
    }

    /// The cluster's unix time when it was last read, without a call.
    pub fn last_now(&self) -> Option<i64> {
        self.ledger.last_clock().map(|clock| clock.unix_timestamp)
    }

    /// How results look now.
    pub fn looks(&self) -> Looks {
        Looks {
            now: self.last_now(),
            explorer: Explorer::of(
                &self.settings.cluster.url,
                self.ledger.last_genesis().as_ref(),
            ),
            ..self.looks.clone()
        }
    }

    /// Refuses to create what exists.
    pub fn require_absent(&self, what: &'static str, address: &Address) -> Result<()> {
        match self.ledger.account(address)? {
            Some(found) if found.owner == sluice_client::ID => Err(Failure::input(format!(
                "the {what} {address} exists already"
            ))),
            _ => Ok(()),
        }
    }

    /// True when nothing is to be sent.
    pub const fn is_dry_run(&self) -> bool {
        self.settings.dry_run || self.settings.as_instruction
    }

    /// Says that this command sends more than one transaction, each of which follows from what the chain holds: when the
    /// command was broken off, it goes on from there. True if that was said before.
    pub const fn in_steps(&mut self) -> bool {
        self.journal.in_steps(true)
    }

    /// Says that the next transaction is the last, and its fields the command's result.
    pub const fn last_step(&mut self) {
        self.journal.in_steps(false);
    }
}

/// The `mint` and where tokens of it are that belong to `owner`, whichever token program it turns out to be of.
pub fn funds_of(owner: &Address, mint: &Address) -> [Address; 3] {
    let [classic, extended] = purses(owner, mint);
    [*mint, classic, extended]
}

/// Where the tokens of `owner` are, whichever token program `mint` turns out to be of.
pub fn purses(owner: &Address, mint: &Address) -> [Address; 2] {
    [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].map(|program| address::token_account(owner, mint, &program))
}

/// What a verb makes plans with: bytes of an account of type `T` and of a vault go into `Plan::creating`.
pub use sluice_client::{
    account::size, instruction::token::TOKEN_ACCOUNT_LEN as VAULT_LEN, send::Plan,
};
