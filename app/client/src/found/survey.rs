//! The steps in their order, and how the chain stands to each.

use {
    super::{
        attesters,
        error::{Error, Result},
        network, rewards, sets,
        step::Step,
        wanted::Wanted,
    },
    crate::{account, ledger::Ledger},
    anchor_lang::Discriminator,
    bytemuck::Pod,
    solana_address::Address,
    std::fmt::{self, Display},
};

/// The kinds of steps, in their order. They are never renumbered: add at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Stage {
    /// The network is created.
    Network = 1,
    /// Its roles and parameters change.
    Parameters,
    /// Attesters are registered.
    Attesters,
    /// Their owners stake.
    Stake,
    /// Attester sets are created.
    Sets,
    /// Attesters enter them.
    Members,
    /// Reward pools are created.
    Pools,
    /// Reward pools are funded.
    Funds,
}

impl Stage {
    /// Its number, from 1 on.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// What it is about.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Parameters => "roles and parameters",
            Self::Attesters => "attesters",
            Self::Stake => "stake",
            Self::Sets => "attester sets",
            Self::Members => "members",
            Self::Pools => "reward pools",
            Self::Funds => "funds",
        }
    }
}

impl Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04} {}", self.number(), self.name())
    }
}

/// How the chain stands to one thing that the manifest wants.
#[derive(Clone, Debug)]
pub enum State {
    /// The chain is as the manifest wants.
    Done,
    /// This step brings it about.
    Due(Step),
    /// Until this date, unix seconds, only time helps.
    Waits(i64),
}

/// One thing that the manifest wants.
#[derive(Clone, Debug)]
pub struct Item {
    /// What kind of thing.
    pub stage: Stage,
    /// What it is about.
    pub account: Address,
    /// What is or was to be done, for people.
    pub what: String,
    /// How the chain stands to it.
    pub state: State,
}

impl Item {
    /// The step that brings it about, if one is due.
    pub const fn step(&self) -> Option<&Step> {
        match &self.state {
            State::Due(step) => Some(step),
            _ => None,
        }
    }

    /// From when, unix seconds, something can be done about it, if it waits.
    pub const fn waits_until(&self) -> Option<i64> {
        match self.state {
            State::Waits(until) => Some(until),
            _ => None,
        }
    }

    /// True when the chain is as the manifest wants.
    pub const fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }
}

/// Everything that the manifest wants, in the order in which it is done.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// In the order in which they are done.
    pub items: Vec<Item>,
    /// What differs and can never be made to fit.
    conflicts: Vec<String>,
}

impl Survey {
    /// Reads the chain and holds it against the manifest; a difference that cannot be mended is an error.
    pub fn of(ledger: &impl Ledger, wanted: &Wanted) -> Result<Self> {
        let mut survey = Self::default();
        network::survey(ledger, wanted, &mut survey)?;
        attesters::survey(ledger, wanted, &mut survey)?;
        sets::survey(ledger, wanted, &mut survey)?;
        rewards::survey(ledger, wanted, &mut survey)?;
        if survey.conflicts.is_empty() {
            return Ok(survey);
        }
        Err(Error::Conflicts(survey.conflicts))
    }

    /// What is to do now, with its step.
    pub fn due(&self) -> impl Iterator<Item = (&Item, &Step)> {
        let items = self.items.iter();
        items.filter_map(|item| Some((item, item.step()?)))
    }

    /// The date, unix seconds, from which nothing waits any more; `None` when nothing waits.
    pub fn waits_until(&self) -> Option<i64> {
        self.items.iter().filter_map(Item::waits_until).max()
    }

    /// True when the chain is as the manifest says.
    pub fn is_done(&self) -> bool {
        self.items.iter().all(Item::is_done)
    }

    /// Notes what is as it is to be.
    pub(super) fn done(&mut self, stage: Stage, account: Address, what: impl Into<String>) {
        self.add(stage, account, what, State::Done);
    }

    /// Notes what is to do.
    pub(super) fn step(&mut self, account: Address, what: impl Into<String>, step: Step) {
        self.add(step.stage(), account, what, State::Due(step));
    }

    /// Notes what waits until a date, unix seconds.
    pub(super) fn waits(
        &mut self,
        stage: Stage,
        account: Address,
        what: impl Into<String>,
        until: i64,
    ) {
        self.add(stage, account, what, State::Waits(until));
    }

    fn add(&mut self, stage: Stage, account: Address, what: impl Into<String>, state: State) {
        self.items.push(Item {
            stage,
            account,
            what: what.into(),
            state,
        });
    }

    /// Notes a field that never changes and is not as wanted.
    pub(super) fn fixed<T: PartialEq + Display>(&mut self, field: &str, wanted: T, found: T) {
        if wanted != found {
            self.conflict(format!(
                "{field} is {found} and can never be {wanted}, which the manifest wants"
            ));
        }
    }

    /// Notes what can never be made to fit.
    pub(super) fn conflict(&mut self, why: String) {
        self.conflicts.push(why);
    }
}

/// The account of type `T` at `address`; `None` when there is none. Lamports that somebody sent ahead are no account.
pub(super) fn find<T: Pod + Discriminator>(
    ledger: &impl Ledger,
    address: &Address,
) -> Result<Option<T>> {
    Ok(ledger
        .account(address)?
        .filter(|found| !found.data.is_empty())
        .map(|found| account::decode(address, &found))
        .transpose()?)
}
