//! Batches: statements that members signed together, and what is proven from them.

use {
    super::{
        Account, Action, Effect, Fail, IN_USE, Id, Key, Moment, Path, Reference, Statement, ensure,
        find, find_mut,
        job::Job,
        proof::{self, Claimed, Witness},
        sets::AttesterSet,
    },
    std::collections::BTreeSet,
};

/// Longest that a batch stays by its date: 60 days.
const MOST_SECS: i64 = 60 * 24 * 60 * 60;

/// Statements in the order of their leaves, and the set whose members sign them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    pub set: Id,
    pub leaves: Vec<Statement>,
}

/// A tree and the keys whose signatures of it the precompile verified, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTree {
    pub tree: Tree,
    pub keys: Vec<Key>,
}

/// A batch with those who signed it so far.
#[derive(Clone, Debug)]
pub struct Batch {
    pub tree: Tree,
    pub payer: Key,
    /// Unix seconds.
    pub expires_at: i64,
    /// Indices in the set.
    pub signers: BTreeSet<u8>,
}

/// What `attest_batch` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestBatch {
    pub batch: Id,
    pub set: Id,
    /// Signs for the provider's side.
    pub by: Key,
    /// The provider that is passed.
    pub provider: Option<Id>,
    /// Place of the run's first leaf.
    pub first: u32,
    /// What is said of each leaf of the run, by job; none for those that are given as hashes.
    pub shown: Vec<Option<(Id, Claimed)>>,
}

impl Reference {
    pub(crate) fn apply_batch(&mut self, at: Moment, action: &Action) -> Result<Effect, Fail> {
        match action {
            Action::PostBatch {
                batch: id,
                by,
                tree,
                expires_at,
                members,
                signed,
            } => {
                let set = find(&self.sets, tree.set)?;
                ensure(!self.batches.contains_key(id), IN_USE)?;
                let signers = signers(tree, set, *members, signed.as_ref())?;
                let ahead = *expires_at > at.now && *expires_at - at.now <= MOST_SECS;
                ensure(ahead, "ExpiryOutOfBounds")?;
                let batch = Batch {
                    tree: tree.clone(),
                    payer: *by,
                    expires_at: *expires_at,
                    signers,
                };
                self.batches.insert(*id, batch);
                Ok(Effect::opening(&[Account::Batch(*id)]))
            }
            Action::EndorseBatch {
                batch: id,
                set: shown,
                members,
                signed,
            } => {
                let batch = find(&self.batches, *id)?;
                let set = find(&self.sets, *shown)?;
                ensure(batch.tree.set == *shown, "WrongSet")?;
                let more = signers(&batch.tree, set, *members, signed.as_ref())?;
                ensure(!more.is_subset(&batch.signers), "AlreadyEndorsed")?;
                find_mut(&mut self.batches, *id)?.signers.extend(more);
                Ok(Effect::default())
            }
            Action::AttestBatch(attest) => {
                // A refusal of one leaf takes back what was done of the others.
                let mut after = self.clone();
                let effect = after.attest_batch(at, attest)?;
                *self = after;
                Ok(effect)
            }
            Action::CloseBatch { batch: id, by } => {
                let batch = find(&self.batches, *id)?;
                ensure(batch.payer == *by, "NotPayer")?;
                ensure(at.now >= batch.expires_at, "BatchNotExpired")?;
                self.batches.remove(id);
                Ok(Effect::closing(&[Account::Batch(*id)]))
            }
            _ => unreachable!("not an action on a batch"),
        }
    }

    fn attest_batch(&mut self, at: Moment, attest: &AttestBatch) -> Result<Effect, Fail> {
        let batch = find(&self.batches, attest.batch)?.clone();
        let set = find(&self.sets, attest.set)?;
        if let Some(provider) = attest.provider {
            let provider = find(&self.providers, provider)?;
            ensure(batch.tree.set == attest.set, "WrongSet")?;
            ensure(provider.operator == attest.by, "NotOperator")?;
        }
        ensure(batch.tree.set == attest.set, "WrongSet")?;
        let live = set.live();
        let signers: BTreeSet<u8> = batch.signers.intersection(&live).copied().collect();
        let threshold = set.args.threshold;
        ensure(
            signers.len() >= usize::from(threshold),
            "BatchBelowThreshold",
        )?;
        let keys = signers.iter().filter_map(|index| set.key(*index));
        let witness = Witness::Quorum {
            signers: keys.collect(),
            live: set.live_keys(),
            threshold,
            from_batch: true,
        };
        let mut said = Vec::new();
        let mut accepted = 0;
        for leaf in &attest.shown {
            let Some((id, claimed)) = leaf else {
                said.push(None);
                continue;
            };
            // Where the account is none of ours, that is what is wrong with it.
            let job = self.jobs.get(id).ok_or("IllegalOwner")?;
            ensure(job.terms.set == Some(attest.set), "WrongSet")?;
            let is_theirs = attest.provider.is_some() && job.provider == attest.provider;
            ensure(job.worker == Some(attest.by) || is_theirs, "NotTheWorkers")?;
            let statement = proof::statement(*id, job, Path::Batch, *claimed);
            if !is_passed_over(job, claimed) {
                let proven = (attest.by, witness.clone());
                accepted += self.prove(at, *id, *claimed, proven)?.units;
            }
            said.push(statement);
        }
        let first = attest.first as usize;
        for (place, statement) in said.into_iter().enumerate() {
            let leaf = batch.tree.leaves.get(first + place).copied();
            ensure(statement.is_none() || statement == leaf, "NotInBatch")?;
        }
        Ok(Effect::counting(accepted))
    }
}

/// The members who signed `tree`, if `signed` says so.
fn signers(
    tree: &Tree,
    set: &AttesterSet,
    members: u64,
    signed: Option<&SignedTree>,
) -> Result<BTreeSet<u8>, Fail> {
    let signed = signed.ok_or("NoSignatures")?;
    ensure(signed.tree == *tree, "WrongStatement")?;
    proof::members(set, members, &signed.keys)
}

/// True if the job remembers that this very claim proved its window: of the windows that share a slot it knows the last.
fn is_passed_over(job: &Job, claimed: &Claimed) -> bool {
    let slot = job
        .proofs
        .iter()
        .filter(|(w, _)| *w % 16 == claimed.window % 16);
    let last = slot.max_by_key(|(w, _)| **w);
    last.is_some_and(|(_, proof)| proof.claimed == *claimed)
}
