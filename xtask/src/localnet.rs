//! `cargo xtask localnet`: a JSON-RPC chain on loopback with the program and a network in it.

use {
    crate::{
        debian, kernels, program,
        workspace::{Workspace, cargo, replace, run},
    },
    anyhow::Result,
    clap::Args,
    std::process::Command,
};

/// Start a chain on loopback with the program, test mints and a network in it, until Ctrl-C
#[derive(Args)]
pub struct Localnet {
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
    /// Move the clock of the chain that runs at --port on instead: seconds, or 90s, 30m, 2h, 7d
    #[arg(long, value_name = "DURATION", conflicts_with_all = ["ws_port", "quiet", "agents"])]
    warp: Option<String>,
}

impl Localnet {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        debian::ensure_openssl()?;
        let mut localnet = Command::new(workspace.built("sluice-localnet"));
        localnet.current_dir(&workspace.root);
        match &self.warp {
            Some(duration) => {
                build(workspace, &["sluice-localnet"])?;
                let url = format!("http://127.0.0.1:{}", self.port);
                localnet.args(["warp", duration, "--url", &url]);
            }
            None => self.start(workspace, &mut localnet)?,
        }
        replace(&mut localnet)
    }

    fn start(&self, workspace: &Workspace, localnet: &mut Command) -> Result<()> {
        self.say(&format!("1 of 3: the program. {}", program::FIRST));
        let elf = program::build(workspace, None)?;
        if self.agents {
            // Something to rent the agents for.
            kernels::build(workspace, Some("film"), None)?;
        }
        self.say("2 of 3: chain, command. The first time 940 crates, 13 minutes of processor time");
        // The command lies beside the chain's own, where env.sh looks for it.
        let mut packages = vec!["sluice-cli", "sluice-localnet"];
        if self.agents {
            packages.push("sluice-agent");
        }
        build(workspace, &packages)?;
        self.say("3 of 3: the chain and its network");
        localnet
            .arg("start")
            .arg("--elf")
            .arg(elf)
            .arg("--idl")
            .arg(workspace.root.join("idl/sluice.json"))
            .arg("--out")
            .arg(workspace.target().join("localnet"))
            .args(["--port", &self.port.to_string()])
            .args(["--ws-port", &self.ws_port.to_string()]);
        if self.quiet {
            localnet.arg("--quiet");
        }
        if self.agents {
            localnet.arg("--agents");
        }
        Ok(())
    }

    fn say(&self, step: &str) {
        if !self.quiet {
            println!("{step}");
        }
    }
}

/// Compiles `packages`; cargo tells of every crate, for a first build takes minutes.
fn build(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    let mut build = cargo();
    build
        .current_dir(&workspace.root)
        .args(["build", "--locked"]);
    for package in packages {
        build.args(["--package", package]);
    }
    run(&mut build)
}
