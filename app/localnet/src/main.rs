//! `cargo xtask localnet` runs this: a local chain until Ctrl-C, or the clock of a running one moved on.

use {
    anyhow::{Context, Error, Result},
    clap::{Args, Parser, Subcommand},
    sluice_client::text::Secs,
    sluice_localnet::{Cheatcodes, Localnet, Options, SLOT_MS, files},
    std::{path::PathBuf, process::ExitCode},
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
        let chain = Localnet::start(&Options {
            elf: self.elf,
            idl: self.idl,
            port: self.port,
            ws_port: self.ws_port,
            slot_ms: SLOT_MS,
        })?;
        files::write(&chain, &self.out)?;
        if !self.quiet {
            print!("{}", files::table(&chain));
            println!("keys and addresses are in {}", self.out.display());
        }
        println!("ready: {} {}", chain.rpc_url(), chain.ws_url());
        tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?
            .block_on(tokio::signal::ctrl_c())?;
        chain.stop()
    }
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
