//! Batches of statements: honest ones, and every kind of run that a stranger could send.

use {
    super::{super::book::Seeds, Chooser, proof::named},
    sluice_tests::reference::{
        Action, AttestBatch, Claimed, Id, Job, Key, Path, SignedTree, Statement, Tree,
        batches::Batch, proof::statement,
    },
};

/// Most leaves of a tree.
const MOST: usize = 16;
const DAY: i64 = 24 * 60 * 60;

impl Chooser<'_> {
    pub(super) fn batch_action(&mut self) -> Option<Action> {
        match self.dice.below(20) {
            0..=4 => self.post_batch(),
            5..=7 => self.endorse_batch(),
            8..=17 => self.attest_batch(),
            _ => self.close_batch(),
        }
    }

    fn a_batch(&mut self, fits: impl Fn(&Batch) -> bool) -> Option<(Id, Batch)> {
        let known = self.model.batches.iter().filter(|(_, batch)| fits(batch));
        let known: Vec<_> = known.map(|(id, _)| *id).collect();
        let id = self.dice.pick_some(known)?;
        Some((id, self.model.batches[&id].clone()))
    }

    /// Statements about windows of jobs of one set that can be proven now or soon, and now and then another one.
    fn tree(&mut self) -> Option<Tree> {
        let model = self.model;
        let active = model.jobs.iter().filter(|(_, job)| job.worker.is_some());
        let active: Vec<(Id, &Job)> = active.map(|(id, job)| (*id, job)).collect();
        let any = self.dice.pick_some(self.cast.sets.clone())?;
        // Of a set that can prove something, mostly.
        let own = active.iter().filter_map(|(_, job)| job.terms.set);
        let own = own.filter(|set| model.sets.get(set).is_some_and(|set| set.has_quorum()));
        let own = self.dice.pick_some(own.collect::<Vec<_>>());
        let set = self.dice.mostly(own.unwrap_or(any), 15, |_| any);
        let mut leaves = vec![];
        for (id, job) in active {
            if job.terms.set != Some(set) && !self.dice.one_in(20) {
                continue;
            }
            let mut windows = self.provable(job);
            windows.truncate(2);
            // Time goes on before anybody proves them.
            let ahead = self.current_window(job);
            windows.extend(ahead..ahead + 4);
            for window in windows {
                let cap = job.terms.cap;
                let claimed = Claimed {
                    window,
                    units: self.dice.pick(&[cap, cap, cap / 2, 2 * cap, 0]),
                    digest: self.dice.below(3),
                };
                leaves.extend(statement(id, job, Path::Batch, claimed));
            }
        }
        leaves.truncate(MOST);
        let some = self.dice.pick_some(leaves.clone())?;
        match self.dice.below(30) {
            0 => leaves.push(some),
            1 => leaves.insert(0, bent(some)),
            2 => leaves.reverse(),
            _ => {}
        }
        leaves.truncate(MOST);
        Some(Tree { set, leaves })
    }

    /// One or more members of a set, ascending, and sometimes somebody else.
    fn some_members(&mut self, set: Id) -> (u64, Vec<Key>) {
        let (mut indices, mut keys) = self.members(set);
        if self.dice.one_in(3) && keys.len() > 1 {
            let kept = 1 + self.dice.below(keys.len() as u64 - 1) as usize;
            indices.truncate(kept);
            keys.truncate(kept);
        }
        let mut members = named(&indices);
        match self.dice.below(40) {
            0 => keys.reverse(),
            1 => members = members.wrapping_add(1),
            2 => members |= 1 << (4 * indices.len()),
            3 => keys[0] = self.cast.stranger,
            _ => {}
        }
        keys.truncate(5);
        (members, keys)
    }

    fn signed_tree(&mut self, tree: &Tree, keys: Vec<Key>) -> Option<SignedTree> {
        let mut tree = tree.clone();
        match self.dice.below(40) {
            0 => tree.set = self.dice.pick(&self.cast.sets),
            1 => tree.leaves[0] = bent(tree.leaves[0]),
            2 => return None,
            _ => {}
        }
        Some(SignedTree { tree, keys })
    }

    fn post_batch(&mut self) -> Option<Action> {
        if self.model.batches.len() >= 12 && !self.dice.one_in(4) {
            return self.close_batch();
        }
        let tree = self.tree()?;
        let by = self.dice.pick(&self.cast.payers());
        let (members, keys) = self.some_members(tree.set);
        let signed = self.signed_tree(&tree, keys);
        let root = self.book.root(&tree);
        let seeds = Seeds::Batch {
            by,
            set: tree.set,
            root,
        };
        let batch = self.book.derive(seeds, &self.payer);
        let days = self.dice.pick(&[1, 1, 1, 1, 2, 60]);
        let odd = self.dice.pick(&[0, -1, 60 * DAY + 1]);
        let ahead = self.dice.mostly(days * DAY, 20, |_| odd);
        Some(Action::PostBatch {
            batch,
            by,
            tree,
            expires_at: self.now + ahead,
            members,
            signed,
        })
    }

    fn endorse_batch(&mut self) -> Option<Action> {
        let model = self.model;
        let lacks = |batch: &Batch| {
            let set = model.sets.get(&batch.tree.set);
            set.is_some_and(|set| batch.signers.len() < usize::from(set.args.threshold))
        };
        let lacking = self.a_batch(lacks);
        let (id, batch) = lacking.or_else(|| self.a_batch(|_| true))?;
        let any = self.dice.pick(&self.cast.sets);
        let set = self.dice.mostly(batch.tree.set, 20, |_| any);
        let (members, keys) = self.some_members(batch.tree.set);
        Some(Action::EndorseBatch {
            batch: id,
            set,
            members,
            signed: self.signed_tree(&batch.tree, keys),
        })
    }

    /// A run of a batch's leaves, of those that can be proven now; and now and then of others, by others.
    fn attest_batch(&mut self) -> Option<Action> {
        let model = self.model;
        let is_ready = |leaf: &Statement| {
            let job = model.jobs.get(&leaf.job);
            let job = job.filter(|job| job.incarnation == leaf.incarnation);
            job.is_some_and(|job| self.provable(job).contains(&leaf.claimed.window))
        };
        let has_quorum = |batch: &Batch| {
            let set = model.sets.get(&batch.tree.set);
            set.is_some_and(|set| {
                let live = batch.signers.intersection(&set.live()).count();
                live >= usize::from(set.args.threshold)
            })
        };
        let ready = model.batches.iter().filter(|(_, batch)| has_quorum(batch));
        let ready = ready.flat_map(|(id, batch)| {
            let leaves = batch.tree.leaves.iter().filter(|leaf| is_ready(leaf));
            leaves.map(|leaf| (*id, *leaf))
        });
        let ready: Vec<(Id, Statement)> = ready.collect();
        let ready = self.dice.pick_some(ready);
        let (any, known) = self.a_batch(|_| true)?;
        let other = (any, self.dice.pick(&known.tree.leaves));
        let (id, some) = self.dice.mostly(ready.unwrap_or(other), 6, |_| other);
        let batch = model.batches[&id].clone();
        let leaves = &batch.tree.leaves;
        let job = model.jobs.get(&some.job);
        let worker = job.and_then(|job| job.worker).unwrap_or(self.cast.stranger);
        let provider = job.and_then(|job| job.provider);
        let operator = provider
            .and_then(|id| model.providers.get(&id))
            .map(|p| p.operator);
        let (by, provider) = match self.dice.below(20) {
            0 => (self.cast.stranger, provider),
            1 => (self.cast.stranger, None),
            2 => (self.dice.pick(&self.cast.operators), provider),
            3..=9 => (worker, None),
            _ => (operator.unwrap_or(worker), provider),
        };
        let capacity = leaves.len().next_power_of_two();
        let run = self.dice.pick(&[1, 2, 4, 8]).min(capacity);
        let place = leaves.iter().position(|leaf| *leaf == some).unwrap_or(0);
        let first = place / run * run;
        let sloppy = self.dice.one_in(12);
        let mut shown: Vec<Option<(Id, Claimed)>> = (first..first + run)
            .map(|place| {
                let leaf = leaves.get(place)?;
                let job = model.jobs.get(&leaf.job)?;
                let ready = self.provable(job).contains(&leaf.claimed.window);
                let known = job.proofs.get(&leaf.claimed.window);
                let known = known.is_some_and(|proof| proof.claimed == leaf.claimed);
                let same = job.incarnation == leaf.incarnation && job.node == Some(leaf.node);
                let theirs = job.worker == Some(by) || job.provider == provider;
                let fits = (ready || known) && same && theirs;
                (fits || sloppy).then_some((leaf.job, leaf.claimed))
            })
            .collect();
        if shown.iter().flatten().next().is_none() || self.dice.one_in(40) {
            *shown.get_mut(place - first)? = Some((some.job, some.claimed));
        }
        if self.dice.one_in(30)
            && let Some(Some((_, claimed))) = shown.iter_mut().find(|one| one.is_some())
        {
            claimed.units += 1;
        }
        let any = self.dice.pick(&self.cast.sets);
        Some(Action::AttestBatch(Box::new(AttestBatch {
            batch: id,
            set: self.dice.mostly(batch.tree.set, 40, |_| any),
            by,
            provider,
            first: first as u32,
            shown,
        })))
    }

    fn close_batch(&mut self) -> Option<Action> {
        let now = self.now;
        let over = self.a_batch(|batch| batch.expires_at <= now);
        let any = self.a_batch(|_| true);
        let (batch, known) = over.or(any)?;
        let any = self.dice.pick(&self.cast.payers());
        let by = self.dice.mostly(known.payer, 10, |_| any);
        Some(Action::CloseBatch { batch, by })
    }
}

/// Another statement about the same window.
fn bent(mut said: Statement) -> Statement {
    said.claimed.digest += 7;
    said
}
