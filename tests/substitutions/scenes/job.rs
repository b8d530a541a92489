//! Jobs, from their opening to their release.

use {
    super::Played,
    sluice_client::instruction as ix,
    sluice_tests::world::{DAY, Site, TOKEN, World},
    solana_signer::Signer,
};

super::scenes![
    open_job,
    accept_job,
    top_up_job,
    attest,
    attest_cosigned,
    cancel_job or cancel_open_job,
    resign_job,
    fault_job,
    release_job,
];

fn open_job(mut world: World) -> Played {
    let set = world.set(4, 3);
    let (payer, buyer) = (world.payer.pubkey(), world.buyer());
    let args = world.open_args(1, world.terms(&set.address), &Default::default());
    world.open(&buyer, args);
    let args = world.open_args(2, world.terms(&set.address), &Default::default());
    let (network, program) = (world.network, world.pay_mint.token_program);
    let open = ix::open_job(&payer, &buyer.pubkey(), &network, &program, args);
    (world, vec![open])
}

fn accept_job(world: World) -> Played {
    let mut site = Site::on(world, |_| ());
    site.world.node(&site.provider, &site.set.address);
    let buyer = site.world.buyer();
    let terms = site.world.terms(&site.set.address);
    let [job, _] = [2, 3].map(|id| {
        let args = site.world.open_args(id, terms, &Default::default());
        site.world.open(&buyer, args)
    });
    let accept = ix::accept_job(
        &site.provider.operator.pubkey(),
        &site.provider.owner.pubkey(),
        &job,
        &site.world.job(&job),
        &site.node.address,
    );
    (site.world, vec![accept])
}

/// An accepted job of five days and another like it on the same node.
fn busy(world: World) -> Site {
    let mut site = Site::on(world, |args| args.length_secs = 5 * u64::from(DAY));
    site.another(|args| args.length_secs = 5 * u64::from(DAY));
    site
}

fn top_up_job(world: World) -> Played {
    let mut site = busy(world);
    let funder = site.world.buyer().pubkey();
    let program = site.world.pay_mint.token_program;
    let top_up = ix::top_up_job(&funder, &site.job.address, &site.state(), &program, TOKEN);
    (site.world, vec![top_up])
}

fn attest(world: World) -> Played {
    let mut site = busy(world);
    site.at(3_600);
    let proof = site.world.attest_ixs(&site.job, &site.set, 0, 50);
    (site.world, proof.to_vec())
}

fn attest_cosigned(world: World) -> Played {
    let mut site = busy(world);
    site.at(3_600);
    let proof = site.world.cosigned_ixs(&site.job, 0, 50);
    (site.world, proof.to_vec())
}

fn cancel_job(world: World) -> Played {
    let site = busy(world);
    let cancel = site.cancel_ix();
    (site.world, vec![cancel])
}

fn cancel_open_job(mut world: World) -> Played {
    let (set, buyer) = (world.set(4, 3), world.buyer());
    let args = world.open_args(1, world.terms(&set.address), &Default::default());
    let job = world.open(&buyer, args);
    let cancel = ix::cancel_job(&job, &world.job(&job));
    (world, vec![cancel])
}

fn resign_job(world: World) -> Played {
    let site = busy(world);
    let resign = site.resign_ix();
    (site.world, vec![resign])
}

fn fault_job(world: World) -> Played {
    let mut site = busy(world);
    site.at(15 * 3_600);
    let fault = site.fault_ix();
    (site.world, vec![fault])
}

fn release_job(world: World) -> Played {
    let mut site = busy(world);
    site.at(3_600);
    site.prove(0, 50);
    site.settle();
    let release = site.release_ix();
    (site.world, vec![release])
}
