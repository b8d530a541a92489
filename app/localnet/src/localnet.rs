//! A local chain from start to stop.

use {
    crate::{
        cast::Cast, cheatcodes::Cheatcodes, founding, idl, node::Node, options::Options, plan,
        world::World,
    },
    anyhow::{Context, Result},
    sluice_client::ledger::Rpc,
    solana_commitment_config::CommitmentConfig,
    solana_signer::Signer,
    std::fs,
};

/// A chain on loopback with the program, three mints and a network in business. It stops when it is dropped.
pub struct Localnet {
    node: Node,
    cheatcodes: Cheatcodes,
    world: World,
}

impl Localnet {
    /// Starts a chain and founds the network.
    pub fn start(options: &Options) -> Result<Self> {
        let elf = fs::read(&options.elf).with_context(|| {
            let path = options.elf.display();
            format!("{path} cannot be read: run `cargo xtask build` first")
        })?;
        let cast = Cast::new();
        let rich = cast.named().into_iter().map(|(_, key)| key.pubkey());
        let node = Node::start(options, &rich.collect::<Vec<_>>(), plan::LAMPORTS)?;
        let cheatcodes = Cheatcodes::at(&node.rpc_url);
        cheatcodes.deploy(&sluice_client::ID, &elf, &cast.admin.pubkey())?;
        if let Some(path) = &options.idl {
            let text = fs::read_to_string(path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            cheatcodes.register_idl(&serde_json::from_str(&text)?)?;
            let admin = cast.admin.pubkey();
            for account in idl::published(&sluice_client::ID, &admin, &text)? {
                cheatcodes.set_account(&account.address, &account.owner, &account.data)?;
            }
        }
        let world = founding::found(cast, &node.rpc_url)?;
        Ok(Self {
            node,
            cheatcodes,
            world,
        })
    }

    /// Where it answers JSON-RPC.
    pub fn rpc_url(&self) -> &str {
        &self.node.rpc_url
    }

    /// Where it answers subscriptions.
    pub fn ws_url(&self) -> &str {
        &self.node.ws_url
    }

    /// Who and what is on it; the same in every run.
    pub const fn world(&self) -> &World {
        &self.world
    }

    /// A ledger on it for tests and tools, that waits as long as on a real cluster.
    pub fn ledger(&self) -> Rpc {
        Rpc::new(
            self.node.rpc_url.clone(),
            self.node.ws_url.clone(),
            CommitmentConfig::confirmed(),
        )
    }

    /// Unix time on it.
    pub fn now(&self) -> Result<i64> {
        self.cheatcodes.now()
    }

    /// Moves its clock to `unix_time`, never back.
    pub fn warp_to(&self, unix_time: i64) -> Result<()> {
        self.cheatcodes.warp_to(unix_time)
    }

    /// Moves its clock `secs` on.
    pub fn advance(&self, secs: u32) -> Result<()> {
        self.cheatcodes.advance(secs)
    }

    /// Stops it and waits until its ports are free.
    pub fn stop(self) -> Result<()> {
        self.node.stop()
    }
}
