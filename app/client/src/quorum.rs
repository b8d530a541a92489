//! The countersignatures of an attester set: which members to ask, and what of what they signed proves a window.

use {
    crate::{
        error::{ClientError, Result},
        instruction,
        statement::{Countersignature, Path, Signed, Statement},
    },
    sluice::state::{AttesterSet, Job},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// The live members of a set, in its order: the first `threshold` are asked first, the others are spares.
pub fn members(set: &AttesterSet) -> impl Iterator<Item = &Address> {
    (0..set.count).filter_map(|index| set.live_member(index))
}

/// The members to ask now, when some `signed` and others `failed` to: as many as lack for a quorum, in the set's order. It names a
/// member that was asked until the member is among either, so whoever asks leaves out those whose answer is on its way. Empty when
/// enough signed. [`ClientError::NoQuorum`] when too few members are left to ask.
pub fn to_ask(set: &AttesterSet, signed: &[Address], failed: &[Address]) -> Result<Vec<Address>> {
    let needed = usize::from(set.threshold);
    let have = members(set).filter(|key| signed.contains(key)).count();
    let lacking = needed.saturating_sub(have);
    let asked: Vec<_> = members(set)
        .filter(|key| !signed.contains(key) && !failed.contains(key))
        .take(lacking)
        .copied()
        .collect();
    if asked.len() < lacking {
        let given = have.saturating_add(asked.len());
        return Err(ClientError::NoQuorum { needed, given });
    }
    Ok(asked)
}

/// The signatures that [`instruction::attest`] takes: of the first `threshold` live members that signed, in the set's order, one of
/// each. [`ClientError::NotAMember`] for a signature of anybody else, [`ClientError::NoQuorum`] when too few are live.
pub fn choose(set: &AttesterSet, signatures: &[Countersignature]) -> Result<Vec<Countersignature>> {
    if let Some(stranger) = signatures.iter().find(|one| !set.has_member(&one.key)) {
        return Err(ClientError::NotAMember(stranger.key));
    }
    let mut chosen: Vec<_> = members(set)
        .filter_map(|key| signatures.iter().find(|one| one.key == *key))
        .copied()
        .collect();
    let (needed, given) = (usize::from(set.threshold), chosen.len());
    if given < needed {
        return Err(ClientError::NoQuorum { needed, given });
    }
    chosen.truncate(needed);
    Ok(chosen)
}

/// Why signatures are no proof for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// There is none.
    Empty,
    /// The one at this index is of another statement or path than the first.
    OtherStatement(usize),
    /// They are about another job, or about another taking of this one.
    OtherJob,
    /// The job's worker did not sign.
    NoWorker,
}

/// What a worker and others signed about one window of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What they signed.
    pub statement: Statement,
    /// Who countersigns it.
    pub path: Path,
    /// The worker's signature.
    pub worker: Countersignature,
    /// The others' signatures, as they were given.
    pub others: Vec<Countersignature>,
}

impl Proof {
    /// Joins signatures, in any order, that must all be of one statement about `job`.
    pub fn of(job: &Job, signed: &[Signed]) -> std::result::Result<Self, Unfit> {
        let Signed {
            statement, path, ..
        } = *signed.first().ok_or(Unfit::Empty)?;
        let is_other = |one: &Signed| one.statement != statement || one.path != path;
        if let Some(index) = signed.iter().position(is_other) {
            return Err(Unfit::OtherStatement(index));
        }
        if statement.context != job.context {
            return Err(Unfit::OtherJob);
        }
        let (workers, others): (Vec<_>, Vec<_>) = signed
            .iter()
            .map(|one| one.by)
            .partition(|by| by.key == job.worker);
        Ok(Self {
            statement,
            path,
            worker: *workers.first().ok_or(Unfit::NoWorker)?,
            others,
        })
    }

    /// The two instructions that prove the window by a quorum of `set`, the job's, to be sent in this order; refused as [`choose`]
    /// refuses.
    pub fn by_quorum(
        &self,
        key: &Address,
        job: &Job,
        set: &AttesterSet,
    ) -> Result<[Instruction; 2]> {
        let quorum = choose(set, &self.others)?;
        instruction::attest(key, job, set, &self.statement, self.worker, &quorum)
    }

    /// The same by the job's cosigner; `None` if it did not sign.
    pub fn by_cosigner(&self, key: &Address, job: &Job) -> Option<Result<[Instruction; 2]>> {
        let cosigner = self.others.iter().find(|one| one.key == job.cosigner)?;
        Some(instruction::attest_cosigned(
            key,
            &self.statement,
            self.worker,
            *cosigner,
        ))
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable, solana_keypair::Keypair, solana_signer::Signer};

    /// A set of four of which three sign, whose second member left, and the keys in its order.
    fn set() -> (AttesterSet, Vec<Keypair>) {
        let mut keys: Vec<_> = (0..5).map(|_| Keypair::new()).collect();
        keys.sort_by_key(|key| key.pubkey().to_bytes());
        let mut set = AttesterSet {
            count: 5,
            threshold: 3,
            live: 0b11101,
            ..AttesterSet::zeroed()
        };
        for (place, key) in set.keys.iter_mut().zip(&keys) {
            *place = key.pubkey();
        }
        (set, keys)
    }

    const STATEMENT: Statement = Statement {
        context: [7; 32],
        window: 3,
        units: 11,
        digest: [9; 32],
    };

    fn signed(key: &Keypair) -> Signed {
        Signed {
            statement: STATEMENT,
            path: Path::Quorum,
            by: STATEMENT.sign(Path::Quorum, key).unwrap(),
        }
    }

    #[test]
    fn a_threshold_of_live_members_is_asked_and_a_spare_for_each_that_failed() {
        let (mut set, keys) = set();
        let key = |index: usize| keys[index].pubkey();
        let ask = |set: &AttesterSet, signed: &[Address], failed: &[Address]| {
            to_ask(set, signed, failed).unwrap()
        };
        assert_eq!(ask(&set, &[], &[]), [key(0), key(2), key(3)]);
        assert_eq!(ask(&set, &[key(3)], &[]), [key(0), key(2)]);
        assert_eq!(ask(&set, &[key(3)], &[key(0)]), [key(2), key(4)]);
        assert_eq!(ask(&set, &[key(2), key(3), key(4)], &[key(0)]), []);
        // Who is not live any more has signed nothing that counts.
        assert_eq!(ask(&set, &[key(1)], &[]), [key(0), key(2), key(3)]);
        let short = |set: &AttesterSet, failed: &[Address]| match to_ask(set, &[], failed) {
            Err(ClientError::NoQuorum { needed, given }) => (needed, given),
            other => panic!("{other:?}"),
        };
        assert_eq!(short(&set, &[key(0), key(2)]), (3, 2));
        set.live = 0b1;
        assert_eq!(short(&set, &[]), (3, 1));
    }

    #[test]
    fn the_first_live_signatures_in_the_sets_order_are_the_quorum() {
        let (mut set, keys) = set();
        let of = |indices: &[usize]| -> Vec<_> {
            indices
                .iter()
                .map(|index| signed(&keys[*index]).by)
                .collect()
        };
        assert_eq!(choose(&set, &of(&[4, 3, 1, 2, 0])).unwrap(), of(&[0, 2, 3]));
        assert_eq!(choose(&set, &of(&[4, 3, 2])).unwrap(), of(&[2, 3, 4]));
        // One member's signature counts once, one of a member that left not at all.
        let few = choose(&set, &of(&[4, 4, 3, 1]));
        assert!(matches!(
            few,
            Err(ClientError::NoQuorum {
                needed: 3,
                given: 2
            })
        ));
        set.count = 4;
        let stranger = choose(&set, &of(&[0, 2, 3, 4]));
        assert!(matches!(stranger, Err(ClientError::NotAMember(key)) if key == keys[4].pubkey()));
    }

    #[test]
    fn a_proof_is_of_one_statement_about_the_job_with_the_workers_signature() {
        let (set, keys) = set();
        let (worker, key) = (Keypair::new(), Address::new_unique());
        let mut job = Job {
            context: STATEMENT.context,
            worker: worker.pubkey(),
            ..Job::zeroed()
        };
        let mut all: Vec<_> = [4, 3, 0].map(|index: usize| signed(&keys[index])).to_vec();
        assert_eq!(Proof::of(&job, &[]), Err(Unfit::Empty));
        assert_eq!(Proof::of(&job, &all), Err(Unfit::NoWorker));
        all.insert(1, signed(&worker));
        let proof = Proof::of(&job, &all).unwrap();
        assert_eq!(proof.worker, all[1].by);
        let quorum = choose(&set, &proof.others).unwrap();
        let built = instruction::attest(&key, &job, &set, &STATEMENT, proof.worker, &quorum);
        assert_eq!(proof.by_quorum(&key, &job, &set).unwrap(), built.unwrap());
        assert!(proof.by_cosigner(&key, &job).is_none());
        job.cosigner = keys[3].pubkey();
        assert!(proof.by_cosigner(&key, &job).unwrap().is_ok());

        all[2].statement.units += 1;
        assert_eq!(Proof::of(&job, &all), Err(Unfit::OtherStatement(2)));
        all.truncate(2);
        job.context = [8; 32];
        assert_eq!(Proof::of(&job, &all), Err(Unfit::OtherJob));
    }
}
