//! Offers: posted, closed and taken.

use {
    super::{
        SYSTEM_PROGRAM, build,
        job::{funding, placement},
    },
    crate::address,
    sluice::{
        OfferArgs, TakeArgs, accounts, instruction,
        state::{Node, Offer},
        vault,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

/// Offers slots of a node under whole terms. Signers: `payer`, `operator`.
pub fn post_offer(
    payer: &Address,
    operator: &Address,
    node_key: &Address,
    node: &Node,
    args: OfferArgs,
) -> Instruction {
    build(
        accounts::PostOffer {
            payer: *payer,
            operator: *operator,
            network: node.network,
            provider: node.provider,
            node: *node_key,
            offer: address::offer(node_key, args.id),
            mint: args.terms.mint,
            system_program: SYSTEM_PROGRAM,
        },
        instruction::PostOffer { args },
    )
}

/// Withdraws an offer. Signer: `operator`.
pub fn withdraw_offer(operator: &Address, offer_key: &Address, offer: &Offer) -> Instruction {
    close_offer(operator, offer_key, offer, Some(offer.provider))
}

/// Clears away an offer that expired or was used up. Signer: `closer`, anyone.
pub fn clear_offer(closer: &Address, offer_key: &Address, offer: &Offer) -> Instruction {
    close_offer(closer, offer_key, offer, None)
}

fn close_offer(
    closer: &Address,
    offer_key: &Address,
    offer: &Offer,
    provider: Option<Address>,
) -> Instruction {
    build(
        accounts::CloseOffer {
            closer: *closer,
            offer: *offer_key,
            rent_payer: offer.rent_payer,
            provider,
        },
        instruction::CloseOffer {},
    )
}

/// Takes an offer: opens and funds a job from the buyer's associated account and starts it. `owner` owns the offer's
/// provider. Signers: `payer`, `buyer`.
pub fn take_offer(
    payer: &Address,
    buyer: &Address,
    offer_key: &Address,
    offer: &Offer,
    owner: &Address,
    token_program: &Address,
    args: TakeArgs,
) -> Instruction {
    take_offer_with_credential(
        payer,
        buyer,
        offer_key,
        offer,
        owner,
        token_program,
        args,
        None,
    )
}

/// The same in a network that may pin an identity: shows the owner's attestation, see [`address::credential`].
#[expect(
    clippy::too_many_arguments,
    reason = "those of a taking, and what is shown with it"
)]
pub fn take_offer_with_credential(
    payer: &Address,
    buyer: &Address,
    offer_key: &Address,
    offer: &Offer,
    owner: &Address,
    token_program: &Address,
    args: TakeArgs,
    credential: Option<Address>,
) -> Instruction {
    let job = address::job(&offer.network, buyer, args.id);
    build(
        accounts::TakeOffer {
            payer: *payer,
            funding: funding(buyer, &offer.network, &offer.terms, &job, token_program),
            job,
            offer: *offer_key,
            placement: placement(&offer.provider, owner, &offer.node, credential),
            system_program: SYSTEM_PROGRAM,
        },
        instruction::TakeOffer {
            args,
            vault_bump: vault::address(&job).1,
        },
    )
}
