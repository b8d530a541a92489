//! Jobs, from their opening to their release.

use {
    super::Played,
    sluice_client::instruction as ix,
    sluice_tests::world::{DAY, Site, Stall, TOKEN, World},
    solana_address::Address,
    solana_signer::Signer,
};

super::scenes![
    open_job,
    accept_job or accept_vouched_job,
    top_up_job,
    attest,
    attest_cosigned,
    cancel_job or cancel_open_job,
    resign_job,
    waive_job,
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
    accept(world, |_, _| None)
}

fn accept_vouched_job(world: World) -> Played {
    accept(world, |world, owner| {
        world.pin_identity();
        Some(world.vouch(owner, 0))
    })
}

/// An acceptance of one of two open jobs onto one of two nodes, with what `vouch` returns for the owner.
fn accept(mut world: World, vouch: fn(&mut World, &Address) -> Option<Address>) -> Played {
    let (set, provider) = (world.set(4, 3), world.provider());
    let [node, _] = [(); 2].map(|()| world.node(&provider, &set.address));
    let (buyer, terms) = (world.buyer(), world.terms(&set.address));
    let [job, _] = [1, 2].map(|id| {
        let args = world.open_args(id, terms, &Default::default());
        world.open(&buyer, args)
    });
    let (operator, owner) = (provider.operator.pubkey(), provider.owner.pubkey());
    let shown = vouch(&mut world, &owner);
    let (state, node) = (world.job(&job), &node.address);
    let accept = ix::accept_job_with_credential(&operator, &owner, &job, &state, node, shown);
    (world, vec![accept])
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

fn waive_job(world: World) -> Played {
    let mut stall = Stall::on(world);
    stall.post(|_| ());
    let [job, _] = [1, 2].map(|id| stall.take(id).address);
    let operator = stall.provider.operator.pubkey();
    let waive = ix::waive_job(&operator, &job, &stall.world.job(&job));
    (stall.world, vec![waive])
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
