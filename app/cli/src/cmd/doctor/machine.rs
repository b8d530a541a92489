//! What can be checked without a cluster: files, folders and the key.

use {
    super::report::{Finding, fault},
    crate::{
        config::Settings,
        failure::{Failure, Result},
        keys,
        parse::date,
        profile::Profile,
        session::Session,
    },
    sluice_client::{Ledger, send},
    solana_address::Address,
    solana_signer::Signer,
    std::{fs, io, path::Path},
    tempfile::NamedTempFile,
};

/// The profile's file is readable.
pub fn profile(profile: &Profile) -> Finding {
    let missing = profile.require().err().map(|why| why.to_string());
    let broken = profile.fault().map(str::to_owned);
    if let Some(why) = broken.or(missing) {
        let remedy = "mend the file, or take it away: `sluice config set` writes another";
        return Err(fault(why, remedy));
    }
    let name = profile.name();
    Ok(match profile.path() {
        Some(path) if path.exists() => format!("{name}, in {}", path.display()),
        _ => "there is none, and none is needed; `sluice config set` makes one".to_owned(),
    })
}

/// Where the cluster and the key come from.
pub fn config(settings: &Settings) -> Finding {
    Ok(match &settings.file {
        Some(path) => path.display().to_string(),
        None => "Solana has no configuration file, and needs none".to_owned(),
    })
}

/// The options or Solana's configuration file say something that cannot be used.
pub fn misconfigured(why: &Failure) -> Finding {
    let remedy = "give --url, or mend the file: `solana config set --url devnet` writes it";
    Err(fault(why, remedy))
}

/// Transactions on their way can be noted, without which none is sent.
pub fn state(folder: Option<&Path>) -> Finding {
    let remedy = "give --state-dir, or set SLUICE_STATE_DIR, for a folder that you may write to";
    let folder = folder.ok_or_else(|| fault("there is no folder for notes", remedy))?;
    // It is made with the first note.
    let there = folder.ancestors().find(|above| above.exists());
    let there = match there {
        Some(there) if there != Path::new("") => there,
        _ => Path::new("."),
    };
    let shown = folder.display();
    match NamedTempFile::new_in(there) {
        Ok(_) => Ok(format!("notes of transactions are kept in {shown}")),
        Err(error) => Err(fault(format!("{shown}: {error}"), remedy)),
    }
}

/// No transaction is noted whose result was never told.
pub fn notes(folder: Option<&Path>) -> Finding {
    let noted = folder.map_or_else(|| Ok(vec![]), send::noted);
    let noted = noted.map_err(|error| {
        fault(
            format!("the notes cannot be read: {error}"),
            "see that the folder is yours",
        )
    })?;
    let left = noted.iter().filter(|one| !one.is_at_work);
    let left: Vec<String> = left
        .map(|one| format!("{} of {}", one.signature, date(one.at)))
        .collect();
    match (left.as_slice(), noted.len()) {
        ([], 0) => Ok("no transaction is on its way".to_owned()),
        ([], count) => Ok(format!(
            "{count} on their way, with a process at work on each"
        )),
        (left, _) => Err(fault(
            format!("it is not known what became of {}", left.join(", ")),
            "run the same command again: it finds out before it sends anything",
        )),
    }
}

/// The key that signs, as far as it can be told without asking anybody.
pub struct Signing {
    pub address: Option<Address>,
    read: Option<Result<Address>>,
}

impl Signing {
    /// Reads the key if it is in a file, or an address.
    pub fn of(session: &Session<impl Ledger>) -> Self {
        let source = &session.settings().keypair;
        if keys::file_of(source).is_none() {
            // An address signs elsewhere; all else would ask.
            return Self {
                address: source.parse().ok(),
                read: None,
            };
        }
        let read = session.signer().map(|key| key.pubkey());
        Self {
            address: read.as_ref().ok().copied(),
            read: Some(read),
        }
    }

    /// The key is readable, and by nobody else.
    pub fn checked(&self, session: &Session<impl Ledger>) -> Finding {
        let source = &session.settings().keypair;
        match (&self.read, self.address) {
            (None, Some(address)) => Ok(format!("{address}, whose key signs elsewhere")),
            (None, None) => Ok("it is asked for when a command signs".to_owned()),
            (Some(Err(why)), _) => Err(fault(
                why,
                "`solana-keygen new` makes one; --keypair or `solana config set --keypair` names it",
            )),
            (Some(Ok(address)), _) => match keys::file_of(source).map(others_may_read) {
                Some(Ok(true)) => Err(fault(
                    format!("{address}: others on this machine can read {source}"),
                    format!("chmod 600 {source}"),
                )),
                _ => Ok(format!("{address}, in {source}")),
            },
        }
    }
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let found = fs::metadata(path)?;
    Ok(found.is_file() && found.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(path: &Path) -> io::Result<bool> {
    fs::metadata(path).map(|_| false)
}
