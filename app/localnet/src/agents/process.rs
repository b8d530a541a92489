//! One agent: its folder, its process, and whether it is well.

use {
    super::config::Setting,
    anyhow::{Context, Result, ensure},
    std::{
        fs::{self, OpenOptions},
        io::{Read, Write},
        net::{SocketAddr, TcpStream},
        path::{Path, PathBuf},
        process::{Child, Command, ExitStatus, Stdio},
        thread::sleep,
        time::{Duration, Instant},
    },
};

/// How long an agent may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it may take to say how it is.
const ANSWER: Duration = Duration::from_secs(2);
/// Between two looks.
const BETWEEN: Duration = Duration::from_millis(20);

/// One agent, running or not.
pub struct Agent {
    /// What it is called; its folder has the same name.
    pub name: String,
    /// Where it is asked, if it serves.
    pub url: Option<String>,
    /// The folder of its configuration, its log and its state.
    pub folder: PathBuf,
    /// How often it was started.
    pub starts: u32,
    program: PathBuf,
    verb: &'static str,
    watch: SocketAddr,
    child: Option<Child>,
}

impl Agent {
    /// Writes the configuration into a folder of its own within `all`, which must not be there yet.
    pub(super) fn new(setting: Setting, all: &Path) -> Result<Self> {
        let folder = all.join(&setting.name);
        fs::create_dir(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        fs::write(folder.join("agent.toml"), &setting.text)?;
        Ok(Self {
            name: setting.name,
            url: setting.url,
            folder,
            starts: 0,
            program: setting.program,
            verb: setting.role.verb(),
            watch: setting.watch,
            child: None,
        })
    }

    /// What it does: the verb of the command.
    pub const fn role(&self) -> &'static str {
        self.verb
    }

    /// Where it writes what it does.
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Starts it, unless it runs; the log goes on.
    pub(super) fn start(&mut self) -> Result<()> {
        if self.ended()?.is_none() && self.child.is_some() {
            return Ok(());
        }
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())?;
        let child = Command::new(&self.program)
            .arg(self.verb)
            .arg("--config")
            .arg(self.folder.join("agent.toml"))
            // What keys signed on this chain is forgotten with it, and is nothing to this user's other keys.
            .env("SLUICE_STATE_DIR", self.folder.join("state"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| {
                let program = self.program.display();
                format!("{program} cannot be run: run `cargo build -p sluice-agent` first")
            })?;
        self.starts = self.starts.saturating_add(1);
        self.child = Some(child);
        Ok(())
    }

    /// Number of its process, while it has one.
    pub fn id(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// How it ended, if it did and nobody made it.
    pub(super) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        let Some(child) = &mut self.child else {
            return Ok(None);
        };
        let ended = child.try_wait()?;
        if ended.is_some() {
            self.child = None;
        }
        Ok(ended)
    }

    /// Ends it at once, as a power cut does.
    pub(super) fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks it to end, and makes it.
    pub(super) fn stop(&mut self) -> Result<()> {
        let begin = Instant::now();
        self.ask_to_end();
        while self.child.is_some() && self.ended()?.is_none() {
            if begin.elapsed() > PATIENCE {
                return self.kill();
            }
            sleep(BETWEEN);
        }
        Ok(())
    }

    /// Sends the signal that asks a process to end.
    pub(super) fn ask_to_end(&self) {
        #[cfg(unix)]
        if let Some(id) = self.id().and_then(|id| i32::try_from(id).ok())
            && let Some(id) = rustix::process::Pid::from_raw(id)
        {
            // It may have ended just now.
            let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
    }

    /// True if it answers that it is well.
    pub fn is_well(&self) -> bool {
        self.child.is_some() && healthy(self.watch).unwrap_or_default()
    }

    /// Waits until it is well; an agent that ends instead is an error with the end of its log.
    pub(super) fn wait(&mut self, patience: Duration) -> Result<()> {
        let begin = Instant::now();
        while !self.is_well() {
            let ended = self.ended()?;
            let is_late = begin.elapsed() > patience;
            ensure!(
                ended.is_none() && !is_late,
                "{} {}:\n{}",
                self.name,
                ended.map_or_else(
                    || format!("is not well after {} s", patience.as_secs()),
                    |status| format!("ended: {status}")
                ),
                self.tail()
            );
            sleep(BETWEEN);
        }
        Ok(())
    }

    /// The last lines of its log.
    pub fn tail(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines
            .get(lines.len().saturating_sub(20)..)
            .unwrap_or_default()
            .join("\n")
    }
}

/// Asks `/healthz`.
fn healthy(at: SocketAddr) -> Result<bool> {
    let mut stream = TcpStream::connect_timeout(&at, ANSWER)?;
    stream.set_read_timeout(Some(ANSWER))?;
    stream.set_write_timeout(Some(ANSWER))?;
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {at}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut line = [0; 12];
    stream.read_exact(&mut line)?;
    Ok(line.ends_with(b" 200"))
}
