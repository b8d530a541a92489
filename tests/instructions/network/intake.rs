//! The instructions that a pause refuses, to the second.

use {
    super::Court,
    sluice_client::{Ledger, Offer, OfferArgs, Seen, TakeArgs, address, instruction as ix},
    sluice_tests::world::{MOST_BPS, Site, TOKEN, Tamper, World},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// What is taken in, and who signs it.
type Intake = (Instruction, Vec<Keypair>);

/// One of each intake, all of which would be accepted now.
fn every_intake(site: &mut Site) -> Vec<Intake> {
    let provider = &site.provider;
    let (owner, operator) = (
        provider.owner.insecure_clone(),
        provider.operator.insecure_clone(),
    );
    let pool = provider.pool;
    let world = &mut site.world;
    let (payer, network) = (world.payer.pubkey(), world.network);
    let (stake, pay) = (world.stake_mint, world.pay_mint);
    let (newcomer, buyer, cosigner) = (world.party(), world.buyer(), world.key());

    let register = ix::register_provider(&payer, &newcomer.pubkey(), &newcomer.pubkey(), &network);
    world.ok(&[register], &[&newcomer]);
    let subject = address::provider(&network, &newcomer.pubkey());
    let create = ix::create_stake_pool(
        &payer,
        &network,
        &subject,
        &stake.address,
        &stake.token_program,
    );
    world.mint_to(&owner.pubkey(), &stake, TOKEN);
    let deposit = ix::stake(
        &payer,
        &owner.pubkey(),
        &network,
        &pool,
        &stake.address,
        &stake.token_program,
        TOKEN,
    );

    let terms = world.terms(&site.set.address);
    let first = world.open_args(1, terms, &cosigner.pubkey());
    let job = world.open(&buyer, first);
    let accept = ix::accept_job(
        &operator.pubkey(),
        &owner.pubkey(),
        &job,
        &world.job(&job),
        &site.node.address,
    );
    let second = world.open_args(2, terms, &cosigner.pubkey());
    let open = ix::open_job(
        &payer,
        &buyer.pubkey(),
        &network,
        &pay.token_program,
        second,
    );

    let reward_terms = world.reward_terms();
    let pool_one = world.new_reward_pool(&site.set.address, 1, reward_terms);
    let reward_pool = world.reward_pool(&newcomer, &pool_one);
    let reward_mint = world.reward_mint;
    world.mint_to(&newcomer.pubkey(), &reward_mint, TOKEN);
    let fund = world.fund_ix(&newcomer.pubkey(), &reward_pool, TOKEN);
    let pool_two = world.new_reward_pool(&site.set.address, 2, reward_terms);
    let found = ix::create_reward_pool(&payer, &newcomer.pubkey(), &pool_two);
    let take = take(site, &buyer, &cosigner);
    vec![
        (create, vec![]),
        (deposit, vec![owner]),
        (open, vec![buyer.insecure_clone()]),
        (accept, vec![operator]),
        (take, vec![buyer]),
        (fund, vec![newcomer.insecure_clone()]),
        (found, vec![newcomer]),
    ]
}

/// The taking of an offer that is posted for it.
fn take(site: &mut Site, buyer: &Keypair, cosigner: &Keypair) -> Instruction {
    let world = &mut site.world;
    let payer = world.payer.pubkey();
    let operator = site.provider.operator.insecure_clone();
    let args = OfferArgs {
        id: 1,
        terms: world.terms(&site.set.address),
        slots: 2,
        expires_at: world.now() + 86_400,
    };
    let node = world.node_state(&site.node);
    let post = ix::post_offer(&payer, &operator.pubkey(), &site.node.address, &node, args);
    world.ok(&[post], &[&operator]);
    let key = address::offer(&site.node.address, 1);
    let offer: Offer = world.chain.get(&key).unwrap();
    let args = TakeArgs {
        id: 3,
        seen: Seen {
            incarnation: offer.incarnation,
            price: offer.terms.price,
            per: offer.terms.per,
        },
        length_secs: 36_000,
        funds: 1_000 * TOKEN,
        spec_hash: [3; 32],
        cosigner: cosigner.pubkey(),
        refund_owner: Default::default(),
        resolver: world.network_state().roles.resolver,
        max_fee_bps: MOST_BPS,
    };
    let (owner, program) = (site.provider.owner.pubkey(), world.pay_mint.token_program);
    ix::take_offer(
        &payer,
        &buyer.pubkey(),
        &key,
        &offer,
        &owner,
        &program,
        args,
    )
}

/// A job at work in a network whose guardian is known.
fn site() -> (Site, Keypair) {
    let Court {
        world, guardian, ..
    } = Court::new();
    (Site::on(world, |_| ()), guardian)
}

fn pause(world: &mut World, guardian: &Keypair, secs: u32) {
    let pause = ix::pause(&guardian.pubkey(), &world.network, secs);
    world.ok(&[pause], &[guardian]);
}

#[test]
fn a_pause_refuses_every_intake_until_its_last_second() {
    let (mut site, guardian) = site();
    let intakes = every_intake(&mut site);
    assert_eq!(intakes.len(), 7);
    let world = &mut site.world;
    pause(world, &guardian, 60);
    for wait in [0, 59] {
        world.advance(wait);
        for (intake, signers) in &intakes {
            let signers: Vec<_> = signers.iter().collect();
            world.refused(std::slice::from_ref(intake), &signers, "Paused");
        }
    }
    world.advance(1);
    for (intake, signers) in &intakes {
        let signers: Vec<_> = signers.iter().collect();
        world.ok(std::slice::from_ref(intake), &signers);
    }
}

#[test]
fn a_lifted_pause_refuses_nothing() {
    let (mut site, guardian) = site();
    let intakes = every_intake(&mut site);
    let world = &mut site.world;
    pause(world, &guardian, 60);
    world.advance(1);
    pause(world, &guardian, 0);
    for (intake, signers) in &intakes {
        let signers: Vec<_> = signers.iter().collect();
        world.ok(std::slice::from_ref(intake), &signers);
    }
}

#[test]
fn another_network_that_is_not_paused_cannot_be_shown_instead() {
    let (mut site, guardian) = site();
    let intakes = every_intake(&mut site);
    let world = &mut site.world;
    let (network, other) = (world.network, world.other_network());
    pause(world, &guardian, 60);
    for (place, (intake, signers)) in intakes.iter().enumerate() {
        let signers: Vec<_> = signers.iter().collect();
        let bent = intake.with(&network, &other);
        // A new reward pool has its address from the network; that comes first.
        let name = match place {
            6 => "InvalidSeeds",
            _ => "WrongNetwork",
        };
        world.refused(&[bent], &signers, name);
    }
}
