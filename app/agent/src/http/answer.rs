//! Answers that are no blob.

use {
    crate::{blobs::NotKept, request},
    axum::{
        Json,
        http::StatusCode,
        response::{IntoResponse, Response},
    },
    serde::{Deserialize, Serialize},
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
        "the name is 64 hexadecimal digits, and the query has job, and for an upload len and from"
    )]
    Malformed,
    /// The chain knows no such job of this attester's sets.
    #[error("no job of a set of this attester is at that address")]
    NoJob,
    /// The key that signed is not the job's.
    #[error("only the job's buyer, its worker and the members of its set may ask this")]
    NoParty,
    /// It is not here, or not all of it.
    #[error("blob missing")]
    Missing,
    /// The chain cannot be read just now.
    #[error("this attester cannot read the chain just now")]
    Chain,
    /// As much as can be done at once is being done.
    #[error("this attester has as much to do as it can; ask again")]
    Busy,
    /// The store.
    #[error(transparent)]
    NotKept(#[from] NotKept),
}

/// A refusal as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What machines go by.
    pub code: String,
    /// One sentence for people.
    pub message: String,
    /// Where an upload goes on, bytes; decimal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// How much of a blob is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Bytes from its beginning; decimal text.
    pub received: String,
    /// Nothing is missing.
    pub whole: bool,
}

impl Refusal {
    const fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Request(request::Refused::Header(_)) => (StatusCode::UNAUTHORIZED, "unsigned"),
            Self::Request(request::Refused::Signature) => (StatusCode::UNAUTHORIZED, "signature"),
            Self::Request(request::Refused::Time(_)) => (StatusCode::UNAUTHORIZED, "time"),
            Self::Request(request::Refused::Again) => (StatusCode::CONFLICT, "again"),
            Self::Request(request::Refused::Busy) | Self::Busy | Self::NotKept(NotKept::Busy) => {
                (StatusCode::TOO_MANY_REQUESTS, "busy")
            }
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            Self::NoJob => (StatusCode::NOT_FOUND, "no_job"),
            Self::NoParty => (StatusCode::FORBIDDEN, "no_party"),
            Self::Missing => (StatusCode::NOT_FOUND, "blob_missing"),
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
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = self.code();
        let message = match &self {
            // Paths and the like are this machine's own business.
            Self::NotKept(NotKept::Disk(_) | NotKept::Index(_)) => {
                "this attester cannot write just now".to_owned()
            }
            _ => self.to_string(),
        };
        let from = match &self {
            Self::NotKept(NotKept::Offset(from)) => Some(from.to_string()),
            _ => None,
        };
        let code = code.to_owned();
        (
            status,
            Json(Told {
                code,
                message,
                from,
            }),
        )
            .into_response()
    }
}
