//! `sluice attester`.

mod equivocation;
mod list;

use {
    crate::{
        cmd::{job::inconsistent, listing::List, node::uri_bytes, step},
        failure::{Failure, Result, gone},
        output::{Fields, Value},
        session::{Plan, Session},
    },
    clap::{Args, Subcommand, ValueEnum},
    sluice_client::{
        Attester, AttesterSet, ClientError, Ledger, Network, Position, StakePool, Standing,
        account::filter, address, foreign::Foreign, found::Step, instruction, view,
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Registers an attester's key; the signer becomes its owner.
    Register(Register),
    /// Says where an attester is asked for signatures; its owner signs.
    Update(Update),
    /// Shows an attester.
    Show(Show),
    /// Lists attesters with their standing, bond and stake.
    List(List<list::Attesters>),
    /// Makes an attester live in a set, once ever; raises its bond to the network's minimum and locks what that adds.
    Enter(Membership),
    /// Makes an attester leave a set for ever; the last one unlocks the bond, which answers until its owner's stake is withdrawn.
    Leave(Leave),
    /// Slashes and tombstones an attester by its signatures of two statements about one window; anyone may send it.
    Equivocation(equivocation::Show),
    /// Closes an attester without live bits whose stake pool is closed; its owner signs.
    Close(Show),
}

#[derive(Args, Debug)]
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

#[derive(Args, Debug)]
pub struct Update {
    /// Address of the attester's account.
    attester: Address,
    /// Where the attester is asked for signatures, up to 64 bytes; empty for nowhere.
    #[arg(long)]
    uri: String,
}

#[derive(Args, Debug)]
pub struct Show {
    /// Address of the attester's account.
    attester: Address,
}

#[derive(Args, Debug)]
pub struct Membership {
    /// Address of the attester's account.
    attester: Address,
    /// Address of the set.
    #[arg(long, value_name = "ADDRESS")]
    set: Address,
}

#[derive(Args, Debug)]
pub struct Leave {
    #[command(flatten)]
    membership: Membership,
    /// Who signs: the attester's owner, the set's revoker, or anyone once the attester lost its bond.
    #[arg(long, value_name = "ROLE", default_value = "owner")]
    r#as: Remover,
}

/// Who may make an attester leave.
#[derive(Clone, Copy, ValueEnum, Debug)]
enum Remover {
    Owner,
    Revoker,
    Anyone,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        match self {
            Self::Register(verb) => verb.run(session),
            Self::Update(verb) => verb.run(session),
            Self::Show(verb) => verb.run(session),
            Self::List(verb) => verb.run(session),
            Self::Enter(verb) => verb.enter(session),
            Self::Leave(verb) => verb.run(session),
            Self::Equivocation(verb) => verb.run(session),
            Self::Close(target) => target.close(session),
        }
    }
}

impl Register {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let owner = session.signer()?;
        let key = session.key(&self.key)?;
        session.ledger.get::<Network>(&self.network)?;
        let attester = address::attester(&self.network, &key.pubkey());
        session.gather([attester])?;
        session.require_absent("attester", &attester)?;
        let fields = Fields::new()
            .with("attester", attester)
            .with("key", key.pubkey());
        let register = Step::Register {
            network: self.network,
            owner: owner.pubkey(),
            key: key.pubkey(),
        };
        let plan = step::plan(session, &register, vec![owner, key])?;
        session.execute(plan, fields)
    }
}

impl Update {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let attester: Attester = session.ledger.get(&self.attester)?;
        let owner = session.signer_as("attester's owner", &attester.owner)?;
        let plan = Plan::of(instruction::update_attester(
            &attester.owner,
            &attester.key,
            &attester.network,
            uri_bytes(&self.uri)?,
        ));
        let fields = Fields::new()
            .with("attester", self.attester)
            .with("uri", self.uri);
        session.execute(plan.signed_by(owner), fields)
    }
}

impl Show {
    fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let found = session.ledger.get(&self.attester);
        let attester: Attester = found.map_err(gone("attester", &self.attester))?;
        let network: Network = session.ledger.get(&attester.network)?;
        let decimals = session.mint(&network.stake_mint)?.decimals;
        let filter = filter::attester_set_network(&attester.network);
        let mut sets = session.ledger.list::<AttesterSet>(&[filter])?;
        sets.sort_by_key(|(key, _)| key.to_bytes());
        let live = sets
            .iter()
            .filter_map(|(key, set)| {
                let mut members = 0..set.count;
                let index = members.find(|index| set.live_member(*index) == Some(&attester.key))?;
                Some(Fields::new().with("set", *key).with("index", index))
            })
            .collect();
        Ok(Fields::new()
            .with("attester", self.attester)
            .with("standing", standing(attester.standing))
            .with("owner", attester.owner)
            .with("key", attester.key)
            .with("network", attester.network)
            .with("uri", Foreign::padded(&attester.uri))
            .unless_nothing()
            .tokens("bond", attester.bond, decimals)
            .with("bond_locked", attester.is_bonded())
            .with("live_sets", attester.live_bits)
            .with("sets", Value::Table(live))
            .unless_nothing()
            .in_mint(&network.stake_mint))
    }

    fn close(&self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let attester: Attester = session.ledger.get(&self.attester)?;
        let owner = session.signer_as("attester's owner", &attester.owner)?;
        let plan = Plan::of(instruction::close_attester(&attester));
        let fields = Fields::new()
            .with("attester", self.attester)
            .with("rent_to", attester.rent_payer);
        session.execute(plan.signed_by(owner), fields)
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
        let enter = Step::Enter {
            network: attester.network,
            set: self.set,
            owner: attester.owner,
            key: attester.key,
            index,
        };
        let plan = step::plan(session, &enter, vec![owner])?;
        session.execute(plan, self.fields(index))
    }

    fn fields(&self, index: u8) -> Fields {
        Fields::new()
            .with("set", self.set)
            .with("attester", self.attester)
            .with("index", index)
    }
}

impl Leave {
    fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let Membership {
            attester: address,
            set,
        } = self.membership;
        let (attester, index) = self.membership.find(session)?;
        let remover = match self.r#as {
            Remover::Owner => session.signer_as("attester's owner", &attester.owner)?,
            Remover::Revoker => {
                let set: AttesterSet = session.ledger.get(&set)?;
                session.signer_as("set's revoker", &set.revoker)?
            }
            Remover::Anyone if attester.standing == Standing::Good.byte() => {
                return Err(Failure::input(format!(
                    "the attester {address} is in good standing: only its owner or the set's revoker can make it leave"
                )));
            }
            Remover::Anyone => session.signer()?,
        };
        let plan = Plan::of(instruction::leave_attester_set(
            &remover.pubkey(),
            &attester.network,
            &set,
            &attester.key,
            index,
        ));
        let plan = plan.signed_by(remover).irreversible(format!(
            "takes the attester {address} out of the set {set} for ever"
        ));
        session.execute(plan, self.membership.fields(index))
    }
}

/// What an offence would cost an attester now, base units, and the decimals of its stake.
pub fn reach(session: &Session<impl Ledger>, key: &Address) -> Result<(u64, u8)> {
    let attester: Attester = session.ledger.get(key)?;
    let pool_key = address::stake_pool(key);
    let pool: StakePool = session.ledger.get(&pool_key)?;
    let position = address::position(&pool_key, &attester.owner);
    let own = match session.ledger.get::<Position>(&position) {
        Err(ClientError::NoAccount(_)) => None,
        found => Some(found?),
    };
    let reach = view::stake::reach(&attester, &pool, own.as_ref());
    let reach = reach.ok_or_else(|| inconsistent(&pool_key)(()))?;
    Ok((reach, pool.decimals))
}

/// A standing in words.
fn standing(byte: u8) -> &'static str {
    match byte {
        0 => "good",
        1 => "slashed",
        _ => "tombstoned",
    }
}
