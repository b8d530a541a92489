//! The file a signer hands to whoever submits.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
    },
    clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
    sluice_client::statement::{NotSigned, Path, Signed},
    std::{fs, io::ErrorKind},
};

/// Reads the path on the command line, and tells its values.
pub fn path() -> impl TypedValueParser<Value = Path> {
    let values = [
        (Path::Quorum, "A quorum of the job's attester set"),
        (Path::Cosigned, "The job's cosigner"),
    ];
    let values = values.map(|(path, help)| PossibleValue::new(path.name()).help(help));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<Path>())
}

/// What [`read`] reads: JSON whatever the form of other results.
pub fn fields(signed: &Signed) -> Fields {
    Fields::new()
        .with("context", signed.statement.context)
        .with("window", signed.statement.window)
        .with("units", signed.statement.units)
        .with("digest", signed.statement.digest)
        .with("path", signed.path.name())
        .with("key", signed.by.key)
        .with("signature", signed.by.signature.to_string())
        .always_json()
}

/// Reads the file and verifies the signature in it.
pub fn read(path: &str) -> Result<Signed> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::input(match error.kind() {
            ErrorKind::NotFound => format!("there is no signature file at {path}"),
            _ => format!("the signature file {path} cannot be read: {error}"),
        })
    })?;
    Signed::read(&text).map_err(|why| {
        Failure::input(match why {
            NotSigned::Malformed => {
                format!("{path} is not a signature file of `sluice attest sign`")
            }
            NotSigned::Forged(key) => format!(
                "the signature in {path} is not {key}'s signature of the statement beside it"
            ),
        })
    })
}
