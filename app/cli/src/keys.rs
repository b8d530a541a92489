//! Keypairs from files or standard input.

use {
    crate::failure::{Failure, Result},
    solana_keypair::Keypair,
    std::{
        fs,
        io::{self, Read},
    },
};

/// Reads the keypair at `path`, a JSON array of 64 bytes; `-` is standard input.
pub fn read(path: &str) -> Result<Keypair> {
    if path.contains("://") {
        return Err(Failure::Key(format!(
            "'{path}': hardware wallets and remote signers are not supported, use a keypair file"
        )));
    }
    let mut text = String::new();
    let read = match path {
        "-" => io::stdin().read_to_string(&mut text).map(|_| ()),
        _ => fs::read_to_string(path).map(|content| text = content),
    };
    read.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::Key(format!("there is no keypair file at {path}")),
        _ => Failure::Key(format!("the keypair file {path} cannot be read: {error}")),
    })?;
    parse(&text).ok_or_else(|| {
        Failure::Key(format!(
            "{path} is not a keypair file: it must hold a JSON array of 64 bytes, secret and public key"
        ))
    })
}

fn parse(text: &str) -> Option<Keypair> {
    let bytes: Vec<u8> = serde_json::from_str(text).ok()?;
    Keypair::try_from(bytes.as_slice()).ok()
}
