use {
    sluice_client::{Job, address, instruction as ix},
    sluice_tests::world::{DAY, Pull, Site, TOKEN, Tamper},
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

const HOUR: i64 = 3_600;
/// The token program's refusal of another owner's account.
const NOT_THEIR_TOKENS: &str = "Custom(4)";

fn top_up(site: &Site, funder: &Keypair, amount: u64) -> solana_instruction::Instruction {
    ix::top_up_job(
        &funder.pubkey(),
        &site.job.address,
        &site.state(),
        &site.world.pay_mint.token_program,
        amount,
    )
}

#[test]
fn anyone_adds_funds_and_nothing_else_changes() {
    let mut site = Site::new();
    let stranger = site.world.buyer();
    let top_up = top_up(&site, &stranger, 500 * TOKEN);
    let mut before = site.state();
    site.world.ok(&[top_up], &[&stranger]);
    let after: Job = site.state();
    assert_eq!((after.funded, after.units_funded), (1_500 * TOKEN, 1_000));
    assert_eq!(site.vault(), 1_500 * TOKEN);
    (before.funded, before.units_funded) = (after.funded, after.units_funded);
    assert_eq!(bytemuck::bytes_of(&before), bytemuck::bytes_of(&after));
}

#[test]
fn base_units_add_up_to_a_unit() {
    let mut site = Site::with(|args| args.funds = 3 * TOKEN - 3);
    for (amount, units) in [(1, 1), (1, 1), (1, 2)] {
        site.top_up(amount);
        assert_eq!(site.state().units_funded, units);
    }
}

#[test]
fn a_job_is_topped_up_before_its_end_and_not_at_it() {
    let mut site = Site::new();
    site.at(10 * HOUR - 1);
    site.top_up(1);
    site.at(10 * HOUR);
    let (top_up, buyer) = (site.top_up_ix(1), site.job.buyer.insecure_clone());
    site.world.refused(from_ref(&top_up), &[&buyer], "JobEnded");
    site.settle();
    site.release();
    site.world.refused(&[top_up], &[&buyer], "JobEnded");
}

#[test]
fn a_cancelled_job_is_topped_up_until_its_new_end() {
    let mut site = Site::new();
    site.cancel();
    site.at(2 * HOUR - 1);
    site.top_up(1);
    site.at(2 * HOUR);
    let (top_up, buyer) = (site.top_up_ix(1), site.job.buyer.insecure_clone());
    site.world.refused(&[top_up], &[&buyer], "JobEnded");
}

#[test]
fn an_open_job_is_topped_up_before_its_last_moment() {
    let mut site = Site::new();
    let buyer = site.world.buyer();
    let terms = site.world.terms(&site.set.address);
    let args = site.world.open_args(1, terms, &site.job.cosigner.pubkey());
    site.job.address = site.world.open(&buyer, args);
    let top_up = top_up(&site, &buyer, 500 * TOKEN);
    site.world.advance(i64::from(DAY) - 1);
    site.world.ok(from_ref(&top_up), &[&buyer]);
    assert_eq!(site.state().units_funded, 1_000);
    site.world.advance(1);
    site.world.refused(&[top_up], &[&buyer], "JobEnded");
}

#[test]
fn a_top_up_of_nothing_is_refused() {
    let mut site = Site::new();
    let (top_up, buyer) = (site.top_up_ix(0), site.job.buyer.insecure_clone());
    site.world.refused(&[top_up], &[&buyer], "AmountTooSmall");
}

#[test]
fn another_incarnation_is_not_topped_up() {
    let mut site = Site::new();
    let mut seen = site.state();
    let buyer = site.job.buyer.insecure_clone();
    let program = site.world.pay_mint.token_program;
    for incarnation in [seen.incarnation - 1, seen.incarnation + 1] {
        seen.incarnation = incarnation;
        let top_up = ix::top_up_job(&buyer.pubkey(), &site.job.address, &seen, &program, 1);
        site.world.refused(&[top_up], &[&buyer], "WrongIncarnation");
    }
}

#[test]
fn the_tokens_are_the_funders_own_and_go_to_the_jobs_vault() {
    let mut site = Site::new();
    let other = site.another(|_| ());
    let (buyer, mint) = (site.job.buyer.insecure_clone(), site.world.pay_mint);
    let top_up = site.top_up_ix(TOKEN);
    let account =
        |owner: &Address| address::token_account(owner, &mint.address, &mint.token_program);
    let (own, theirs) = (account(&buyer.pubkey()), account(&other.buyer.pubkey()));
    let mut refused = |account: &Address, instead: &Address, name: &str| {
        let bent = top_up.with(account, instead);
        site.world.refused(&[bent], &[&buyer], name);
    };
    refused(&own, &theirs, NOT_THEIR_TOKENS);
    let (vault, lookalike) = (
        address::vault(&site.job.address),
        address::vault(&other.address),
    );
    refused(&vault, &lookalike, "ConstraintAddress");
    refused(&vault, &theirs, "ConstraintAddress");
    // From the vault into itself.
    refused(&own, &vault, "ConstraintDuplicateMutableAccount");
    let reward = site.world.reward_mint.address;
    let bent = top_up.with(&mint.address, &reward);
    site.world.refused(&[bent], &[&buyer], "ConstraintAddress");
    let without = top_up.unsigned(&buyer.pubkey());
    site.world
        .refused(&[without], &[], "MissingRequiredSignature");
}

#[test]
fn units_that_do_not_fit_are_refused() {
    let mut site = Site::with(|args| {
        (args.terms.price, args.terms.per, args.terms.cap) = (2, u64::MAX, 1);
        args.funds = 2;
    });
    assert_eq!(site.state().units_funded, u64::MAX);
    let (top_up, buyer) = (site.top_up_ix(1), site.job.buyer.insecure_clone());
    site.world.refused(&[top_up], &[&buyer], "MathOverflow");
}

#[test]
fn a_top_up_beyond_what_can_be_counted_is_refundable_at_once() {
    let mut site = Site::new();
    site.top_up(500 * TOKEN);
    site.pull_refused(Pull::Refund, "NothingDue");
    site.top_up(7);
    assert_eq!(site.pull(Pull::Refund), 7);
}

#[test]
fn a_top_up_does_not_pay_for_a_window_already_clipped() {
    let mut site = Site::with(|args| args.funds = 75 * TOKEN);
    site.at(HOUR);
    site.prove(0, 100);
    assert_eq!(site.state().units_pending, 50);
    site.top_up(925 * TOKEN);
    assert_eq!(site.state().units_pending, 50);
    site.proof_refused(0, 50, "WindowAlreadyProven");
}
