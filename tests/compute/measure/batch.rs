//! A batch from its posting to its closing. Runs of many windows are in `crate::batch`.

use {
    super::{Bench, first_bump},
    sluice_client::{ID, address, batch::Tree, instruction as ix},
    sluice_tests::world::{BatchHandle, DAY, NodeHandle, ProviderHandle, SetHandle},
    solana_signer::Signer,
};

impl Bench {
    pub(crate) fn batches(
        &mut self,
        set: &SetHandle,
        provider: &ProviderHandle,
        node: &NodeHandle,
    ) {
        let terms = self.world.terms(&set.address);
        let job = self
            .world
            .active_job_with(provider, node, terms, |args| args.id = 97);
        self.world.advance(3_600);
        let said = self.world.statement(&job, 0, 50);
        let mut leaves = vec![said.hash()];
        leaves.resize(1 << 20, [7; 32]);
        let tree = Tree::new(leaves).unwrap();
        let root = tree.root();
        let payer = self.key_where(|key| {
            let seeds: [&[u8]; 4] = [b"batch", key.as_ref(), set.address.as_ref(), &root];
            first_bump(&seeds, &ID)
        });
        let date = self.world.now() + i64::from(DAY);
        let post = self
            .world
            .post_ixs(&payer.pubkey(), set, root, date, &[0, 1]);
        self.measure("post_batch, 2 members", 3_390, &post, &[&payer]);
        let batch = BatchHandle {
            address: address::batch(&payer.pubkey(), &set.address, &root),
            set: set.address,
            payer,
            tree,
        };
        let endorse = self.world.endorse_ixs(&batch, set, &[2]);
        self.measure("endorse_batch, 1 member", 1_140, &endorse, &[]);
        let run = batch.run(0, 1, &[(0, said)]);
        let worker = job.worker;
        let attest = batch.attest(&worker.pubkey(), None, &[job.address], run);
        self.measure(
            "attest_batch, 1 window at depth 20",
            5_270,
            &[attest],
            &[&worker],
        );
        self.world.advance(i64::from(DAY));
        let close = ix::close_batch(&batch.address, &self.world.batch(&batch));
        self.measure("close_batch", 690, &[close], &[&batch.payer]);
    }
}
