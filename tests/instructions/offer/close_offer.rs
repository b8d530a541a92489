use {
    sluice_client::{Ledger, instruction as ix},
    sluice_tests::world::{Stall, Tamper},
    solana_instruction::Instruction,
    solana_signer::Signer,
    std::slice::from_ref,
};

const DAY: i64 = 86_400;

/// The operator's withdrawal.
fn withdraw_ix(stall: &Stall) -> Instruction {
    let operator = stall.provider.operator.pubkey();
    ix::withdraw_offer(&operator, &stall.offer, &stall.state())
}

/// Whether a stranger may clear the offer away: the name of the refusal, or nothing.
#[track_caller]
fn cleared_by_a_stranger(stall: &mut Stall, refusal: Option<&str>) {
    let stranger = stall.world.party();
    let clear = ix::clear_offer(&stranger.pubkey(), &stall.offer, &stall.state());
    match refusal {
        Some(name) => stall.world.refused(&[clear], &[&stranger], name),
        None => {
            stall.world.ok(&[clear], &[&stranger]);
            assert_eq!(stall.world.lamports(&stall.offer), 0);
        }
    }
}

#[test]
fn the_rent_goes_back_to_its_payer_to_the_lamport() {
    let mut stall = Stall::empty();
    let (payer, operator) = (
        stall.world.party(),
        stall.provider.operator.insecure_clone(),
    );
    let before = stall.world.lamports(&payer.pubkey());
    let post = stall
        .post_ix(stall.offer_args())
        .with(&stall.world.payer.pubkey(), &payer.pubkey());
    stall.world.ok(&[post], &[&payer, &operator]);
    let rent = stall.world.lamports(&stall.offer);
    assert_eq!(stall.world.lamports(&payer.pubkey()) + rent, before);
    stall.world.advance(1);
    let thief = stall.world.party().pubkey();
    let bent = withdraw_ix(&stall).with(&payer.pubkey(), &thief);
    stall
        .world
        .refused(&[bent], &[&operator], "ConstraintAddress");
    stall.withdraw();
    assert_eq!(stall.world.lamports(&payer.pubkey()), before);
    assert_eq!(stall.world.lamports(&stall.offer), 0);
}

#[test]
fn an_offer_does_not_close_in_its_opening_slot_by_anyone() {
    let mut stall = Stall::new();
    let (withdraw, operator) = (
        withdraw_ix(&stall),
        stall.provider.operator.insecure_clone(),
    );
    stall
        .world
        .refused(from_ref(&withdraw), &[&operator], "OpeningSlot");
    // Not even when it is over by then.
    stall.world.advance_within_slot(DAY);
    cleared_by_a_stranger(&mut stall, Some("OpeningSlot"));
    stall.world.chain.advance_slot(1);
    stall.world.ok(&[withdraw], &[&operator]);
}

#[test]
fn a_live_offer_is_withdrawn_by_its_operator_alone() {
    let mut stall = Stall::new();
    stall.world.advance(1);
    cleared_by_a_stranger(&mut stall, Some("OfferLive"));
    let withdraw = withdraw_ix(&stall);
    let operator = stall.provider.operator.insecure_clone();
    let without = withdraw.unsigned(&operator.pubkey());
    stall
        .world
        .refused(&[without], &[], "MissingRequiredSignature");
    let other = stall.world.provider();
    let owner = stall.provider.owner.insecure_clone();
    for stranger in [owner, other.operator.insecure_clone()] {
        let bent = withdraw.with(&operator.pubkey(), &stranger.pubkey());
        stall.world.refused(&[bent], &[&stranger], "OfferLive");
    }
    // Another provider's operator cannot show its own provider instead.
    let bent = withdraw
        .with(&operator.pubkey(), &other.operator.pubkey())
        .with(&stall.provider.address, &other.address);
    stall
        .world
        .refused(&[bent], &[&other.operator], "WrongProvider");
    // The operator has to show its provider.
    let unshown = ix::clear_offer(&operator.pubkey(), &stall.offer, &stall.state());
    stall.world.refused(&[unshown], &[&operator], "OfferLive");
    stall.world.ok(&[withdraw], &[&operator]);
}

#[test]
fn an_expired_offer_is_cleared_by_anyone_and_not_a_second_earlier() {
    for late in [DAY, DAY + 1] {
        let mut stall = Stall::new();
        stall.world.advance(DAY - 1);
        cleared_by_a_stranger(&mut stall, Some("OfferLive"));
        stall.world.advance(late - (DAY - 1));
        cleared_by_a_stranger(&mut stall, None);
    }
}

#[test]
fn a_used_up_offer_is_cleared_by_anyone() {
    let mut stall = Stall::new();
    stall.take(1);
    stall.world.advance(1);
    cleared_by_a_stranger(&mut stall, Some("OfferLive"));
    stall.take(2);
    cleared_by_a_stranger(&mut stall, None);
    // Its jobs live on.
    assert_eq!((stall.job(1).state, stall.job(2).state), (1, 1));
}

#[test]
fn a_withdrawal_of_the_earlier_offer_cannot_be_replayed_by_a_stranger_on_the_later_one() {
    let mut stall = Stall::new();
    stall.world.advance(1);
    stall.withdraw();
    stall.post(|_| ());
    stall.world.advance(1);
    cleared_by_a_stranger(&mut stall, Some("OfferLive"));
}

#[test]
fn an_account_that_is_no_offer_is_not_closed() {
    let mut stall = Stall::new();
    stall.world.advance(1);
    let (withdraw, operator) = (
        withdraw_ix(&stall),
        stall.provider.operator.insecure_clone(),
    );
    let impostor = stall.world.impostor();
    let bent = withdraw.with(&stall.offer, &impostor);
    stall
        .world
        .refused(&[bent], &[&operator], "InvalidAccountData");
    let forged = stall.world.counterfeit(&stall.offer.clone());
    let bent = withdraw.with(&stall.offer, &forged);
    stall.world.refused(&[bent], &[&operator], "IllegalOwner");
}

#[test]
fn an_offer_outlives_its_closed_provider_until_it_expires() {
    let mut stall = Stall::new();
    stall.world.advance(1);
    let withdraw = withdraw_ix(&stall);
    let (owner, operator) = (
        stall.provider.owner.insecure_clone(),
        stall.provider.operator.insecure_clone(),
    );
    let node = stall.world.node_state(&stall.node);
    let provider = stall.world.chain.get(&stall.provider.address).unwrap();
    let close_node = ix::close_node(&owner.pubkey(), &stall.node.address, &node);
    let close = ix::close_provider(&stall.provider.address, &provider);
    stall.world.ok(&[close_node, close], &[&owner]);
    // Nobody is its operator any more, and nobody can take it.
    stall
        .world
        .refused(&[withdraw], &[&operator], "UninitializedAccount");
    cleared_by_a_stranger(&mut stall, Some("OfferLive"));
    stall.take_refused(|_| (), "UninitializedAccount");
    stall.world.advance(DAY - 1);
    cleared_by_a_stranger(&mut stall, None);
}

#[test]
fn an_operator_that_paid_the_rent_itself_gets_it_back() {
    let mut stall = Stall::empty();
    let operator = stall.provider.operator.insecure_clone();
    let payer = stall.world.payer.pubkey();
    let post = stall
        .post_ix(stall.offer_args())
        .with(&payer, &operator.pubkey());
    stall.world.ok(&[post], &[&operator]);
    stall.world.advance(1);
    let withdraw = withdraw_ix(&stall);
    stall.world.ok(&[withdraw], &[&operator]);
}
