//! Offers, the early ends of jobs, and the ends of registrations.

use {
    super::{Bench, first_bump, wallet},
    sluice_client::{
        Ledger, Node, NodeArgs, Offer, OfferArgs, Provider, Seen, TakeArgs, address,
        instruction as ix,
    },
    sluice_tests::world::{MOST_BPS, NODE_ARGS, NodeHandle, ProviderHandle, SetHandle, TOKEN},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

impl Bench {
    pub(crate) fn market(&mut self, set: &SetHandle, provider: &ProviderHandle, node: &NodeHandle) {
        let offer_key = self.post_offer(set, provider, node);
        let operator = provider.operator.pubkey();
        let (resigned, _) = self.take(&offer_key, provider, Some("take_offer"));
        let (faulted, buyer) = self.take(&offer_key, provider, None);
        let (cancelled, canceller) = self.take(&offer_key, provider, None);
        let state = self.world.job(&resigned);
        let resign = ix::resign_job(&operator, &resigned, &state);
        self.measure("resign_job", 940, &[resign], &[&provider.operator]);
        let cancel = ix::cancel_job(&cancelled, &self.world.job(&cancelled));
        self.measure("cancel_job", 930, &[cancel], &[&canceller]);
        self.world.advance(15 * 3_600);
        let fault = ix::fault_job(&buyer.pubkey(), &faulted, &self.world.job(&faulted));
        self.measure("fault_job", 910, &[fault], &[&buyer]);

        let offer: Offer = self.world.chain.get(&offer_key).unwrap();
        let withdraw = ix::withdraw_offer(&operator, &offer_key, &offer);
        self.measure("close_offer", 800, &[withdraw], &[&provider.operator]);
        self.world.advance(13 * 3_600);
        for job in [resigned, faulted, cancelled] {
            let release = ix::release_job(&job, &self.world.job(&job));
            self.world.ok(&[release], &[]);
        }
        self.registrations(provider, node);
    }

    fn post_offer(
        &mut self,
        set: &SetHandle,
        provider: &ProviderHandle,
        node: &NodeHandle,
    ) -> Address {
        let id = (0..)
            .find(|id: &u64| {
                first_bump(
                    &[b"offer", node.address.as_ref(), &id.to_le_bytes()],
                    &sluice_client::ID,
                )
            })
            .unwrap();
        let args = OfferArgs {
            id,
            terms: self.world.terms(&set.address),
            slots: 3,
            expires_at: self.world.now() + 86_400,
        };
        let state: Node = self.world.chain.get(&node.address).unwrap();
        let operator = provider.operator.pubkey();
        let post = ix::post_offer(&self.payer(), &operator, &node.address, &state, args);
        self.measure("post_offer", 3_180, &[post], &[&provider.operator]);
        address::offer(&node.address, id)
    }

    /// A job taken from the offer, and its buyer.
    fn take(
        &mut self,
        offer_key: &Address,
        provider: &ProviderHandle,
        name: Option<&str>,
    ) -> (Address, Keypair) {
        let (network, mint) = (self.world.network, self.world.pay_mint);
        let buyer = self.key_where(|key| wallet(key, &[&mint]));
        self.world.mint_to(&buyer.pubkey(), &mint, 10_000 * TOKEN);
        let offer: Offer = self.world.chain.get(offer_key).unwrap();
        let key = buyer.pubkey();
        let id = (0..)
            .find(|id: &u64| {
                let job = address::job(&network, &key, *id);
                first_bump(
                    &[b"job", network.as_ref(), key.as_ref(), &id.to_le_bytes()],
                    &sluice_client::ID,
                ) && first_bump(&[b"vault", job.as_ref()], &sluice_client::ID)
            })
            .unwrap();
        let args = TakeArgs {
            id,
            seen: Seen {
                incarnation: offer.incarnation,
                price: offer.terms.price,
                per: offer.terms.per,
            },
            length_secs: 5 * 86_400,
            funds: 1_000 * TOKEN,
            spec_hash: [3; 32],
            cosigner: Address::default(),
            refund_owner: Address::default(),
            resolver: self.world.network_state().roles.resolver,
            max_fee_bps: MOST_BPS,
        };
        let owner = provider.owner.pubkey();
        let take = ix::take_offer(
            &self.payer(),
            &key,
            offer_key,
            &offer,
            &owner,
            &mint.token_program,
            args,
        );
        match name {
            Some(name) => self.measure(name, 9_200, &[take], &[&buyer]),
            None => {
                self.world.ok(&[take], &[&buyer]);
            }
        }
        (address::job(&network, &key, id), buyer)
    }

    fn registrations(&mut self, provider: &ProviderHandle, node: &NodeHandle) {
        let state: Node = self.world.chain.get(&node.address).unwrap();
        let args = NodeArgs {
            region: 2,
            ..NODE_ARGS
        };
        let operator = provider.operator.pubkey();
        let update = ix::update_node(&operator, &node.address, &state, args);
        self.measure("update_node", 730, &[update], &[&provider.operator]);
        let owner = &provider.owner;
        let close = ix::close_node(&owner.pubkey(), &node.address, &state);
        self.measure("close_node", 820, &[close], &[owner]);
        let record: Provider = self.world.chain.get(&provider.address).unwrap();
        let change = ix::set_operator(&provider.address, &record, &owner.pubkey());
        self.measure("set_operator", 560, &[change], &[owner]);
        let close = ix::close_provider(&provider.address, &record);
        self.measure("close_provider", 700, &[close], &[owner]);
    }
}
