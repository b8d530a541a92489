//! Statements, who signed them, and whether that proves anything.

use {
    super::{Fail, Id, Job, Key, ensure, sets::AttesterSet},
    std::collections::BTreeSet,
};

/// Which tag a statement carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    Quorum,
    Cosigned,
    /// None of its own: it stands in a batch.
    Batch,
}

/// What an attest instruction claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed {
    pub window: u32,
    /// Units of this window.
    pub units: u64,
    /// Stands for the 32 bytes of the digest.
    pub digest: u64,
}

/// What a signed message says, field by field instead of hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    pub path: Path,
    pub network: Id,
    pub job: Id,
    pub incarnation: u64,
    pub node: Id,
    pub claimed: Claimed,
}

/// A message and the keys whose signatures on it the precompile verified, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub statement: Statement,
    pub keys: Vec<Key>,
}

/// A proof that a job accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub claimed: Claimed,
    /// Units that count, of those claimed.
    pub accepted: u64,
    /// When it was accepted, unix seconds.
    pub at: i64,
    /// Units of the job that had matured by then.
    pub after: u128,
    pub worker: Key,
    pub witness: Witness,
}

/// Who stood beside the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witness {
    /// The members that signed, those live at that moment, and how many the set asks for.
    Quorum {
        signers: Vec<Key>,
        live: Vec<Key>,
        threshold: u8,
        /// Under a batch, with the worker's or the operator's signature of the transaction.
        from_batch: bool,
    },
    Cosigner(Key),
}

impl Proof {
    /// True if a quorum signed.
    pub fn by_quorum(&self) -> bool {
        matches!(self.witness, Witness::Quorum { .. })
    }
}

/// The statement that honest signers of `job` sign; none before a node took it.
pub fn statement(id: Id, job: &Job, path: Path, claimed: Claimed) -> Option<Statement> {
    job.node.map(|node| Statement {
        path,
        network: job.network,
        job: id,
        incarnation: job.incarnation,
        node,
        claimed,
    })
}

/// The worker, if `signed` says what it must and the worker signed first.
fn worker(
    signed: Option<&Signed>,
    expected: Option<Statement>,
    job: &Job,
) -> Result<(Key, Vec<Key>), Fail> {
    let signed = signed.ok_or("NoSignatures")?;
    let (first, others) = signed.keys.split_first().ok_or("MalformedSignatures")?;
    ensure(Some(signed.statement) == expected, "WrongStatement")?;
    ensure(job.worker == Some(*first), "WorkerNotSigned")?;
    Ok((*first, others.to_vec()))
}

/// Worker and witness of a proof by quorum.
pub(crate) fn by_quorum(
    (id, job): (Id, &Job),
    set: &AttesterSet,
    claimed: Claimed,
    members: u64,
    signed: Option<&Signed>,
) -> Result<(Key, Witness), Fail> {
    let expected = statement(id, job, Path::Quorum, claimed);
    let (worker, signers) = worker(signed, expected, job)?;
    let threshold = set.args.threshold;
    ensure(signers.len() == usize::from(threshold), "WrongSignerCount")?;
    self::members(set, members, &signers)?;
    let witness = Witness::Quorum {
        signers,
        live: set.live_keys(),
        threshold,
        from_batch: false,
    };
    Ok((worker, witness))
}

/// The indices of `signers`, if they are the live members that `members` names.
pub(crate) fn members(
    set: &AttesterSet,
    members: u64,
    signers: &[Key],
) -> Result<BTreeSet<u8>, Fail> {
    let named: Vec<u8> = (0..16u32)
        .map(|place| (members >> (4 * place)) as u8 & 15)
        .collect();
    let live = set.live();
    let mut found = BTreeSet::new();
    for (index, signer) in named.iter().zip(signers) {
        ensure(found.last() < Some(index), "MembersNotAscending")?;
        ensure(live.contains(index), "MemberNotLive")?;
        ensure(set.key(*index) == Some(*signer), "NotAMember")?;
        found.insert(*index);
    }
    let mut rest = named.iter().skip(signers.len());
    ensure(rest.all(|index| *index == 0), "MembersNotAscending")?;
    Ok(found)
}

/// Worker and witness of a cosigned proof.
pub(crate) fn by_cosigner(
    (id, job): (Id, &Job),
    claimed: Claimed,
    signed: Option<&Signed>,
) -> Result<(Key, Witness), Fail> {
    let cosigner = job.cosigner.ok_or("NoCosigner")?;
    let expected = statement(id, job, Path::Cosigned, claimed);
    let (worker, others) = worker(signed, expected, job)?;
    ensure(others.len() == 1, "WrongSignerCount")?;
    ensure(others == [cosigner], "CosignerNotSigned")?;
    Ok((worker, Witness::Cosigner(cosigner)))
}
