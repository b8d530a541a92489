mod fees;
mod provers;
mod vault;

use {
    sluice_client::{
        Job, JobState, Ledger, OpenArgs, Terms, account, address,
        instruction::{self as ix, token::TOKEN_2022_PROGRAM},
    },
    sluice_tests::world::{DAY, SOL, SetHandle, TOKEN, Tamper, World},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

/// Refusals of the system program and of the token program.
const IN_USE: &str = "Custom(0)";
const TOO_FEW_TOKENS: &str = "Custom(1)";
const NOT_THEIR_TOKENS: &str = "Custom(4)";

/// A buyer with money, a set, and the arguments that others bend.
struct Desk {
    world: World,
    set: SetHandle,
    buyer: Keypair,
    args: OpenArgs,
}

impl Desk {
    fn new() -> Self {
        let mut world = World::new();
        let set = world.set(4, 3);
        let buyer = world.buyer();
        let cosigner = world.key().pubkey();
        let terms = world.terms(&set.address);
        let args = world.open_args(1, terms, &cosigner);
        Self {
            world,
            set,
            buyer,
            args,
        }
    }

    fn ix(&self, args: OpenArgs) -> Instruction {
        ix::open_job(
            &self.world.payer.pubkey(),
            &self.buyer.pubkey(),
            &self.world.network,
            &self.world.pay_mint.token_program,
            args,
        )
    }

    /// Opening with what `change` makes of the arguments is refused by this name.
    #[track_caller]
    fn refused(&mut self, name: &str, change: impl FnOnce(&mut OpenArgs)) {
        let mut args = OpenArgs {
            id: 1_000,
            ..self.args
        };
        change(&mut args);
        let (open, buyer) = (self.ix(args), self.buyer.insecure_clone());
        self.world.refused(&[open], &[&buyer], name);
    }

    /// Opening with what `change` makes of the arguments works.
    #[track_caller]
    fn opened(&mut self, change: impl FnOnce(&mut OpenArgs)) -> Job {
        self.args.id += 1;
        let mut args = self.args;
        change(&mut args);
        let buyer = self.buyer.insecure_clone();
        let job = self.world.open(&buyer, args);
        self.world.job(&job)
    }
}

#[test]
fn open_job_writes_every_field_and_moves_the_deposit() {
    let mut desk = Desk::new();
    let (buyer, provider) = (desk.buyer.pubkey(), Address::new_from_array([4; 32]));
    let terms = desk.args.terms;
    let held = desk.world.tokens(&buyer, &desk.world.pay_mint);
    let job = desk.opened(|args| args.provider = provider);
    let address = address::job(&desk.world.network, &buyer, 2);

    assert_eq!(job.network, desk.world.network);
    assert_eq!(job.buyer, buyer);
    assert_eq!(job.refund_owner, buyer);
    assert_eq!(job.provider, provider);
    assert_eq!(job.cosigner, desk.args.cosigner);
    assert_eq!(job.attestation_owner, desk.set.fee_owner.pubkey());
    assert_eq!((job.fee_bps, job.attestation_bps), (250, 100));
    assert_eq!(job.vault, address::vault(&address));
    assert_eq!(job.rent_payer, desk.world.payer.pubkey());
    assert_eq!(job.spec_hash, [3; 32]);
    assert_eq!(job.terms, terms);
    assert_eq!(job.id, 2);
    assert_eq!(job.incarnation, desk.world.slot());
    assert_eq!(job.end_at, desk.world.now() + i64::from(DAY));
    assert_eq!(job.length_secs, 36_000);
    assert_eq!(job.state, JobState::Open.byte());
    assert_eq!((job.decimals, job.taken), (6, 0));
    // 1,000 tokens at 3 for 2 are 666 units and a remainder.
    assert_eq!((job.funded, job.units_funded), (1_000 * TOKEN, 666));
    assert_eq!(desk.world.vault(&address), 1_000 * TOKEN);
    assert_eq!(
        desk.world.tokens(&buyer, &desk.world.pay_mint),
        held - 1_000 * TOKEN
    );

    let nothing = (Address::default(), [0; 32], 0, 0, 0);
    assert_eq!(
        (job.payee, job.context, job.start_at, job.bond, job.paid),
        {
            let (payee, context, start, bond, paid) = nothing;
            (payee, context, start, bond, paid)
        }
    );
    assert_eq!((job.node, job.worker), Default::default());
    assert!(job.ring.iter().all(|entry| entry.window_plus_one == 0));
    assert_eq!(
        (job.units_matured, job.units_pending, job.last_proven),
        (0, 0, 0)
    );
    assert_eq!(job.reserve, [0; 4]);
    assert!(account::size::<Job>() <= 1_600);
}

#[test]
fn the_buyer_may_pay_the_rent_itself() {
    let mut desk = Desk::new();
    let buyer = desk.buyer.insecure_clone();
    let (network, program) = (desk.world.network, desk.world.pay_mint.token_program);
    let open = ix::open_job(
        &buyer.pubkey(),
        &buyer.pubkey(),
        &network,
        &program,
        desk.args,
    );
    desk.world.ok(&[open], &[&buyer]);
    let job = address::job(&network, &buyer.pubkey(), 1);
    assert_eq!(desk.world.job(&job).rent_payer, buyer.pubkey());
}

#[test]
fn open_job_works_at_addresses_that_somebody_sent_lamports_to() {
    for lamports in [1_000_000, 10 * SOL] {
        let mut desk = Desk::new();
        let job = address::job(&desk.world.network, &desk.buyer.pubkey(), 2);
        for squatted in [job, address::vault(&job)] {
            desk.world.chain.airdrop(&squatted, lamports).unwrap();
        }
        assert_eq!(desk.opened(|_| ()).funded, 1_000 * TOKEN);
    }
}

#[test]
fn an_open_job_cannot_be_opened_over() {
    let mut desk = Desk::new();
    let (open, buyer) = (desk.ix(desk.args), desk.buyer.insecure_clone());
    desk.world.ok(from_ref(&open), &[&buyer]);
    desk.world.refused(&[open], &[&buyer], IN_USE);
}

#[test]
fn open_job_needs_payer_and_buyer_to_sign_and_the_buyers_own_address() {
    let mut desk = Desk::new();
    let (open, buyer) = (desk.ix(desk.args), desk.buyer.insecure_clone());
    let without = open.unsigned(&buyer.pubkey());
    desk.world
        .refused(&[without], &[], "MissingRequiredSignature");
    let mallory = desk.world.party();
    let squat = open.with(&buyer.pubkey(), &mallory.pubkey());
    desk.world.refused(&[squat], &[&mallory], "InvalidSeeds");
    let job = address::job(&desk.world.network, &buyer.pubkey(), 1);
    let elsewhere = open.with(&job, &address::job(&desk.world.network, &buyer.pubkey(), 2));
    desk.world.refused(&[elsewhere], &[&buyer], "InvalidSeeds");
}

#[test]
fn the_vault_is_the_jobs_own_and_of_the_terms_mint_and_its_program() {
    let mut desk = Desk::new();
    let (open, buyer) = (desk.ix(desk.args), desk.buyer.insecure_clone());
    let job = address::job(&desk.world.network, &buyer.pubkey(), 1);
    let mut refused = |account: &Address, other: &Address, name: &str| {
        let bent = open.with(account, other);
        desk.world.refused(&[bent], &[&buyer], name);
    };
    let other_vault = address::vault(&buyer.pubkey());
    refused(&address::vault(&job), &other_vault, "PrivilegeEscalation");
    let classic = sluice_client::instruction::token::TOKEN_PROGRAM;
    refused(&classic, &TOKEN_2022_PROGRAM, "WrongTokenProgram");
    refused(&classic, &sluice_client::ID, "WrongTokenProgram");
    let reward = desk.world.reward_mint.address;
    let bent = open.with(&desk.args.terms.mint, &reward);
    desk.world.refused(&[bent], &[&buyer], "WrongMint");
}

#[test]
fn the_deposit_comes_from_the_buyers_own_tokens_and_there_must_be_enough() {
    let mut desk = Desk::new();
    let rich = desk.world.buyer();
    let (open, buyer) = (desk.ix(desk.args), desk.buyer.insecure_clone());
    let mint = desk.world.pay_mint;
    let account = |owner: &Keypair| {
        address::token_account(&owner.pubkey(), &mint.address, &mint.token_program)
    };
    let theirs = open.with(&account(&buyer), &account(&rich));
    desk.world.refused(&[theirs], &[&buyer], NOT_THEIR_TOKENS);
    desk.refused(TOO_FEW_TOKENS, |args| args.funds = 1_000_000 * TOKEN + 1);
    desk.opened(|args| args.funds = 1_000_000 * TOKEN);
}

#[test]
fn the_deposit_covers_at_least_one_unit() {
    let mut desk = Desk::new();
    // A unit costs a token and a half.
    desk.refused("NothingFunded", |args| args.funds = 0);
    desk.refused("NothingFunded", |args| args.funds = 3 * TOKEN / 2 - 1);
    let job = desk.opened(|args| args.funds = 3 * TOKEN / 2);
    assert_eq!(job.units_funded, 1);
}

#[test]
fn units_that_do_not_fit_are_refused() {
    let mut desk = Desk::new();
    let fine = |terms: &mut Terms| (terms.price, terms.per, terms.cap) = (1, u64::MAX / 2, 1);
    desk.refused("MathOverflow", |args| {
        fine(&mut args.terms);
        args.funds = 3;
    });
    let job = desk.opened(|args| {
        fine(&mut args.terms);
        args.funds = 2;
    });
    assert_eq!(job.units_funded, u64::MAX - 1);
}

#[test]
fn the_length_lies_between_a_second_and_the_terms_maximum() {
    let mut desk = Desk::new();
    let max = desk.args.terms.max_length_secs;
    desk.refused("LengthOutOfBounds", |args| args.length_secs = 0);
    desk.refused("LengthOutOfBounds", |args| args.length_secs = max + 1);
    desk.refused("LengthOutOfBounds", |args| args.length_secs = u64::MAX);
    desk.opened(|args| args.length_secs = 1);
    desk.opened(|args| args.length_secs = max);
}

#[test]
fn the_last_moment_to_accept_lies_in_the_future() {
    let mut desk = Desk::new();
    let now = desk.world.now();
    for past in [now, now - 1, 0, -1, i64::MIN] {
        desk.refused("DateInPast", |args| args.open_until = past);
    }
    desk.opened(|args| args.open_until = now + 1);
}

#[test]
fn the_last_moment_to_accept_lies_within_a_year() {
    let mut desk = Desk::new();
    let (now, year) = (desk.world.now(), 365 * i64::from(DAY));
    // The last but one is a day from now in milliseconds.
    let milliseconds = (now + i64::from(DAY)) * 1_000;
    for far in [now + year + 1, milliseconds, i64::MAX] {
        desk.refused("DateTooFar", |args| args.open_until = far);
    }
    desk.opened(|args| args.open_until = now + year);
}

#[test]
fn the_resolver_is_the_one_that_the_buyer_saw() {
    let mut desk = Desk::new();
    let other = desk.world.key().pubkey();
    for unseen in [other, Address::default()] {
        desk.refused("ResolverChanged", |args| args.resolver = unseen);
    }
    let (network, seen) = (desk.world.network, desk.args.resolver);
    assert_eq!(desk.opened(|_| ()).resolver, seen);
    // A change that was due came in between.
    desk.world
        .edit(&network, |state: &mut sluice_client::Network| {
            state.roles.resolver = other;
        });
    desk.refused("ResolverChanged", |_| ());
    assert_eq!(desk.opened(|args| args.resolver = other).resolver, other);
}

#[test]
fn the_refund_owner_is_the_buyer_or_whom_it_names() {
    let mut desk = Desk::new();
    let sponsor = desk.world.key().pubkey();
    assert_eq!(desk.opened(|_| ()).refund_owner, desk.buyer.pubkey());
    let job = desk.opened(|args| args.refund_owner = sponsor);
    assert_eq!(
        (job.refund_owner, job.buyer),
        (sponsor, desk.buyer.pubkey())
    );
}

#[test]
fn two_jobs_of_a_buyer_have_their_own_vaults() {
    let mut desk = Desk::new();
    let (first, second) = (desk.opened(|_| ()), desk.opened(|_| ()));
    assert_ne!(first.vault, second.vault);
    for job in [first, second] {
        assert_eq!(
            desk.world.chain.token_balance(&job.vault).unwrap(),
            1_000 * TOKEN
        );
    }
}
