//! A taker shows the attestation of the provider's owner where the network asks for it.

use {
    sluice_client::instruction as ix,
    sluice_tests::world::{Stall, identity::PINNED},
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// The taking of the offer as job `id`, with what a client would show.
fn take(stall: &Stall, id: u64) -> Instruction {
    let owner = stall.provider.owner.pubkey();
    ix::take_offer_with_credential(
        &stall.world.payer.pubkey(),
        &stall.buyer.pubkey(),
        &stall.offer,
        &stall.state(),
        &owner,
        &stall.world.pay_mint.token_program,
        stall.take_args(id),
        PINNED.attestation(&owner),
    )
}

#[test]
fn an_offer_of_a_provider_is_taken_while_its_owner_is_vouched_for() {
    let mut stall = Stall::new();
    stall.world.pin_identity();
    let buyer = stall.buyer.insecure_clone();
    let (owner, now) = (stall.provider.owner.pubkey(), stall.world.now());
    let blind = stall.take_ix(stall.take_args(1));
    stall.refused(blind, "CredentialMissing");
    let shown = take(&stall, 1);
    stall.refused(shown.clone(), "CredentialMissing");
    stall.world.vouch(&owner, now);
    stall.refused(shown.clone(), "CredentialExpired");
    stall.world.vouch(&owner, now + 1);
    stall.world.ok(&[shown], &[&buyer]);
    // The job goes on, and nobody takes another.
    stall.world.advance(1);
    let again = take(&stall, 2);
    stall.refused(again, "CredentialExpired");
}
