//! Tells the other members what was found false, until they heard it.

use {
    super::{desk::Attester, store::Letter},
    crate::{
        config::MemberAt,
        member::{Caller, Member, Unasked},
        wire::Finding,
    },
    anyhow::anyhow,
    sluice_client::{Attester as Registered, Ledger, address},
    solana_address::Address,
    std::{collections::HashMap, sync::Arc, thread},
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

/// What came of telling a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    /// It heard it, or will never want to.
    Done,
    /// It may hear it later.
    Later,
    /// Nobody answers there just now.
    Silent,
}

impl<L: Ledger + Send + Sync> Teller<L> {
    /// Sends the letters that are due, each once. Each member is told by itself: one that is silent keeps nobody else waiting, and nothing
    /// more is sent to it in this turn.
    ///
    /// # Errors
    /// A sentence where the store cannot be read or written.
    pub fn tell(&self) -> anyhow::Result<()> {
        let Some(now) = self.attester.sites.chain().clock.now() else {
            return Ok(());
        };
        let mut of_members = HashMap::<_, Vec<_>>::new();
        for letter in self.attester.store.letters(now)? {
            of_members.entry(letter.member).or_default().push(letter);
        }
        thread::scope(|scope| {
            let told = of_members.values();
            let told: Vec<_> = told
                .map(|letters| scope.spawn(|| self.tell_one(letters, now)))
                .collect();
            told.into_iter().try_for_each(|one| {
                let ended = one.join();
                ended.unwrap_or_else(|_| Err(anyhow!("what tells a member broke")))
            })
        })
    }

    /// Sends these letters, which are all to one member.
    fn tell_one(&self, letters: &[Letter], now: i64) -> anyhow::Result<()> {
        let store = &self.attester.store;
        let mut is_silent = false;
        for letter in letters {
            let heard = if is_silent {
                Heard::Silent
            } else {
                self.tell_of(letter)
            };
            is_silent |= heard == Heard::Silent;
            if heard == Heard::Done {
                store.posted(letter.id)?;
                continue;
            }
            let wait = 10i64.checked_shl(letter.tries.min(6));
            let wait = wait.unwrap_or(i64::MAX).min(600);
            store.post_again(letter.id, now.saturating_add(wait))?;
        }
        Ok(())
    }

    fn tell_of(&self, letter: &Letter) -> Heard {
        let Ok(finding) = serde_json::from_str::<Finding>(&letter.finding) else {
            return Heard::Done;
        };
        let (member, job, window) = (letter.member, finding.claim.job, finding.claim.window);
        let Some(url) = self.url(&member) else {
            tracing::debug!(%member, "nobody knows where to tell the member");
            return Heard::Silent;
        };
        let at = Member { key: member, url };
        match self.caller.tell(&at, &finding) {
            Ok(()) => {
                tracing::info!(%member, %job, window, "told what was found false");
                Heard::Done
            }
            Err(error @ Unasked::Refused(_)) => {
                tracing::info!(%member, %job, window, %error, "the member does not believe it");
                match error.code() {
                    Some(code) if LATER.contains(&code) => Heard::Later,
                    _ => Heard::Done,
                }
            }
            Err(error) => {
                tracing::debug!(%member, %job, window, %error, "the member was not told");
                Heard::Silent
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
