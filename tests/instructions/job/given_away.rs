//! A recipient that gave its associated account away is paid in any other account that it holds alone.
use {
    sluice_client::address,
    sluice_tests::world::{Pull, Site, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_token_interface::instruction::{self as token, AuthorityType},
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;

/// A site with something due by every door.
fn due() -> Site {
    due_in(World::new())
}

fn due_in(world: World) -> Site {
    let mut site = Site::on(world, |_| ());
    site.at(HOUR);
    site.prove(0, 100);
    site.settle();
    site
}

fn key(site: &Site, what: Pull) -> Keypair {
    match what {
        Pull::Pay => &site.provider.owner,
        Pull::Treasury => &site.world.treasury,
        Pull::Attesters => &site.set.fee_owner,
        Pull::Refund => &site.job.buyer,
    }
    .insecure_clone()
}

/// Gives the recipient's associated account to somebody else, who is returned.
fn give_away(site: &mut Site, what: Pull) -> Keypair {
    let (owner, mint, taker) = (key(site, what), site.world.pay_mint, site.world.party());
    site.world.give_away(&owner, &mint, &taker.pubkey());
    taker
}

/// The pull, paid to `account`.
fn elsewhere(site: &Site, what: Pull, account: &Address) -> Instruction {
    let (owner, mint) = (site.recipient(what), site.world.pay_mint);
    let pull = site.pull_ix(what);
    site.world.elsewhere(&pull, &owner, &mint, account)
}

fn stored(site: &Site, what: Pull) -> Address {
    let job = site.state();
    match what {
        Pull::Pay => job.payee_account,
        Pull::Treasury => job.treasury_account,
        Pull::Attesters => job.attestation_account,
        Pull::Refund => job.refund_account,
    }
}

#[test]
fn an_account_that_changed_hands_is_replaced_by_any_of_its_owner() {
    // Token-2022 makes associated accounts that nobody can give away.
    for given in Pull::ALL {
        let world = World::new();
        let mint = world.pay_mint;
        let mut site = due_in(world);
        give_away(&mut site, given);
        site.pull_refused(given, "RecipientChangedOwner");
        let owner = site.recipient(given);
        let other = site.world.second_account(&owner, &mint);
        let pull = elsewhere(&site, given, &other);
        site.world.ok(&[pull], &[]);
        assert!(site.world.balance_of(&other) > 0);
        // What stands in is not remembered: the associated account may come back.
        assert_eq!(stored(&site, given), Address::default());
        site.release();
        for what in Pull::ALL.into_iter().filter(|what| *what != given) {
            assert!(site.pull(what) > 0);
        }
        assert_eq!(site.vault(), 0);
    }
}

#[test]
fn no_other_account_is_paid_while_the_associated_one_is_its_owner_s() {
    let mut site = due();
    let mint = site.world.pay_mint;
    for what in Pull::ALL {
        let owner = site.recipient(what);
        let other = site.world.second_account(&owner, &mint);
        let pull = elsewhere(&site, what, &other);
        site.world.refused(&[pull], &[], "NotAssociatedAccount");
        assert!(site.pull(what) > 0);
    }
}

#[test]
fn the_account_paid_in_its_place_is_the_recipient_s_alone() {
    for what in Pull::ALL {
        let mut site = due();
        let taker = give_away(&mut site, what);
        let (owner, mint) = (key(&site, what), site.world.pay_mint);
        let other = site.world.second_account(&owner.pubkey(), &mint);
        let pull = elsewhere(&site, what, &other);

        // Somebody else's, and the one that was given away.
        let theirs = site.world.second_account(&taker.pubkey(), &mint);
        let steered = elsewhere(&site, what, &theirs);
        site.world.refused(&[steered], &[], "NotOwnedAlone");
        let own = address::token_account(&owner.pubkey(), &mint.address, &mint.token_program);
        site.world.refused(
            &[pull.with(&other, &own)],
            &[],
            "ConstraintDuplicateMutableAccount",
        );
        // Shown in its place: another account that was never the associated one.
        let bluff = pull.with(&own, &theirs);
        site.world.refused(&[bluff], &[], "NotAssociatedAccount");

        // With a delegate, with a close authority.
        let program = &mint.token_program;
        let approve = token::approve(program, &other, &taker.pubkey(), &owner.pubkey(), &[], 1);
        site.world.ok(&[approve.unwrap()], &[&owner]);
        site.world.refused(from_ref(&pull), &[], "NotOwnedAlone");
        let revoke = token::revoke(program, &other, &owner.pubkey(), &[]).unwrap();
        let closer = |from: &Keypair, to: Option<&Address>| {
            let kind = AuthorityType::CloseAccount;
            token::set_authority(program, &other, to, kind, &from.pubkey(), &[]).unwrap()
        };
        let shared = closer(&owner, Some(&taker.pubkey()));
        site.world.ok(&[revoke, shared], &[&owner]);
        site.world.refused(from_ref(&pull), &[], "NotOwnedAlone");
        let alone = closer(&taker, None);
        site.world.ok(&[alone], &[&taker]);
        site.world.ok(&[pull], &[]);
    }
}

#[test]
fn an_account_of_another_mint_does_not_stand_in() {
    let mut site = due();
    let reward = site.world.reward_mint;
    for what in Pull::ALL {
        give_away(&mut site, what);
        let owner = site.recipient(what);
        let other = site.world.second_account(&owner, &reward);
        let pull = elsewhere(&site, what, &other);
        // The token program's MintMismatch.
        site.world.refused(&[pull], &[], "Custom(3)");
    }
}

#[test]
fn a_missing_associated_account_is_created_and_not_replaced() {
    let mut site = due();
    let mint = site.world.pay_mint;
    let nobody = site.world.key().pubkey();
    let job = site.job.address;
    site.world.edit(&job, |job: &mut sluice_client::Job| {
        job.refund_owner = nobody;
    });
    let other = site.world.second_account(&nobody, &mint);
    let pull = site.world.pull(&job, Pull::Refund);
    let diverted = site.world.elsewhere(&pull, &nobody, &mint, &other);
    site.world
        .refused(from_ref(&diverted), &[], "RecipientChangedOwner");
    let own = address::token_account(&nobody, &mint.address, &mint.token_program);
    site.world.chain.airdrop(&own, 10_000_000).unwrap();
    site.world
        .refused(&[diverted], &[], "RecipientChangedOwner");
    site.world.open_account(&nobody, &mint);
    site.world.ok(&[pull], &[]);
}

#[test]
fn a_frozen_account_is_not_replaced() {
    let mut world = World::new();
    let mint = world.freezable_mint();
    let mut site = due_in(world.paying_in(mint));
    for what in Pull::ALL {
        let owner = site.recipient(what);
        site.world.freeze_tokens_of(&owner, &mint);
        let other = site.world.second_account(&owner, &mint);
        let pull = elsewhere(&site, what, &other);
        site.world.refused(&[pull], &[], "NotAssociatedAccount");
    }
}

#[test]
fn the_first_pull_stores_the_account_and_later_ones_cost_less() {
    let mut site = Site::new();
    for what in [Pull::Pay, Pull::Treasury] {
        assert_eq!(stored(&site, what), Address::default());
    }
    let units = [0, 1, 2].map(|window| {
        site.at((i64::from(window) + 1) * HOUR);
        site.cosign(window, 50);
        [Pull::Pay, Pull::Treasury].map(|what| {
            let pull = site.pull_ix(what);
            site.world.ok(&[pull], &[]).program_units()[0]
        })
    });
    for door in 0..2 {
        assert!(units[1][door] + 150 < units[0][door], "{units:?}");
        assert_eq!(units[1][door], units[2][door], "{units:?}");
    }
    let mint = site.world.pay_mint;
    for what in [Pull::Pay, Pull::Treasury] {
        let owner = site.recipient(what);
        let own = address::token_account(&owner, &mint.address, &mint.token_program);
        assert_eq!(stored(&site, what), own);
    }
}

#[test]
fn a_stored_account_that_changed_hands_is_derived_anew() {
    for what in [Pull::Pay, Pull::Treasury] {
        let mut site = Site::new();
        let mint = site.world.pay_mint;
        site.at(2 * HOUR);
        site.cosign(0, 50);
        assert!(site.pull(what) > 0);
        let owner = site.recipient(what);
        let own = address::token_account(&owner, &mint.address, &mint.token_program);
        assert_eq!(stored(&site, what), own);
        site.cosign(1, 50);
        let taker = give_away(&mut site, what);
        site.pull_refused(what, "RecipientChangedOwner");
        let other = site.world.second_account(&owner, &mint);
        // The stored one tells nothing of another recipient's account.
        let pull = elsewhere(&site, what, &other);
        site.world.give_back(&taker, &owner, &mint);
        site.world
            .refused(from_ref(&pull), &[], "NotAssociatedAccount");
        let owner_key = key(&site, what);
        site.world.give_away(&owner_key, &mint, &taker.pubkey());
        site.world.ok(&[pull], &[]);
        assert_eq!(stored(&site, what), own);
        assert!(site.world.balance_of(&other) > 0);
    }
}

#[test]
fn a_new_treasury_is_paid_in_its_own_account() {
    let mut site = Site::new();
    let (mint, network) = (site.world.pay_mint, site.world.network);
    site.at(2 * HOUR);
    site.cosign(0, 50);
    let old = site.recipient(Pull::Treasury);
    assert!(site.pull(Pull::Treasury) > 0);
    site.cosign(1, 50);
    let moved = site.world.party();
    site.world.open_account(&moved.pubkey(), &mint);
    site.world
        .edit(&network, |state: &mut sluice_client::Network| {
            state.roles.treasury = moved.pubkey();
        });
    let account =
        |owner: &Address| address::token_account(owner, &mint.address, &mint.token_program);
    let sweep = site.pull_ix(Pull::Treasury);
    let stale = sweep.with(&account(&moved.pubkey()), &account(&old));
    site.world.refused(&[stale], &[], "NotAssociatedAccount");
    site.world.ok(&[sweep], &[]);
    assert_eq!(stored(&site, Pull::Treasury), account(&moved.pubkey()));
    assert!(site.world.tokens(&moved.pubkey(), &mint) > 0);
}
