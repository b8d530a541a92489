//! `cargo xtask localnet` runs this: a local chain until Ctrl-C, or the clock of a running one moved on.

use {
    anyhow::{Context, Error, Result},
    clap::{Args, Parser, Subcommand},
    sluice_client::text::Secs,
    sluice_localnet::{Cast, Cheatcodes, Localnet, Options, SLOT_MS, agents::Agents, files},
    std::{path::PathBuf, process::ExitCode, time::Duration},
};

/// A Solana chain on loopback with the Sluice program, test mints and a network in it
#[derive(Parser)]
#[command(name = "sluice-localnet", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Start a chain and keep it until Ctrl-C
    Start(Start),
    /// Move the clock of a running chain on
    Warp(Warp),
}

#[derive(Args)]
struct Start {
    /// The program's ELF
    #[arg(long)]
    elf: PathBuf,
    /// The program's IDL, registered with the chain
    #[arg(long)]
    idl: Option<PathBuf>,
    /// Where keypair files, addresses.json and config.yml go
    #[arg(long)]
    out: PathBuf,
    /// Port of JSON-RPC; 0 takes any free one
    #[arg(long, default_value_t = 8899)]
    port: u16,
    /// Port of WebSocket; 0 takes any free one
    #[arg(long, default_value_t = 8900)]
    ws_port: u16,
    /// Print nothing but the line that says it is ready
    #[arg(long)]
    quiet: bool,
    /// Start three attesters and two workers, too, each a process of its own
    #[arg(long)]
    agents: bool,
}

#[derive(Args)]
struct Warp {
    /// How far: seconds, or 90s, 30m, 2h, 7d
    #[arg(value_parser = secs)]
    by: u32,
    /// JSON-RPC of the running chain
    #[arg(long, default_value = "http://127.0.0.1:8899")]
    url: String,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().verb {
        Verb::Start(start) => start.run(),
        Verb::Warp(warp) => warp.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Start {
    fn run(self) -> Result<()> {
        let options = Options {
            elf: self.elf,
            idl: self.idl,
            port: self.port,
            ws_port: self.ws_port,
            slot_ms: SLOT_MS,
        };
        let cast = if self.agents {
            Cast::with_second()
        } else {
            Cast::new()
        };
        let chain = Localnet::with(&options, cast)?;
        files::write(&chain, &self.out)?;
        let agents = self.agents.then(|| Agents::of(&chain, &self.out));
        let agents = agents.transpose()?;
        if !self.quiet {
            print!("{}", files::table(&chain));
            println!("keys and addresses are in {}", self.out.display());
            if let Some(agents) = &agents {
                print!("\n{}", agents.table());
            }
        }
        println!("ready: {} {}", chain.rpc_url(), chain.ws_url());
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?
            .block_on(last(agents))?;
        chain.stop()
    }
}

/// Until Ctrl-C, or, where agents would be left behind, until this process is asked to end in another way. Tells of agents that end.
async fn last(mut agents: Option<Agents>) -> Result<()> {
    let Some(agents) = &mut agents else {
        return Ok(tokio::signal::ctrl_c().await?);
    };
    let mut look = tokio::time::interval(Duration::from_secs(1));
    let (asked, interrupted) = (asked_to_end(), tokio::signal::ctrl_c());
    tokio::pin!(asked, interrupted);
    loop {
        tokio::select! {
            ended = &mut interrupted => return Ok(ended?),
            ended = &mut asked => return ended,
            _ = look.tick() => {
                for (name, status) in agents.ended()? {
                    let log = agents.get(&name)?.log();
                    eprintln!("{name} ended ({status}): see {}", log.display());
                }
            }
        }
    }
}

#[cfg(unix)]
async fn asked_to_end() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> Result<()> {
    std::future::pending().await
}

impl Warp {
    fn run(self) -> Result<()> {
        let chain = Cheatcodes::at(&self.url);
        chain
            .advance(self.by)
            .with_context(|| format!("the chain at {} did not move", self.url))?;
        println!("it is {} now", chain.now()?);
        Ok(())
    }
}

/// Seconds, or a duration with its unit, as the command reads them.
fn secs(text: &str) -> Result<u32> {
    let secs: Secs = text.parse().map_err(Error::msg)?;
    Ok(secs.short()?)
}
