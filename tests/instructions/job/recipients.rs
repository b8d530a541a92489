//! Every pull goes to one owner's associated account and nowhere else.
use {
    sluice_client::{
        Ledger, address,
        instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    },
    sluice_tests::world::{Pull, Site, Tamper, World},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    spl_token_interface::instruction as token,
};

const HOUR: i64 = 3_600;
/// The token program's refusal to move tokens of a frozen account.
const FROZEN: &str = "Custom(17)";

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

/// Where a pull pays to.
fn destination(site: &Site, owner: &Address) -> Address {
    let mint = site.world.pay_mint;
    address::token_account(owner, &mint.address, &mint.token_program)
}

/// The key of who receives by this door.
fn key(site: &Site, what: Pull) -> Keypair {
    match what {
        Pull::Pay => &site.provider.owner,
        Pull::Treasury => &site.world.treasury,
        Pull::Attesters => &site.set.fee_owner,
        Pull::Refund => &site.job.buyer,
    }
    .insecure_clone()
}

/// Moves all tokens of `owner` away, so that its account can close.
fn empty(site: &mut Site, owner: &Keypair) {
    let (mint, other) = (site.world.pay_mint, site.world.party().pubkey());
    let amount = site.world.tokens(&owner.pubkey(), &mint);
    site.world.open_account(&other, &mint);
    let from = destination(site, &owner.pubkey());
    let to = destination(site, &other);
    let send = token::transfer_checked(
        &mint.token_program,
        &from,
        &mint.address,
        &to,
        &owner.pubkey(),
        &[],
        amount,
        mint.decimals,
    );
    site.world.ok(&[send.unwrap()], &[owner]);
}

#[test]
fn another_owners_account_is_refused() {
    let mut site = due();
    let thief = site.world.buyer().pubkey();
    let theirs = destination(&site, &thief);
    for what in Pull::ALL {
        let pull = site.pull_ix(what);
        let own = destination(&site, &site.recipient(what));
        site.world
            .refused(&[pull.with(&own, &theirs)], &[], "NotAssociatedAccount");
        for other in Pull::ALL.into_iter().filter(|other| *other != what) {
            let bent = pull.with(&own, &destination(&site, &site.recipient(other)));
            site.world.refused(&[bent], &[], "NotAssociatedAccount");
        }
        site.world.ok(&[pull], &[]);
    }
}

#[test]
fn another_account_of_the_right_owner_is_refused() {
    let mut site = due();
    let mint = site.world.pay_mint;
    for what in Pull::ALL {
        let (aside, owner) = (site.world.key().pubkey(), site.recipient(what));
        let chain = &mut site.world.chain;
        chain.put(&aside, vec![0; 165], &TOKEN_PROGRAM).unwrap();
        let init =
            token::initialize_account3(&TOKEN_PROGRAM, &aside, &mint.address, &owner).unwrap();
        site.world.ok(&[init], &[]);
        let bent = site.pull_ix(what).with(&destination(&site, &owner), &aside);
        site.world.refused(&[bent], &[], "NotAssociatedAccount");
    }
}

#[test]
fn the_vault_itself_or_another_mints_account_is_refused() {
    let mut site = due();
    let reward = site.world.reward_mint;
    for what in Pull::ALL {
        let (pull, owner) = (site.pull_ix(what), site.recipient(what));
        let own = destination(&site, &owner);
        let vault = address::vault(&site.job.address);
        site.world.refused(
            &[pull.with(&own, &vault)],
            &[],
            "ConstraintDuplicateMutableAccount",
        );
        site.world.open_account(&owner, &reward);
        let other = address::token_account(&owner, &reward.address, &reward.token_program);
        site.world
            .refused(&[pull.with(&own, &other)], &[], "NotAssociatedAccount");
    }
}

#[test]
fn a_missing_account_delays_its_owner_only() {
    for missing in Pull::ALL {
        let mut site = due();
        let (owner, mint) = (key(&site, missing), site.world.pay_mint);
        empty(&mut site, &owner);
        site.world.close_account(&owner, &mint);
        site.pull_refused(missing, "RecipientChangedOwner");
        site.release();
        for what in Pull::ALL.into_iter().filter(|what| *what != missing) {
            assert!(site.pull(what) > 0);
        }
        // Lamports at the address are not an account either.
        let own = destination(&site, &owner.pubkey());
        site.world.chain.airdrop(&own, 10_000_000).unwrap();
        site.pull_refused(missing, "RecipientChangedOwner");
        site.world.open_account(&owner.pubkey(), &mint);
        assert!(site.pull(missing) > 0);
        assert_eq!(site.vault(), 0);
    }
}

#[test]
fn a_mint_that_comes_back_with_other_decimals_moves_nothing() {
    let mut site = due();
    let mint = site.world.pay_mint.address;
    let mut recreate = |decimals: u8| {
        let mut account = site.world.chain.account(&mint).unwrap().unwrap();
        account.data[44] = decimals;
        site.world.chain.svm().set_account(mint, account).unwrap();
        for what in Pull::ALL {
            match decimals {
                6 => assert!(site.pull(what) > 0),
                // The token program's MintDecimalsMismatch: the job remembers the decimals it was funded in.
                _ => site.pull_refused(what, "Custom(18)"),
            }
        }
    };
    recreate(9);
    recreate(0);
    recreate(6);
    assert_eq!(site.vault(), 0);
}

#[test]
fn an_account_that_demands_memos_delays_its_owner_only() {
    use spl_token_2022_interface::{
        extension::{ExtensionType, memo_transfer::instruction as memos},
        instruction::reallocate,
    };
    for demanding in Pull::ALL {
        let mut world = World::new();
        let mint = world.mint_2022(&[]);
        let mut site = due_in(world.paying_in(mint));
        let owner = key(&site, demanding);
        let (by, account) = (owner.pubkey(), destination(&site, &owner.pubkey()));
        let (program, payer) = (mint.token_program, site.world.payer.pubkey());
        let extension = [ExtensionType::MemoTransfer];
        let room = reallocate(&program, &account, &payer, &by, &[], &extension).unwrap();
        let demand = memos::enable_required_transfer_memos(&program, &account, &by, &[]).unwrap();
        site.world.ok(&[room, demand], &[&owner]);
        // The token program's NoMemo.
        site.pull_refused(demanding, "Custom(36)");
        for what in Pull::ALL.into_iter().filter(|what| *what != demanding) {
            assert!(site.pull(what) > 0);
        }
        let drop = memos::disable_required_transfer_memos(&program, &account, &by, &[]).unwrap();
        site.world.ok(&[drop], &[&owner]);
        assert!(site.pull(demanding) > 0);
    }
}

#[test]
fn an_account_that_changed_hands_delays_its_owner_only() {
    for given in Pull::ALL {
        let mut site = due();
        let (owner, mint) = (key(&site, given), site.world.pay_mint);
        let taker = site.world.party();
        site.world.give_away(&owner, &mint, &taker.pubkey());
        site.pull_refused(given, "RecipientChangedOwner");
        for what in Pull::ALL.into_iter().filter(|what| *what != given) {
            assert!(site.pull(what) > 0);
        }
        site.world.give_back(&taker, &owner.pubkey(), &mint);
        assert!(site.pull(given) > 0);
    }
}

#[test]
fn a_frozen_account_delays_its_owner_only() {
    for frozen in Pull::ALL {
        let mut world = World::new();
        let mint = world.freezable_mint();
        let mut site = due_in(world.paying_in(mint));
        let owner = site.recipient(frozen);
        site.world.freeze_tokens_of(&owner, &mint);
        site.pull_refused(frozen, FROZEN);
        site.release();
        for what in Pull::ALL.into_iter().filter(|what| *what != frozen) {
            assert!(site.pull(what) > 0);
        }
        site.world.thaw_tokens_of(&owner, &mint);
        assert!(site.pull(frozen) > 0);
        assert_eq!(site.vault(), 0);
    }
}

#[test]
fn another_vault_of_the_same_mint_is_refused() {
    let mut site = due();
    let other = site.another(|_| ());
    let vault = address::vault(&site.job.address);
    // One of the program, and one that the job's own address holds elsewhere.
    let (aside, mint) = (site.world.key().pubkey(), site.world.pay_mint);
    let chain = &mut site.world.chain;
    chain.put(&aside, vec![0; 165], &TOKEN_PROGRAM).unwrap();
    let job = site.job.address;
    let init = token::initialize_account3(&TOKEN_PROGRAM, &aside, &mint.address, &job).unwrap();
    site.world.ok(&[init], &[]);
    for what in Pull::ALL {
        for lookalike in [address::vault(&other.address), aside] {
            let bent = site.pull_ix(what).with(&vault, &lookalike);
            site.world.refused(&[bent], &[], "ConstraintAddress");
        }
    }
}

#[test]
fn another_mint_or_token_program_is_refused() {
    let mut site = due();
    let reward = site.world.reward_mint.address;
    let mint = site.world.pay_mint.address;
    for what in Pull::ALL {
        let pull = site.pull_ix(what);
        let bent = pull.with(&mint, &reward);
        site.world.refused(&[bent], &[], "ConstraintAddress");
        let bent = pull.with(&TOKEN_PROGRAM, &sluice_client::ID);
        site.world.refused(&[bent], &[], "WrongTokenProgram");
        let own = destination(&site, &site.recipient(what));
        let there = address::token_account(&site.recipient(what), &mint, &TOKEN_2022_PROGRAM);
        let bent = pull
            .with(&TOKEN_PROGRAM, &TOKEN_2022_PROGRAM)
            .with(&own, &there);
        site.world.refused(&[bent], &[], "WrongTokenProgram");
    }
}

#[test]
fn a_pull_with_another_jobs_account_takes_from_that_job_only() {
    let mut site = due();
    let other = site.another(|_| ());
    for what in Pull::ALL {
        let bent = site.pull_ix(what).with(&site.job.address, &other.address);
        site.world.refused(&[bent], &[], "ConstraintAddress");
    }
    assert_eq!(site.world.vault(&other.address), 1_000_000_000);
}
