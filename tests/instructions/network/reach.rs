//! An applied change reaches new accounts: those that exist keep what they were given.

use {
    super::{Court, OTHER, TIMELOCK},
    sluice_client::{Job, Ledger, Unstake, address, instruction as ix},
    sluice_tests::world::{Pull, Site, TOKEN},
    solana_signer::Signer,
};

#[test]
fn a_change_reaches_neither_an_open_job_nor_a_live_ticket() {
    let mut court = Court::new();
    court.propose(|c| c.params = OTHER);
    let (admin, guardian, resolver) = (court.admin, court.guardian, court.resolver);
    let mut site = Site::on(court.world, |args| args.length_secs = 9 * 86_400);
    let (owner, pool) = (site.provider.owner.insecure_clone(), site.provider.pool);
    let world = &mut site.world;
    let (payer, network) = (world.payer.pubkey(), world.network);
    let due = world.network_state().change_at;
    let (buyer, cosigner) = (world.buyer(), world.key());
    let mut args = world.open_args(1, world.terms(&site.set.address), &cosigner.pubkey());
    args.open_until = due + 10;
    let waiting = world.open(&buyer, args);
    let unstake = ix::unstake(&payer, &owner.pubkey(), &network, &pool, TOKEN, 1);
    world.ok(&[unstake], &[&owner]);
    let ticket_key = address::unstake(&address::position(&pool, &owner.pubkey()), 1);
    let ticket: Unstake = world.chain.get(&ticket_key).unwrap();
    let jobs = [waiting, site.job.address].map(|job| (job, world.job(&job)));

    world.chain.set_time(due);
    let mut court = Court {
        world: site.world,
        admin,
        guardian,
        resolver,
    };
    court.apply();
    site.world = court.world;
    for (key, before) in &jobs {
        let after: Job = site.world.job(key);
        assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(before));
    }
    let after: Unstake = site.world.chain.get(&ticket_key).unwrap();
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&ticket));
    assert_eq!(site.world.network_state().params, OTHER);

    // Accepted after the change, the waiting job keeps its fee; a new one gets the new fee, which its buyer must agree to.
    site.world.accept(&waiting, &site.provider, &site.node);
    assert_eq!(site.world.job(&waiting).fee_bps, 250);
    args.id = 2;
    args.open_until = due + 100;
    let program = site.world.pay_mint.token_program;
    let open = ix::open_job(&payer, &buyer.pubkey(), &network, &program, args);
    site.world.refused(&[open], &[&buyer], "FeeTooHigh");
    args.max_fee_bps = 400;
    let newer = site.world.open(&buyer, args);
    assert_eq!(site.world.job(&newer).fee_bps, 300);
    let withdraw = ix::withdraw(
        &site.world.chain.get(&pool).unwrap(),
        &ticket,
        &site.world.stake_mint.token_program,
    );
    site.world.chain.set_time(ticket.withdraw_at);
    site.world.ok(&[withdraw], &[]);
}

#[test]
fn fees_not_swept_yet_go_to_the_new_treasury_and_are_no_more_than_before() {
    let mut court = Court::new();
    let next = court.world.key();
    let pay = court.world.pay_mint;
    court.world.open_account(&next.pubkey(), &pay);
    court.propose(|c| (c.treasury, c.params.fee_bps) = (next.pubkey(), 900));
    court.world.advance(TIMELOCK - 86_400);
    let (admin, guardian, resolver) = (court.admin, court.guardian, court.resolver);
    let mut site = Site::on(court.world, |_| ());
    site.at(3_600);
    site.prove(0, 100);
    site.settle();
    let mut court = Court {
        world: site.world,
        admin,
        guardian,
        resolver,
    };
    let due = court.state().change_at;
    court.world.chain.set_time(due);
    court.apply();
    site.world = court.world;
    let sweep = site.pull_ix(Pull::Treasury);
    site.world.ok(&[sweep], &[]);
    // 150 tokens were earned, of which 2.5 % are the network's.
    assert_eq!(site.world.tokens(&next.pubkey(), &pay), 3_750_000);
    assert_eq!(site.world.tokens(&site.world.treasury.pubkey(), &pay), 0);
}
