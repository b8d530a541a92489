//! Attesters, sets, providers and nodes.

use {
    super::{TOKEN, World},
    sluice_client::{Node, NodeArgs, Quality, SetArgs, address, instruction as ix},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A registered, bonded attester.
pub struct AttesterHandle {
    pub owner: Keypair,
    pub key: Keypair,
    pub address: Address,
    pub pool: Address,
}

/// A set and the attesters in it, in the order of their keys.
pub struct SetHandle {
    pub address: Address,
    pub args: SetArgs,
    pub attesters: Vec<AttesterHandle>,
    pub fee_owner: Keypair,
}

/// A registered provider.
pub struct ProviderHandle {
    pub owner: Keypair,
    pub operator: Keypair,
    pub address: Address,
    pub pool: Address,
}

/// A registered node.
pub struct NodeHandle {
    pub worker: Keypair,
    pub address: Address,
}

/// What the nodes of these tests say of themselves.
pub const NODE_ARGS: NodeArgs = NodeArgs {
    metadata_hash: [9; 32],
    uri: [0; 64],
    slots_total: 4,
    class: 1,
    region: 1,
};

impl World {
    /// Creates the stake pool and position of `subject` and stakes `amount` for its owner.
    pub fn stake(&mut self, subject: &Address, owner: &Keypair, amount: u64) -> Address {
        let mint = self.stake_mint;
        let payer = self.payer.pubkey();
        let pool = address::stake_pool(subject);
        self.mint_to(&owner.pubkey(), &mint, amount);
        self.ok(
            &[
                ix::create_stake_pool(
                    &payer,
                    &self.network.clone(),
                    subject,
                    &mint.address,
                    &mint.token_program,
                ),
                ix::stake(
                    &payer,
                    &owner.pubkey(),
                    &self.network,
                    &pool,
                    &mint.address,
                    &mint.token_program,
                    amount,
                ),
            ],
            &[owner],
        );
        pool
    }

    /// An attester with 1,000 tokens of bond.
    pub fn attester(&mut self) -> AttesterHandle {
        let (owner, key) = (self.party(), self.key());
        let network = self.network;
        self.ok(
            &[ix::register_attester(
                &self.payer.pubkey(),
                &owner.pubkey(),
                &key.pubkey(),
                &network,
            )],
            &[&owner, &key],
        );
        let address = address::attester(&network, &key.pubkey());
        let pool = self.stake(&address, &owner, 1_000 * TOKEN);
        AttesterHandle {
            owner,
            key,
            address,
            pool,
        }
    }

    /// What the sets of these tests ask: the usual terms but for the price, of which any will do.
    pub fn quality(&self) -> Quality {
        let terms = self.terms(&Address::default());
        Quality {
            mint: terms.mint,
            price: 1,
            per: u64::MAX,
            bond: terms.bond,
            challenge_bond: terms.challenge_bond,
            challenge_secs: terms.challenge_secs,
            ruling_secs: terms.ruling_secs,
        }
    }

    /// Arguments of a set of `attesters`, which need not be in order.
    pub fn set_args(
        &mut self,
        attesters: &mut [AttesterHandle],
        threshold: u8,
        fee_bps: u16,
        fee_owner: &Address,
    ) -> SetArgs {
        attesters.sort_by_key(|attester| attester.key.pubkey().to_bytes());
        let mut keys = [Address::default(); 16];
        for (slot, attester) in keys.iter_mut().zip(attesters.iter()) {
            *slot = attester.key.pubkey();
        }
        SetArgs {
            meter: [5; 32],
            fee_owner: *fee_owner,
            revoker: self.payer.pubkey(),
            fee_bps,
            threshold,
            count: attesters.len() as u8,
            keys,
            quality: self.quality(),
        }
    }

    /// A set of `count` fresh attesters, all live, that takes 1 % of what is earned.
    pub fn set(&mut self, count: u8, threshold: u8) -> SetHandle {
        self.set_asking(count, threshold, |_| ())
    }

    /// The same with what `change` makes of [`Self::quality`].
    pub fn set_asking(
        &mut self,
        count: u8,
        threshold: u8,
        change: impl FnOnce(&mut Quality),
    ) -> SetHandle {
        let set = self.found_set(count, threshold, change);
        for (index, attester) in set.attesters.iter().enumerate() {
            self.enter(&set, attester, index as u8);
        }
        set
    }

    /// A set like [`Self::set`] that nobody has entered.
    pub fn dormant_set(&mut self, count: u8, threshold: u8) -> SetHandle {
        self.found_set(count, threshold, |_| ())
    }

    fn found_set(
        &mut self,
        count: u8,
        threshold: u8,
        change: impl FnOnce(&mut Quality),
    ) -> SetHandle {
        let mut attesters: Vec<_> = (0..count).map(|_| self.attester()).collect();
        let fee_owner = self.party();
        let pay = self.pay_mint;
        self.open_account(&fee_owner.pubkey(), &pay);
        let mut args = self.set_args(&mut attesters, threshold, 100, &fee_owner.pubkey());
        change(&mut args.quality);
        let network = self.network;
        SetHandle {
            address: self.set_of(&network, args),
            args,
            attesters,
            fee_owner,
        }
    }

    /// Creates the set of these contents in `network`; nobody has entered it.
    pub fn set_of(&mut self, network: &Address, args: SetArgs) -> Address {
        let create = ix::create_attester_set(&self.payer.pubkey(), network, args);
        self.ok(&[create], &[]);
        address::attester_set(network, &args.digest())
    }

    /// Makes the member at `index` live.
    pub fn enter(&mut self, set: &SetHandle, attester: &AttesterHandle, index: u8) {
        let enter = ix::enter_attester_set(
            &attester.owner.pubkey(),
            &self.network,
            &set.address,
            &attester.key.pubkey(),
            index,
        );
        self.ok(&[enter], &[&attester.owner]);
    }

    /// Clears the bit of the member at `index`.
    pub fn leave(&mut self, set: &SetHandle, index: u8) {
        let attester = &set.attesters[usize::from(index)];
        let leave = ix::leave_attester_set(
            &attester.owner.pubkey(),
            &self.network,
            &set.address,
            &attester.key.pubkey(),
            index,
        );
        let owner = attester.owner.insecure_clone();
        self.ok(&[leave], &[&owner]);
    }

    /// A provider with 10,000 tokens of stake and a token account for its pay.
    pub fn provider(&mut self) -> ProviderHandle {
        let (owner, operator) = (self.party(), self.party());
        let network = self.network;
        self.ok(
            &[ix::register_provider(
                &self.payer.pubkey(),
                &owner.pubkey(),
                &operator.pubkey(),
                &network,
            )],
            &[&owner],
        );
        let address = address::provider(&network, &owner.pubkey());
        let pool = self.stake(&address, &owner, 10_000 * TOKEN);
        for mint in [self.pay_mint, self.reward_mint] {
            self.open_account(&owner.pubkey(), &mint);
        }
        ProviderHandle {
            owner,
            operator,
            address,
            pool,
        }
    }

    /// A node of `provider` under `set` (zero for none).
    pub fn node(&mut self, provider: &ProviderHandle, set: &Address) -> NodeHandle {
        let worker = self.key();
        self.register(provider, &worker, set);
        NodeHandle {
            address: address::node(&provider.address, &worker.pubkey()),
            worker,
        }
    }

    /// Registers the machine with this key for `provider` under `set` (zero for none).
    pub fn register(&mut self, provider: &ProviderHandle, worker: &Keypair, set: &Address) {
        let network = self.network;
        self.ok(
            &[ix::register_node(
                &self.payer.pubkey(),
                &provider.owner.pubkey(),
                &worker.pubkey(),
                &network,
                set,
                NODE_ARGS,
            )],
            &[&provider.owner, worker],
        );
    }

    /// The node account.
    pub fn node_state(&self, node: &NodeHandle) -> Node {
        use sluice_client::Ledger;
        self.chain.get(&node.address).unwrap()
    }
}
