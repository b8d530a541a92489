//! A local chain from start to stop.

use {
    crate::{
        cast::{Cast, Provider},
        cheatcodes::Cheatcodes,
        founding::{self, Founding, Registration},
        idl,
        node::Node,
        options::Options,
        plan,
        world::World,
    },
    anyhow::{Context, Result},
    sluice_client::{
        found::{Manifest, Wanted},
        instruction::{self, node_uri, token::Mint},
        ledger::Rpc,
    },
    solana_address::Address,
    solana_commitment_config::CommitmentConfig,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::{collections::BTreeMap, fs},
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
        Self::with(options, Cast::new())
    }

    /// The same, with everybody of this cast.
    pub fn with(options: &Options, cast: Cast) -> Result<Self> {
        let elf = fs::read(&options.elf).with_context(|| {
            let path = options.elf.display();
            format!("{path} cannot be read: run `cargo xtask build` first")
        })?;
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

    /// Unix time that its clock told in a block with transactions.
    pub fn block_time(&self, slot: u64) -> Result<i64> {
        self.cheatcodes.block_time(slot)
    }

    /// Moves its clock to `unix_time`, never back.
    pub fn warp_to(&self, unix_time: i64) -> Result<()> {
        self.cheatcodes.warp_to(unix_time)
    }

    /// Moves its clock `secs` on.
    pub fn advance(&self, secs: u32) -> Result<()> {
        self.cheatcodes.advance(secs)
    }

    /// Brings about what `manifest` wants and is not there yet. `keys` sign beside the cast; they are given SOL, and who owns attesters
    /// the stake for them.
    pub fn found(&self, manifest: &Manifest, keys: &[Keypair]) -> Result<Wanted> {
        for key in keys {
            self.cheatcodes.endow(&key.pubkey(), plan::LAMPORTS)?;
        }
        let mut founding = Founding::at(self.rpc_url());
        let wanted = founding.wanted(manifest)?;
        let cast = &self.world.cast;
        let mut stakes = BTreeMap::<_, u64>::new();
        for attester in &wanted.attesters {
            let stake = stakes.entry(attester.owner).or_default();
            *stake = stake.saturating_add(attester.stake);
        }
        for (owner, stake) in stakes {
            founding.purse(&cast.admin, &owner, &self.world.stake, stake)?;
        }
        founding.network(cast, keys, &wanted)?;
        founding.wait()?;
        Ok(wanted)
    }

    /// Registers a provider whose nodes are under `set` and have `slots` each, and gives its keys SOL and the stake.
    pub fn register(&self, provider: &Provider, set: &Address, slots: u16) -> Result<()> {
        let owner = provider.owner.pubkey();
        for key in [&owner, &provider.operator.pubkey()] {
            self.cheatcodes.endow(key, plan::LAMPORTS)?;
        }
        let World {
            cast,
            network,
            stake,
            usdc,
            ..
        } = &self.world;
        let mut founding = Founding::at(self.rpc_url());
        founding.purse(&cast.admin, &owner, stake, plan::PROVIDER_STAKE)?;
        founding.purse(&cast.admin, &owner, usdc, 0)?;
        founding.provider(&Registration {
            network,
            set,
            stake: *stake,
            owner: &provider.owner,
            operator: provider.operator.pubkey(),
            workers: &provider.workers.iter().collect::<Vec<_>>(),
            slots,
        })?;
        founding.wait()
    }

    /// Gives a key that the chain has never seen SOL, and so many base units of each mint.
    pub fn fund(&self, key: &Address, tokens: &[(&Mint, u64)]) -> Result<()> {
        self.cheatcodes.endow(key, plan::LAMPORTS)?;
        let mut founding = Founding::at(self.rpc_url());
        for (mint, amount) in tokens {
            founding.purse(&self.world.cast.admin, key, mint, *amount)?;
        }
        founding.wait()
    }

    /// Says where attesters are asked; `owner` owns them.
    pub fn publish<'a>(
        &self,
        owner: &Keypair,
        uris: impl IntoIterator<Item = (&'a Address, &'a str)>,
    ) -> Result<()> {
        let mut founding = Founding::at(self.rpc_url());
        for (key, uri) in uris {
            let uri = node_uri(uri).with_context(|| format!("{uri} is too long"))?;
            let update =
                instruction::update_attester(&owner.pubkey(), key, &self.world.network, uri);
            founding.send("update_attester", &[update], owner, &[])?;
        }
        founding.wait()
    }

    /// Stops it and waits until its ports are free.
    pub fn stop(self) -> Result<()> {
        self.node.stop()
    }
}
