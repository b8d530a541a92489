//! Everybody in the demo, and how they come to be on the chain: network, attesters, providers, nodes and their stake.

use {
    crate::{
        chain::Chain,
        ledger::Asset,
        plan::{self, ATTESTERS, NODE_LABELS, NODE_OWNERS, NODES, Options, PROVIDER_LABELS},
    },
    anyhow::{Context, Result, ensure},
    sha2::{Digest, Sha256},
    sluice_client::{
        NetworkArgs, NetworkRoles, NodeArgs, SetArgs, address,
        instruction::{self as ix, token::Mint},
        ledger::Embedded,
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Name of the network.
const NAME: &str = "renderfarm";
/// Id of the demo's one reward pool.
pub const POOL_ID: u64 = 1;

/// A stake: whose, behind what.
pub struct Staker {
    pub label: String,
    pub owner: Keypair,
    /// The provider or attester account.
    pub subject: Address,
    pub pool: Address,
    pub amount: u64,
}

/// A machine.
pub struct Machine {
    pub worker: Keypair,
    pub address: Address,
}

/// The chain and everybody on it.
pub struct World {
    pub chain: Chain,
    pub network: Address,
    pub usdc: Mint,
    pub reward: Mint,
    pub stake: Mint,
    pub admin: Keypair,
    pub buyer: Keypair,
    pub treasury: Keypair,
    /// Receives the attesters' fees.
    pub fee_owner: Keypair,
    /// Creates and funds the reward pool.
    pub funder: Keypair,
    /// Provider A and provider B.
    pub providers: Vec<Staker>,
    pub operators: Vec<Keypair>,
    pub machines: Vec<Machine>,
    /// Stakes behind provider B.
    pub delegator: Staker,
    /// Owners of the attesters, in the order of the set's keys.
    pub attesters: Vec<Staker>,
    pub attester_keys: Vec<Keypair>,
    pub set: Address,
    pub set_args: SetArgs,
}

/// The key of this name; the same in every run.
pub fn key(name: &str) -> Keypair {
    Keypair::new_from_array(Sha256::digest(format!("sluice demo: {name}")).into())
}

impl World {
    /// A chain with the program and everybody's keys and tokens, and the book open; nothing of the program's yet.
    pub fn new(options: &Options) -> Result<Self> {
        let elf = &options.elf;
        ensure!(
            elf.exists(),
            "{} is missing: run `cargo xtask build` first",
            elf.display()
        );
        let mut ledger = Embedded::new(elf)?;
        let admin = key("admin");
        let mut mint = |name: &str, decimals| {
            ledger.create_mint(&key(name).pubkey(), &admin.pubkey(), decimals)
        };
        let usdc = mint("usdc", Asset::Usdc.decimals())?;
        let reward = mint("reward", Asset::Reward.decimals())?;
        let stake = mint("stake", Asset::Stake.decimals())?;
        let name = address::network_name(NAME).context("the network's name is too long")?;
        let network = address::network(&admin.pubkey(), &name);

        let mut attester_keys: Vec<_> = (0..ATTESTERS)
            .map(|number| key(&format!("attester {number}")))
            .collect();
        attester_keys.sort_by_key(|key| key.pubkey().to_bytes());
        let fee_owner = key("fee owner");
        let set_args = set_args(
            &attester_keys,
            &fee_owner.pubkey(),
            &admin.pubkey(),
            usdc.address,
        );
        let providers: Vec<_> = PROVIDER_LABELS
            .iter()
            .map(|label| {
                let owner = key(label);
                let subject = address::provider(&network, &owner.pubkey());
                staker((*label).to_owned(), owner, subject, plan::PROVIDER_STAKE)
            })
            .collect();
        let backed: &Staker = &providers[NODE_OWNERS[plan::WITHHOLDER]];
        let delegator = staker(
            "delegator".to_owned(),
            key("delegator"),
            backed.subject,
            plan::DELEGATION,
        );
        let machines = (0..NODES)
            .map(|node| {
                let worker = key(&format!("worker {node}"));
                let provider = &providers[NODE_OWNERS[node]].subject;
                let address = address::node(provider, &worker.pubkey());
                Machine { worker, address }
            })
            .collect();
        let attesters = (1..)
            .zip(&attester_keys)
            .map(|(number, attester)| {
                let label = format!("attester {number}");
                let subject = address::attester(&network, &attester.pubkey());
                let owner = key(&format!("owner of {label}"));
                staker(label, owner, subject, plan::ATTESTER_STAKE)
            })
            .collect();
        let mut world = Self {
            chain: Chain::new(ledger, key("keeper")),
            network,
            usdc,
            reward,
            stake,
            buyer: key("buyer"),
            treasury: key("treasury"),
            fee_owner,
            funder: key("funder"),
            operators: PROVIDER_LABELS
                .map(|label| key(&format!("operator of {label}")))
                .into(),
            providers,
            delegator,
            machines,
            attesters,
            attester_keys,
            set: address::attester_set(&network, &set_args.digest()),
            set_args,
            admin,
        };
        world.endow()?;
        world.list_holders();
        world.chain.open_book()?;
        Ok(world)
    }

    /// Providers, attesters and the delegator, in the order in which they stake and withdraw.
    pub fn stakers(&self) -> impl Iterator<Item = &Staker> {
        self.providers
            .iter()
            .chain(&self.attesters)
            .chain([&self.delegator])
    }

    /// Address of job `node`: one job per node.
    pub fn job(&self, node: usize) -> Address {
        address::job(&self.network, &self.buyer.pubkey(), node as u64)
    }

    /// Address of the reward pool.
    pub fn pool(&self) -> Address {
        address::reward_pool(&self.network, &self.funder.pubkey(), POOL_ID)
    }

    /// Founds the network and registers everybody.
    pub fn register_all(&mut self) -> Result<()> {
        self.create_network()?;
        let set_args = self.set_args;
        let (admin, network, set) = (self.admin.pubkey(), self.network, self.set);
        for (staker, attester) in self.attesters.iter().zip(&self.attester_keys) {
            let (owner, key) = (staker.owner.pubkey(), attester.pubkey());
            let register = ix::register_attester(&owner, &owner, &key, &network);
            self.chain
                .send("register_attester", &[register], &[&staker.owner, attester])?;
        }
        for (staker, operator) in self.providers.iter().zip(&self.operators) {
            let owner = staker.owner.pubkey();
            let register = ix::register_provider(&owner, &owner, &operator.pubkey(), &network);
            self.chain
                .send("register_provider", &[register], &[&staker.owner])?;
        }
        self.stake_all()?;
        let create = ix::create_attester_set(&admin, &network, set_args);
        self.chain
            .send("create_attester_set", &[create], &[&self.admin])?;
        for (index, (staker, attester)) in (0..).zip(self.attesters.iter().zip(&self.attester_keys))
        {
            let owner = staker.owner.pubkey();
            let enter = ix::enter_attester_set(&owner, &network, &set, &attester.pubkey(), index);
            self.chain
                .send("enter_attester_set", &[enter], &[&staker.owner])?;
        }
        for (node, machine) in self.machines.iter().enumerate() {
            let owner = &self.providers[NODE_OWNERS[node]].owner;
            let args = node_args(NODE_LABELS[node])?;
            let worker = &machine.worker;
            let register = ix::register_node(
                &owner.pubkey(),
                &owner.pubkey(),
                &worker.pubkey(),
                &network,
                &set,
                args,
            );
            self.chain
                .send("register_node", &[register], &[owner, worker])?;
        }
        Ok(())
    }

    fn create_network(&mut self) -> Result<()> {
        let admin = self.admin.pubkey();
        let args = NetworkArgs {
            name: address::network_name(NAME).context("the network's name is too long")?,
            nonce: Sha256::digest("sluice demo: nonce").into(),
            roles: NetworkRoles {
                admin,
                guardian: admin,
                resolver: admin,
                treasury: self.treasury.pubkey(),
            },
            params: plan::PARAMS,
            min_unbonding_secs: plan::UNBONDING_SECS,
            dividend_secs: plan::DIVIDEND_SECS,
        };
        let (stake, reward) = (&self.stake.address, &self.reward.address);
        let create = ix::create_network(&admin, &admin, stake, reward, args);
        self.chain.send("create_network", &[create], &[&self.admin])
    }
}

/// Somebody who stakes `amount` behind `subject`.
fn staker(label: String, owner: Keypair, subject: Address, amount: u64) -> Staker {
    Staker {
        label,
        owner,
        subject,
        pool: address::stake_pool(&subject),
        amount,
    }
}

/// The set of these keys, which are ascending.
fn set_args(
    attesters: &[Keypair],
    fee_owner: &Address,
    revoker: &Address,
    pay: Address,
) -> SetArgs {
    let mut keys = [Address::default(); 16];
    for (slot, attester) in keys.iter_mut().zip(attesters) {
        *slot = attester.pubkey();
    }
    SetArgs {
        meter: Sha256::digest("one tile of the zoom, all of them run again").into(),
        fee_owner: *fee_owner,
        revoker: *revoker,
        fee_bps: plan::ATTESTATION_BPS,
        threshold: plan::THRESHOLD,
        count: ATTESTERS as u8,
        keys,
        quality: plan::quality(pay),
    }
}

/// What a node says of itself.
fn node_args(label: &str) -> Result<NodeArgs> {
    let text = format!("https://example.com/nodes/{label}");
    Ok(NodeArgs {
        metadata_hash: Sha256::digest(&text).into(),
        uri: ix::node_uri(&text).context("the node's URI is too long")?,
        slots_total: 1,
        class: 1,
        region: 1,
    })
}
