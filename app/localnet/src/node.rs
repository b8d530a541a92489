//! The embedded Surfpool: a JSON-RPC and a WebSocket server on loopback, without any remote behind it.

use {
    crate::options::Options,
    anyhow::{Context, Result, anyhow, bail},
    solana_address::Address,
    std::{
        net::TcpListener,
        thread::{self, JoinHandle},
        time::Duration,
    },
    surfpool_core::{
        runloops::start_local_surfnet_runloop,
        surfnet::{
            locker::SurfnetSvmLocker,
            svm::{SurfnetSvm, SurfnetSvmConfig},
        },
    },
    surfpool_types::{
        RpcConfig, SimnetCommand, SimnetConfig, SimnetEvent, SurfpoolConfig,
        channel::{Receiver, RecvTimeoutError, Sender, bounded, unbounded},
    },
};

const HOST: &str = "127.0.0.1";
/// How long starting and stopping may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often free ports are chosen.
const ATTEMPTS: u32 = 5;
/// Servers that say when they are down: JSON-RPC and WebSocket.
const SERVERS: usize = 2;

/// A running Surfpool.
pub struct Node {
    pub rpc_url: String,
    pub ws_url: String,
    commands: Sender<SimnetCommand>,
    down: Receiver<()>,
}

impl Node {
    /// Starts it, with `lamports` for each of `rich`.
    pub fn start(options: &Options, rich: &[Address], lamports: u64) -> Result<Self> {
        let chooses = options.port == 0 || options.ws_port == 0;
        let mut attempts = if chooses { ATTEMPTS } else { 1 };
        loop {
            attempts -= 1;
            match Self::start_once(options, rich.to_vec(), lamports) {
                Err(error) if attempts > 0 && is_taken(&error) => {}
                started => return started,
            }
        }
    }

    fn start_once(options: &Options, rich: Vec<Address>, lamports: u64) -> Result<Self> {
        let (rpc, ws) = (free(options.port)?, free(options.ws_port)?);
        let (port, ws_port) = (rpc.local_addr()?.port(), ws.local_addr()?.port());
        drop((rpc, ws));
        let config = SurfpoolConfig {
            simnets: vec![SimnetConfig {
                offline_mode: true,
                remote_rpc_url: None,
                slot_time: options.slot_ms,
                airdrop_addresses: rich,
                airdrop_token_amount: lamports,
                instruction_profiling_enabled: false,
                ..SimnetConfig::default()
            }],
            rpc: RpcConfig {
                bind_host: HOST.to_owned(),
                bind_port: port,
                ws_port,
                ..RpcConfig::default()
            },
            ..SurfpoolConfig::default()
        };
        let svm = SurfnetSvmConfig {
            slot_time: options.slot_ms,
            instruction_profiling_enabled: false,
            ..SurfnetSvmConfig::default()
        };
        let (svm, events, geyser) =
            SurfnetSvm::new(svm).map_err(|error| anyhow!("no engine: {error}"))?;
        let (commands, orders) = unbounded();
        let own = commands.clone();
        let chain =
            thread::Builder::new()
                .name("localnet".to_owned())
                .spawn(move || -> Result<()> {
                    let runtime = tokio::runtime::Builder::new_multi_thread()
                        .worker_threads(2)
                        .enable_all()
                        .build()?;
                    let locker = SurfnetSvmLocker::new(svm);
                    let ended = runtime
                        .block_on(start_local_surfnet_runloop(
                            locker, config, own, orders, geyser,
                        ))
                        .map_err(|error| anyhow!("{error}"));
                    runtime.shutdown_background();
                    ended
                })?;
        wait_until_started(&events, chain)?;
        Ok(Self {
            rpc_url: format!("http://{HOST}:{port}"),
            ws_url: format!("ws://{HOST}:{ws_port}"),
            commands,
            down: watch(events)?,
        })
    }

    /// Stops both servers and waits until their ports are free.
    pub fn stop(self) -> Result<()> {
        self.commands
            .send(SimnetCommand::Terminate(None))
            .map_err(|_| anyhow!("the chain has ended already"))?;
        self.down
            .recv_timeout(PATIENCE)
            .context("the servers did not stop")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // The chain may be gone already.
        let _ = self.commands.send(SimnetCommand::Terminate(None));
    }
}

/// Holds `port` if nobody listens there, or any such port if it is 0.
fn free(port: u16) -> Result<TcpListener> {
    TcpListener::bind((HOST, port)).with_context(|| format!("port {port} is taken"))
}

/// True when another process took a port after it was chosen.
fn is_taken(error: &anyhow::Error) -> bool {
    let told = format!("{error:#}");
    told.contains("AddrInUse") || told.contains("Address already in use")
}

/// Waits for the servers; a chain that ends before says why.
fn wait_until_started(events: &Receiver<SimnetEvent>, chain: JoinHandle<Result<()>>) -> Result<()> {
    loop {
        match events.recv_timeout(Duration::from_millis(100)) {
            Ok(SimnetEvent::CoreStarted(_)) => return Ok(()),
            Ok(SimnetEvent::Aborted(cause)) => bail!("the chain did not start: {cause}"),
            Err(RecvTimeoutError::Timeout) if !chain.is_finished() => {}
            Err(_) => {
                return match chain.join() {
                    Ok(Err(error)) => Err(error.context("the chain did not start")),
                    _ => bail!("the chain ended before it had started"),
                };
            }
            Ok(_) => {}
        }
    }
}

/// Takes events away for as long as there are any, and tells when all servers are down.
fn watch(events: Receiver<SimnetEvent>) -> Result<Receiver<()>> {
    let (tell, down) = bounded(1);
    thread::Builder::new()
        .name("localnet events".to_owned())
        .spawn(move || {
            let mut running = SERVERS;
            for event in events {
                if matches!(event, SimnetEvent::Shutdown) {
                    running = running.saturating_sub(1);
                }
                if running == 0 {
                    // Whoever dropped the node does not wait.
                    let _ = tell.try_send(());
                    return;
                }
            }
        })?;
    Ok(down)
}
