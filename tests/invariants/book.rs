//! Handles of the reference ledger and addresses on chain, one for one, and what each address is derived from.

use {
    sluice_client::{Quality, SetArgs, address, instruction::token::Mint},
    sluice_tests::{
        reference::{self, Holder, Id, Key},
        world::World,
    },
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::collections::BTreeMap,
};

/// What an account's address is derived from.
#[derive(Clone, Debug)]
pub enum Seeds {
    Network([u8; 16]),
    Attester {
        network: Id,
        key: Key,
    },
    Set {
        network: Id,
        args: Box<SetArgs>,
    },
    Provider {
        network: Id,
        owner: Key,
    },
    Node {
        provider: Id,
        worker: Key,
    },
    StakePool {
        subject: Id,
    },
    Offer {
        node: Id,
        number: u64,
    },
    Job {
        network: Id,
        buyer: Key,
        number: u64,
    },
    RewardPool {
        network: Id,
        creator: Key,
        number: u64,
    },
    Batch {
        by: Key,
        set: Id,
        root: [u8; 32],
    },
}

/// Every handle in use. A handle is the place of its address in the order of entry, counted from 1.
#[derive(Default)]
pub struct Book {
    addresses: Vec<Address>,
    handles: BTreeMap<Address, u64>,
    keys: BTreeMap<Address, Keypair>,
    seeds: BTreeMap<Id, Seeds>,
    holders: BTreeMap<Address, Holder>,
    mints: Vec<Mint>,
    domains: BTreeMap<Id, [u8; 32]>,
}

impl Book {
    /// Enters `keys`; their handles ascend as their addresses do.
    pub fn enter_keys(&mut self, mut keys: Vec<Keypair>) {
        keys.sort_by_key(|key| key.pubkey().to_bytes());
        for key in keys {
            self.enter(key.pubkey());
            self.keys.insert(key.pubkey(), key);
        }
    }

    /// Enters what a network's statements begin with.
    pub fn enter_domain(&mut self, network: Id, domain: [u8; 32]) {
        self.domains.insert(network, domain);
    }

    /// What a network's statements begin with; zeros before there is one.
    pub fn domain(&self, network: Id) -> [u8; 32] {
        self.domains.get(&network).copied().unwrap_or_default()
    }

    /// Enters a mint; handles of mints count from 1.
    pub fn enter_mint(&mut self, mint: Mint) -> reference::Mint {
        self.mints.push(mint);
        self.mints.len() as u64
    }

    fn enter(&mut self, address: Address) -> u64 {
        *self.handles.entry(address).or_insert_with(|| {
            self.addresses.push(address);
            self.addresses.len() as u64
        })
    }

    /// The address of a handle.
    pub fn address(&self, handle: u64) -> Address {
        self.addresses[handle as usize - 1]
    }

    /// The address of a handle, or zero for none.
    pub fn address_or_nobody(&self, handle: Option<u64>) -> Address {
        handle.map_or(Address::default(), |handle| self.address(handle))
    }

    /// The handle of an address that is known.
    pub fn handle(&self, address: &Address) -> u64 {
        let handle = self.handles.get(address).copied();
        handle.unwrap_or_else(|| panic!("nobody expected an account at {address}"))
    }

    /// The handle of an address, none for zero.
    pub fn handle_unless_nobody(&self, address: &Address) -> Option<u64> {
        (*address != Address::default()).then(|| self.handle(address))
    }

    /// The key pair at an address.
    pub fn key_at(&self, address: &Address) -> &Keypair {
        &self.keys[address]
    }

    /// The key pair of a handle.
    pub fn key(&self, key: Key) -> &Keypair {
        self.key_at(&self.address(key))
    }

    /// What a handle's address is derived from.
    pub fn seeds(&self, id: Id) -> &Seeds {
        &self.seeds[&id]
    }

    /// The mint of a handle.
    pub fn mint(&self, mint: reference::Mint) -> Mint {
        self.mints[mint as usize - 1]
    }

    /// The handle of a mint at an address, if it is one.
    pub fn mint_at(&self, address: &Address) -> Option<reference::Mint> {
        let place = self.mints.iter().position(|m| m.address == *address);
        place.map(|place| place as u64 + 1)
    }

    /// Every mint's handle.
    pub fn mints(&self) -> impl Iterator<Item = reference::Mint> + use<> {
        1..=self.mints.len() as u64
    }

    /// The handle of the mint at an address.
    pub fn mint_handle(&self, address: &[u8]) -> reference::Mint {
        let place = self
            .mints
            .iter()
            .position(|m| m.address.as_ref() == address);
        place.expect("a mint that was entered") as u64 + 1
    }

    /// Who holds the token account at an address.
    pub fn holder(&self, account: &Address) -> Holder {
        let holder = self.holders.get(account).copied();
        holder.unwrap_or_else(|| panic!("nobody expected tokens at {account}"))
    }

    /// The token account of a holder.
    pub fn token_account(&self, holder: Holder, mint: reference::Mint) -> Address {
        match holder {
            Holder::Wallet(key) => {
                let mint = self.mint(mint);
                address::token_account(&self.address(key), &mint.address, &mint.token_program)
            }
            Holder::JobVault(id) | Holder::StakeVault(id) | Holder::RewardVault(id) => {
                address::vault(&self.address(id))
            }
            Holder::DividendVault(id) => address::dividends(&self.address(id)),
        }
    }

    /// Opens the associated account of `key` for `mint`, on chain too.
    pub fn open_wallet(&mut self, world: &mut World, key: Key, mint: reference::Mint) {
        world.open_account(&self.address(key), &self.mint(mint));
        let account = self.token_account(Holder::Wallet(key), mint);
        self.holders.insert(account, Holder::Wallet(key));
    }

    /// Enters another account of `key` than its associated one.
    pub fn enter_second_account(&mut self, account: Address, key: Key) {
        self.holders.insert(account, Holder::Wallet(key));
    }

    /// The handle of the account derived from `seeds`, entered with its vault if it is new.
    pub fn derive(&mut self, seeds: Seeds, payer: &Address) -> Id {
        let at = |id: &Id| self.address(*id);
        let address = match &seeds {
            Seeds::Network(name) => address::network(payer, name),
            Seeds::Attester { network, key } => address::attester(&at(network), &at(key)),
            Seeds::Set { network, args } => address::attester_set(&at(network), &args.digest()),
            Seeds::Provider { network, owner } => address::provider(&at(network), &at(owner)),
            Seeds::Node { provider, worker } => address::node(&at(provider), &at(worker)),
            Seeds::StakePool { subject } => address::stake_pool(&at(subject)),
            Seeds::Offer { node, number } => address::offer(&at(node), *number),
            Seeds::Job {
                network,
                buyer,
                number,
            } => address::job(&at(network), &at(buyer), *number),
            Seeds::RewardPool {
                network,
                creator,
                number,
            } => address::reward_pool(&at(network), &at(creator), *number),
            Seeds::Batch { by, set, root } => address::batch(&at(by), &at(set), root),
        };
        let id = self.enter(address);
        let vault = match &seeds {
            Seeds::Job { .. } => Some(Holder::JobVault(id)),
            Seeds::StakePool { .. } => Some(Holder::StakeVault(id)),
            Seeds::RewardPool { .. } => Some(Holder::RewardVault(id)),
            _ => None,
        };
        if let Some(holder) = vault {
            self.holders.insert(address::vault(&address), holder);
        }
        if let Seeds::StakePool { .. } = &seeds {
            let holder = Holder::DividendVault(id);
            self.holders.insert(address::dividends(&address), holder);
        }
        self.seeds.insert(id, seeds);
        id
    }

    /// A set's arguments as the client takes them.
    pub fn set_args(&self, args: &reference::SetArgs) -> SetArgs {
        let mut keys = [Address::default(); 16];
        for (slot, key) in keys.iter_mut().zip(&args.keys) {
            *slot = self.address(*key);
        }
        SetArgs {
            meter: [5; 32],
            fee_owner: self.address(args.fee_owner),
            revoker: self.address(args.revoker),
            fee_bps: args.fee_bps,
            threshold: args.threshold,
            count: args.keys.len() as u8,
            keys,
            quality: Quality {
                mint: match args.quality.mint {
                    0 => Address::default(),
                    mint => self.mint(mint).address,
                },
                price: args.quality.price,
                per: args.quality.per,
                bond: args.quality.bond,
                challenge_bond: args.quality.challenge_bond,
                challenge_secs: args.quality.challenge_secs,
                ruling_secs: args.quality.ruling_secs,
            },
        }
    }
}
