//! Keys in files, and the command run as a shell would.

use {
    crate::{counting::Counting, printed},
    serde_json::Value,
    sluice_cli::{Exit, Terminal},
    sluice_client::{
        Ledger,
        address::token_account,
        instruction::token::{Mint, TOKEN_PROGRAM, create_token_account},
        ledger::Embedded,
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{
        cell::{Cell, RefCell},
        collections::BTreeMap,
        ffi::OsString,
        fs,
        path::{Path, PathBuf},
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    },
};

/// What a run of the command came to.
pub struct Ran {
    pub exit: Exit,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The JSON it printed; the run must have succeeded.
    pub fn json(&self) -> Value {
        assert_eq!(self.exit, Exit::Ok, "{}", self.err);
        assert_eq!(self.err, "");
        serde_json::from_str(&self.out).unwrap()
    }

    /// A field that is a string.
    pub fn text(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap().to_owned()
    }

    /// A field that is an amount, base units.
    pub fn base(&self, field: &str) -> u64 {
        let amount = &self.json()[field]["amount"];
        amount.as_str().unwrap().parse().unwrap()
    }
}

/// A chain, a directory of keypair files, and two mints.
pub struct Bench {
    pub ledger: Counting,
    dir: PathBuf,
    keys: BTreeMap<String, Address>,
    minter: Keypair,
    /// Mint of payments, 6 decimals.
    pub pay: Mint,
    /// Mint of stake, 9 decimals.
    pub stake: Mint,
}

static BENCHES: AtomicUsize = AtomicUsize::new(0);

impl Bench {
    pub fn new() -> Self {
        let number = BENCHES.fetch_add(1, Ordering::Relaxed);
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("sluice-cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let mut chain = Embedded::new(sluice_elf::built()).unwrap();
        let minter = Keypair::new();
        chain.airdrop(&minter.pubkey(), 100_000_000_000).unwrap();
        let mut mint = |decimals| {
            let address = Keypair::new().pubkey();
            chain
                .create_mint(&address, &minter.pubkey(), decimals)
                .unwrap()
        };
        let (pay, stake) = (mint(6), mint(9));
        let bench = Self {
            ledger: Counting {
                chain,
                submitted: 0,
                sent: vec![],
                simulated: Cell::new(0),
                calls: RefCell::default(),
                bare: false,
                silent: false,
                takes: 0,
                loses: None,
                slow: Duration::ZERO,
            },
            dir,
            keys: BTreeMap::new(),
            minter,
            pay,
            stake,
        };
        fs::write(
            bench.path("config.yml"),
            "---\njson_rpc_url: http://embedded.invalid\nkeypair_path: /nowhere/id.json\n",
        )
        .unwrap();
        bench.file("profile.toml", "");
        bench
    }

    /// A path in the bench's directory.
    pub fn path(&self, name: &str) -> String {
        self.dir.join(name).display().to_string()
    }

    /// Writes a file and returns its path.
    pub fn file(&self, name: &str, content: &str) -> String {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    /// The address of the key `name`; its file is made at the first call.
    pub fn key(&mut self, name: &str) -> Address {
        if let Some(address) = self.keys.get(name) {
            return *address;
        }
        let key = Keypair::new();
        let bytes = serde_json::to_string(&key.to_bytes().to_vec()).unwrap();
        self.file(name, &bytes);
        self.keys.insert(name.to_owned(), key.pubkey());
        key.pubkey()
    }

    /// A key with SOL.
    pub fn funded(&mut self, name: &str) -> Address {
        let address = self.key(name);
        self.ledger.chain.airdrop(&address, 10_000_000_000).unwrap();
        address
    }

    /// Mints `base` units to `owner`'s associated account.
    pub fn give(&mut self, owner: &Address, mint: &Mint, base: u64) {
        let account = token_account(owner, &mint.address, &mint.token_program);
        let authority = self.minter.pubkey();
        let mut mint_to = spl_token_interface::instruction::mint_to(
            &TOKEN_PROGRAM,
            &mint.address,
            &account,
            &authority,
            &[],
            base,
        )
        .unwrap();
        mint_to.program_id = mint.token_program;
        self.ledger
            .chain
            .send(
                &[create_token_account(&authority, owner, mint), mint_to],
                &self.minter,
                &[],
            )
            .unwrap();
    }

    /// Mints `base` units to a token account that exists.
    pub fn donate(&mut self, account: &Address, mint: &Mint, base: u64) {
        let mint_to = spl_token_interface::instruction::mint_to(
            &TOKEN_PROGRAM,
            &mint.address,
            account,
            &self.minter.pubkey(),
            &[],
            base,
        )
        .unwrap();
        self.ledger
            .chain
            .send(&[mint_to], &self.minter, &[])
            .unwrap();
    }

    /// Base units in `owner`'s associated account.
    pub fn held(&self, owner: &Address, mint: &Mint) -> u64 {
        let account = token_account(owner, &mint.address, &mint.token_program);
        self.ledger.chain.token_balance(&account).unwrap()
    }

    /// Runs `sluice`, signed by the key `name`, with JSON results. What it sends is what `--as-instruction` printed before.
    pub fn run(&mut self, name: &str, line: &str) -> Ran {
        let key = self.key(name);
        let options = format!("--output json -k {} {line}", self.path(name));
        if !printed::can_be_printed(line) {
            return self.raw(&options);
        }
        let calls = self.ledger.calls.borrow().clone();
        let printed = self.raw(&format!("--output json --as-instruction -k {key} {line}"));
        self.ledger.calls.replace(calls);
        let before = self.ledger.sent.len();
        let ran = self.raw(&options);
        if ran.exit == Exit::Ok && ran.json().get("resumed").is_none() {
            printed::is_what_was_sent(&printed, &self.ledger.sent[before..]);
        }
        ran
    }

    /// Runs `sluice`, signed by the key `name`, as people see it on a terminal of 80 columns without colours.
    pub fn seen(&mut self, name: &str, line: &str) -> Ran {
        self.key(name);
        let terminal = Terminal {
            columns: Some(80),
            ..Terminal::default()
        };
        self.on(terminal, &format!("-k {} {line}", self.path(name)))
    }

    /// Runs `sluice` with these words and, unless they name another, the bench's configuration file.
    pub fn raw(&mut self, line: &str) -> Ran {
        self.on(Terminal::default(), line)
    }

    /// Runs `sluice` on this terminal.
    pub fn on(&mut self, terminal: Terminal, line: &str) -> Ran {
        let config = self.path("config.yml");
        let options: &[&str] = if line.contains("-C ") {
            &["sluice"]
        } else {
            &["sluice", "-C", &config]
        };
        let state = self.path("state");
        let noted: &[&str] = if line.contains("--state-dir") {
            &[]
        } else {
            &["--state-dir", &state]
        };
        let profile = self.path("profile.toml");
        let named: &[&str] = if line.contains("--profile") {
            &[]
        } else {
            &["--profile", &profile]
        };
        let words = options
            .iter()
            .copied()
            .chain(noted.iter().copied())
            .chain(named.iter().copied())
            .chain(line.split_whitespace())
            .map(OsString::from)
            .collect::<Vec<_>>();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let exit = sluice_cli::run(words, terminal, |_, _| &mut self.ledger, &mut out, &mut err);
        Ran {
            exit,
            out: String::from_utf8(out).unwrap(),
            err: String::from_utf8(err).unwrap(),
        }
    }

    /// Runs `sluice`, which must succeed, and returns its JSON's field `field`.
    pub fn field(&mut self, name: &str, line: &str, field: &str) -> String {
        self.run(name, line).text(field)
    }

    /// Runs `sluice`, which must succeed.
    pub fn ok(&mut self, name: &str, line: &str) -> Ran {
        let ran = self.run(name, line);
        assert_eq!(ran.exit, Exit::Ok, "{line}: {}", ran.err);
        ran
    }

    /// Runs `sluice` in its form for people: it must print exactly one line that holds `says`, end with `exit`, and have
    /// neither simulated nor sent anything.
    pub fn refused(&mut self, line: &str, exit: Exit, says: &str) {
        let before = (self.ledger.submitted, self.ledger.simulated.get());
        let ran = self.raw(line);
        assert_one_line(&ran, exit, says, line);
        let after = (self.ledger.submitted, self.ledger.simulated.get());
        assert_eq!(before, after, "{line}: something reached the ledger");
    }

    /// Like [`Self::refused`], signed by the key `name`.
    pub fn refused_as(&mut self, name: &str, line: &str, exit: Exit, says: &str) {
        self.key(name);
        let line = format!("-k {} {line}", self.path(name));
        self.refused(&line, exit, says);
    }
}

/// Asserts one line on the error stream, nothing on the output, and the code.
pub fn assert_one_line(ran: &Ran, exit: Exit, says: &str, line: &str) {
    assert_eq!(ran.exit, exit, "{line}: {}", ran.err);
    assert_eq!(ran.out, "", "{line}");
    assert_eq!(ran.err.lines().count(), 1, "{line}: {}", ran.err);
    assert!(ran.err.starts_with("error: "), "{line}: {}", ran.err);
    assert!(ran.err.contains(says), "{line}: {} lacks '{says}'", ran.err);
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}
