//! A compressed archive whose bytes follow from what is in it: neither clock, user nor order of listing is seen.

use {
    flate2::{Compression, GzBuilder},
    sluice_elf::sha256,
    std::io,
    tar::{Builder, EntryType, Header},
};

/// When everything in it was changed, Unix seconds: 1 January 2026. `tar` warns of a file from 1970.
const MODIFIED: u64 = 1_767_225_600;

/// A file of the archive.
pub struct Entry {
    /// Its path, below the archive's one folder.
    pub name: String,
    pub bytes: Vec<u8>,
    mode: u32,
}

impl Entry {
    /// To be read.
    pub fn file(name: &str, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            bytes,
            mode: 0o644,
        }
    }

    /// To be run.
    pub fn command(name: &str, bytes: Vec<u8>) -> Self {
        Self {
            mode: 0o755,
            ..Self::file(name, bytes)
        }
    }
}

/// `entries` as a `.tar.gz`, all of them in `folder`.
///
/// # Errors
///
/// If a name is too long for an archive.
pub fn archive(folder: &str, mut entries: Vec<Entry>) -> io::Result<Vec<u8>> {
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    let packed = GzBuilder::new().write(Vec::new(), Compression::best());
    let mut tape = Builder::new(packed);
    for entry in entries {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(entry.mode);
        header.set_mtime(MODIFIED);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(entry.bytes.len() as u64);
        let path = format!("{folder}/{}", entry.name);
        tape.append_data(&mut header, path, entry.bytes.as_slice())?;
    }
    tape.into_inner()?.finish()
}

/// The lines that `sha256sum --check` reads, in the order of the names.
pub fn sums<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut lines: Vec<_> = files.into_iter().collect();
    lines.sort_unstable();
    let lines = lines.iter();
    lines
        .map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes)))
        .collect()
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        flate2::read::GzDecoder,
        std::{io::Read, path::PathBuf},
        tar::Archive,
    };

    fn entries() -> Vec<Entry> {
        vec![
            Entry::command("sluice", b"a command".to_vec()),
            Entry::file("man/man1/sluice.1", b"a page".to_vec()),
            Entry::file("README.md", vec![]),
        ]
    }

    #[test]
    fn the_same_files_in_any_order_are_the_same_bytes() {
        let first = archive("sluice-1", entries()).unwrap();
        let mut turned = entries();
        turned.reverse();
        assert_eq!(archive("sluice-1", turned).unwrap(), first);
        assert_ne!(archive("sluice-2", entries()).unwrap(), first);
        // Gzip's own time stamp.
        assert_eq!(first[4..8], [0; 4]);
    }

    #[test]
    fn an_archive_has_one_folder_of_files_without_owners_or_clocks() {
        let bytes = archive("sluice-1", entries()).unwrap();
        let mut found = Vec::new();
        let mut tape = Archive::new(GzDecoder::new(bytes.as_slice()));
        for entry in tape.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let header = entry.header();
            assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
            assert_eq!(header.mtime().unwrap(), MODIFIED);
            found.push((
                entry.path().unwrap().into_owned(),
                header.mode().unwrap(),
                text,
            ));
        }
        let expected = [
            ("README.md", 0o644, ""),
            ("man/man1/sluice.1", 0o644, "a page"),
            ("sluice", 0o755, "a command"),
        ];
        let expected = expected.map(|(name, mode, text)| {
            let path = PathBuf::from("sluice-1").join(name);
            (path, mode, text.to_owned())
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn the_sums_are_those_of_sha256sum() {
        let of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(
            sums([("b", &b"abc"[..]), ("a", &b""[..])]),
            format!("{of_nothing}  a\n{of_abc}  b\n")
        );
    }
}
