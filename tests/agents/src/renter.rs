//! A buyer who rents by the command: `sluice run`, as a process that can be killed.

use {
    crate::{stage::Stage, work::Kernel},
    anyhow::{Context, Result, ensure},
    rand::SeedableRng,
    rand_chacha::ChaCha8Rng,
    sluice_client::{Address, Ledger, Signer, address},
    sluice_localnet::agents,
    sluice_work::core::Kind,
    std::{
        collections::BTreeMap,
        env,
        fs::{self, File},
        path::PathBuf,
        process::{Child, Command, Output, Stdio},
    },
};

/// A run to be, and what is true of it.
pub struct Renter {
    folder: PathBuf,
    url: String,
    network: Address,
    mint: Address,
    /// What each result has to be, by its file.
    pub truth: BTreeMap<String, Vec<u8>>,
}

impl Renter {
    /// Writes a kernel, `chunks` inputs and the buyer's key into a folder of their own.
    ///
    /// # Errors
    /// The disk's, and where the kernel is not built.
    pub fn new(stage: &Stage, name: &str, kernel: Kernel, kind: Kind, chunks: u32) -> Result<Self> {
        let folder = stage.folder.join(name);
        let inputs = folder.join("inputs");
        fs::create_dir_all(&inputs)?;
        fs::write(folder.join("kernel"), kernel.code(kind)?)?;
        let mut random = ChaCha8Rng::seed_from_u64(chunks.into());
        let mut truth = BTreeMap::new();
        for number in 0..chunks {
            let input = kernel.input(&mut random);
            let file = format!("chunk-{number}");
            fs::write(inputs.join(&file), &input)?;
            truth.insert(file, kernel.truth(&input)?);
        }
        let buyer = &stage.chain.world().cast.buyer;
        let key = serde_json::to_string(buyer.to_bytes().as_slice())?;
        fs::write(folder.join("buyer.json"), key)?;
        Ok(Self {
            url: stage.chain.rpc_url().to_owned(),
            network: stage.chain.world().network,
            mint: stage.chain.world().usdc.address,
            folder,
            truth,
        })
    }

    /// From now on it asks the node through this URL.
    pub fn through(&mut self, url: &str) {
        self.url = url.to_owned();
    }

    /// The command with the buyer's key and the chain.
    ///
    /// # Errors
    /// Where it is nowhere.
    pub fn command(&self, words: &[&str]) -> Result<Command> {
        let beside = agents::command()?;
        let own = beside.with_file_name(format!("sluice{}", env::consts::EXE_SUFFIX));
        let mut command = Command::new(own);
        command
            .current_dir(&self.folder)
            .env_remove("SLUICE_PROFILE")
            .env("HOME", &self.folder)
            .env("SLUICE_NETWORK", self.network.to_string())
            .args(words)
            .args(["--url", &self.url, "--keypair", "buyer.json", "--yes"])
            .args(["--state-dir", "state"])
            .stdin(Stdio::null());
        if !words.contains(&"--output") {
            command.args(["--output", "json-compact"]);
        }
        Ok(command)
    }

    /// The words that begin the run.
    pub fn words<'a>(&'a self, more: &[&'a str]) -> Vec<String> {
        let mint = self.mint.to_string();
        let fixed = [
            "run", "kernel", "inputs", "--out", "results", "--mint", &mint,
        ];
        let all = fixed.iter().chain(more);
        all.map(|word| (*word).to_owned()).collect()
    }

    /// Starts it; what it says goes into a log.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start(&self, words: &[&str]) -> Result<Child> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))?;
        let mut command = self.command(words)?;
        let child = command.stdout(log.try_clone()?).stderr(log).spawn();
        child.context("the command does not start")
    }

    /// Runs it to its end, and gives what it says: an object.
    ///
    /// # Errors
    /// With what it says where it fails.
    pub fn run(&self, words: &[&str]) -> Result<serde_json::Value> {
        Ok(serde_json::from_str(&self.text(words)?)?)
    }

    /// Runs it to its end, and gives what it says.
    ///
    /// # Errors
    /// With what it says where it fails.
    pub fn text(&self, words: &[&str]) -> Result<String> {
        let told = self.command(words)?.output()?;
        let error = String::from_utf8_lossy(&told.stderr);
        ensure!(told.status.success(), "{words:?}: {}: {error}", told.status);
        Ok(String::from_utf8(told.stdout)?)
    }

    /// Runs it to its end, however that is.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn output(&self, words: &[&str]) -> Result<Output> {
        Ok(self.command(words)?.output()?)
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// The name of the only run.
    ///
    /// # Errors
    /// Where there is none yet, or more.
    pub fn id(&self) -> Result<String> {
        let mut entries = fs::read_dir(self.folder.join("state/runs"))?;
        let one = entries.next().context("there is no run")??;
        ensure!(entries.next().is_none(), "there is more than one run");
        Ok(one.file_name().to_string_lossy().into_owned())
    }

    /// Every result is there, and is what it has to be.
    ///
    /// # Errors
    /// With the first that is not.
    pub fn hold_results(&self) -> Result<()> {
        for (file, truth) in &self.truth {
            let path = self.folder.join("results").join(file);
            let found = fs::read(&path).with_context(|| format!("the result {file}"))?;
            ensure!(found == *truth, "the result {file} is false");
        }
        let left = fs::read_dir(self.folder.join("results"))?.count();
        ensure!(left == self.truth.len(), "{left} files are in the results");
        Ok(())
    }

    /// Base units of the mint that the buyer holds.
    ///
    /// # Errors
    /// The ledger's.
    pub fn holds(&self, stage: &Stage) -> Result<u64> {
        self.holds_of(stage, &self.mint)
    }

    /// Base units of the stake mint that the buyer holds: what bonds are taken from.
    ///
    /// # Errors
    /// The ledger's.
    pub fn holds_stake(&self, stage: &Stage) -> Result<u64> {
        self.holds_of(stage, &stage.chain.world().stake.address)
    }

    fn holds_of(&self, stage: &Stage, mint: &Address) -> Result<u64> {
        let ledger = stage.ledger();
        let program = ledger.mint(mint)?.token_program;
        let buyer = stage.chain.world().cast.buyer.pubkey();
        let account = address::token_account(&buyer, mint, &program);
        Ok(ledger.token_balance(&account)?)
    }
}
