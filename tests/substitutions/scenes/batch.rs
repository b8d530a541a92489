//! Batches, from their posting to their closing.

use {
    super::Played,
    sluice_client::{instruction as ix, statement::Statement},
    sluice_tests::world::{BatchHandle, DAY, Site, World},
    solana_signer::Signer,
};

super::scenes![
    post_batch,
    endorse_batch,
    attest_batch or attest_batch_by_operator,
    close_batch,
];

/// A job whose first window has ended, another like it, and what is said of the first.
fn worked(world: World) -> (Site, Statement) {
    let mut site = Site::on(world, |args| args.length_secs = 5 * u64::from(DAY));
    site.another(|args| args.length_secs = 5 * u64::from(DAY));
    site.at(3_600);
    let said = site.world.statement(&site.job, 0, 50);
    (site, said)
}

/// The same with a batch of it.
fn posted(world: World) -> (Site, Statement, BatchHandle) {
    let (mut site, said) = worked(world);
    let batch = site.world.post(&site.set, &[said]);
    (site, said, batch)
}

fn post_batch(world: World) -> Played {
    let (mut site, said) = worked(world);
    let payer = site.world.party().pubkey();
    let date = site.world.now() + i64::from(DAY);
    let world = &site.world;
    let post = world.post_ixs(&payer, &site.set, said.hash(), date, &[0, 1, 2]);
    (site.world, post.to_vec())
}

fn endorse_batch(world: World) -> Played {
    let (site, _, batch) = posted(world);
    let endorse = site.world.endorse_ixs(&batch, &site.set, &[3]);
    (site.world, endorse.to_vec())
}

fn attest_batch(world: World) -> Played {
    let (site, said, batch) = posted(world);
    let run = batch.run(0, 1, &[(0, said)]);
    let worker = site.job.worker.pubkey();
    let attest = batch.attest(&worker, None, &[site.job.address], run);
    (site.world, vec![attest])
}

fn attest_batch_by_operator(world: World) -> Played {
    let (site, said, batch) = posted(world);
    let run = batch.run(0, 1, &[(0, said)]);
    let operator = site.provider.operator.pubkey();
    let provider = Some(site.provider.address);
    let attest = batch.attest(&operator, provider, &[site.job.address], run);
    (site.world, vec![attest])
}

fn close_batch(world: World) -> Played {
    let (mut site, _, batch) = posted(world);
    site.world.advance(i64::from(DAY));
    let close = ix::close_batch(&batch.address, &site.world.batch(&batch));
    (site.world, vec![close])
}
