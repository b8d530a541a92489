//! Tells the other members what was found false, until they heard it.

use {
    super::{desk::Attester, store::Letter},
    crate::{
        config::MemberAt,
        member::{Caller, Member, Unasked},
        wire::Finding,
    },
    sluice_client::{Attester as Registered, Ledger, address},
    solana_address::Address,
    std::sync::Arc,
};

/// What a member says that may hear the finding later.
const LATER: [&str; 9] = [
    "again",
    "blob_missing",
    "busy",
    "chain",
    "disk",
    "early",
    "not_admitted",
    "not_checked",
    "time",
];

/// Tells members.
pub struct Teller<L> {
    /// Whose findings they are.
    pub attester: Arc<Attester<L>>,
    /// Who asks.
    pub caller: Caller,
    /// Members whose URL is known here.
    pub at: Vec<MemberAt>,
}

impl<L: Ledger> Teller<L> {
    /// Sends the letters that are due, each once.
    ///
    /// # Errors
    /// A sentence where the store cannot be read or written.
    pub fn tell(&self) -> anyhow::Result<()> {
        let Some(now) = self.attester.sites.chain().clock.now() else {
            return Ok(());
        };
        for letter in self.attester.store.letters(now)? {
            if self.is_told(&letter) {
                self.attester.store.posted(letter.id)?;
            } else {
                let wait = 10i64
                    .checked_shl(letter.tries.min(6))
                    .unwrap_or(i64::MAX)
                    .min(600);
                self.attester
                    .store
                    .post_again(letter.id, now.saturating_add(wait))?;
            }
        }
        Ok(())
    }

    /// True if the member heard it, or will never want to.
    fn is_told(&self, letter: &Letter) -> bool {
        let Ok(finding) = serde_json::from_str::<Finding>(&letter.finding) else {
            return true;
        };
        let (member, job, window) = (letter.member, finding.claim.job, finding.claim.window);
        let Some(url) = self.url(&member) else {
            tracing::debug!(%member, "nobody knows where to tell the member");
            return false;
        };
        let at = Member { key: member, url };
        match self.caller.tell(&at, &finding) {
            Ok(()) => {
                tracing::info!(%member, %job, window, "told what was found false");
                true
            }
            Err(error @ Unasked::Refused(_)) => {
                tracing::info!(%member, %job, window, %error, "the member does not believe it");
                error.code().is_none_or(|code| !LATER.contains(&code))
            }
            Err(error) => {
                tracing::debug!(%member, %job, window, %error, "the member was not told");
                false
            }
        }
    }

    /// Where the member is asked: as it is said here, else as its owner published.
    fn url(&self, member: &Address) -> Option<String> {
        let known = self.at.iter().find(|at| at.key == *member);
        if let Some(known) = known {
            return Some(known.url.clone());
        }
        let chain = self.attester.sites.chain();
        let address = address::attester(&chain.network, member);
        let found: Registered = chain.find(&address).ok()??;
        let uri = found.uri.split(|byte| *byte == 0).next()?;
        let uri = std::str::from_utf8(uri).ok()?;
        (!uri.is_empty()).then(|| uri.to_owned())
    }
}
