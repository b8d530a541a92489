//! The file a signer hands to whoever submits.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::Hex32,
    },
    clap::ValueEnum,
    serde::Deserialize,
    sluice_client::statement::{Countersignature, Path, Statement},
    solana_address::Address,
    solana_signature::Signature,
    std::fs,
};

/// Who countersigns the worker's statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Route {
    /// A quorum of the job's attester set.
    Quorum,
    /// The job's cosigner.
    Cosigned,
}

impl Route {
    /// As the client names it.
    pub const fn path(self) -> Path {
        match self {
            Self::Quorum => Path::Quorum,
            Self::Cosigned => Path::Cosigned,
        }
    }

    /// The name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quorum => "quorum",
            Self::Cosigned => "cosigned",
        }
    }
}

/// A statement and one signature of it, as it lies in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    context: String,
    window: u32,
    units: u64,
    digest: String,
    path: Route,
    key: String,
    signature: String,
}

/// A statement and one signature of it.
#[derive(Clone, Copy)]
pub struct Signed {
    pub statement: Statement,
    pub route: Route,
    pub by: Countersignature,
}

impl Signed {
    /// What [`Self::read`] reads: JSON whatever the form of other results.
    pub fn fields(&self) -> Fields {
        Fields::new()
            .with("context", self.statement.context)
            .with("window", self.statement.window)
            .with("units", self.statement.units)
            .with("digest", self.statement.digest)
            .with("path", self.route.name())
            .with("key", self.by.key)
            .with("signature", self.by.signature.to_string())
            .always_json()
    }

    /// Reads the file and verifies the signature in it.
    pub fn read(path: &str) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                Failure::input(format!("there is no signature file at {path}"))
            }
            _ => Failure::input(format!("the signature file {path} cannot be read: {error}")),
        })?;
        let signed = serde_json::from_str(&text)
            .ok()
            .and_then(|written| Self::parse(&written))
            .ok_or_else(|| {
                Failure::input(format!(
                    "{path} is not a signature file of `sluice attest sign`"
                ))
            })?;
        let message = signed.statement.message(signed.route.path());
        if signed.by.signature.verify(signed.by.key.as_ref(), &message) {
            return Ok(signed);
        }
        Err(Failure::input(format!(
            "the signature in {path} is not {}'s signature of the statement beside it",
            signed.by.key
        )))
    }

    fn parse(written: &Written) -> Option<Self> {
        Some(Self {
            statement: Statement {
                context: written.context.parse::<Hex32>().ok()?.0,
                window: written.window,
                units: written.units,
                digest: written.digest.parse::<Hex32>().ok()?.0,
            },
            route: written.path,
            by: Countersignature {
                key: written.key.parse::<Address>().ok()?,
                signature: written.signature.parse::<Signature>().ok()?,
            },
        })
    }
}
