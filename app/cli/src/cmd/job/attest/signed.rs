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
    Signed::read(&text(path)?).map_err(|why| unfit(path, "sluice attest sign", "statement", why))
}

/// Reads a file in which there may be several, one behind the other, and verifies the signatures in it.
pub fn read_all(path: &str) -> Result<Vec<Signed>> {
    Signed::read_all(&text(path)?)
        .map_err(|why| unfit(path, "sluice attest sign", "statement", why))
}

/// The text of a signature file.
pub fn text(path: &str) -> Result<String> {
    fs::read_to_string(path).map_err(|error| {
        Failure::input(match error.kind() {
            ErrorKind::NotFound => format!("there is no signature file at {path}"),
            _ => format!("the signature file {path} cannot be read: {error}"),
        })
    })
}

/// Why the file at `path` is no signature of `what` as `command` writes it.
pub fn unfit(path: &str, command: &str, what: &str, why: NotSigned) -> Failure {
    Failure::input(match why {
        NotSigned::Malformed => format!("{path} is not a signature file of `{command}`"),
        NotSigned::Forged(key) => {
            format!("the signature in {path} is not {key}'s signature of the {what} beside it")
        }
    })
}
