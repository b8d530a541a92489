use {
    sluice_client::{
        address,
        instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    },
    sluice_tests::world::{Stage, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
    spl_token_2022_interface::extension::ExtensionType,
};

/// The reward account of an earner's owner.
fn account(stage: &Stage, earner: usize) -> Address {
    let owner = stage.earners[earner].provider.owner.pubkey();
    address::token_account(&owner, &stage.world.reward_mint.address, &TOKEN_PROGRAM)
}

/// The claim of an earner that draws on `epoch`, whether it streams or not.
fn drawing_on(stage: &Stage, earner: usize, epoch: u64) -> Instruction {
    let mut claim = stage.claim_ix(earner);
    claim.accounts[2].pubkey = address::epoch(&stage.pool, epoch);
    claim
}

#[test]
fn a_stream_begins_with_the_epoch_after_the_work_to_the_second() {
    let mut stage = Stage::ready(&[&[5]], |_| ());
    stage.work(0, 0);
    let claim = drawing_on(&stage, 0, 1);
    stage.refused(&claim, "NothingDue");
    stage.world.chain.set_time(stage.starts(2) - 1);
    stage.refused(&claim, "NothingDue");
    stage.world.advance(1);
    stage.refused(&claim, "NothingDue");
    stage.world.advance(1);
    assert_eq!(stage.claim(0), 1_000_003 / 97);
    let again = stage.claim_ix(0);
    stage.refused(&again, "NothingDue");
}

#[test]
fn a_stream_ends_after_one_epoch_to_the_second() {
    let mut stage = Stage::streaming(&[5], |_| ());
    stage.world.advance(96);
    assert_eq!(stage.claim(0), 1_000_003 * 96 / 97);
    stage.world.advance(1);
    assert_eq!(stage.claim(0), 1_000_003);
    stage.world.advance(1);
    let more = stage.claim_ix(0);
    stage.refused(&more, "NothingDue");
    stage.world.advance(1_000_000);
    stage.refused(&more, "NothingDue");
    let (pool, share) = (stage.pool(), stage.share(0));
    assert_eq!((pool.claimed, share.claimed), (1_000_003, 1_000_003));
    // Folding only books what was claimed.
    assert_eq!((pool.earned, share.earned), (0, 0));
    stage.fold(0, 1);
    assert_eq!(
        (stage.pool().earned, stage.share(0).earned),
        (1_000_003, 1_000_003)
    );
    let more = stage.claim_ix(0);
    stage.refused(&more, "NothingDue");
    assert_eq!(stage.world.vault(&stage.pool), 9 * 1_000_003);
}

#[test]
fn a_folded_reward_is_claimed_without_its_epoch() {
    let mut stage = Stage::streaming(&[5], |_| ());
    stage.enter(3);
    stage.fold(0, 1);
    assert_eq!(stage.claim(0), 1_000_003);
}

#[test]
fn a_streaming_and_an_ended_epoch_are_claimed_together() {
    let mut stage = Stage::ready(&[&[5, 6], &[5]], |_| ());
    stage.work(0, 0);
    stage.work(1, 0);
    stage.enter(2);
    stage.work(0, 1);
    stage.enter(3);
    stage.world.advance(10);
    assert_eq!(stage.claim(0), 1_000_003 / 2 + 1_000_003 * 10 / 97);
    stage.fold(0, 1);
    let nothing_new = stage.claim_ix(0);
    stage.refused(&nothing_new, "NothingDue");
    stage.enter(4);
    assert_eq!(stage.claim(0), 1_000_003 / 2 + 1_000_003);
}

#[test]
fn two_ended_epochs_are_claimed_together() {
    let mut stage = Stage::ready(&[&[5, 6], &[5]], |_| ());
    stage.work(0, 0);
    stage.work(1, 0);
    stage.enter(2);
    stage.work(0, 1);
    stage.enter(4);
    let mut both = drawing_on(&stage, 0, 1);
    both.accounts[3].pubkey = address::epoch(&stage.pool, 2);
    stage.world.ok(&[both], &[]);
    assert_eq!(stage.held(0), 1_000_003 / 2 + 1_000_003);
}

#[test]
fn an_epoch_counts_once_in_a_claim() {
    let mut stage = Stage::streaming(&[5, 7], |_| ());
    stage.world.advance(50);
    let mut twice = stage.claim_ix(0);
    let epoch = address::epoch(&stage.pool, 1);
    let given: Vec<_> = twice.accounts[2..4]
        .iter()
        .map(|meta| meta.pubkey)
        .collect();
    assert_eq!(given, [epoch, sluice_client::ID]);
    twice.accounts[3].pubkey = epoch;
    stage.refused(&twice, "WrongEpoch");
}

#[test]
fn a_claim_draws_on_epochs_of_its_own_pool_only() {
    let (mut stage, twin) = Stage::with_twin([5, 7]);
    stage.enter(2);
    stage.world.advance(50);
    let good = stage.claim_ix(0);
    let (own, foreign) = (address::epoch(&stage.pool, 1), address::epoch(&twin, 1));
    stage.refused(&good.with(&own, &foreign), "WrongEpoch");
    // Alone in the place of an ended epoch, and not as a second one of the same number.
    let mut as_ended = good.with(&own, &sluice_client::ID);
    as_ended.accounts[3].pubkey = foreign;
    stage.refused(&as_ended, "WrongEpoch");
    let node = stage.earners[0].node.address;
    let other_share = good.with(&stage.share_key(0), &address::share(&twin, &node));
    stage.refused(&other_share, "WrongShare");
    stage.world.ok(&[good], &[]);
}

#[test]
fn an_epoch_in_which_a_share_did_nothing_pays_it_nothing() {
    let mut stage = Stage::ready(&[&[5], &[7]], |_| ());
    stage.work(0, 0);
    stage.enter(2);
    stage.world.advance(50);
    let idle = drawing_on(&stage, 1, 1);
    stage.refused(&idle, "NothingDue");
    let without_epoch = stage
        .claim_ix(0)
        .with(&address::epoch(&stage.pool, 1), &sluice_client::ID);
    stage.refused(&without_epoch, "NothingDue");
}

#[test]
fn a_claim_goes_to_the_owner_s_associated_account_only() {
    let mut stage = Stage::streaming(&[5, 7], |_| ());
    stage.world.advance(50);
    let good = stage.claim_ix(0);
    let own = account(&stage, 0);
    let operator = stage.earners[0].provider.operator.pubkey();
    let mint = stage.world.reward_mint;
    stage.world.open_account(&operator, &mint);
    let operators = address::token_account(&operator, &mint.address, &TOKEN_PROGRAM);
    let owner = stage.earners[0].provider.owner.pubkey();
    let other_mint = stage.world.pay_mint.address;
    let other_mint = address::token_account(&owner, &other_mint, &TOKEN_PROGRAM);
    for destination in [account(&stage, 1), operators, other_mint, owner] {
        let wrong = good.with(&own, &destination);
        stage.refused(&wrong, "NotAssociatedAccount");
    }
    let in_a_circle = good.with(&own, &address::vault(&stage.pool));
    stage.refused(&in_a_circle, "ConstraintDuplicateMutableAccount");
}

#[test]
fn a_claim_waits_for_an_account_that_is_there_and_the_owner_s() {
    let mut stage = Stage::streaming(&[5, 7], |_| ());
    stage.world.advance(50);
    let mint = stage.world.reward_mint;
    let stranger = stage.world.party().pubkey();
    let owners: Vec<_> = stage
        .earners
        .iter()
        .map(|earner| earner.provider.owner.insecure_clone())
        .collect();
    let [sold, closed] = [0, 1].map(|earner| stage.claim_ix(earner));
    stage.world.give_away(&owners[0], &mint, &stranger);
    stage.refused(&sold, "RecipientChangedOwner");
    stage.world.close_account(&owners[1], &mint);
    stage.refused(&closed, "RecipientChangedOwner");
    stage.world.open_account(&owners[1].pubkey(), &mint);
    stage.world.ok(&[closed], &[]);
}

#[test]
fn a_claim_moves_its_own_pool_s_tokens_through_their_program() {
    let (mut stage, twin) = Stage::with_twin([5, 7]);
    stage.enter(2);
    stage.world.advance(50);
    let good = stage.claim_ix(0);
    let other_vault = good.with(&address::vault(&stage.pool), &address::vault(&twin));
    stage.refused(&other_vault, "ConstraintAddress");
    let other_mint = good.with(
        &stage.world.reward_mint.address,
        &stage.world.pay_mint.address,
    );
    stage.refused(&other_mint, "NotAssociatedAccount");
    // With the payee's own account of that mint: the token program's MintMismatch, and nothing is remembered.
    let payee = stage.earners[0].provider.owner.pubkey();
    let (mint, aside) = (stage.world.reward_mint, stage.world.pay_mint);
    stage.world.open_account(&payee, &aside);
    let own = address::token_account(&payee, &mint.address, &mint.token_program);
    let there = address::token_account(&payee, &aside.address, &aside.token_program);
    stage.refused(&other_mint.with(&own, &there), "Custom(3)");
    assert_eq!(stage.share(0).payee_account, Address::default());
    for other in [TOKEN_2022_PROGRAM, Address::default()] {
        stage.refused(&good.with(&TOKEN_PROGRAM, &other), "WrongTokenProgram");
    }
    // Once the account is known, the token program's MintMismatch.
    stage.claim(0);
    stage.world.advance(1);
    stage.refused(&other_mint, "Custom(3)");
}

#[test]
fn a_token_2022_reward_streams_like_a_classic_one() {
    let mut world = World::new();
    world.reward_mint = world.mint_2022(&[ExtensionType::MetadataPointer]);
    let mut stage = Stage::on(world, &[&[5]], |_| ()).baselined();
    stage.work(0, 0);
    stage.enter(2);
    stage.world.advance(50);
    assert_eq!(stage.claim(0), 1_000_003 * 50 / 97);
    stage.enter(3);
    let classic = stage.claim_ix(0).with(&TOKEN_2022_PROGRAM, &TOKEN_PROGRAM);
    stage.refused(&classic, "WrongTokenProgram");
    assert_eq!(stage.claim(0), 1_000_003);
}

#[test]
fn claim_refuses_accounts_of_another_type_or_program() {
    let mut stage = Stage::streaming(&[5], |_| ());
    stage.world.advance(50);
    let claim = stage.claim_ix(0);
    stage.world.refuses_look_alikes(
        &claim,
        &[
            stage.pool,
            stage.share_key(0),
            address::epoch(&stage.pool, 1),
        ],
        &[],
    );
}
