//! A buyer who rents by the command: `sluice run`, as a process that can be killed.

use {
    crate::{stage::Stage, work::Kernel},
    anyhow::{Context, Result, ensure},
    rand::SeedableRng,
    rand_chacha::ChaCha8Rng,
    sluice_client::{Address, Keypair, Ledger, Signer, address},
    sluice_localnet::agents,
    sluice_work::core::Kind,
    std::{
        collections::BTreeMap,
        env,
        fs::{self, File},
        path::{Path, PathBuf},
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
    /// What each is computed from, by the same name.
    pub inputs: BTreeMap<String, Vec<u8>>,
    buyer: Address,
}

/// What a run is about.
#[derive(Clone, Copy, Debug)]
pub struct Errand {
    /// The kernel.
    pub kernel: Kernel,
    /// What runs it.
    pub kind: Kind,
    /// Inputs.
    pub chunks: u32,
    /// What they follow from.
    pub seed: u64,
}

impl Renter {
    /// Writes a kernel, `chunks` inputs and the buyer's key into a folder of their own.
    ///
    /// # Errors
    /// The disk's, and where the kernel is not built.
    pub fn new(stage: &Stage, name: &str, kernel: Kernel, kind: Kind, chunks: u32) -> Result<Self> {
        let errand = Errand {
            kernel,
            kind,
            chunks,
            seed: chunks.into(),
        };
        Self::of(stage, name, &stage.chain.world().cast.buyer, &errand)
    }

    /// The same with a buyer's own key.
    ///
    /// # Errors
    /// The disk's, and where the kernel is not built.
    pub fn of(stage: &Stage, name: &str, buyer: &Keypair, errand: &Errand) -> Result<Self> {
        let kernel = errand.kernel;
        let folder = stage.folder.join(name);
        let inputs = folder.join("inputs");
        fs::create_dir_all(&inputs)?;
        fs::write(folder.join("kernel"), kernel.code(errand.kind)?)?;
        let mut random = ChaCha8Rng::seed_from_u64(errand.seed);
        let (mut truth, mut all) = (BTreeMap::new(), BTreeMap::new());
        for number in 0..errand.chunks {
            let input = kernel.input(&mut random);
            let file = format!("chunk-{number}");
            fs::write(inputs.join(&file), &input)?;
            truth.insert(file.clone(), kernel.truth(&input)?);
            all.insert(file, input);
        }
        let key = serde_json::to_string(buyer.to_bytes().as_slice())?;
        fs::write(folder.join("buyer.json"), key)?;
        Ok(Self {
            url: stage.chain.rpc_url().to_owned(),
            network: stage.chain.world().network,
            mint: stage.chain.world().usdc.address,
            folder,
            truth,
            inputs: all,
            buyer: buyer.pubkey(),
        })
    }

    /// Each input with what it gives.
    pub fn known(&self) -> impl Iterator<Item = (&Vec<u8>, &Vec<u8>)> {
        self.inputs.values().zip(self.truth.values())
    }

    /// Everything of the run is in here.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The chain is asked here from now on.
    pub fn through(&mut self, url: &str) {
        url.clone_into(&mut self.url);
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
        let found = self.true_results()?;
        ensure!(
            found == self.truth.len(),
            "{found} of {} results are there",
            self.truth.len()
        );
        Ok(())
    }

    /// Every result that is there is what it has to be; how many there are.
    ///
    /// # Errors
    /// With the first that is not.
    pub fn true_results(&self) -> Result<usize> {
        let folder = self.folder.join("results");
        let mut found = 0usize;
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let entry = entry?;
            let file = entry.file_name().to_string_lossy().into_owned();
            let truth = self.truth.get(&file);
            let truth = truth.with_context(|| format!("{file} is no result"))?;
            ensure!(
                fs::read(entry.path())? == *truth,
                "the result {file} is false"
            );
            found = found.saturating_add(1);
        }
        Ok(found)
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
        let account = address::token_account(&self.buyer, mint, &program);
        Ok(ledger.token_balance(&account)?)
    }
}
