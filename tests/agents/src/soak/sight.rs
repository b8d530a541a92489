//! The chain at one moment: every account of the program, and every token account.
//!
//! A node answers for one moment per call, and there are two kinds of accounts to ask for. So the program's are read before and after the
//! tokens: where they are the same, nothing moved between, and all of it is of one moment.

use {
    anyhow::{Context, Result, ensure},
    base64::{Engine, engine::general_purpose::STANDARD as BASE64},
    serde_json::{Value, json},
    sluice_client::{
        Account, Address, Attester, AttesterSet, Challenge, Discriminator, Job, Ledger, Network,
        Node, Offer, Pod, Position, Provider, StakePool, Unstake, account,
        instruction::token::TOKEN_PROGRAM, ledger::Rpc,
    },
    std::{
        collections::BTreeMap,
        thread::sleep,
        time::{Duration, Instant},
    },
    tokio::runtime::Runtime,
};

/// How long a quiet moment is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a token account, and of a mint.
const TOKEN_LEN: usize = 165;
const MINT_LEN: usize = 82;

/// Every account of one type, by its address.
pub type All<T> = BTreeMap<Address, T>;

/// A token account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Their mint.
    pub mint: Address,
    /// Whose they are.
    pub owner: Address,
    /// How many, base units.
    pub amount: u64,
}

/// Everything at one moment.
#[derive(Default)]
pub struct Sight {
    /// The moment was not before this time of the chain.
    pub from: i64,
    /// Nor after this one.
    pub until: i64,
    /// Networks.
    pub networks: All<Network>,
    /// Attesters.
    pub attesters: All<Attester>,
    /// Attester sets.
    pub sets: All<AttesterSet>,
    /// Providers.
    pub providers: All<Provider>,
    /// Nodes.
    pub nodes: All<Node>,
    /// Offers.
    pub offers: All<Offer>,
    /// Jobs.
    pub jobs: All<Job>,
    /// Challenges.
    pub challenges: All<Challenge>,
    /// Stake pools.
    pub pools: All<StakePool>,
    /// Positions in them.
    pub positions: All<Position>,
    /// Unstake tickets.
    pub tickets: All<Unstake>,
    /// Token accounts.
    pub tokens: All<Tokens>,
    /// Supply of every mint.
    pub supplies: BTreeMap<Address, u64>,
    /// How many accounts these are.
    pub accounts: usize,
}

/// Looks at the chain, past everything that stands before it.
pub struct Eye {
    url: String,
    ledger: Rpc,
    http: reqwest::Client,
    runtime: Runtime,
}

type Found = Vec<(Address, Account)>;

impl Eye {
    /// At the chain behind this URL.
    ///
    /// # Errors
    /// Where there are no threads.
    pub fn at(url: &str, ledger: Rpc) -> Result<Self> {
        Ok(Self {
            url: url.to_owned(),
            ledger,
            http: reqwest::Client::new(),
            runtime: Runtime::new()?,
        })
    }

    /// Everything at a moment.
    ///
    /// # Errors
    /// Where the chain does not answer, or is never quiet.
    pub fn look(&self) -> Result<Sight> {
        let begin = Instant::now();
        let mut from = self.ledger.clock()?.unix_timestamp;
        let mut before = self.program()?;
        loop {
            let tokens = self.tokens()?;
            let after = self.program()?;
            let until = self.ledger.clock()?.unix_timestamp;
            if before == after {
                return Sight::of(from, until, &after, &tokens);
            }
            ensure!(begin.elapsed() < PATIENCE, "the chain is never quiet");
            (from, before) = (until, after);
            sleep(Duration::from_millis(10));
        }
    }

    fn program(&self) -> Result<Found> {
        let mut found = self.ledger.program_accounts(&[])?;
        found.sort_by_key(|(address, _)| *address);
        Ok(found)
    }

    fn tokens(&self) -> Result<Vec<(Address, Vec<u8>)>> {
        let asked = json!({
            "jsonrpc": "2.0",
            "id": 1,
            "method": "getProgramAccounts",
            "params": [TOKEN_PROGRAM.to_string(), {"encoding": "base64", "commitment": "confirmed"}],
        });
        let told: Value = self.runtime.block_on(async {
            let sent = self.http.post(&self.url).json(&asked).send().await?;
            sent.json().await
        })?;
        let all = told.get("result").and_then(Value::as_array);
        let all = all.with_context(|| format!("no token accounts: {told}"))?;
        let read = |one: &Value| {
            let address = one.get("pubkey")?.as_str()?.parse().ok()?;
            let data = one.get("account")?.get("data")?.get(0)?.as_str()?;
            Some((address, BASE64.decode(data).ok()?))
        };
        let all = all.iter().map(read).collect::<Option<_>>();
        all.context("a token account is malformed")
    }
}

impl Sight {
    fn of(from: i64, until: i64, program: &Found, tokens: &[(Address, Vec<u8>)]) -> Result<Self> {
        let mut sight = Self {
            from,
            until,
            accounts: program.len().saturating_add(tokens.len()),
            ..Self::default()
        };
        for (address, found) in program {
            sight.read(address, found);
        }
        for (address, data) in tokens {
            sight
                .read_tokens(address, data)
                .with_context(|| format!("{address} holds no tokens"))?;
        }
        Ok(sight)
    }

    fn read(&mut self, address: &Address, found: &Account) {
        let _ = put(&mut self.jobs, address, found)
            || put(&mut self.offers, address, found)
            || put(&mut self.nodes, address, found)
            || put(&mut self.providers, address, found)
            || put(&mut self.challenges, address, found)
            || put(&mut self.pools, address, found)
            || put(&mut self.positions, address, found)
            || put(&mut self.tickets, address, found)
            || put(&mut self.attesters, address, found)
            || put(&mut self.sets, address, found)
            || put(&mut self.networks, address, found);
    }

    fn read_tokens(&mut self, address: &Address, data: &[u8]) -> Option<()> {
        let key = |at: usize| {
            let bytes = data.get(at..)?.first_chunk::<32>()?;
            Some(Address::new_from_array(*bytes))
        };
        let number = |at: usize| {
            let bytes = data.get(at..)?.first_chunk::<8>()?;
            Some(u64::from_le_bytes(*bytes))
        };
        match data.len() {
            MINT_LEN => {
                self.supplies.insert(*address, number(36)?);
            }
            TOKEN_LEN => {
                let tokens = Tokens {
                    mint: key(0)?,
                    owner: key(32)?,
                    amount: number(64)?,
                };
                self.tokens.insert(*address, tokens);
            }
            _ => return None,
        }
        Some(())
    }

    /// Base units in the token account at this address; 0 without one.
    pub fn amount(&self, account: &Address) -> u64 {
        self.tokens.get(account).map_or(0, |tokens| tokens.amount)
    }
}

/// True if it is of this type.
fn put<T: Pod + Discriminator>(all: &mut All<T>, address: &Address, found: &Account) -> bool {
    let read = account::decode::<T>(address, found);
    read.is_ok_and(|read| all.insert(*address, read).is_none())
}
