//! The network and its agents.

use {
    crate::{faulty::FaultyNode, offered::Offered, room::Room, tap::Tap},
    anyhow::{Context, Result},
    sluice_agent::{clock::ChainClock, member::Member},
    sluice_client::{
        Address, Keypair, Ledger, Signer, address,
        found::manifest::{Attester, Text},
        ledger::Rpc,
        text::Secs,
    },
    sluice_localnet::{
        Localnet, Options, Provider,
        agents::{Agents, Business, Setting, pass_the_first_minute},
        key, plan,
    },
    std::{
        env, fs,
        path::{Path, PathBuf},
        sync::Arc,
        time::Duration,
    },
};

/// How a provider's worker behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// As it should.
    Honest,
    /// It flips bits.
    Liar,
    /// It misses windows.
    Slow,
    /// Each chunk takes a second, and it does as many at once as it has nodes.
    Steady,
    /// No process works for it.
    Silent,
}

impl Manner {
    /// The program that behaves so.
    const fn program(self) -> &'static str {
        match self {
            Self::Honest | Self::Silent => "agents-honest",
            Self::Liar => "agents-liar",
            Self::Slow => "agents-slow",
            Self::Steady => "agents-steady",
        }
    }
}

/// The network to be set up.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where all of it lies; what was there is removed.
    pub folder: PathBuf,
    /// Attesters in the set.
    pub attesters: usize,
    /// Those who have to sign.
    pub threshold: u8,
    /// The workers of each provider: how they behave, and how many nodes each has.
    pub providers: Vec<Vec<(Manner, usize)>>,
    /// Added to every attester's configuration, TOML.
    pub attester: &'static str,
    /// What stands between everybody and the chain, if anything but the network does.
    pub between: Between,
    /// What every node offers in the market, if anything.
    pub offers: Option<Offered>,
}

/// What stands between agents and what they need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Between {
    /// Nothing.
    #[default]
    Nothing,
    /// A node with faults stands before the chain.
    FaultyNode,
    /// State and keys are on disks of so many KiB.
    SmallDisks(u32),
}

/// A worker's process, and its nodes.
pub struct Crew {
    /// The name of the agent.
    pub name: String,
    /// How it behaves.
    pub manner: Manner,
    /// Index of the provider.
    pub provider: usize,
    /// Its nodes.
    pub nodes: Vec<Address>,
}

/// A network in business, and who is in it.
pub struct Stage {
    /// Its agents. They end before the chain.
    pub agents: Agents,
    /// What stands before the chain, if it does.
    pub door: Option<FaultyNode>,
    /// The disks that can fill.
    pub rooms: Vec<Room>,
    /// The chain.
    pub chain: Localnet,
    /// Where all of it lies.
    pub folder: PathBuf,
    /// The set.
    pub set: Address,
    /// The keys of its members, in its order.
    pub attesters: Vec<Keypair>,
    /// Owns them.
    pub owner: Keypair,
    /// The providers.
    pub providers: Vec<Provider>,
    /// The workers.
    pub crews: Vec<Crew>,
    /// What stands in front of each attester, in the set's order.
    pub taps: Vec<Tap>,
    /// The chain's time, as those in this process know it who ask members.
    pub clock: Arc<ChainClock>,
}

impl Stage {
    /// Starts a chain, founds the network on it, and starts everybody.
    ///
    /// # Errors
    /// Where anything of it cannot be.
    pub fn new(plan: &Plan) -> Result<Self> {
        let folder = plan.folder.clone();
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("keys"))?;
        let chain = Localnet::start(&Options {
            elf: sluice_elf::built().to_owned(),
            idl: None,
            port: 0,
            ws_port: 0,
            slot_ms: 100,
        })?;
        let (set, attesters, owner) = attesters(&chain, "member", plan.attesters, plan.threshold)?;
        let door = match plan.between {
            Between::FaultyNode => Some(FaultyNode::before(chain.rpc_url(), 1)?),
            _ => None,
        };
        let mut stage = Self {
            agents: Agents::new(&folder.join("agents"))?,
            door,
            rooms: vec![],
            chain,
            folder,
            set,
            attesters,
            owner,
            providers: vec![],
            crews: vec![],
            taps: vec![],
            clock: Arc::new(ChainClock::patient(Duration::ZERO)),
        };
        stage.tell_time()?;
        stage.add_attesters(plan)?;
        for (number, crews) in (0..).zip(&plan.providers) {
            stage.add_provider(number, crews, plan.offers)?;
        }
        if let Between::SmallDisks(size) = plan.between {
            stage.move_onto_small_disks(size)?;
        }
        stage.agents.start()?;
        pass_the_first_minute(&stage.chain)?;
        Ok(stage)
    }

    /// The URL by which agents reach the chain, in the place of the chain's own.
    fn through(&self, text: &str) -> String {
        match &self.door {
            Some(door) => text.replace(self.chain.rpc_url(), door.url()),
            None => text.to_owned(),
        }
    }

    fn move_onto_small_disks(&mut self, size: u32) -> Result<()> {
        for agent in self.agents.all() {
            self.rooms
                .push(Room::at(&agent.folder.join("state"), size)?);
        }
        Ok(())
    }

    /// The local network as everybody starts it, with a provider whose owner is `owner`; its own keys are elsewhere.
    ///
    /// # Errors
    /// Where an attester serves nowhere.
    pub fn beside(chain: Localnet, agents: Agents, folder: &Path, owner: &Keypair) -> Result<Self> {
        let urls = agents.all().iter().filter_map(|one| one.url.as_deref());
        let at = urls.map(|url| Ok(url.trim_start_matches("http://").parse()?));
        let taps: Result<Vec<_>> = at.map(|at: Result<_>| Tap::new(at?)).collect();
        let cast = &chain.world().cast;
        let attesters = cast.attesters.iter().map(Keypair::insecure_clone);
        Ok(Self {
            taps: taps?,
            agents,
            door: None,
            rooms: vec![],
            folder: folder.to_owned(),
            set: chain.world().set,
            attesters: attesters.collect(),
            owner: cast.attester_owner.insecure_clone(),
            providers: vec![Provider {
                owner: owner.insecure_clone(),
                operator: Keypair::new(),
                workers: vec![],
            }],
            crews: vec![],
            clock: Arc::new(ChainClock::patient(Duration::ZERO)),
            chain,
        })
    }

    fn add_attesters(&mut self, plan: &Plan) -> Result<()> {
        let mut settings = vec![];
        for (number, key) in (1..).zip(&self.attesters) {
            let name = format!("attester-{number}");
            let file = keep(&self.folder, &name, key)?;
            let mut setting = Setting::attester(&self.chain, &name, &file)?;
            setting.program = program("agents-honest")?;
            setting.text.push_str(plan.attester);
            setting.text = self.through(&setting.text);
            let tap = Tap::new(setting.serve.context("an attester serves")?)?;
            setting.url = Some(format!("http://{}", tap.at));
            self.taps.push(tap);
            settings.push((key.pubkey(), setting));
        }
        let uris = settings.iter();
        let uris = uris.filter_map(|(key, setting)| Some((key, setting.url.as_deref()?)));
        self.chain.publish(&self.owner, uris)?;
        for (_, setting) in settings {
            self.agents.add(setting)?;
        }
        Ok(())
    }

    fn add_provider(
        &mut self,
        number: usize,
        crews: &[(Manner, usize)],
        offers: Option<Offered>,
    ) -> Result<()> {
        let nodes = crews.iter().map(|(_, nodes)| nodes).sum();
        let provider = Provider::new(number.saturating_add(11), nodes);
        // A node has room for one job, so that no node has all of them.
        self.chain.register(&provider, &self.set, 1)?;
        let own = address::provider(&self.chain.world().network, &provider.owner.pubkey());
        let operator = keep(
            &self.folder,
            &format!("operator-{number}"),
            &provider.operator,
        )?;
        let mut workers = (0..).zip(&provider.workers);
        for (place, (manner, nodes)) in (0..).zip(crews) {
            let name = format!("worker-{number}-{place}");
            let mut files = vec![];
            let mut addresses = vec![];
            for (node, key) in workers.by_ref().take(*nodes) {
                files.push(keep(&self.folder, &format!("node-{number}-{node}"), key)?);
                addresses.push(address::node(&own, &key.pubkey()));
            }
            let files: Vec<_> = files.iter().map(PathBuf::as_path).collect();
            let business = Business {
                mint: &self.chain.world().usdc.address,
                least: 1,
                offer: offers.map(|offers| offers.price),
            };
            let mut setting = Setting::worker(&self.chain, &name, &operator, &files, &business)?;
            setting.program = program(manner.program())?;
            setting.text = self
                .through(&setting.text)
                .replace("open = \"any\"", "open = \"named\"")
                .replace("pull_every_secs = 5", "pull_every_secs = 2");
            if let Some(offers) = offers {
                setting.text = offers.times(&setting.text);
            }
            if *manner == Manner::Steady {
                setting
                    .text
                    .push_str(&format!("\n[work]\nprocesses = {nodes}\n"));
            }
            if *manner != Manner::Silent {
                self.agents.add(setting)?;
            }
            self.crews.push(Crew {
                name,
                manner: *manner,
                provider: number,
                nodes: addresses,
            });
        }
        self.providers.push(provider);
        Ok(())
    }

    /// A ledger on the chain.
    pub fn ledger(&self) -> Rpc {
        self.chain.ledger()
    }

    /// Reads the chain's time.
    ///
    /// # Errors
    /// The ledger's.
    pub fn tell_time(&self) -> Result<i64> {
        let now = self.ledger().clock()?.unix_timestamp;
        // The chain of the tests says the truth, however far its clock was moved.
        while !self.clock.read(now) {}
        Ok(now)
    }

    /// The members, and where they are asked.
    pub fn members(&self) -> Vec<Member> {
        let members = self.attesters.iter().zip(&self.taps);
        members
            .map(|(key, tap)| Member {
                key: key.pubkey(),
                url: format!("http://{}", tap.at),
            })
            .collect()
    }

    /// The address of a provider.
    ///
    /// # Errors
    /// Where there is none of this number.
    pub fn provider(&self, number: usize) -> Result<Address> {
        let provider = self.providers.get(number).context("there is none")?;
        let owner = provider.owner.pubkey();
        Ok(address::provider(&self.chain.world().network, &owner))
    }
}

/// Attesters called `who`, staked, in a set of their own: its address, their keys in its order, and their owner's.
pub(crate) fn attesters(
    chain: &Localnet,
    who: &str,
    count: usize,
    threshold: u8,
) -> Result<(Address, Vec<Keypair>, Keypair)> {
    let mut keys: Vec<_> = (1..=count)
        .map(|number| key(&format!("{who} {number}")))
        .collect();
    keys.sort_by_key(|key| key.pubkey().to_bytes());
    let owner = key(&format!("owner of {who}s"));
    let mut manifest = plan::network()?;
    let attester = |key: &Keypair| Attester {
        key: Text(key.pubkey()),
        owner: Text(owner.pubkey()),
        stake: Some("100".to_owned()),
    };
    manifest.attesters = keys.iter().map(attester).collect();
    let set = manifest.sets.first_mut().context("there is no set")?;
    set.keys = keys.iter().map(|key| Text(key.pubkey())).collect();
    set.threshold = threshold;
    set.quality.challenge_time = Text(Secs(1));
    set.quality.ruling_time = Text(Secs(60));
    let mut signers: Vec<_> = keys.iter().map(Keypair::insecure_clone).collect();
    signers.push(owner.insecure_clone());
    let wanted = chain.found(&manifest, &signers)?;
    let set = wanted.sets.first().context("there is no set")?.address;
    Ok((set, keys, owner))
}

/// Writes a key that nobody else may read.
pub(crate) fn keep(folder: &Path, name: &str, key: &Keypair) -> Result<PathBuf> {
    let path = folder.join("keys").join(name).with_extension("json");
    fs::write(&path, serde_json::to_string(key.to_bytes().as_slice())?)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
    }
    Ok(path)
}

/// A bin of this package, beside the tests.
pub(crate) fn program(name: &str) -> Result<PathBuf> {
    let beside = sluice_localnet::agents::command()?;
    Ok(beside.with_file_name(format!("{name}{}", env::consts::EXE_SUFFIX)))
}
