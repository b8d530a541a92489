//! The ELF says whom to tell of a vulnerability; it is read here as explorers read it.

use {
    solana_security_txt::{Contact, SecurityTxtError, find_and_parse},
    std::fs,
};

fn elf() -> Vec<u8> {
    fs::read(sluice_elf::built()).unwrap()
}

#[test]
fn the_elf_says_whom_to_tell() {
    let found = find_and_parse(&elf()).unwrap();
    assert_eq!(found.name, "Sluice");
    assert_eq!(found.source_release.unwrap(), env!("CARGO_PKG_VERSION"));
    assert_eq!(found.preferred_languages, ["en"]);
    assert_eq!(found.auditors, ["None"]);
    // What the repository's own policy says, and no address that does not exist.
    let policy = include_str!("../SECURITY.md").replace('\n', " ");
    assert_eq!(found.policy, "SECURITY.md in the repository");
    assert!(policy.contains("the repository's security advisories"));
    let [Contact::Other(contact)] = found.contacts.as_slice() else {
        panic!("one contact");
    };
    assert_eq!(contact, "security advisories of the repository");
    assert_eq!(found.project_url, "none");
    assert!(found.source_code.is_none());
}

#[test]
fn an_elf_without_a_contact_is_refused() {
    let mut elf = elf();
    let mark = b"=======END SECURITY.TXT V1=======";
    let at = elf.windows(mark.len()).position(|bytes| bytes == mark);
    elf.truncate(at.unwrap());
    assert!(matches!(
        find_and_parse(&elf),
        Err(SecurityTxtError::EndNotFound)
    ));
}
