//! Everybody and everything that a run can name, whether it exists yet or not.

use {
    super::book::{Book, Seeds},
    sluice_client::instruction::token::Mint,
    sluice_tests::{
        reference::{Holder, Id, Key, Reference, SetArgs},
        world::{SOL, World},
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// Handles of the mints: stake, two that jobs pay in (the second of Token-2022), rewards.
pub const STAKE: u64 = 1;
pub const PAY: u64 = 2;
pub const REWARD: u64 = 3;
pub const PAY_2022: u64 = 4;

/// Handles by role. Accounts are derived, not necessarily opened.
#[derive(Default)]
pub struct Cast {
    pub treasuries: Vec<Key>,
    pub attester_keys: Vec<Key>,
    pub attester_owners: Vec<Key>,
    pub provider_owners: Vec<Key>,
    pub operators: Vec<Key>,
    /// The last two are an attester's key and a cosigner's.
    pub workers: Vec<Key>,
    /// The last one is poor.
    pub buyers: Vec<Key>,
    pub cosigners: Vec<Key>,
    pub fee_owners: Vec<Key>,
    pub creators: Vec<Key>,
    pub admins: Vec<Key>,
    pub guardians: Vec<Key>,
    /// Stake behind others, challenge what others proved, and give dividends.
    pub delegators: Vec<Key>,
    pub stranger: Key,
    pub networks: Vec<Id>,
    pub attesters: Vec<Id>,
    /// Only those that an action named so far.
    pub sets: Vec<Id>,
    pub providers: Vec<Id>,
    pub nodes: Vec<Id>,
    pub offers: Vec<Id>,
    pub stake_pools: Vec<Id>,
    pub jobs: Vec<Id>,
    pub reward_pools: Vec<Id>,
}

/// What an owner of stake, a buyer and a poor buyer begin with, base units.
const RICHES: u64 = 10_000_000;
const CRUMBS: u64 = 60;

impl Cast {
    /// Draws up the cast, opens everybody's token accounts and fills them, on chain and in the model.
    pub fn assemble(world: &mut World, book: &mut Book, model: &mut Reference) -> Self {
        let mint_2022 = world.mint_2022(&[]);
        for mint in [
            world.stake_mint,
            world.pay_mint,
            world.reward_mint,
            mint_2022,
        ] {
            book.enter_mint(mint);
        }
        let mut drawn = Vec::new();
        let mut draw = |world: &mut World, count: usize| {
            let keys: Vec<Keypair> = (0..count).map(|_| world.key()).collect();
            let addresses: Vec<_> = keys.iter().map(Keypair::pubkey).collect();
            drawn.extend(keys);
            addresses
        };
        let roles: Vec<_> = [2, 8, 8, 3, 3, 4, 4, 2, 2, 2, 2, 2, 3, 1]
            .map(|count| draw(world, count))
            .into();
        book.enter_keys(drawn);
        let mut roles = roles.into_iter().map(|addresses| {
            let handles = addresses.iter().map(|address| book.handle(address));
            handles.collect::<Vec<Key>>()
        });
        let mut role = || roles.next().expect("as many roles as counts");
        let mut cast = Self {
            treasuries: role(),
            attester_keys: role(),
            attester_owners: role(),
            provider_owners: role(),
            operators: role(),
            workers: role(),
            buyers: role(),
            cosigners: role(),
            fee_owners: role(),
            creators: role(),
            admins: role(),
            guardians: role(),
            delegators: role(),
            stranger: role()[0],
            ..Self::default()
        };
        cast.workers.push(cast.attester_keys[0]);
        cast.workers.push(cast.cosigners[0]);
        cast.fill_purses(world, book, model);
        cast.derive_accounts(book, &world.payer.pubkey());
        cast
    }

    /// Wallets that can hold tokens.
    pub fn wallets(&self) -> Vec<Key> {
        let mut all = self.payers();
        all.extend(self.treasuries.iter().chain(&self.fee_owners));
        all
    }

    /// Wallets that begin with tokens.
    pub fn payers(&self) -> Vec<Key> {
        let owners = self.attester_owners.iter().chain(&self.provider_owners);
        let rich = owners.chain(&self.buyers).chain(&self.creators);
        let rich = rich.chain(&self.delegators);
        rich.copied().chain([self.stranger]).collect()
    }

    fn fill_purses(&self, world: &mut World, book: &mut Book, model: &mut Reference) {
        for key in self.wallets() {
            for mint in book.mints() {
                book.open_wallet(world, key, mint);
            }
        }
        for key in self.payers() {
            // Whoever gives the first dividend pays for the vault.
            let lamports = world.chain.airdrop(&book.address(key), SOL);
            lamports.expect("lamports");
            let poor = Some(&key) == self.buyers.last();
            let amount = if poor { CRUMBS } else { RICHES };
            for mint in book.mints() {
                let account = book.token_account(Holder::Wallet(key), mint);
                let on_chain: Mint = book.mint(mint);
                world.mint_into(&account, &on_chain, amount);
                model.mint_to(Holder::Wallet(key), mint, amount);
            }
        }
    }

    fn derive_accounts(&mut self, book: &mut Book, payer: &Address) {
        for name in [b"first", b"other", b"third"] {
            let mut padded = [0; 16];
            padded[..5].copy_from_slice(name);
            let id = book.derive(Seeds::Network(padded), payer);
            self.networks.push(id);
        }
        let [home, abroad] = [self.networks[0], self.networks[1]];
        for (network, owners, keys) in [(home, 3, 8), (abroad, 1, 2)] {
            for key in self.attester_keys.iter().take(keys) {
                let seeds = Seeds::Attester { network, key: *key };
                self.attesters.push(book.derive(seeds, payer));
            }
            for owner in self.provider_owners.iter().take(owners) {
                let owner = *owner;
                let provider = book.derive(Seeds::Provider { network, owner }, payer);
                self.providers.push(provider);
                for worker in &self.workers {
                    let worker = *worker;
                    let node = book.derive(Seeds::Node { provider, worker }, payer);
                    self.nodes.push(node);
                }
            }
            for (buyer, number) in self.buyers.iter().flat_map(|b| [(*b, 1), (*b, 2)]) {
                if network == home || number == 1 {
                    let seeds = Seeds::Job {
                        network,
                        buyer,
                        number,
                    };
                    self.jobs.push(book.derive(seeds, payer));
                }
            }
        }
        for subject in self.attesters.iter().chain(&self.providers) {
            let subject = *subject;
            let pool = book.derive(Seeds::StakePool { subject }, payer);
            self.stake_pools.push(pool);
        }
        for (node, number) in self.nodes.iter().flat_map(|node| [(*node, 1), (*node, 2)]) {
            let offer = book.derive(Seeds::Offer { node, number }, payer);
            self.offers.push(offer);
        }
        for number in 1..=8 {
            for creator in &self.creators {
                let seeds = Seeds::RewardPool {
                    network: home,
                    creator: *creator,
                    number,
                };
                self.reward_pools.push(book.derive(seeds, payer));
            }
        }
    }

    /// The handle of the set with these contents.
    pub fn set(&mut self, book: &mut Book, payer: &Address, network: Id, args: &SetArgs) -> Id {
        let args = Box::new(book.set_args(args));
        let id = book.derive(Seeds::Set { network, args }, payer);
        if !self.sets.contains(&id) {
            self.sets.push(id);
        }
        id
    }
}
