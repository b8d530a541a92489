//! A node with an offer on it, and a buyer who looks at it.

use {
    super::{JobHandle, NodeHandle, ProviderHandle, SetHandle, World},
    sluice::{
        OfferArgs, TakeArgs,
        state::{Offer, Seen},
    },
    sluice_client::{Job, Ledger, Receipt, StakePool, Terms, address, instruction as ix},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// An offer of [`World::terms`] under a set of four, three of whom must sign: two jobs of it can be had within a day.
pub struct Stall {
    pub world: World,
    pub set: SetHandle,
    pub provider: ProviderHandle,
    pub node: NodeHandle,
    pub buyer: Keypair,
    pub cosigner: Keypair,
    pub offer: Address,
}

impl Default for Stall {
    fn default() -> Self {
        Self::new()
    }
}

impl Stall {
    /// A stall of the default offer.
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    /// A stall whose offer was posted with what `change` makes of the default arguments.
    pub fn with(change: impl FnOnce(&mut OfferArgs)) -> Self {
        let mut stall = Self::empty();
        stall.post(change);
        stall
    }

    /// A node without an offer.
    pub fn empty() -> Self {
        Self::on(World::new())
    }

    /// The same in a world that a test prepared.
    pub fn on(mut world: World) -> Self {
        let set = world.set(4, 3);
        let provider = world.provider();
        let node = world.node(&provider, &set.address);
        let (buyer, cosigner) = (world.buyer(), world.key());
        let offer = address::offer(&node.address, 1);
        Self {
            world,
            set,
            provider,
            node,
            buyer,
            cosigner,
            offer,
        }
    }

    /// The default arguments of an offer.
    pub fn offer_args(&self) -> OfferArgs {
        OfferArgs {
            id: 1,
            terms: self.terms(),
            slots: 2,
            expires_at: self.world.now() + 86_400,
        }
    }

    /// The default terms.
    pub fn terms(&self) -> Terms {
        self.world.terms(&self.set.address)
    }

    /// The instruction that posts an offer of the node.
    pub fn post_ix(&self, args: OfferArgs) -> Instruction {
        ix::post_offer(
            &self.world.payer.pubkey(),
            &self.provider.operator.pubkey(),
            &self.node.address,
            &self.world.node_state(&self.node),
            args,
        )
    }

    /// Posts an offer of what `change` makes of the default arguments.
    #[track_caller]
    pub fn post(&mut self, change: impl FnOnce(&mut OfferArgs)) {
        let mut args = self.offer_args();
        change(&mut args);
        let post = self.post_ix(args);
        let operator = self.provider.operator.insecure_clone();
        self.world.ok(&[post], &[&operator]);
    }

    /// The offer account.
    pub fn state(&self) -> Offer {
        self.world.chain.get(&self.offer).unwrap()
    }

    /// Ten hours for 1,000 tokens, as the buyer sees the offer now.
    pub fn take_args(&self, id: u64) -> TakeArgs {
        let offer = self.state();
        TakeArgs {
            id,
            seen: Seen {
                incarnation: offer.incarnation,
                price: offer.terms.price,
                per: offer.terms.per,
            },
            length_secs: 36_000,
            funds: 1_000 * super::TOKEN,
            spec_hash: [3; 32],
            cosigner: self.cosigner.pubkey(),
            refund_owner: Address::default(),
            resolver: self.world.network_state().roles.resolver,
            max_fee_bps: super::MOST_BPS,
        }
    }

    /// The instruction that takes the offer.
    pub fn take_ix(&self, args: TakeArgs) -> Instruction {
        ix::take_offer(
            &self.world.payer.pubkey(),
            &self.buyer.pubkey(),
            &self.offer,
            &self.state(),
            &self.provider.owner.pubkey(),
            &self.world.pay_mint.token_program,
            args,
        )
    }

    /// Takes the offer as job `id`.
    #[track_caller]
    pub fn take(&mut self, id: u64) -> JobHandle {
        self.take_with(id, |_| ())
    }

    /// Takes the offer as job `id` with what `change` makes of the default arguments.
    #[track_caller]
    pub fn take_with(&mut self, id: u64, change: impl FnOnce(&mut TakeArgs)) -> JobHandle {
        let mut args = self.take_args(id);
        change(&mut args);
        self.sent(self.take_ix(args));
        JobHandle {
            address: self.job_key(id),
            buyer: self.buyer.insecure_clone(),
            cosigner: self.cosigner.insecure_clone(),
            worker: self.node.worker.insecure_clone(),
            provider_owner: self.provider.owner.pubkey(),
            node: self.node.address,
        }
    }

    /// Sends a taking that must succeed.
    #[track_caller]
    pub fn sent(&mut self, take: Instruction) -> Receipt {
        let buyer = self.buyer.insecure_clone();
        self.world.ok(&[take], &[&buyer])
    }

    /// Taking with what `change` makes of the default arguments is refused by this name.
    #[track_caller]
    pub fn take_refused(&mut self, change: impl FnOnce(&mut TakeArgs), name: &str) {
        let mut args = self.take_args(77);
        change(&mut args);
        let take = self.take_ix(args);
        self.refused(take, name);
    }

    /// A taking that the buyer signs is refused by this name.
    #[track_caller]
    pub fn refused(&mut self, take: Instruction, name: &str) {
        let buyer = self.buyer.insecure_clone();
        self.world.refused(&[take], &[&buyer], name);
    }

    /// The buyer's job `id`.
    pub fn job_key(&self, id: u64) -> Address {
        address::job(&self.world.network, &self.buyer.pubkey(), id)
    }

    /// The account of the buyer's job `id`.
    pub fn job(&self, id: u64) -> Job {
        self.world.job(&self.job_key(id))
    }

    /// The provider's stake pool.
    pub fn pool(&self) -> StakePool {
        self.world.chain.get(&self.provider.pool).unwrap()
    }

    /// Withdraws the offer as its operator.
    #[track_caller]
    pub fn withdraw(&mut self) {
        let operator = self.provider.operator.insecure_clone();
        let close = ix::withdraw_offer(&operator.pubkey(), &self.offer, &self.state());
        self.world.ok(&[close], &[&operator]);
    }

    /// Closes the node and registers the same machine anew, under `set`.
    #[track_caller]
    pub fn register_anew(&mut self, set: &Address) {
        let owner = self.provider.owner.insecure_clone();
        let worker = self.node.worker.insecure_clone();
        let node = self.world.node_state(&self.node);
        let close = ix::close_node(&owner.pubkey(), &self.node.address, &node);
        self.world.ok(&[close], &[&owner]);
        self.world.register(&self.provider, &worker, set);
    }
}

impl World {
    /// Lamports of an account; 0 when there is none.
    pub fn lamports(&self, address: &Address) -> u64 {
        let account = self.chain.account(address).unwrap();
        account.map_or(0, |account| account.lamports)
    }
}
