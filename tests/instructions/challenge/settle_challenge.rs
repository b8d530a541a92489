use {
    super::RULING,
    sluice_client::{Ledger, address, events::ChallengeSettled, instruction as ix},
    sluice_tests::world::{
        DAY, Objection, PARAMS, Site, TOKEN, Tamper, World, lied, logged, same, upheld, void,
    },
    solana_signer::Signer,
    std::slice::from_ref,
};

/// How long the signers of a void window can be slashed before its challenge closes without.
const WEEK: i64 = 7 * DAY as i64;

/// A site whose challenge of window 0 was ruled so.
fn ruled(ruling: sluice_client::Ruling) -> (Site, Objection) {
    let (mut site, objection) = Site::challenged();
    let owner = site.provider.owner.pubkey();
    let mint = site.world.stake_mint;
    site.world.open_account(&owner, &mint);
    site.rule(&objection, ruling);
    (site, objection)
}

/// The settling is refused by this name.
#[track_caller]
fn refused(site: &mut Site, objection: &Objection, name: &str) {
    let settle = site.world.settle_challenge_ix(objection);
    site.world.refused(&[settle], &[], name);
}

#[test]
fn the_bond_goes_back_to_the_challenger_or_to_the_provider_s_owner() {
    for (ruling, challenger_wins) in [(void(0), true), (void(TOKEN), true), (upheld(), false)] {
        let (mut site, objection) = ruled(ruling);
        let mut pool = site.pool();
        let vault = site.world.vault(&site.provider.pool);
        let challenger = objection.challenger.pubkey();
        let owner = site.provider.owner.pubkey();
        let rent = site.world.chain.account(&objection.address).unwrap();
        let rent = rent.unwrap().lamports;
        let payer = site.world.payer.pubkey();
        let lamports = |site: &Site| site.world.chain.account(&payer).unwrap().unwrap().lamports;
        let before = lamports(&site);
        let job = site.state();
        let receipt = site.world.settle_challenge(&objection);

        let bonds = (site.stake_of(&challenger), site.stake_of(&owner));
        let (winner, expected) = if challenger_wins {
            (challenger, (10 * TOKEN, 0))
        } else {
            (owner, (0, 10 * TOKEN))
        };
        assert_eq!(bonds, expected);
        (pool.challenge_bonds, pool.challenges) = (0, 0);
        same(&site.pool(), &pool);
        same(&site.state(), &job);
        assert_eq!(site.world.vault(&site.provider.pool), vault - 10 * TOKEN);
        assert!(
            site.world
                .chain
                .account(&objection.address)
                .unwrap()
                .is_none()
        );
        // The world's payer pays one signature.
        assert_eq!(lamports(&site), before + rent - 5_000);
        logged(
            &receipt,
            &[ChallengeSettled {
                challenge: objection.address,
                winner,
                bond: 10 * TOKEN,
            }],
        );
    }
}

#[test]
fn the_bond_goes_back_to_a_challenger_that_nobody_ruled_on() {
    let (mut site, objection) = Site::challenged();
    let (challenger, owner) = (objection.challenger.pubkey(), site.provider.owner.pubkey());
    let mint = site.world.stake_mint;
    site.world.open_account(&owner, &mint);
    site.at_ruling(0, RULING);
    site.world.rule(&objection, upheld());
    let settle = site.world.settle_challenge_ix(&objection);
    let account = |who| address::token_account(who, &mint.address, &mint.token_program);
    let bent = settle.with(&account(&challenger), &account(&owner));
    site.world.refused(&[bent], &[], "NotAssociatedAccount");
    let receipt = site.world.ok(&[settle], &[]);
    assert_eq!(
        (site.stake_of(&challenger), site.stake_of(&owner)),
        (10 * TOKEN, 0)
    );
    logged(
        &receipt,
        &[ChallengeSettled {
            challenge: objection.address,
            winner: challenger,
            bond: 10 * TOKEN,
        }],
    );
}

#[test]
fn nothing_is_settled_before_the_ruling() {
    let (mut site, objection) = Site::challenged();
    refused(&mut site, &objection, "NotRuled");
    site.at_ruling(0, 100 * RULING);
    refused(&mut site, &objection, "NotRuled");
}

#[test]
fn a_challenge_is_settled_once() {
    let (mut site, objection) = ruled(void(0));
    let settle = site.world.settle_challenge_ix(&objection);
    site.world.refused(
        &[settle.clone(), settle.clone()],
        &[],
        "AccountDataTooSmall",
    );
    site.world.ok(from_ref(&settle), &[]);
    site.world.advance(1);
    site.world.refused(&[settle], &[], "AccountDataTooSmall");
}

#[test]
fn a_ruling_and_its_settling_fit_one_transaction() {
    let (mut site, objection) = Site::challenged();
    site.at_ruling(0, RULING / 2);
    let resolver = site.world.payer.pubkey();
    let rule = site.world.rule_ix(&resolver, &objection, void(0));
    let mut state = site.world.challenge_state(&objection);
    state.verdict = 2;
    let token_program = site.world.stake_mint.token_program;
    let settle = ix::settle_challenge(&state, &site.pool(), &token_program);
    site.world.ok(&[rule, settle], &[]);
    assert_eq!(site.stake_of(&objection.challenger.pubkey()), 10 * TOKEN);
}

#[test]
fn a_challenge_is_settled_once_every_signer_that_lied_is_slashed() {
    let (mut site, objection) = ruled(lied(0));
    for index in 0..3 {
        refused(&mut site, &objection, "SignersNotSlashed");
        site.slash_signer(&objection, index);
    }
    site.world.settle_challenge(&objection);
}

#[test]
fn a_challenge_is_settled_from_a_week_after_the_ruling_on() {
    let (mut site, objection) = ruled(lied(0));
    let ruled_at = site.world.challenge_state(&objection).ruled_at;
    site.slash_signer(&objection, 1);
    site.world.chain.set_time(ruled_at + WEEK - 1);
    refused(&mut site, &objection, "SignersNotSlashed");
    site.world.chain.set_time(ruled_at + WEEK);
    // Until it is settled, they can still be slashed.
    site.slash_signer(&objection, 0);
    site.world.settle_challenge(&objection);
    assert_eq!(site.stake_of(&objection.challenger.pubkey()), 10 * TOKEN);
    assert_eq!(site.world.pool(&site.set.attesters[2].pool).slashed, 0);
}

#[test]
fn a_winner_without_a_good_token_account_blocks_its_own_settling_only() {
    let (mut site, objection) = ruled(void(500 * TOKEN));
    let (key, mint) = (objection.challenger.insecure_clone(), site.world.stake_mint);
    let thief = site.world.party();
    // Missing, then another's.
    site.world.close_account(&key, &mint);
    refused(&mut site, &objection, "RecipientChangedOwner");
    site.world.open_account(&key.pubkey(), &mint);
    site.world.give_away(&key, &mint, &thief.pubkey());
    refused(&mut site, &objection, "RecipientChangedOwner");
    // Everybody else goes on.
    assert_eq!(site.pull_all()[3], 1_000 * TOKEN);
    site.release();
    let close = site.close_ix();
    site.world.ok(&[close], &[]);
    let token_program = mint.token_program;
    let burn = ix::burn_slashed(&site.provider.pool, &site.pool(), &token_program);
    site.world.ok(&[burn], &[]);
    let owner = site.provider.owner.insecure_clone();
    let pool = site.provider.pool;
    site.world.unstake_all(&owner, &pool);
    assert_eq!(site.stake_of(&owner.pubkey()), 9_500 * TOKEN);
    assert_eq!(site.world.vault(&pool), 10 * TOKEN);

    site.world.give_back(&thief, &key.pubkey(), &mint);
    site.world.settle_challenge(&objection);
    assert_eq!(site.stake_of(&key.pubkey()), 10 * TOKEN);
    assert_eq!(site.world.vault(&pool), 0);
}

#[test]
fn a_winner_whose_account_changed_hands_is_settled_with_elsewhere() {
    let (mut site, objection) = ruled(void(500 * TOKEN));
    let (key, mint) = (objection.challenger.insecure_clone(), site.world.stake_mint);
    let other = site.world.second_account(&key.pubkey(), &mint);
    let settle = site.world.settle_challenge_ix(&objection);
    let elsewhere = site.world.elsewhere(&settle, &key.pubkey(), &mint, &other);
    site.world
        .refused(from_ref(&elsewhere), &[], "NotAssociatedAccount");
    let taker = site.world.party().pubkey();
    site.world.give_away(&key, &mint, &taker);
    site.world.refused(&[settle], &[], "RecipientChangedOwner");
    let theirs = site.world.second_account(&taker, &mint);
    let steered = elsewhere.with(&other, &theirs);
    site.world.refused(&[steered], &[], "NotOwnedAlone");
    site.world.ok(&[elsewhere], &[]);
    assert_eq!(site.world.balance_of(&other), 10 * TOKEN);
}

#[test]
fn a_challenge_whose_rent_payer_became_a_program_is_settled() {
    let (mut site, objection) = ruled(void(0));
    let rent_payer = site.world.party().pubkey();
    site.world.edit(
        &objection.address,
        |state: &mut sluice_client::Challenge| {
            state.rent_payer = rent_payer;
        },
    );
    site.world.deploy_at(&rent_payer);
    let rent = site.world.lamports(&objection.address);
    let before = site.world.lamports(&rent_payer);
    site.world.settle_challenge(&objection);
    assert_eq!(site.world.lamports(&rent_payer), before + rent);
}

/// A site in the network that a bare world gets.
fn on(mut world: World) -> Site {
    let args = world.network_args(PARAMS);
    let payer = world.payer.pubkey();
    let (stake, dividend) = (world.stake_mint.address, world.reward_mint.address);
    let create = ix::create_network(&payer, &payer, &stake, &dividend, args);
    world.ok(&[create], &[]);
    Site::on(world, |_| ())
}

#[test]
fn a_frozen_winner_waits() {
    let mut world = World::bare();
    world.stake_mint = world.freezable_mint();
    let (mut site, objection) = on(world).with_challenge();
    site.rule(&objection, void(0));
    let (key, mint) = (objection.challenger.pubkey(), site.world.stake_mint);
    site.world.freeze_tokens_of(&key, &mint);
    // The token program's refusal of a frozen account.
    refused(&mut site, &objection, "Custom(17)");
    assert_eq!(site.pull_all()[3], 1_000 * TOKEN);
    site.release();
    site.world.thaw_tokens_of(&key, &mint);
    site.world.settle_challenge(&objection);
    assert_eq!(site.stake_of(&key), 10 * TOKEN);
}

#[test]
fn the_bond_comes_from_the_challenge_s_pool_to_the_winner_s_own_account() {
    let (mut site, objection) = ruled(void(0));
    let good = site.world.settle_challenge_ix(&objection);
    let stranger = site.world.provider();
    let mint = site.world.stake_mint;
    let account = |owner: &solana_address::Address| {
        address::token_account(owner, &mint.address, &mint.token_program)
    };
    let pool = site.provider.pool;
    let bent = good
        .with(&pool, &stranger.pool)
        .with(&address::vault(&pool), &address::vault(&stranger.pool));
    site.world.refused(&[bent], &[], "WrongStakePool");
    for wrong in [address::vault(&stranger.pool), site.state().vault] {
        let bent = good.with(&address::vault(&pool), &wrong);
        site.world.refused(&[bent], &[], "WrongVault");
    }
    let [winner, loser, other] = [&objection.challenger, &site.provider.owner, &stranger.owner]
        .map(|key| account(&key.pubkey()));
    for wrong in [loser, other] {
        let bent = good.with(&winner, &wrong);
        site.world.refused(&[bent], &[], "NotAssociatedAccount");
    }
    let payer = site.world.payer.pubkey();
    let bent = good.with(&payer, &stranger.owner.pubkey());
    site.world.refused(&[bent], &[], "ConstraintAddress");
    site.world
        .refuses_look_alikes(&good, &[objection.address, pool], &[]);
    site.world.ok(&[good], &[]);
}

#[test]
fn a_challenge_without_a_bond_closes_too() {
    let site = Site::with(|args| args.terms.challenge_bond = 0);
    let (mut site, objection) = site.with_challenge();
    site.rule(&objection, upheld());
    let mut pool = site.pool();
    site.world.settle_challenge(&objection);
    pool.challenges = 0;
    same(&site.pool(), &pool);
    assert!(
        site.world
            .chain
            .account(&objection.address)
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_pool_stays_while_it_holds_a_bond() {
    let (mut site, objection) = ruled(upheld());
    site.release();
    let owner = site.provider.owner.insecure_clone();
    let (pool, node_key) = (site.provider.pool, site.node.address);
    let node = site.world.node_state(&site.node);
    let close_node = ix::close_node(&owner.pubkey(), &node_key, &node);
    site.world.ok(&[close_node], &[&owner]);
    site.world.unstake_all(&owner, &pool);
    let position = address::position(&pool, &owner.pubkey());
    let position = ix::close_position(&site.world.chain.get(&position).unwrap());
    site.world.ok(&[position], &[&owner]);
    let token_program = site.world.stake_mint.token_program;
    let dividends = site.world.reward_mint.address;
    let close = ix::close_stake_pool(&site.pool(), &dividends, &token_program);
    site.world
        .refused(from_ref(&close), &[&owner], "StillInUse");
    site.world.settle_challenge(&objection);
    site.world.ok(&[close], &[&owner]);
    // All that was staked, and the challenger's bond.
    assert_eq!(site.stake_of(&owner.pubkey()), 10_010 * TOKEN);
}

#[test]
fn a_stake_of_token_2022_is_disputed_like_any_other() {
    let mut world = World::bare();
    world.stake_mint = world.mint_2022(&[]);
    let (mut site, objection) = on(world).with_challenge();
    site.rule(&objection, void(500 * TOKEN));
    site.world.settle_challenge(&objection);
    let (pool, mint) = (site.provider.pool, site.world.stake_mint);
    let burn = ix::burn_slashed(&pool, &site.pool(), &mint.token_program);
    site.world.ok(&[burn], &[]);
    assert_eq!(site.stake_of(&objection.challenger.pubkey()), 10 * TOKEN);
    assert_eq!(site.world.vault(&pool), 9_500 * TOKEN);
}
