//! A second attester set, whose members sign what a worker of theirs lies.

use {
    crate::{
        offered::Offered,
        stage::{Crew, Manner, Stage, attesters, keep, program},
    },
    anyhow::{Context, Result},
    sluice_client::{Address, Signer, address},
    sluice_localnet::{
        Provider,
        agents::{Business, Setting, pass_the_first_minute},
    },
};

/// Members of the set, and how many of them prove a window.
const MEMBERS: usize = 3;
const THRESHOLD: u8 = 2;
/// Number of the provider among those of the stage, and its keys' number.
const PROVIDER: usize = 50;

impl Stage {
    /// Founds the set, and starts its members and a node under it that offers its lies. Gives the node.
    ///
    /// # Errors
    /// Where anything of it cannot be.
    pub fn plot(&mut self, offered: Offered) -> Result<Address> {
        let (set, keys, owner) = attesters(&self.chain, "plotter", MEMBERS, THRESHOLD)?;
        let mut settings = vec![];
        for (number, key) in (1..).zip(&keys) {
            let name = format!("plotter-{number}");
            let file = keep(&self.folder, &name, key)?;
            let mut setting = Setting::attester(&self.chain, &name, &file)?;
            setting.program = program("agents-plotter")?;
            settings.push((key.pubkey(), setting));
        }
        let uris = settings.iter();
        let uris = uris.filter_map(|(key, setting)| Some((key, setting.url.as_deref()?)));
        self.chain.publish(&owner, uris)?;
        for (_, setting) in settings {
            self.agents.add(setting)?;
        }
        let provider = Provider::new(PROVIDER, 1);
        self.chain.register(&provider, &set, 1)?;
        let operator = keep(&self.folder, "operator-plotter", &provider.operator)?;
        let worker = provider.workers.first().context("it has a node")?;
        let file = keep(&self.folder, "node-plotter", worker)?;
        let business = Business {
            mint: &self.chain.world().usdc.address,
            least: 1,
            offer: Some(offered.price),
        };
        let name = "worker-plotter".to_owned();
        let mut setting = Setting::worker(&self.chain, &name, &operator, &[&file], &business)?;
        setting.program = program("agents-plotter")?;
        setting.text = offered.times(&setting.text);
        self.agents.add(setting)?;
        self.agents.start()?;
        pass_the_first_minute(&self.chain)?;
        let own = address::provider(&self.chain.world().network, &provider.owner.pubkey());
        let node = address::node(&own, &worker.pubkey());
        self.crews.push(Crew {
            name,
            manner: Manner::Liar,
            provider: PROVIDER,
            nodes: vec![node],
        });
        Ok(node)
    }
}
