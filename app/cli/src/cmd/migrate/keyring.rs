//! The keys that a migration signs with.

use {
    crate::{
        failure::{Failure, Result},
        keys,
        session::Session,
    },
    sluice_client::Ledger,
    solana_address::Address,
    solana_keypair::Keypair,
    solana_signer::Signer,
    std::rc::Rc,
};

pub struct Keyring(Vec<Rc<Keypair>>);

impl Keyring {
    /// No key, for nothing to sign.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// The keys of `--keypair`, of `--fee-payer` and of the files at `paths`.
    pub fn read(session: &Session<impl Ledger>, paths: &[String]) -> Result<Self> {
        let mut all = vec![session.signer()?, session.payer()?];
        for path in paths {
            all.push(Rc::new(keys::read(path)?));
        }
        Ok(Self(all))
    }

    /// The key `address`, which signs as the `role`.
    pub fn find(&self, role: &str, address: &Address) -> Result<Rc<Keypair>> {
        let found = self.0.iter().find(|key| key.pubkey() == *address);
        found.cloned().ok_or_else(|| {
            Failure::Key(format!(
                "the {role}, {address}, has to sign: give its keypair file with --key"
            ))
        })
    }
}
