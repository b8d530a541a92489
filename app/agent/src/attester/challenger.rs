//! Who challenges what the guard finds, with a bond.

use {
    super::guard::Lie,
    sluice_client::{
        Challenge, Ledger, Network, Signature, account, address, instruction,
        send::{self, Envelope, Funds, Journal, Key},
    },
    solana_address::Address,
    std::path::PathBuf,
};

/// What became of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// It was sent, and landed.
    Sent(Signature),
    /// The window is challenged already.
    There,
    /// The bonds that are open already leave no room for another.
    NoRoom {
        /// Base units of the stake mint that are in open bonds.
        held: u64,
        /// What this one takes.
        bond: u64,
    },
}

/// A key that challenges, and pays for it.
pub struct Challenger<L> {
    /// Where it sends, as soon as things are confirmed.
    pub ledger: L,
    /// The key.
    pub key: Key,
    /// Most base units of the stake mint in open bonds.
    pub most_bonds: u64,
    /// Where transactions on their way are noted.
    pub notes: PathBuf,
}

impl<L: Ledger> Challenger<L> {
    /// Challenges a window, once, whatever breaks in between.
    ///
    /// # Errors
    /// Those of sending.
    pub fn open(&mut self, lie: &Lie) -> send::Result<Opened> {
        let (key, job) = (self.key.pubkey(), &lie.site.job);
        let challenge = address::challenge(&lie.site.key, job.incarnation, lie.window);
        let keys = [key, key];
        let mut journal = Journal::of(Some(self.notes.clone()), &format!("challenge {challenge}"));
        if let Some(left) = journal.left::<String>(&self.ledger, &keys)? {
            left.settle(&mut self.ledger, &mut journal)?;
            journal.close();
        }
        if self.ledger.account(&challenge)?.is_some() {
            return Ok(Opened::There);
        }
        let (held, bond) = (self.held(&job.network)?, job.terms.challenge_bond);
        if held.saturating_add(bond) > self.most_bonds {
            return Ok(Opened::NoRoom { held, bond });
        }
        let network: Network = self.ledger.get(&job.network)?;
        let mint = self.ledger.mint(&network.stake_mint)?;
        let funds = Funds {
            ledger: &self.ledger,
            payer: || Ok::<Address, send::Error>(key),
            may_lack: false,
        };
        let mut plan = funds.cover(&key, &mint, bond)?;
        plan.push(instruction::challenge(
            &key,
            &key,
            &lie.site.key,
            job,
            &mint.address,
            &mint.token_program,
            lie.window,
            (lie.reason, lie.evidence),
        ));
        let plan = plan.creating(account::size::<Challenge>());
        let envelope = Envelope::new(self.key.clone());
        let sent = envelope.send(
            &mut self.ledger,
            &mut journal,
            &keys,
            plan,
            &challenge.to_string(),
        )?;
        journal.close();
        Ok(Opened::Sent(sent.signature))
    }

    /// Base units in bonds that are not settled yet.
    fn held(&self, network: &Address) -> send::Result<u64> {
        let key = self.key.pubkey();
        let all = self
            .ledger
            .list::<Challenge>(&[account::filter::challenge_network(network)])?;
        let own = all.iter().filter(|(_, one)| one.challenger == key);
        Ok(own.fold(0, |held, (_, one)| held.saturating_add(one.bond)))
    }
}
