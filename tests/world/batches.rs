//! Batches: signed by members, posted, and proven from.

use {
    super::{DAY, JobHandle, SetHandle, World},
    sluice_client::{
        Batch, BatchRun, Ledger, Receipt, address,
        batch::Tree,
        instruction as ix,
        statement::{Countersignature, Statement, batch_message},
    },
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
};

/// A batch, its tree, and who may close it.
pub struct BatchHandle {
    pub address: Address,
    pub set: Address,
    pub payer: Keypair,
    pub tree: Tree,
}

impl SetHandle {
    /// The signatures of the members at `indices` under the tree with this root.
    pub fn sign_batch(&self, root: &[u8; 32], indices: &[usize]) -> Vec<Countersignature> {
        let message = batch_message(&self.address, root);
        let keys = indices.iter().map(|index| &self.attesters[*index].key);
        keys.map(|key| Countersignature {
            key: key.pubkey(),
            signature: key.sign_message(&message),
        })
        .collect()
    }
}

impl World {
    /// What the worker of `job` says of a window; the digest is that of [`Self::attest_ixs`].
    pub fn statement(&self, job: &JobHandle, window: u32, units: u64) -> Statement {
        Statement::of(&self.job(&job.address), window, units, [window as u8; 32])
    }

    /// The two instructions that post a root, signed by the members at `indices`.
    pub fn post_ixs(
        &self,
        payer: &Address,
        set: &SetHandle,
        root: [u8; 32],
        expires_at: i64,
        indices: &[usize],
    ) -> [Instruction; 2] {
        let state = self.chain.get(&set.address).unwrap();
        let signatures = set.sign_batch(&root, indices);
        let set = (&set.address, &state);
        ix::post_batch(payer, set, root, expires_at, &signatures).unwrap()
    }

    /// Posts `statements` for a day, signed by the first members, as many as the threshold asks.
    #[track_caller]
    pub fn post(&mut self, set: &SetHandle, statements: &[Statement]) -> BatchHandle {
        let tree = Tree::new(statements.iter().map(Statement::hash).collect()).unwrap();
        let indices: Vec<usize> = (0..usize::from(set.args.threshold)).collect();
        self.post_tree(set, tree, &indices)
    }

    /// Posts a tree for a day, signed by the members at `indices`.
    #[track_caller]
    pub fn post_tree(&mut self, set: &SetHandle, tree: Tree, indices: &[usize]) -> BatchHandle {
        let payer = self.party();
        let expires_at = self.now() + i64::from(DAY);
        let post = self.post_ixs(&payer.pubkey(), set, tree.root(), expires_at, indices);
        self.ok(&post, &[&payer]);
        BatchHandle {
            address: address::batch(&payer.pubkey(), &set.address, &tree.root()),
            set: set.address,
            payer,
            tree,
        }
    }

    /// The two instructions that add the signatures of the members at `indices`.
    pub fn endorse_ixs(
        &self,
        batch: &BatchHandle,
        set: &SetHandle,
        indices: &[usize],
    ) -> [Instruction; 2] {
        let state = self.chain.get(&set.address).unwrap();
        let signatures = set.sign_batch(&batch.tree.root(), indices);
        ix::endorse_batch(&batch.address, &self.batch(batch), &state, &signatures).unwrap()
    }

    /// The batch account.
    pub fn batch(&self, batch: &BatchHandle) -> Batch {
        self.chain.get(&batch.address).unwrap()
    }

    /// Proves what `run` says of `job`, as its worker.
    #[track_caller]
    pub fn prove_run(&mut self, batch: &BatchHandle, job: &JobHandle, run: BatchRun) -> Receipt {
        let attest = batch.attest(&job.worker.pubkey(), None, &[job.address], run);
        self.ok(&[attest], &[&job.worker])
    }

    /// Proving what `run` says of `job`, as its worker, is refused by this name.
    #[track_caller]
    pub fn run_refused(&mut self, batch: &BatchHandle, job: &JobHandle, run: BatchRun, name: &str) {
        let attest = batch.attest(&job.worker.pubkey(), None, &[job.address], run);
        self.refused(&[attest], &[&job.worker], name);
    }
}

impl BatchHandle {
    /// The instruction that proves a run.
    pub fn attest(
        &self,
        authority: &Address,
        provider: Option<Address>,
        jobs: &[Address],
        run: BatchRun,
    ) -> Instruction {
        let batch = (&self.address, &self.set);
        ix::attest_batch(authority, batch, provider, jobs, run)
    }

    /// The run of `leaves` leaves at `index`, in which `statements`, by their index, are said of the first job.
    pub fn run(&self, index: usize, leaves: usize, statements: &[(usize, Statement)]) -> BatchRun {
        let said = |place| {
            let found = statements.iter().find(|(at, _)| *at == place);
            found.map(|(_, statement)| (0, *statement))
        };
        self.tree.run(index, leaves, said).unwrap()
    }
}
