//! The keys that a migration signs with.

use {
    crate::{
        failure::{Failure, Result},
        keys::Key,
        session::Session,
    },
    sluice_client::{
        Ledger,
        found::{Step, Survey},
    },
    solana_address::Address,
};

pub struct Keyring(Vec<Key>);

impl Keyring {
    /// Every key that the due steps need: of those of `--keypair`, of `--fee-payer` and of `--key`.
    pub fn for_due(
        session: &Session<impl Ledger>,
        survey: &Survey,
        sources: &[String],
    ) -> Result<Self> {
        // Nothing to sign needs no key.
        if survey.due().next().is_none() {
            return Ok(Self(Vec::new()));
        }
        let mut all = vec![session.signer()?, session.payer()?];
        for source in sources {
            all.push(session.key(source)?);
        }
        let keys = Self(all);
        let needed = survey.due().flat_map(|(_, step)| step.signers());
        let mut missing: Vec<(&str, Address)> = vec![];
        for (role, key) in needed {
            let is_named = missing.iter().any(|(_, one)| *one == key);
            if !is_named && keys.find(role, &key).is_err() {
                missing.push((role, key));
            }
        }
        if missing.len() > 1 {
            let all: Vec<String> = missing
                .iter()
                .map(|(role, key)| format!("the {role}, {key}"))
                .collect();
            return Err(Failure::Key(format!(
                "{} have to sign: give the keypair file of each with --key",
                all.join("; ")
            )));
        }
        if let Some((role, key)) = missing.first() {
            keys.find(role, key)?;
        }
        Ok(keys)
    }

    /// The keys that sign the step, in the order of its signers.
    pub fn of(&self, step: &Step) -> Result<Vec<Key>> {
        let signers = step.signers().into_iter();
        signers.map(|(role, key)| self.find(role, &key)).collect()
    }

    fn find(&self, role: &str, address: &Address) -> Result<Key> {
        let found = self.0.iter().find(|key| key.pubkey() == *address);
        found.cloned().ok_or_else(|| {
            Failure::Key(format!(
                "the {role}, {address}, has to sign: give its keypair file with --key"
            ))
        })
    }
}
