use sluice_tests::world::{Pull, TOKEN, World};

#[test]
fn pay_moves_nothing_before_the_challenge_time_and_exactly_the_net_after() {
    let mut world = World::new();
    let set = world.set(4, 3);
    let provider = world.provider();
    let node = world.node(&provider, &set.address);
    let job = world.active_job(&set, &provider, &node);

    world.advance(3_600);
    world.attest(&job, &set, 0, 100);
    let pay = world.pull(&job.address, Pull::Pay);
    world.refused(&[pay.clone()], &[], "NothingDue");
    world.advance(13 * 3_600 - 1);
    world.refused(&[pay.clone()], &[], "NothingDue");
    world.advance(1);
    world.ok(&[pay.clone()], &[]);

    // 100 units at 3 tokens per 2 are 150 tokens gross, of which 3.5 % are fees.
    assert_eq!(
        world.tokens(&job.provider_owner, &world.pay_mint),
        150 * TOKEN - 5_250_000
    );
    world.refused(&[pay], &[], "NothingDue");
}
