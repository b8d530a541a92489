//! The steps in their order, and how the chain stands to each.

use {
    super::{act::Act, attesters, network, rewards, sets, wanted::Wanted},
    crate::{
        failure::{Failure, Result},
        output::{Fields, Value},
        session::Session,
    },
    anchor_lang::Discriminator,
    bytemuck::Pod,
    sluice_client::{Ledger, account},
    solana_address::Address,
    std::fmt::Display,
};

/// Steps are never renumbered: add at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Network = 1,
    Parameters,
    Attesters,
    Stake,
    Sets,
    Members,
    Pools,
    Funds,
}

impl Step {
    /// Number and name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "0001 network",
            Self::Parameters => "0002 roles and parameters",
            Self::Attesters => "0003 attesters",
            Self::Stake => "0004 stake",
            Self::Sets => "0005 attester sets",
            Self::Members => "0006 members",
            Self::Pools => "0007 reward pools",
            Self::Funds => "0008 funds",
        }
    }
}

/// How the chain stands to one thing that the manifest wants.
pub enum State {
    Done,
    Due(Act),
    /// Until this date only time helps.
    Waits(i64),
}

/// One thing that the manifest wants.
pub struct Item {
    pub step: Step,
    pub account: Address,
    pub what: String,
    pub state: State,
}

impl Item {
    /// Step, account and what is or was to be done.
    pub fn name(&self) -> Fields {
        Fields::new()
            .with("step", self.step.name())
            .with("account", self.account)
            .with("what", self.what.as_str())
    }

    fn row(&self) -> Fields {
        let (state, from) = match &self.state {
            State::Done => ("done", None),
            State::Due(_) => ("to do", None),
            State::Waits(until) => ("waits", Some(Value::Date(*until))),
        };
        let signers = match &self.state {
            State::Due(act) => act.signers(),
            _ => vec![],
        };
        let signers: Vec<String> = signers.iter().map(|(_, key)| key.to_string()).collect();
        let signed_by = (!signers.is_empty()).then(|| signers.join(" "));
        Fields::new()
            .with("step", self.step.name())
            .with("state", state)
            .with("from", from)
            .with("account", self.account)
            .with("what", self.what.as_str())
            .with("signed_by", signed_by)
    }
}

/// Everything that the manifest wants, in the order in which it is done.
#[derive(Default)]
pub struct Survey {
    pub items: Vec<Item>,
    /// What differs and can never be made to fit.
    conflicts: Vec<String>,
}

impl Survey {
    /// Reads the chain and holds it against the manifest; a difference that cannot be mended is an error.
    pub fn of(session: &Session<impl Ledger>, wanted: &Wanted) -> Result<Self> {
        let mut survey = Self::default();
        network::survey(session, wanted, &mut survey)?;
        attesters::survey(session, wanted, &mut survey)?;
        sets::survey(session, wanted, &mut survey)?;
        rewards::survey(session, wanted, &mut survey)?;
        if survey.conflicts.is_empty() {
            return Ok(survey);
        }
        Err(Failure::input(survey.conflicts.join("; ")))
    }

    pub fn add(&mut self, step: Step, account: Address, what: impl Into<String>, state: State) {
        self.items.push(Item {
            step,
            account,
            what: what.into(),
            state,
        });
    }

    /// Notes a field that never changes and is not as wanted.
    pub fn fixed<T: PartialEq + Display>(&mut self, field: &str, wanted: T, found: T) {
        if wanted != found {
            self.conflict(format!(
                "{field} is {found} and can never be {wanted}, which the manifest wants"
            ));
        }
    }

    /// Notes what can never be made to fit.
    pub fn conflict(&mut self, why: String) {
        self.conflicts.push(why);
    }

    /// True when the chain is as the manifest says.
    pub fn is_done(&self) -> bool {
        let mut items = self.items.iter();
        items.all(|item| matches!(item.state, State::Done))
    }

    /// The result of a plan.
    pub fn fields(&self, network: &Address) -> Fields {
        let due = self.items.iter().filter_map(|item| match item.state {
            State::Due(_) => Some(1),
            _ => None,
        });
        let waits = self.items.iter().filter_map(|item| match item.state {
            State::Waits(until) => Some(until),
            _ => None,
        });
        Fields::new()
            .with("network", *network)
            .with("to_do", due.sum::<u64>())
            .with("waits_until", waits.max().map(Value::Date))
            .with(
                "steps",
                Value::Table(self.items.iter().map(Item::row).collect()),
            )
    }
}

/// The account of type `T` at `address`; `None` when there is none. Lamports that somebody sent ahead are no account.
pub fn find<T: Pod + Discriminator>(
    session: &Session<impl Ledger>,
    address: &Address,
) -> Result<Option<T>> {
    Ok(session
        .ledger
        .account(address)?
        .filter(|found| !found.data.is_empty())
        .map(|found| account::decode(address, &found))
        .transpose()?)
}
