//! Keypair files.

use {
    crate::config,
    anyhow::{Context, Result},
    sluice_client::{Address, Keypair, Signer},
    std::{
        fs::OpenOptions,
        io::Write,
        path::{Path, PathBuf},
    },
};

/// A key in a file.
pub struct Key {
    /// Whose it is.
    pub role: &'static str,
    pub address: Address,
    pub path: PathBuf,
    /// It was made just now.
    pub is_new: bool,
}

/// The key in the file, which is made where it is not there. A file that is there is never written.
pub fn made(role: &'static str, path: &Path) -> Result<Key> {
    let key = |address, is_new| Key {
        role,
        address,
        path: path.to_owned(),
        is_new,
    };
    if path.exists() {
        return Ok(key(config::key(path)?.pubkey(), false));
    }
    let new = Keypair::new();
    write(path, &new).with_context(|| format!("the key {} cannot be made", path.display()))?;
    Ok(key(new.pubkey(), true))
}

/// The format of `solana-keygen`: 64 numbers, readable by the owner of the file alone from its first moment on.
fn write(path: &Path, key: &Keypair) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(serde_json::to_string(&key.to_bytes().as_slice())?.as_bytes())?;
    Ok(file.sync_all()?)
}
