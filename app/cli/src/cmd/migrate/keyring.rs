//! The keys that a migration signs with.

use {
    crate::{
        failure::{Failure, Result},
        keys::Key,
        session::Session,
    },
    sluice_client::Ledger,
    solana_address::Address,
};

pub struct Keyring(Vec<Key>);

impl Keyring {
    /// No key, for nothing to sign.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// The keys of `--keypair`, of `--fee-payer` and those of `--key`.
    pub fn read(session: &Session<impl Ledger>, sources: &[String]) -> Result<Self> {
        let mut all = vec![session.signer()?, session.payer()?];
        for source in sources {
            all.push(session.key(source)?);
        }
        Ok(Self(all))
    }

    /// The key `address`, which signs as the `role`.
    pub fn find(&self, role: &str, address: &Address) -> Result<Key> {
        let found = self.0.iter().find(|key| key.pubkey() == *address);
        found.cloned().ok_or_else(|| {
            Failure::Key(format!(
                "the {role}, {address}, has to sign: give its keypair file with --key"
            ))
        })
    }
}
