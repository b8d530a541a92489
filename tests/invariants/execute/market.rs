//! Offers, and what becomes of registrations.

use {
    super::{super::book::Seeds, Builder, with},
    sluice::{
        OfferArgs, TakeArgs,
        state::{Offer, Seen},
    },
    sluice_client::{Ledger, Node, NodeArgs, Provider, Terms, instruction as ix},
    sluice_tests::{
        reference::{Action, Id, Key, PostOffer, TakeOffer},
        world::NODE_ARGS,
    },
    solana_instruction::Instruction,
};

impl Builder<'_> {
    /// A node as it is; one that is not registered as its address says.
    fn node(&self, id: Id) -> Node {
        let Seeds::Node { provider, .. } = self.book.seeds(id) else {
            panic!("{id} is no node")
        };
        let (network, _) = self.provider_seeds(*provider);
        let known: Option<Node> = self.world.chain.get(&self.at(id)).ok();
        known.unwrap_or(Node {
            network: self.at(network),
            provider: self.at(*provider),
            rent_payer: self.payer(),
            ..bytemuck::Zeroable::zeroed()
        })
    }

    fn provider(&self, id: Id) -> Provider {
        let (network, owner) = self.provider_seeds(id);
        let known: Option<Provider> = self.world.chain.get(&self.at(id)).ok();
        known.unwrap_or(Provider {
            network: self.at(network),
            owner: self.at(owner),
            rent_payer: self.payer(),
            ..bytemuck::Zeroable::zeroed()
        })
    }

    fn offer(&self, id: Id) -> Offer {
        let Seeds::Offer { node, .. } = self.book.seeds(id) else {
            panic!("{id} is no offer")
        };
        let Node {
            network, provider, ..
        } = self.node(*node);
        let known: Option<Offer> = self.world.chain.get(&self.at(id)).ok();
        known.unwrap_or(Offer {
            network,
            provider,
            node: self.at(*node),
            terms: Terms {
                mint: self.world.pay_mint.address,
                ..bytemuck::Zeroable::zeroed()
            },
            rent_payer: self.payer(),
            ..bytemuck::Zeroable::zeroed()
        })
    }

    pub(super) fn registration(&self, action: &Action) -> Instruction {
        match action {
            Action::SetOperator {
                provider,
                by,
                operator,
            } => {
                let (key, operator) = (self.at(*provider), self.at(*operator));
                let set = ix::set_operator(&key, &self.provider(*provider), &operator);
                with(set, 0, self.at(*by))
            }
            Action::CloseProvider { provider, by } => {
                let close = ix::close_provider(&self.at(*provider), &self.provider(*provider));
                with(close, 0, self.at(*by))
            }
            Action::UpdateNode { node, by, slots } => {
                let args = NodeArgs {
                    slots_total: *slots,
                    ..NODE_ARGS
                };
                ix::update_node(&self.at(*by), &self.at(*node), &self.node(*node), args)
            }
            Action::CloseNode { node, by } => {
                ix::close_node(&self.at(*by), &self.at(*node), &self.node(*node))
            }
            other => unreachable!("{other:?}"),
        }
    }

    pub(super) fn post(&self, post: &PostOffer) -> Instruction {
        let Seeds::Offer { number, .. } = self.book.seeds(post.offer) else {
            panic!("{} is no offer", post.offer)
        };
        let args = OfferArgs {
            id: *number,
            terms: self.terms(&post.terms),
            slots: post.slots,
            expires_at: post.expires_at,
        };
        let (by, node) = (self.at(post.by), self.at(post.node));
        ix::post_offer(&self.payer(), &by, &node, &self.node(post.node), args)
    }

    pub(super) fn close_offer(&self, id: Id, by: Key, shown: bool) -> Instruction {
        let (key, offer, by) = (self.at(id), self.offer(id), self.at(by));
        match shown {
            true => ix::withdraw_offer(&by, &key, &offer),
            false => ix::clear_offer(&by, &key, &offer),
        }
    }

    pub(super) fn take(&self, take: &TakeOffer) -> Instruction {
        let Seeds::Job { number, .. } = self.book.seeds(take.job) else {
            panic!("{} is no job", take.job)
        };
        let Seeds::Offer { node, .. } = self.book.seeds(take.offer) else {
            panic!("{} is no offer", take.offer)
        };
        let Seeds::Node { provider, .. } = self.book.seeds(*node) else {
            panic!("{node} is no node")
        };
        let (_, owner) = self.provider_seeds(*provider);
        let offer = self.offer(take.offer);
        let (incarnation, price, per) = take.seen;
        let args = TakeArgs {
            id: *number,
            seen: Seen {
                incarnation,
                price,
                per,
            },
            length_secs: take.length_secs,
            funds: take.funds,
            spec_hash: [3; 32],
            cosigner: self.book.address_or_nobody(take.cosigner),
            refund_owner: self.book.address_or_nobody(take.refund_owner),
            resolver: self.key_or_nobody(take.resolver),
            max_fee_bps: take.max_fee_bps,
        };
        let mint = self.book.mint_handle(offer.terms.mint.as_ref());
        ix::take_offer(
            &self.payer(),
            &self.at(take.buyer),
            &self.at(take.offer),
            &offer,
            &self.at(owner),
            &self.book.mint(mint).token_program,
            args,
        )
    }
}
