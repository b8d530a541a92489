//! What a window costs from a batch, by the length of the run and the depth of the tree, against what `docs/decisions/0036-batches.md`
//! promises.

use {
    super::cost::{self, Cost},
    sluice_client::{batch::Tree, ledger, statement::Statement},
    sluice_tests::world::{
        BatchHandle, JobHandle, NodeHandle, ProviderHandle, SetHandle, TOKEN, World,
    },
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::slice::from_ref,
};

/// Jobs of one provider, four on a node, each with a window that waits to mature and one that can be proven.
struct Many {
    world: World,
    set: SetHandle,
    provider: ProviderHandle,
    jobs: Vec<JobHandle>,
}

impl Many {
    fn new(count: usize) -> Self {
        let mut world = World::new();
        let set = world.set(4, 3);
        let provider = world.provider();
        let nodes: Vec<NodeHandle> = (0..count.div_ceil(4))
            .map(|_| world.node(&provider, &set.address))
            .collect();
        let mut terms = world.terms(&set.address);
        terms.bond = TOKEN;
        let jobs: Vec<JobHandle> = (0..count)
            .map(|number| world.active_job_with(&provider, &nodes[number / 4], terms, |_| ()))
            .collect();
        world.advance(3_700);
        for job in &jobs {
            world.attest(job, &set, 0, 50);
        }
        world.advance(13 * 3_600);
        Self {
            world,
            set,
            provider,
            jobs,
        }
    }

    /// A batch of a tree of this depth in which the jobs' statements are the first leaves.
    fn batch(&mut self, depth: usize) -> (BatchHandle, Vec<Statement>) {
        let said: Vec<Statement> = self
            .jobs
            .iter()
            .map(|job| self.world.statement(job, 5, 50))
            .collect();
        let mut leaves: Vec<[u8; 32]> = said.iter().map(Statement::hash).collect();
        leaves.resize(1 << depth, [7; 32]);
        let tree = Tree::new(leaves).unwrap();
        (self.world.post_tree(&self.set, tree, &[0, 1, 2]), said)
    }

    /// What proves all of them by one run of so many leaves, and the operator, who pays for it, too.
    fn attest(&mut self, leaves: usize, depth: usize) -> (Instruction, Keypair) {
        let (batch, said) = self.batch(depth);
        let said = |at: usize| Some((u8::try_from(at).unwrap(), *said.get(at)?));
        let run = batch.tree.run(0, leaves, said).unwrap();
        let jobs: Vec<_> = self.jobs.iter().map(|job| job.address).collect();
        let operator = self.provider.operator.insecure_clone();
        let provider = Some(self.provider.address);
        (
            batch.attest(&operator.pubkey(), provider, &jobs, run),
            operator,
        )
    }
}

/// Most cost units and lamports a window of so many statements, in a run of so many leaves of a tree of this depth.
struct Promise {
    statements: usize,
    leaves: usize,
    depth: usize,
    units: u64,
    lamports: u64,
}

/// What a transaction of 1,232 bytes proves.
const NARROW: [Promise; 5] = [
    promise(1, 1, 0, 4_050, 5_000),
    promise(1, 1, 10, 5_800, 5_000),
    promise(1, 1, 20, 7_600, 5_000),
    promise(4, 4, 20, 2_900, 1_250),
    promise(6, 8, 14, 2_300, 900),
];
/// What one of 4,096 bytes proves.
const WIDE: [Promise; 2] = [
    promise(24, 32, 20, 1_500, 250),
    promise(32, 32, 20, 1_350, 160),
];

const fn promise(
    statements: usize,
    leaves: usize,
    depth: usize,
    units: u64,
    lamports: u64,
) -> Promise {
    Promise {
        statements,
        leaves,
        depth,
        units,
        lamports,
    }
}

impl Promise {
    #[track_caller]
    fn holds(&self, bytes: usize, cost: &Cost) {
        let count = self.statements as u64;
        let (units, lamports) = (cost.units() / count, cost.lamports / count);
        let Self {
            statements,
            leaves,
            depth,
            ..
        } = self;
        println!(
            "{statements} of {leaves} at depth {depth}: {bytes} bytes, {} CU, {units} cost units and {lamports} lamports a window",
            cost.execution
        );
        assert!(units <= self.units, "{units} cost units a window");
        assert!(lamports <= self.lamports, "{lamports} lamports a window");
    }
}

#[test]
fn a_window_costs_no_more_in_a_small_transaction_than_is_promised() {
    for promise in NARROW {
        let mut many = Many::new(promise.statements);
        let (attest, operator) = many.attest(promise.leaves, promise.depth);
        let attest = [attest];
        let cost = cost::of_unpriced(&many.world, &operator, &attest);
        let lifetime = sluice_client::Ledger::latest(&many.world.chain).unwrap();
        let bare = ledger::sign(&attest, &operator, &[], &lifetime).unwrap();
        promise.holds(ledger::size(&bare), &cost);
    }
}

#[test]
fn a_window_costs_no_more_in_a_large_transaction_than_is_promised() {
    for promise in WIDE {
        let mut many = Many::new(promise.statements);
        let (attest, operator) = many.attest(promise.leaves, promise.depth);
        let cost = cost::of_wide(&mut many.world, &operator, from_ref(&attest));
        let sent = many.world.send_wide_by(&operator, &[attest], &[]).unwrap();
        promise.holds(sent.bytes, &cost);
        for job in &many.jobs {
            assert_eq!(many.world.job(&job.address).units_pending, 50);
        }
    }
}
