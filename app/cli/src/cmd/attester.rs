//! `sluice attester`.

use {
    crate::{
        failure::{Failure, Result},
        keys,
        output::Fields,
        session::{Plan, Session, size},
    },
    clap::{Args, Subcommand},
    sluice_client::{Attester, AttesterSet, ClientError, Ledger, Network, address, instruction},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand)]
pub enum Verb {
    /// Registers an attester's key; the signer becomes its owner.
    Register(Register),
    /// Shows an attester.
    Show(Show),
    /// Makes an attester live in a set, once ever; the first set locks the network's minimum bond.
    Enter(Membership),
    /// Leaves a set for ever; the last one unlocks the bond.
    Leave(Membership),
}

#[derive(Args)]
pub struct Register {
    /// Network to register in.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Address,
    /// Keypair file of the attester's key.
    #[arg(long, value_name = "PATH")]
    key: String,
}

#[derive(Args)]
pub struct Show {
    /// Address of the attester's account.
    attester: Address,
}

#[derive(Args)]
pub struct Membership {
    /// Address of the attester's account.
    attester: Address,
    /// Address of the set.
    #[arg(long, value_name = "ADDRESS")]
    set: Address,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Register(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
            Self::Enter(verb) => verb.enter(session),
            Self::Leave(verb) => verb.leave(session),
        }
    }
}

impl Register {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let owner = session.signer()?;
        let key = keys::read(&self.key)?;
        session.ledger.get::<Network>(&self.network)?;
        let attester = address::attester(&self.network, &key.pubkey());
        session.require_absent("attester", &attester)?;
        let plan = Plan::of(instruction::register_attester(
            &session.payer()?.pubkey(),
            &owner.pubkey(),
            &key.pubkey(),
            &self.network,
        ));
        let fields = Fields::new()
            .with("attester", attester)
            .with("key", key.pubkey());
        session.execute(
            plan.signed_by(owner)
                .signed_by(key)
                .creating(size::<Attester>()),
            fields,
        )
    }
}

impl Show {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let attester: Attester = session.ledger.get(&self.attester)?;
        let network: Network = session.ledger.get(&attester.network)?;
        let decimals = session.mint(&network.stake_mint)?.decimals;
        Ok(Fields::new()
            .with("attester", self.attester)
            .with("network", attester.network)
            .with("owner", attester.owner)
            .with("key", attester.key)
            .tokens("bond", attester.bond, decimals)
            .with("live_sets", attester.live_bits)
            .with("standing", standing(attester.standing)))
    }
}

impl Membership {
    /// The attester and its index in the set.
    fn find(&self, session: &Session<impl Ledger>) -> Result<(Attester, u8)> {
        let attester: Attester = session.ledger.get(&self.attester)?;
        let set: AttesterSet = session.ledger.get(&self.set)?;
        let index = set
            .keys
            .iter()
            .take(usize::from(set.count))
            .position(|key| *key == attester.key)
            .and_then(|index| u8::try_from(index).ok())
            .ok_or(ClientError::NotAMember(attester.key))?;
        Ok((attester, index))
    }

    fn enter(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let (attester, index) = self.find(session)?;
        let owner = session.signer_as("attester's owner", &attester.owner)?;
        let pool = address::stake_pool(&self.attester);
        if session
            .ledger
            .account(&address::position(&pool, &attester.owner))?
            .is_none()
        {
            return Err(Failure::Unfunded(format!(
                "the attester {} has no stake: run `sluice stake deposit` first",
                self.attester
            )));
        }
        let plan = Plan::of(instruction::enter_attester_set(
            &attester.owner,
            &attester.network,
            &self.set,
            &attester.key,
            index,
        ));
        session.execute(plan.signed_by(owner), self.fields(index))
    }

    fn leave(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let (attester, index) = self.find(session)?;
        let owner = session.signer_as("attester's owner", &attester.owner)?;
        let plan = Plan::of(instruction::leave_attester_set(
            &attester.owner,
            &attester.network,
            &self.set,
            &attester.key,
            index,
        ));
        session.execute(plan.signed_by(owner), self.fields(index))
    }

    fn fields(&self, index: u8) -> Fields {
        Fields::new()
            .with("set", self.set)
            .with("attester", self.attester)
            .with("index", index)
    }
}

/// A standing in words.
fn standing(byte: u8) -> &'static str {
    match byte {
        0 => "good",
        1 => "slashed",
        _ => "tombstoned",
    }
}
