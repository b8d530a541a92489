//! Who and what is on the local chain. Keys and mints follow from names, and the network's addresses from its manifest.

use {
    crate::{
        cast::{ATTESTERS, Cast, key},
        plan,
    },
    anyhow::{Context, Result},
    sluice_client::{
        address,
        found::Wanted,
        instruction::token::{Mint, TOKEN_PROGRAM},
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::collections::BTreeMap,
};

/// The three mints.
#[derive(Clone, Copy)]
pub struct Mints {
    /// Of stake and bonds.
    pub stake: Mint,
    /// Of payments.
    pub usdc: Mint,
    /// Of rewards and of the network's dividends.
    pub reward: Mint,
}

impl Mints {
    /// The same in every run.
    pub fn new() -> Self {
        Self {
            stake: mint("stake mint", plan::STAKE_DECIMALS),
            usdc: mint("usdc mint", plan::USDC_DECIMALS),
            reward: mint("reward mint", plan::REWARD_DECIMALS),
        }
    }
}

/// The keys, and the addresses that follow from them.
pub struct World {
    pub cast: Cast,
    pub network: Address,
    /// Mint of stake and bonds.
    pub stake: Mint,
    /// Mint of payments.
    pub usdc: Mint,
    /// Mint of rewards and of the network's dividends.
    pub reward: Mint,
    pub set: Address,
    /// In the order of the set's keys.
    pub attesters: [Address; ATTESTERS],
    pub provider: Address,
    pub node: Address,
    /// The second provider and its node, where there is one.
    pub second: Option<(Address, Address)>,
    pub reward_pool: Address,
}

impl World {
    /// What comes of the manifest and these keys.
    pub fn of(cast: Cast, mints: &Mints, wanted: &Wanted) -> Result<Self> {
        let network = wanted.network.address;
        let set = wanted.sets.first().context("the manifest has no set")?;
        let pool = wanted.pools.first().context("the manifest has no pool")?;
        let attester = |key: &Keypair| address::attester(&network, &key.pubkey());
        let provider = address::provider(&network, &cast.provider.pubkey());
        let second = cast.second.as_ref().and_then(|second| {
            let provider = address::provider(&network, &second.owner.pubkey());
            let worker = second.workers.first()?.pubkey();
            Some((provider, address::node(&provider, &worker)))
        });
        Ok(Self {
            network,
            stake: mints.stake,
            usdc: mints.usdc,
            reward: mints.reward,
            set: set.address,
            attesters: cast.attesters.each_ref().map(attester),
            provider,
            node: address::node(&provider, &cast.worker.pubkey()),
            second,
            reward_pool: pool.address,
            cast,
        })
    }

    /// The name of everything, as a profile of the command has it: accounts stand before keys.
    pub fn names(&self) -> BTreeMap<String, Address> {
        let keys = self.cast.named().into_iter();
        let mut names: BTreeMap<_, _> = keys.map(|(name, key)| (name, key.pubkey())).collect();
        let accounts = self.addresses().into_iter();
        names.extend(accounts.filter_map(|(name, address)| {
            let name = match name.as_str() {
                "stake_mint" => "STAKE".to_owned(),
                "usdc_mint" => "USDC".to_owned(),
                "reward_mint" => "REWARD".to_owned(),
                "attester_set" => "set".to_owned(),
                "provider_stake_pool" => "stake-pool".to_owned(),
                "program" => return None,
                name => name.replace('_', "-"),
            };
            Some((name, address))
        }));
        names
    }

    /// Every address that no key file has, under its name.
    pub fn addresses(&self) -> Vec<(String, Address)> {
        let mut all: Vec<(String, Address)> = [
            ("program", sluice_client::ID),
            ("network", self.network),
            ("stake_mint", self.stake.address),
            ("usdc_mint", self.usdc.address),
            ("reward_mint", self.reward.address),
            ("attester_set", self.set),
            ("provider", self.provider),
            ("provider_stake_pool", address::stake_pool(&self.provider)),
            ("node", self.node),
            ("reward_pool", self.reward_pool),
        ]
        .map(|(name, address)| (name.to_owned(), address))
        .into();
        let attesters = (1..).zip(&self.attesters);
        all.extend(attesters.map(|(number, address)| (format!("attester_{number}"), *address)));
        if let Some((provider, node)) = self.second {
            all.push(("provider_2".to_owned(), provider));
            all.push(("node_2".to_owned(), node));
        }
        all
    }
}

fn mint(name: &str, decimals: u8) -> Mint {
    Mint {
        address: key(name).pubkey(),
        token_program: TOKEN_PROGRAM,
        decimals,
    }
}
