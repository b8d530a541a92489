//! Who and what is on the local chain. All of it follows from names, so nothing here asks a chain.

use {
    crate::{
        cast::{ATTESTERS, Cast, key},
        plan,
    },
    sluice_client::{
        SetArgs, address,
        instruction::token::{Mint, TOKEN_PROGRAM},
    },
    solana_address::Address,
    solana_signer::Signer,
};

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
    pub set_args: SetArgs,
    /// In the order of the set's keys.
    pub attesters: [Address; ATTESTERS],
    pub provider: Address,
    pub node: Address,
    pub reward_pool: Address,
}

impl World {
    /// The same in every run.
    pub fn new() -> Self {
        let cast = Cast::new();
        let network = address::network(&cast.admin.pubkey(), &plan::NAME);
        let keys = cast.attesters.each_ref().map(Signer::pubkey);
        let usdc = mint("usdc mint", plan::USDC_DECIMALS);
        let (fees, revoker) = (cast.attester_fees.pubkey(), cast.admin.pubkey());
        let set_args = plan::set(&keys, fees, revoker, usdc.address);
        let provider = address::provider(&network, &cast.provider.pubkey());
        Self {
            network,
            stake: mint("stake mint", plan::STAKE_DECIMALS),
            usdc,
            reward: mint("reward mint", plan::REWARD_DECIMALS),
            set: address::attester_set(&network, &set_args.digest()),
            set_args,
            attesters: keys.map(|key| address::attester(&network, &key)),
            provider,
            node: address::node(&provider, &cast.worker.pubkey()),
            reward_pool: address::reward_pool(&network, &cast.funder.pubkey(), plan::POOL_ID),
            cast,
        }
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
        all
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

fn mint(name: &str, decimals: u8) -> Mint {
    Mint {
        address: key(name).pubkey(),
        token_program: TOKEN_PROGRAM,
        decimals,
    }
}
