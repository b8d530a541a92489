use {
    sluice::{OfferArgs, state::Offer},
    sluice_client::{Terms, address, instruction as ix},
    sluice_tests::world::{Stall, Tamper},
    solana_address::Address,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

/// Posting what `change` makes of the default arguments is refused by this name.
#[track_caller]
fn refused(stall: &mut Stall, change: impl FnOnce(&mut OfferArgs), name: &str) {
    let mut args = stall.offer_args();
    change(&mut args);
    let (post, operator) = (
        stall.post_ix(args),
        stall.provider.operator.insecure_clone(),
    );
    stall.world.refused(&[post], &[&operator], name);
}

#[test]
fn an_offer_holds_the_terms_whole_and_locks_nothing() {
    let mut stall = Stall::empty();
    let (payer, operator) = (
        stall.world.party(),
        stall.provider.operator.insecure_clone(),
    );
    let args = OfferArgs {
        slots: 7,
        ..stall.offer_args()
    };
    let post = stall
        .post_ix(args)
        .with(&stall.world.payer.pubkey(), &payer.pubkey());
    stall.world.ok(&[post], &[&payer, &operator]);
    let offer: Offer = stall.state();
    let node = stall.world.node_state(&stall.node);
    assert_eq!(offer.network, stall.world.network);
    assert_eq!(offer.provider, stall.provider.address);
    assert_eq!(offer.node, stall.node.address);
    assert_eq!(offer.rent_payer, payer.pubkey());
    assert_eq!(offer.terms, args.terms);
    assert_eq!((offer.id, offer.incarnation), (1, stall.world.slot()));
    assert_eq!(offer.registration, node.opened_slot);
    assert_eq!(offer.expires_at, args.expires_at);
    assert_eq!((offer.slots_left, offer.slots_total), (7, 7));
    assert_eq!(offer.reserve_words, [0; 4]);
    assert_eq!((stall.pool().locked, node.slots_used), (0, 0));
}

#[test]
fn a_node_has_as_many_offers_as_it_has_ids() {
    let mut stall = Stall::new();
    refused(&mut stall, |_| (), "Custom(0)");
    stall.post(|args| args.id = 2);
    stall.post(|args| args.id = u64::MAX);
}

#[test]
fn only_the_operator_posts_and_somebody_pays() {
    let mut stall = Stall::empty();
    let operator = stall.provider.operator.insecure_clone();
    let post = stall.post_ix(stall.offer_args());
    let without = post.unsigned(&operator.pubkey());
    stall
        .world
        .refused(&[without], &[], "MissingRequiredSignature");
    let other = stall.world.provider();
    let owner = stall.provider.owner.insecure_clone();
    for stranger in [owner, other.operator.insecure_clone()] {
        let bent = post.with(&operator.pubkey(), &stranger.pubkey());
        stall.world.refused(&[bent], &[&stranger], "NotOperator");
    }
    let payer = stall.world.party();
    let paid = post
        .with(&stall.world.payer.pubkey(), &payer.pubkey())
        .unsigned(&payer.pubkey());
    stall
        .world
        .refused(&[paid], &[&operator], "MissingRequiredSignature");
}

#[test]
fn a_provider_offers_its_own_node_in_its_own_network_at_its_own_address() {
    let mut stall = Stall::empty();
    let operator = stall.provider.operator.insecure_clone();
    let other = stall.world.provider();
    let theirs = stall.world.node(&other, &stall.set.address);
    let post = stall.post_ix(stall.offer_args());
    let bent = post
        .with(&stall.node.address, &theirs.address)
        .with(&stall.offer, &address::offer(&theirs.address, 1));
    stall.world.refused(&[bent], &[&operator], "WrongNode");
    let bent = post.with(&stall.offer, &address::offer(&theirs.address, 1));
    stall.world.refused(&[bent], &[&operator], "InvalidSeeds");
    let network = stall.world.other_network();
    let bent = post.with(&stall.world.network, &network);
    stall.world.refused(&[bent], &[&operator], "WrongNetwork");
}

#[test]
fn an_offer_has_a_slot_and_a_future() {
    let mut stall = Stall::empty();
    refused(&mut stall, |args| args.slots = 0, "NoSlots");
    let now = stall.world.now();
    for past in [now, now - 1, i64::MIN] {
        refused(&mut stall, |args| args.expires_at = past, "DateInPast");
    }
    for far in [now + 365 * 86_400 + 1, (now + 1) * 1_000, i64::MAX] {
        refused(&mut stall, |args| args.expires_at = far, "DateTooFar");
    }
    stall.post(|args| args.expires_at = now + 1);
    stall.post(|args| {
        (args.id, args.slots, args.expires_at) = (2, u32::MAX, now + 365 * 86_400);
    });
}

#[test]
fn an_offers_terms_are_within_the_bounds_of_a_job() {
    type Bend = fn(&mut Terms);
    let bad: [(Bend, &str); 8] = [
        (|terms| terms.price = 0, "TermIsZero"),
        (|terms| terms.fault_windows = 0, "TermIsZero"),
        (|terms| terms.notice_secs = 30 * 86_400 + 1, "TermTooLong"),
        (|terms| terms.notice_secs = 3_599, "NoticeBelowWindow"),
        (|terms| terms.notice_secs = 0, "NoticeBelowWindow"),
        (|terms| terms.grace_secs = 16 * 3_600, "GraceOutlastsRing"),
        (
            |terms| terms.ruling_secs = 7 * 86_400,
            "TermsOutlastUnbonding",
        ),
        (|terms| terms.cap = u64::MAX, "MathOverflow"),
    ];
    for (bend, name) in bad {
        let mut stall = Stall::empty();
        refused(&mut stall, |args| bend(&mut args.terms), name);
    }
}

#[test]
fn an_offer_is_under_the_nodes_set_or_none() {
    let mut stall = Stall::empty();
    let other = stall.world.set(1, 1).address;
    refused(
        &mut stall,
        |args| args.terms.set = other,
        "NodeOfAnotherSet",
    );
    stall.post(|args| args.terms.set = Address::default());
    // A node without a set cannot offer a quorum's word.
    stall.node = stall.world.node(&stall.provider, &Address::default());
    stall.offer = address::offer(&stall.node.address, 1);
    refused(&mut stall, |_| (), "NodeOfAnotherSet");
}

#[test]
fn the_mint_shown_is_the_one_in_the_terms() {
    let mut stall = Stall::empty();
    let operator = stall.provider.operator.insecure_clone();
    let (pay, reward) = (
        stall.world.pay_mint.address,
        stall.world.reward_mint.address,
    );
    let bent = stall.post_ix(stall.offer_args()).with(&pay, &reward);
    stall.world.refused(&[bent], &[&operator], "WrongMint");
    let not_a_mint = stall.provider.address;
    refused(&mut stall, |args| args.terms.mint = not_a_mint, "NotAMint");
}

#[test]
fn a_mint_that_is_unsafe_to_hold_is_refused_at_listing() {
    let mut stall = Stall::empty();
    for extension in [
        ExtensionType::TransferFeeConfig,
        ExtensionType::TransferHook,
        ExtensionType::PermanentDelegate,
        ExtensionType::Pausable,
        ExtensionType::MintCloseAuthority,
    ] {
        let mint = stall.world.mint_2022(&[extension]).address;
        refused(
            &mut stall,
            |args| args.terms.mint = mint,
            "MintExtensionRefused",
        );
    }
    let safe = stall.world.mint_2022(&[ExtensionType::MetadataPointer]);
    stall.post(|args| args.terms.mint = safe.address);
}

#[test]
fn an_operator_that_was_replaced_posts_nothing() {
    let mut stall = Stall::empty();
    let (owner, next) = (stall.provider.owner.insecure_clone(), stall.world.party());
    let state = sluice_client::Ledger::get(&stall.world.chain, &stall.provider.address).unwrap();
    let change = ix::set_operator(&stall.provider.address, &state, &next.pubkey());
    stall.world.ok(&[change], &[&owner]);
    refused(&mut stall, |_| (), "NotOperator");
    stall.provider.operator = next;
    stall.post(|_| ());
}
