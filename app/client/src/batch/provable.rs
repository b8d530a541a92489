//! Which statements of a batch prove their windows now, by the program's own rules.

use {
    super::Leaf,
    crate::{error::ClientError, statement::Statement},
    sluice::{
        attestation::{Claimed, Proof},
        state::Job,
    },
    solana_address::Address,
    std::{collections::BTreeMap, fmt},
};

/// A statement that proves its window now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provable {
    /// Place of its leaf in the tree.
    pub index: usize,
    /// Address of the job.
    pub job: Address,
    /// What is said.
    pub statement: Statement,
    /// Units that will count.
    pub accepted: u64,
}

/// Why a statement does not prove its window now.
#[derive(Debug)]
pub enum Unproven {
    /// The job is closed.
    Gone,
    /// The job was opened anew or runs elsewhere: it is not the one that the statement is about.
    OtherTaking,
    /// The job is under another attester set.
    OtherSet,
    /// The window was proven by the same statement.
    Proven,
    /// What the program says of it.
    Refused(ClientError),
}

impl fmt::Display for Unproven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("the job is closed"),
            Self::OtherTaking => f.write_str("the statement is about an earlier taking of the job"),
            Self::OtherSet => f.write_str("the job is under another attester set"),
            Self::Proven => f.write_str("the window is proven already"),
            Self::Refused(ClientError::Program(error)) => error.fmt(f),
            Self::Refused(error) => error.fmt(f),
        }
    }
}

/// Statements of a batch: those that prove their windows now, and the others.
#[derive(Debug, Default)]
pub struct Sorted {
    /// In the order of their leaves.
    pub provable: Vec<Provable>,
    /// Places of the other leaves, and why.
    pub others: Vec<(usize, Unproven)>,
}

/// Sorts the leaves of a batch for `set`, each with its place and its statement, by whether they can be proven at `now`, unix seconds, one
/// after the other: `jobs` are changed as the program will change them. `signers` is the mask that the proofs will bear.
pub fn sort(
    leaves: impl IntoIterator<Item = (usize, Leaf, Statement)>,
    jobs: &mut BTreeMap<Address, Job>,
    set: &Address,
    signers: u16,
    now: i64,
) -> Sorted {
    let mut sorted = Sorted::default();
    for (index, leaf, statement) in leaves {
        let job = jobs.get_mut(&leaf.job).ok_or(Unproven::Gone);
        match job.and_then(|job| prove(job, &statement, set, signers, now)) {
            Ok(accepted) => sorted.provable.push(Provable {
                index,
                job: leaf.job,
                statement,
                accepted,
            }),
            Err(why) => sorted.others.push((index, why)),
        }
    }
    sorted
}

/// Enters a statement; the units that count.
fn prove(
    job: &mut Job,
    statement: &Statement,
    set: &Address,
    signers: u16,
    now: i64,
) -> Result<u64, Unproven> {
    if job.context != statement.context {
        return Err(Unproven::OtherTaking);
    }
    if job.terms.set != *set {
        return Err(Unproven::OtherSet);
    }
    let hash = statement.hash();
    if job.is_proven_by(statement.window, &hash) {
        return Err(Unproven::Proven);
    }
    let claimed = Claimed {
        window: statement.window,
        units: statement.units,
        digest: statement.digest,
    };
    let proof = Proof {
        claimed: &claimed,
        signers,
        statement: &hash,
    };
    // A refusal leaves no trace.
    let mut after = *job;
    let accepted = after.mature(now).and_then(|()| after.prove(now, &proof));
    let accepted = accepted.map_err(|refusal| Unproven::Refused(refusal.into()))?;
    *job = after;
    Ok(accepted)
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        bytemuck::Zeroable,
        sluice::state::{JobState, Terms},
    };

    const SET: Address = Address::new_from_array([2; 32]);
    const JOB: Address = Address::new_from_array([3; 32]);

    /// Ten windows of 100 seconds from 1,000 on, with a grace of 150 and 25 units paid for.
    fn job() -> Job {
        Job {
            context: [7; 32],
            state: JobState::Active.byte(),
            start_at: 1_000,
            end_at: 2_000,
            units_funded: 25,
            terms: Terms {
                set: SET,
                price: 1,
                per: 1,
                cap: 10,
                window_secs: 100,
                grace_secs: 150,
                challenge_secs: 1_000,
                ..Terms::zeroed()
            },
            ..Job::zeroed()
        }
    }

    const fn about(window: u32) -> Statement {
        Statement {
            context: [7; 32],
            window,
            units: 10,
            digest: [9; 32],
        }
    }

    /// The windows that are provable with their units, and why the others are not.
    fn sorted(job: Option<Job>, said: &[Statement], now: i64) -> (Vec<(u32, u64)>, Vec<String>) {
        let mut jobs = job.map(|job| (JOB, job)).into_iter().collect();
        let leaves = said.iter().enumerate().map(|(index, statement)| {
            let leaf = Leaf {
                job: JOB,
                incarnation: 0,
                node: JOB,
                window: statement.window,
                units: statement.units,
                digest: statement.digest,
            };
            (index, leaf, *statement)
        });
        let sorted = sort(leaves, &mut jobs, &SET, 3, now);
        for found in &sorted.provable {
            assert_eq!(found.statement, said[found.index]);
        }
        let provable = sorted.provable.iter();
        (
            provable
                .map(|one| (one.statement.window, one.accepted))
                .collect(),
            sorted
                .others
                .iter()
                .map(|(_, why)| why.to_string())
                .collect(),
        )
    }

    #[test]
    fn a_window_is_provable_from_its_end_until_its_grace_is_over() {
        let said = [0, 1, 2, 10].map(about);
        let (provable, others) = sorted(Some(job()), &said, 1_250);
        assert_eq!(provable, [(1, 10)]);
        for (why, name) in
            others
                .iter()
                .zip(["StatementExpired", "WindowNotEnded", "WindowNotEnded"])
        {
            assert!(why.contains(name), "{why}");
        }
        let (_, others) = sorted(Some(job()), &[about(10)], 2_100);
        assert!(others[0].contains("WindowOutOfJob"), "{others:?}");
    }

    #[test]
    fn each_is_entered_before_the_next() {
        // 25 units are paid for: the third gets what is left, and the fourth nothing.
        let mut long = job();
        long.terms.grace_secs = 1_000;
        let said = [0, 1, 2, 3].map(about);
        let (provable, others) = sorted(Some(long), &said, 1_400);
        assert_eq!(provable, [(0, 10), (1, 10), (2, 5)]);
        assert!(others[0].contains("NothingWouldCount"), "{others:?}");
        let second = Statement {
            units: 1,
            ..about(0)
        };
        let (provable, others) = sorted(Some(long), &[about(0), about(0), second], 1_400);
        assert_eq!(provable, [(0, 10)]);
        assert_eq!(others[0], "the window is proven already");
        assert!(others[1].contains("WindowAlreadyProven"), "{others:?}");
    }

    #[test]
    fn a_job_has_to_be_the_one_and_active() {
        let why = |job| sorted(job, &[about(0)], 1_100).1.concat();
        assert_eq!(why(None), "the job is closed");
        let other = Job {
            context: [8; 32],
            ..job()
        };
        assert!(why(Some(other)).contains("an earlier taking"));
        let mut other = job();
        other.terms.set = JOB;
        assert!(why(Some(other)).contains("another attester set"));
        let released = Job {
            state: JobState::Released.byte(),
            ..job()
        };
        assert!(why(Some(released)).contains("WrongJobState"));
    }
}
