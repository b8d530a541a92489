//! Whom to tell of a vulnerability, in the ELF, where explorers look for it (docs/publishing.md).
//!
//! The deployer writes its contact here, as it writes its own address into `declare_id!`. Until then there is no address
//! to give.

solana_security_txt::security_txt! {
    name: "Sluice",
    project_url: "none",
    contacts: "other:security advisories of the repository",
    policy: "SECURITY.md in the repository",
    preferred_languages: "en",
    source_release: env!("CARGO_PKG_VERSION"),
    auditors: "None"
}
