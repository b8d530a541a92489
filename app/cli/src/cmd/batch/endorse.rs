//! `sluice attest batch endorse`.

use {
    super::file,
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::Ledger,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Endorse {
    /// File that `attest batch build` wrote.
    #[arg(value_name = "BATCH_FILE")]
    file: String,
}

impl Endorse {
    /// Signs the root.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let key = session.signer_of_statements()?;
        let contents = file::contents(&self.file)?;
        let read = file::built(session, &self.file, contents)?;
        let (address, set) = (key.pubkey(), read.contents.set);
        if !read.set.has_member(&address) {
            return Err(Failure::Key(format!(
                "the key {address} is no member of the attester set {set}"
            )));
        }
        // The journal is one process's at a time.
        let _waiting = session.waits("waits for another process that signs with this key");
        let signed = session.sign_batch(&set, &read.statements, &key)?;
        Ok(file::fields(&signed))
    }
}
