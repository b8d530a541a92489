//! Why a question about a job or a window is refused.

use {crate::blobs::Name, axum::http::StatusCode, std::fmt, thiserror::Error};

/// The refusals that are about a job or a window, each with a code for machines ([`Why::code`]) and a sentence for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Why {
    /// Another job stood at the address, or stands there now.
    #[error("the job at that address is of another incarnation")]
    Incarnation,
    /// Its bit in the set is cleared, or was never set.
    #[error("this attester is no live member of the job's set: it signs nothing for it")]
    NotLive,
    /// Nobody works for the job.
    #[error("the job is not active")]
    NotActive,
    /// The window starts when the job is over.
    #[error("the window is none of this job")]
    NoWindow,
    /// It is over.
    #[error("the window's grace is over")]
    Late,
    /// It is not over yet. What was claimed of it may be checked already.
    #[error("the window has not ended yet: ask again when it has")]
    Early,
    /// The worker's signature is not of the claim.
    #[error("the job's worker did not sign this claim")]
    Claim,
    /// So many claims of one window that no other is looked at.
    #[error("this window was claimed in too many ways already")]
    Claims,
    /// This attester signed something else of the window, or was asked to.
    #[error("this attester was asked to sign another statement about this window before")]
    Contradiction,
    /// The journal does not reach back to the window.
    #[error("the window ended before this attester's journal began: it cannot know what it signed")]
    BeforeStart,
    /// What is signed cannot be written down.
    #[error("this attester cannot write down what it signs, and signs nothing until it can")]
    Journal,
    /// Nobody asked before whether the job's windows will be checked.
    #[error("this attester has not admitted the job: ask that first")]
    NotAdmitted,
    /// Nobody said which blobs the specification and the list of inputs are.
    #[error("nobody has said which blobs are the job's specification and its list of inputs")]
    Unnamed,
    /// The blob named as the specification is not the job's.
    #[error("the blob is not the specification whose hash the job names")]
    Spec,
    /// The blob named as the list of inputs is not the job's.
    #[error("the blob is not the list of inputs that the specification names")]
    Inputs,
    /// A full window of the work is not the cap of the terms.
    #[error("the chunks of a window times their units are not the cap of the job's terms")]
    Shape,
    /// The kernel does not load here.
    #[error("the kernel is not the one that the specification names, or no engine takes it")]
    Kernel,
    /// There is no time to check it.
    #[error("this attester has no time to check the job's windows")]
    TooMuch,
    /// This machine could not check it. It is no accusation.
    #[error("this attester could not check the window on its machine")]
    NotChecked,
    /// Two engines of this attester differ. It is no accusation.
    #[error("this attester's engines do not agree on the window: it signs nothing")]
    Engines,
    /// A finding that finds nothing.
    #[error("what was told is not false, as far as this attester can see")]
    NoFault,
    /// A blob is not here, or not all of it.
    #[error("blob missing")]
    Missing,
    /// The blob named as the evidence is none.
    #[error("the blob is no evidence")]
    Evidence,
    /// The evidence is of another window.
    #[error("the evidence is of another window")]
    OtherWindow,
    /// The units are no whole number of chunks.
    #[error("the units are no whole number of chunks")]
    Remainder,
    /// More chunks than there are.
    #[error("more chunks are claimed than the window is about")]
    TooManyChunks,
    /// Units and evidence differ.
    #[error("the evidence has another number of chunks than the units claim")]
    Count,
    /// Judged work with a gap.
    #[error("a chunk is claimed behind one that is not")]
    Gap,
    /// The evidence stops somewhere else.
    #[error("the evidence stops at another chunk than the one behind the last claimed")]
    Stop,
    /// The digest is not the evidence's.
    #[error("the digest is not the root over the evidence")]
    Digest,
    /// The kernel gives another output.
    #[error("the kernel gives another output for the chunk")]
    Output,
    /// The kernel gives none.
    #[error("the chunk is claimed, and the kernel gives no output for it")]
    Undone,
}

/// What a worker answers for: each is a fault of what it claims, and none of this machine.
const FAULTS: [Why; 10] = [
    Why::Evidence,
    Why::OtherWindow,
    Why::Remainder,
    Why::TooManyChunks,
    Why::Count,
    Why::Gap,
    Why::Stop,
    Why::Digest,
    Why::Output,
    Why::Undone,
];

impl Why {
    /// True for a fault of what a worker claims.
    pub fn is_fault(self) -> bool {
        FAULTS.contains(&self)
    }

    /// The fault with this code.
    pub fn fault(code: &str) -> Option<Self> {
        FAULTS.into_iter().find(|why| why.code() == code)
    }

    /// What machines go by.
    pub const fn code(self) -> &'static str {
        self.told().1
    }

    /// The status of the answer.
    pub const fn status(self) -> StatusCode {
        self.told().0
    }

    const fn told(self) -> (StatusCode, &'static str) {
        const CONFLICT: StatusCode = StatusCode::CONFLICT;
        const UNFIT: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
        const LATER: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
        match self {
            Self::Incarnation => (CONFLICT, "incarnation"),
            Self::NotLive => (StatusCode::FORBIDDEN, "not_live"),
            Self::NotActive => (CONFLICT, "not_active"),
            Self::NoWindow => (UNFIT, "no_window"),
            Self::Late => (StatusCode::GONE, "late"),
            Self::Early => (StatusCode::TOO_EARLY, "early"),
            Self::Claim => (UNFIT, "claim"),
            Self::Claims => (UNFIT, "claims"),
            Self::Contradiction => (CONFLICT, "contradiction"),
            Self::BeforeStart => (CONFLICT, "before_start"),
            Self::Journal => (LATER, "journal"),
            Self::NotAdmitted => (CONFLICT, "not_admitted"),
            Self::Unnamed => (UNFIT, "unnamed"),
            Self::Spec => (UNFIT, "spec"),
            Self::Inputs => (UNFIT, "inputs"),
            Self::Shape => (UNFIT, "shape"),
            Self::Kernel => (UNFIT, "kernel"),
            Self::TooMuch => (LATER, "too_much"),
            Self::NotChecked => (LATER, "not_checked"),
            Self::Engines => (LATER, "engines"),
            Self::NoFault => (UNFIT, "no_fault"),
            Self::Missing => (StatusCode::NOT_FOUND, "blob_missing"),
            Self::Evidence => (UNFIT, "evidence"),
            Self::OtherWindow => (UNFIT, "other_window"),
            Self::Remainder => (UNFIT, "remainder"),
            Self::TooManyChunks => (UNFIT, "too_many_chunks"),
            Self::Count => (UNFIT, "count"),
            Self::Gap => (UNFIT, "gap"),
            Self::Stop => (UNFIT, "stop"),
            Self::Digest => (UNFIT, "digest"),
            Self::Output => (UNFIT, "output"),
            Self::Undone => (UNFIT, "undone"),
        }
    }
}

/// A refusal about a job or a window, with what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    /// Why.
    pub why: Why,
    /// The chunk, by its number in the whole work.
    pub chunk: Option<u32>,
    /// The blob.
    pub blob: Option<Name>,
}

impl Denied {
    /// Of a blob that is not here, or not all of it.
    pub const fn missing(blob: Name) -> Self {
        Self {
            why: Why::Missing,
            chunk: None,
            blob: Some(blob),
        }
    }
}

impl From<Why> for Denied {
    fn from(why: Why) -> Self {
        Self {
            why,
            chunk: None,
            blob: None,
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.why.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_known_by_its_code_and_nothing_else_is() {
        for why in FAULTS {
            assert!(why.is_fault());
            assert_eq!(Why::fault(why.code()), Some(why));
        }
        for why in [Why::NotChecked, Why::Engines, Why::Missing, Why::Early] {
            assert_eq!((why.is_fault(), Why::fault(why.code())), (false, None));
        }
    }
}
