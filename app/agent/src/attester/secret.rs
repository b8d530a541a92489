//! The secret that decides what is sampled: made once, and kept in a file that only its owner may read.

use {
    crate::sampling::Secret,
    anyhow::{Context, bail, ensure},
    std::{
        fs::{self, File, OpenOptions},
        io::{self, Write},
        os::unix::fs::{MetadataExt, OpenOptionsExt},
        path::Path,
    },
};

/// The secret in `file`, which is made if it is not there.
///
/// # Errors
/// A sentence, which does not tell the secret.
pub fn open(file: &Path) -> anyhow::Result<Secret> {
    let shown = file.display();
    match fs::read(file) {
        Ok(bytes) => {
            let bytes: Result<[u8; 32], _> = bytes.try_into();
            let Ok(bytes) = bytes else {
                bail!("{shown} is not the secret that was written there: remove it");
            };
            let mode = fs::metadata(file)?.mode();
            ensure!(
                mode & 0o077 == 0,
                "others may read {shown}: run `chmod 600` on it"
            );
            Ok(Secret::from(bytes))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let bytes: [u8; 32] = rand::random();
            write(file, &bytes).with_context(|| format!("{shown} cannot be written"))?;
            Ok(Secret::from(bytes))
        }
        Err(error) => Err(error).with_context(|| format!("{shown} cannot be read")),
    }
}

/// Whole, or not there.
fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = file.with_extension("part");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut coming = options.open(&part)?;
    coming.write_all(bytes)?;
    coming.sync_all()?;
    fs::rename(&part, file)?;
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use {super::*, crate::sampling::Claimed, solana_address::Address, tempfile::TempDir};

    fn places(secret: &Secret) -> Vec<u32> {
        let claimed = Claimed {
            job: &Address::default(),
            incarnation: 0,
            window: 0,
            digest: &[0; 32],
            chunks: 1_000,
        };
        secret.places(&claimed, 10)
    }

    #[test]
    fn the_secret_stays_and_only_its_owner_may_read_it() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("secret");
        let made = places(&open(&file).unwrap());
        assert_eq!(places(&open(&file).unwrap()), made);
        let other = places(&open(&folder.path().join("other")).unwrap());
        assert_ne!(other, made);
        assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        let mut exposed = fs::metadata(&file).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut exposed, 0o644);
        fs::set_permissions(&file, exposed).unwrap();
        assert!(open(&file).is_err());
    }
}
