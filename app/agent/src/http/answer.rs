//! Answers that are no blob.

use {
    super::denied::{Denied, Why},
    crate::{blobs::NotKept, request, wire::Told},
    axum::{
        Json,
        http::StatusCode,
        response::{IntoResponse, Response},
    },
    thiserror::Error,
};

/// Why a request is refused.
#[derive(Debug, Error)]
pub enum Refusal {
    /// It is not signed as it should be.
    #[error(transparent)]
    Request(#[from] request::Refused),
    /// Name or query cannot be read.
    #[error(
        "the name is 64 hexadecimal digits, and the query has job, for an upload len and from, and for a registered worker node"
    )]
    Malformed,
    /// The body is not the JSON of what is asked, is too long, or comes too slowly.
    #[error("the body is not what is asked here, or has too many bytes, or comes too slowly")]
    Body,
    /// The chain knows no such job of this attester's sets.
    #[error("no job of a set of this attester is at that address")]
    NoJob,
    /// The key that signed is not the job's.
    #[error("the key that signed may not ask this of the job")]
    NoParty,
    /// The chain cannot be read just now.
    #[error("this attester cannot read the chain just now")]
    Chain,
    /// As much as can be done at once is being done.
    #[error("this attester has as much to do as it can; ask again")]
    Busy,
    /// The store.
    #[error(transparent)]
    NotKept(#[from] NotKept),
    /// Something about the job or the window.
    #[error("{0}")]
    Denied(Denied),
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<Why> for Refusal {
    fn from(why: Why) -> Self {
        Self::Denied(why.into())
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::NotKept(error.into())
    }
}

impl Refusal {
    /// What machines go by.
    pub const fn code(&self) -> &'static str {
        self.told().1
    }

    const fn told(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Request(request::Refused::Header(_)) => (StatusCode::UNAUTHORIZED, "unsigned"),
            Self::Request(request::Refused::Signature) => (StatusCode::UNAUTHORIZED, "signature"),
            Self::Request(request::Refused::Time(_)) => (StatusCode::UNAUTHORIZED, "time"),
            Self::Request(request::Refused::Again) => (StatusCode::CONFLICT, "again"),
            Self::Request(request::Refused::Busy) | Self::Busy | Self::NotKept(NotKept::Busy) => {
                (StatusCode::TOO_MANY_REQUESTS, "busy")
            }
            Self::Malformed | Self::Body => (StatusCode::BAD_REQUEST, "malformed"),
            Self::NoJob => (StatusCode::NOT_FOUND, "no_job"),
            Self::NoParty => (StatusCode::FORBIDDEN, "no_party"),
            Self::Chain => (StatusCode::SERVICE_UNAVAILABLE, "chain"),
            Self::NotKept(NotKept::TooLong) => (StatusCode::PAYLOAD_TOO_LARGE, "too_long"),
            Self::NotKept(NotKept::Quota { .. }) => (StatusCode::PAYLOAD_TOO_LARGE, "quota"),
            Self::NotKept(NotKept::Offset(_)) => (StatusCode::CONFLICT, "offset"),
            Self::NotKept(NotKept::TooMany) => (StatusCode::UNPROCESSABLE_ENTITY, "too_many"),
            Self::NotKept(NotKept::NotItsHash) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "not_its_hash")
            }
            Self::NotKept(NotKept::Length(_)) => (StatusCode::UNPROCESSABLE_ENTITY, "length"),
            Self::NotKept(NotKept::Disk(_) | NotKept::Index(_)) => {
                (StatusCode::INSUFFICIENT_STORAGE, "disk")
            }
            Self::Denied(denied) => (denied.why.status(), denied.why.code()),
        }
    }

    /// What is sent.
    pub fn body(&self) -> Told {
        let message = match self {
            // Paths and the like are this machine's own business.
            Self::NotKept(NotKept::Disk(_) | NotKept::Index(_)) => {
                "this attester cannot write just now".to_owned()
            }
            _ => self.to_string(),
        };
        let from = match self {
            Self::NotKept(NotKept::Offset(from)) => Some(from.to_string()),
            _ => None,
        };
        let about = match self {
            Self::Denied(denied) => Some(denied),
            _ => None,
        };
        Told {
            code: self.code().to_owned(),
            message,
            from,
            chunk: about.and_then(|about| about.chunk),
            blob: about.and_then(|about| about.blob).map(hex::encode),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, _) = self.told();
        (status, Json(self.body())).into_response()
    }
}
