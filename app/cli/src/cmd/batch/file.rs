//! The files of a batch: what it is made of, and members' signatures of its root.

use {
    crate::{
        cmd::job::attest::signed,
        failure::{Failure, Result},
        output::{Fields, Value},
        session::Session,
    },
    sluice_client::{
        AttesterSet, Ledger, Network,
        batch::{Contents, NotABatch, Tree},
        statement::{SignedBatch, Statement},
    },
    std::{fs, io::ErrorKind},
};

/// A batch's file, and what its statements come to.
pub struct Read {
    /// As the file says.
    pub contents: Contents,
    /// Its attester set.
    pub set: AttesterSet,
    /// In the order of the leaves.
    pub statements: Vec<Statement>,
    /// Of the statements; its root is the file's.
    pub tree: Tree,
}

/// Reads what `sluice attest batch build` wrote.
pub fn contents(path: &str) -> Result<Contents> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::input(match error.kind() {
            ErrorKind::NotFound => format!("there is no batch file at {path}"),
            _ => format!("the batch file {path} cannot be read: {error}"),
        })
    })?;
    Contents::read(&text).map_err(unfit(path))
}

/// Builds the tree anew, in the network of the batch's set, and refuses a file whose root is another.
pub fn built(session: &Session<impl Ledger>, path: &str, contents: Contents) -> Result<Read> {
    session.ledger.gather([contents.set])?;
    let set: AttesterSet = session.ledger.get(&contents.set)?;
    let network: Network = session.ledger.get(&set.network)?;
    let (statements, tree) = contents.tree(&network.domain).map_err(unfit(path))?;
    Ok(Read {
        contents,
        set,
        statements,
        tree,
    })
}

fn unfit(path: &str) -> impl Fn(NotABatch) -> Failure {
    move |why| {
        Failure::input(match why {
            NotABatch::Malformed => {
                format!("{path} is not a batch file of `sluice attest batch build`")
            }
            why => format!("{path} is no batch: {why}"),
        })
    }
}

/// What [`signature`] reads: JSON whatever the form of other results.
pub fn fields(signed: &SignedBatch) -> Fields {
    Fields::new()
        .with("set", signed.set)
        .with("root", signed.root)
        .with("key", signed.by.key)
        .with("signature", signed.by.signature.to_string())
        .always_json()
}

/// Reads a member's signature and verifies it.
pub fn signature(path: &str) -> Result<SignedBatch> {
    let text = signed::text(path)?;
    let command = "sluice attest batch endorse";
    SignedBatch::read(&text).map_err(|why| signed::unfit(path, command, "root", why))
}

/// The tables that stand under `name` in each row, as one.
pub fn joined(rows: &[Fields], name: &str) -> Value {
    let tables = rows.iter().filter_map(|row| match row.get(name) {
        Some(Value::Table(items)) => Some(items),
        _ => None,
    });
    Value::Table(tables.flatten().cloned().collect())
}
