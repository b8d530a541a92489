//! The ways out of escrow, and what they bring up to date.

use {
    super::{Played, elsewhere},
    sluice_client::instruction as ix,
    sluice_tests::world::{Pull, Site, World},
};

super::scenes![
    mature,
    credit,
    pay or pay_elsewhere,
    sweep_treasury or sweep_treasury_elsewhere,
    sweep_attesters or sweep_attesters_elsewhere,
    refund or refund_elsewhere,
    close_job or close_job_elsewhere,
];

/// A job with a proven window, and another like it on the same node.
fn proven(world: World) -> Site {
    let mut site = Site::on(world, |_| ());
    let other = site.another(|_| ());
    site.at(3_600);
    site.prove(0, 100);
    site.world.attest(&other, &site.set, 0, 100);
    site
}

/// The same when nothing can be proven or challenged any more.
fn settled(world: World) -> Site {
    let mut site = proven(world);
    site.settle();
    site
}

fn mature(world: World) -> Played {
    let site = settled(world);
    let mature = ix::mature(&site.job.address);
    (site.world, vec![mature])
}

fn credit(world: World) -> Played {
    let site = settled(world);
    let credit = ix::credit(&site.job.address, &site.state());
    (site.world, vec![credit])
}

fn pull(world: World, what: Pull) -> Played {
    let site = settled(world);
    let pull = site.pull_ix(what);
    (site.world, vec![pull])
}

fn pay(world: World) -> Played {
    pull(world, Pull::Pay)
}

fn sweep_treasury(world: World) -> Played {
    pull(world, Pull::Treasury)
}

fn sweep_attesters(world: World) -> Played {
    pull(world, Pull::Attesters)
}

fn refund(world: World) -> Played {
    pull(world, Pull::Refund)
}

fn close_job(world: World) -> Played {
    let mut site = settled(world);
    let treasury = super::roles(&site.world).treasury;
    site.world.treasury = site.world.keypair(&treasury);
    site.wind_up();
    let (vault, mint) = (site.state().vault, site.world.pay_mint);
    site.world.mint_into(&vault, &mint, 5);
    let close = site.close_ix();
    (site.world, vec![close])
}

fn pay_elsewhere(world: World) -> Played {
    elsewhere(pay(world))
}

fn sweep_treasury_elsewhere(world: World) -> Played {
    elsewhere(sweep_treasury(world))
}

fn sweep_attesters_elsewhere(world: World) -> Played {
    elsewhere(sweep_attesters(world))
}

fn refund_elsewhere(world: World) -> Played {
    elsewhere(refund(world))
}

fn close_job_elsewhere(world: World) -> Played {
    elsewhere(close_job(world))
}
