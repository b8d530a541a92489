//! Whom to tell of a vulnerability, in the ELF, where explorers look for it (docs/publishing.md).
//!
//! Whoever deploys names itself here, as it puts its own address into `declare_id!`. Until then no address is given, for there
//! is none.

solana_security_txt::security_txt! {
    name: "Sluice",
    project_url: "none",
    contacts: "other:security advisories of the repository",
    policy: "SECURITY.md in the repository",
    preferred_languages: "en",
    source_release: env!("CARGO_PKG_VERSION"),
    auditors: "None"
}
