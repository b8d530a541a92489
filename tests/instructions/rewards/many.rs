//! How much rewarding fits one legacy transaction with the three compute-budget instructions of a wallet.

use {
    sluice_client::{Ledger, Node, Share, address, instruction as ix, ledger::MAX_TRANSACTION},
    sluice_tests::world::{Stage, budget},
    solana_address::Address,
    solana_instruction::Instruction,
    solana_signer::Signer,
};

/// More of anything than fits.
const MANY: usize = 30;

/// A pool and the nodes in it, with five unreported units each and the provider of each. The first one opened the epoch.
struct Fleet {
    stage: Stage,
    nodes: Vec<(Address, Address)>,
}

impl Fleet {
    /// Nodes of one provider.
    fn of_one() -> Self {
        let mut stage = Stage::new(&[&[]], |_| ());
        let provider = stage.provider(0);
        let mut nodes = vec![(stage.earners[0].node.address, provider)];
        for _ in 0..MANY {
            let owner = &stage.earners[0].provider;
            let node = stage.world.node(owner, &stage.set.address);
            let join = stage.world.join_ix(&stage.pool, owner, &node);
            stage.world.ok(&[join], &[&owner.operator]);
            nodes.push((node.address, provider));
        }
        Self { stage, nodes }.working()
    }

    /// Nodes of a provider each.
    fn of_each() -> Self {
        let stage = Stage::new(&[&[][..]; MANY + 1], |_| ());
        let nodes = (0..=MANY).map(|i| (stage.earners[i].node.address, stage.provider(i)));
        let nodes = nodes.collect();
        Self { stage, nodes }.working()
    }

    /// Sets the baselines, gives everybody work, and opens epoch 1 with the first node's.
    fn working(mut self) -> Self {
        self.stage.enter(1);
        for (node, provider) in &self.nodes {
            let world = &mut self.stage.world;
            world.ok(&[ix::report(&self.stage.pool, node, provider, None)], &[]);
            world.edit(node, |node: &mut Node| node.units = 5);
        }
        self.stage.report(0);
        self
    }

    /// Reports everything; it is `secs` into epoch `index`.
    fn reported(mut self, index: u64, secs: i64) -> Self {
        for report in self.each(Self::report) {
            self.stage.world.ok(&[report], &[]);
        }
        self.stage.enter(index);
        self.stage.world.advance(secs);
        self
    }

    /// An instruction for every node but the first.
    fn each(&self, build: impl Fn(&Self, usize) -> Instruction) -> Vec<Instruction> {
        (1..self.nodes.len())
            .map(|index| build(self, index))
            .collect()
    }

    fn report(&self, index: usize) -> Instruction {
        let (node, provider) = &self.nodes[index];
        ix::report(&self.stage.pool, node, provider, Some(1))
    }

    fn fold(&self, index: usize) -> Instruction {
        ix::fold(&self.stage.pool, &self.nodes[index].0, 1)
    }

    fn share(&self, index: usize) -> Share {
        let share = address::share(&self.stage.pool, &self.nodes[index].0);
        self.stage.world.chain.get(&share).unwrap()
    }

    fn claim(&self, index: usize) -> Instruction {
        let (pool, now) = (self.stage.pool(), self.stage.world.now());
        let program = &self.stage.world.reward_mint.token_program;
        ix::claim(&self.stage.pool, &pool, &self.share(index), now, program)
    }

    fn pay(&self, index: usize) -> Instruction {
        let (pool, now) = (self.stage.pool(), self.stage.world.now());
        let stake = address::stake_pool(&self.nodes[index].1);
        let stake = self.stage.world.stake_pool(&stake);
        let program = &self.stage.world.reward_mint.token_program;
        ix::pay_delegators(
            &self.stage.pool,
            &pool,
            &self.share(index),
            Some(&stake),
            now,
            program,
        )
    }

    /// Sends as many of these in one transaction as fit; returns how many and its bytes.
    fn send(&mut self, all: &[Instruction]) -> (usize, usize) {
        let world = &mut self.stage.world;
        let fits = |count: &usize| world.bytes_with_budget(&all[..*count]) <= MAX_TRANSACTION;
        let most = (1..=all.len()).rev().find(fits).unwrap();
        assert!(most < all.len(), "all of them fit");
        let some = &all[..most];
        let bytes = world.bytes_with_budget(some);
        world.ok(&[&budget()[..], some].concat(), &[]);
        (most, bytes)
    }

    /// How many shares but the first are so.
    fn count(&self, so: impl Fn(&Share) -> bool) -> usize {
        (1..self.nodes.len())
            .filter(|index| so(&self.share(*index)))
            .count()
    }
}

#[test]
fn a_transaction_holds_this_many_reports() {
    let sent = [Fleet::of_one(), Fleet::of_each()].map(|mut fleet| {
        let all = fleet.each(Fleet::report);
        let most = fleet.send(&all);
        assert_eq!(fleet.count(|share| share.slots[1].units == 5), most.0);
        assert_eq!(fleet.stage.epoch(1).total_units, 5 + 5 * most.0 as u64);
        most
    });
    assert_eq!(sent, [(12, 1_198), (8, 1_130)]);
}

#[test]
fn a_transaction_holds_this_many_claims() {
    let sent = [Fleet::of_one(), Fleet::of_each()].map(|fleet| {
        let mut fleet = fleet.reported(2, 50);
        let all = fleet.each(Fleet::claim);
        let most = fleet.send(&all);
        let due = 1_000_003 / (MANY as u64 + 1) * 50 / 97;
        assert_eq!(fleet.count(|share| share.claimed == due), most.0);
        assert_eq!(fleet.stage.pool().claimed, due * most.0 as u64);
        most
    });
    assert_eq!(sent, [(18, 1_228), (10, 1_156)]);
}

#[test]
fn a_transaction_holds_this_many_folds() {
    let sent = [Fleet::of_one(), Fleet::of_each()].map(|fleet| {
        let mut fleet = fleet.reported(3, 0);
        let all = fleet.each(Fleet::fold);
        let most = fleet.send(&all);
        assert_eq!(
            fleet.count(|share| share.slots[1].epoch().is_none()),
            most.0
        );
        assert_eq!(fleet.stage.epoch(1).folded as usize, most.0);
        most
    });
    assert_eq!(sent, [(24, 1_226); 2]);
}

#[test]
fn a_transaction_holds_this_many_payments_of_delegators() {
    let sent = [Fleet::of_one(), Fleet::of_each()].map(|mut fleet| {
        for earner in 0..fleet.stage.earners.len() {
            fleet.stage.commission(earner, 5_000);
            fleet.stage.open_dividends(earner);
        }
        let mut fleet = fleet.reported(2, 50);
        let all = fleet.each(Fleet::pay);
        let most = fleet.send(&all);
        assert_eq!(fleet.count(|share| share.delegators_claimed > 0), most.0);
        most
    });
    assert_eq!(sent, [(17, 1_232), (7, 1_156)]);
}

/// The accounts that both of these write.
fn both_write(one: &Instruction, other: &Instruction) -> Vec<Address> {
    let written = |ix: &Instruction| -> Vec<Address> {
        let metas = ix.accounts.iter().filter(|meta| meta.is_writable);
        metas.map(|meta| meta.pubkey).collect()
    };
    let theirs = written(other);
    written(one)
        .into_iter()
        .filter(|key| theirs.contains(key))
        .collect()
}

/// The reward account of an earner's owner.
fn held_in(stage: &Stage, earner: usize) -> Address {
    let owner = stage.earners[earner].provider.owner.pubkey();
    let mint = stage.world.reward_mint;
    address::token_account(&owner, &mint.address, &mint.token_program)
}

#[test]
fn two_pools_and_two_nodes_write_together_only_what_they_must() {
    let mut stage = Stage::new(&[&[5], &[7]], |_| ());
    (0..2).for_each(|earner| stage.commission(earner, 5_000));
    (0..2).for_each(|earner| stage.open_dividends(earner));
    let twin = stage.twin();
    stage.enter(1);
    for pool in [stage.pool, twin] {
        stage.at(&pool, |stage| {
            (0..2).for_each(|earner| stage.report(earner))
        });
    }
    // Crediting one node's job writes nothing of another's.
    let credit = |stage: &Stage, earner: usize| {
        let job = stage.earners[earner].jobs[0].address;
        ix::credit(&job, &stage.world.job(&job))
    };
    let [mine, theirs] = [0, 1].map(|earner| credit(&stage, earner));
    assert_eq!(both_write(&mine, &theirs), []);
    stage.world.ok(&[mine, theirs], &[]);

    let (home, epoch) = (stage.pool, address::epoch(&stage.pool, 1));
    for pool in [home, twin] {
        stage.at(&pool, |stage| stage.report(0));
    }
    let report = stage.report_ix(1);
    let elsewhere = stage.at(&twin, |stage| stage.report_ix(1));
    assert_eq!(both_write(&report, &elsewhere), []);
    let of_first = ix::report(
        &home,
        &stage.earners[0].node.address,
        &stage.provider(0),
        Some(1),
    );
    assert_eq!(both_write(&report, &of_first), [epoch]);
    for pool in [home, twin] {
        stage.at(&pool, |stage| stage.report(1));
    }
    stage.enter(2);
    stage.world.advance(50);

    let vault = address::vault(&home);
    let (claims, pays) = (
        [0, 1].map(|i| stage.claim_ix(i)),
        [0, 1].map(|i| stage.pay_ix(i)),
    );
    let (claim, pay) = stage.at(&twin, |stage| (stage.claim_ix(0), stage.pay_ix(0)));
    assert_eq!(both_write(&claims[0], &claims[1]), [home, vault]);
    assert_eq!(both_write(&pays[0], &pays[1]), [home, vault]);
    assert_eq!(both_write(&claims[0], &claim), [held_in(&stage, 0)]);
    let stake = stage.stake_pool(0);
    assert_eq!(
        both_write(&pays[0], &pay),
        [address::dividends(&stake), stake]
    );
    let folds = [0, 1].map(|earner| stage.fold_ix(earner, 1));
    assert_eq!(both_write(&folds[0], &folds[1]), [home, epoch]);
    let fold = stage.at(&twin, |stage| stage.fold_ix(0, 1));
    assert_eq!(both_write(&folds[0], &fold), []);
}
