//! Agents beside the chain: attesters and workers, each a process of its own.
//!
//! Each has a folder with its configuration, its log and its state. The chain is new each time, so what agents of an earlier one left is removed.

mod config;
mod process;

use {
    crate::localnet::Localnet,
    anyhow::{Context, Result},
    solana_address::Address,
    solana_signer::Signer,
    std::{
        fs, io,
        path::{Path, PathBuf},
        process::ExitStatus,
        thread::sleep,
        time::Duration,
    },
};
pub use {
    config::{Business, Role, Setting, command},
    process::Agent,
};

/// How long an agent may take until it is well.
const PATIENCE: Duration = Duration::from_secs(30);
/// A new attester signs no window that ends within the first minute: a node may have told it an early time. Twice so many seconds.
const AFTER_START: u32 = 31;
/// Everybody reads the clock within this time. Agents believe no leap of more than a minute at once.
const READ: Duration = Duration::from_millis(2_500);
/// Base units for a unit of work in the workers' offers: with their cap and windows less than five cents a minute.
const OFFER_PRICE: u64 = 3;

/// Agents in folders of their own. They end when this is dropped.
pub struct Agents {
    folder: PathBuf,
    all: Vec<Agent>,
}

impl Agents {
    /// None yet; what earlier ones left in `folder` is removed.
    ///
    /// # Errors
    /// The disk's.
    pub fn new(folder: &Path) -> Result<Self> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", folder.display()));
            }
            _ => {}
        }
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.canonicalize()?,
            all: vec![],
        })
    }

    /// The attesters of the local network's set, started and well, past the minute in which they sign nothing. The keys are where [`crate::files::write`] left them in `out`.
    ///
    /// # Errors
    /// Where one of them does not start.
    pub fn of_attesters(chain: &Localnet, out: &Path) -> Result<Self> {
        let mut agents = Self::new(&out.join("agents"))?;
        let out = out.canonicalize()?;
        let cast = &chain.world().cast;
        let mut settings = vec![];
        for (number, key) in (1..).zip(&cast.attesters) {
            forget(&out, &key.pubkey())?;
            let name = format!("attester-{number}");
            let file = out.join(&name).with_extension("json");
            let setting = Setting::attester(chain, &name, &file)?;
            settings.push((key.pubkey(), setting));
        }
        let uris = settings.iter();
        let uris = uris.filter_map(|(key, setting)| Some((key, setting.url.as_deref()?)));
        chain.publish(&cast.attester_owner, uris)?;
        for (_, setting) in settings {
            agents.add(setting)?;
        }
        agents.start()?;
        pass_the_first_minute(chain)?;
        Ok(agents)
    }

    /// The same, and a worker for each provider.
    ///
    /// # Errors
    /// Where one of them does not start.
    pub fn of(chain: &Localnet, out: &Path) -> Result<Self> {
        let mut agents = Self::of_attesters(chain, out)?;
        let out = out.canonicalize()?;
        let file = |name: &str| out.join(name).with_extension("json");
        let cast = &chain.world().cast;
        let business = Business {
            mint: &chain.world().usdc.address,
            least: 1,
            offer: Some(OFFER_PRICE),
        };
        let mut workers = vec![("worker", "operator", cast.worker.pubkey())];
        if let Some(worker) = cast.second.as_ref().and_then(|one| one.workers.first()) {
            workers.push(("worker-2", "operator-2", worker.pubkey()));
        }
        for (worker, operator, key) in workers {
            forget(&out, &key)?;
            let (operator, node) = (file(operator), file(worker));
            let setting = Setting::worker(chain, worker, &operator, &[&node], &business)?;
            agents.add(setting)?;
        }
        agents.start()?;
        Ok(agents)
    }

    /// Adds one, which does not run yet.
    ///
    /// # Errors
    /// Where another has its name, and the disk's.
    pub fn add(&mut self, setting: Setting) -> Result<()> {
        self.all.push(Agent::new(setting, &self.folder)?);
        Ok(())
    }

    /// All of them, in the order in which they were added.
    pub fn all(&self) -> &[Agent] {
        &self.all
    }

    /// The one of this name.
    ///
    /// # Errors
    /// Where nobody has it.
    pub fn get(&self, name: &str) -> Result<&Agent> {
        let found = self.all.iter().find(|agent| agent.name == name);
        found.with_context(|| format!("nobody is called {name}"))
    }

    /// Starts all that do not run, and waits until they are well.
    ///
    /// # Errors
    /// With the end of the log of one that is not.
    pub fn start(&mut self) -> Result<()> {
        self.all.iter_mut().try_for_each(Agent::start)?;
        let mut all = self.all.iter_mut();
        all.try_for_each(|agent| agent.wait(PATIENCE))
    }

    /// Starts the one of this name and does not wait.
    ///
    /// # Errors
    /// Where nobody has the name, and where the program is not there.
    pub fn restart(&mut self, name: &str) -> Result<()> {
        self.find(name)?.start()
    }

    /// Ends the one of this name at once, as a power cut does.
    ///
    /// # Errors
    /// Where nobody has the name.
    pub fn kill(&mut self, name: &str) -> Result<()> {
        self.find(name)?.kill()
    }

    /// Asks the one of this name to end, and makes it after a while.
    ///
    /// # Errors
    /// Where nobody has the name.
    pub fn stop(&mut self, name: &str) -> Result<()> {
        self.find(name)?.stop()
    }

    /// Who ended since this was last asked, and how, though nobody made them.
    ///
    /// # Errors
    /// The system's.
    pub fn ended(&mut self) -> Result<Vec<(String, ExitStatus)>> {
        let mut ended = vec![];
        for agent in &mut self.all {
            if let Some(status) = agent.ended()? {
                ended.push((agent.name.clone(), status));
            }
        }
        Ok(ended)
    }

    /// The table that is printed: name, role, URL, log.
    pub fn table(&self) -> String {
        let mut text = format!("{:<12} {:<9} {:<24} log\n", "agent", "role", "url");
        for agent in &self.all {
            let url = agent.url.as_deref().unwrap_or("-");
            text.push_str(&format!(
                "{:<12} {:<9} {url:<24} {}\n",
                agent.name,
                agent.role(),
                agent.log().display()
            ));
        }
        text
    }

    fn find(&mut self, name: &str) -> Result<&mut Agent> {
        let found = self.all.iter_mut().find(|agent| agent.name == name);
        found.with_context(|| format!("nobody is called {name}"))
    }
}

impl Drop for Agents {
    fn drop(&mut self) {
        self.all.iter().for_each(Agent::ask_to_end);
        for agent in &mut self.all {
            // There is nobody left to tell.
            let _ = agent.stop();
        }
    }
}

/// Moves the clock on until attesters that have just begun sign windows that end.
///
/// # Errors
/// The chain's.
pub fn pass_the_first_minute(chain: &Localnet) -> Result<()> {
    for _ in 0..2 {
        chain.advance(AFTER_START)?;
        sleep(READ);
    }
    Ok(())
}

/// Removes what a key signed on an earlier chain, beside its file.
fn forget(folder: &Path, key: &Address) -> Result<()> {
    match fs::remove_file(folder.join(format!("{key}.signed"))) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
