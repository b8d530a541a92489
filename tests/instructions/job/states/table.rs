//! What every job instruction comes to in every state, with everything but the state in its favour.

use std::fmt::Write;

/// Where a job can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    None,
    Open,
    Active,
    Released,
}

impl State {
    pub const ALL: [Self; 4] = [Self::None, Self::Open, Self::Active, Self::Released];
}

/// What an instruction comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The job is in this state afterwards.
    To(State),
    /// Refused by this name.
    No(&'static str),
}

impl Outcome {
    /// As it stands in the document.
    pub fn text(self) -> String {
        match self {
            Self::To(state) => format!("**{state:?}**"),
            Self::No(name) => format!("`{name}`"),
        }
    }
}

/// The instructions that name a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Open,
    Take,
    Accept,
    TopUp,
    Attest,
    AttestCosigned,
    Mature,
    Credit,
    Pay,
    SweepTreasury,
    SweepAttesters,
    Refund,
    Cancel,
    Resign,
    Waive,
    Fault,
    Release,
    Close,
}

impl Act {
    pub const ALL: [Self; 18] = [
        Self::Open,
        Self::Take,
        Self::Accept,
        Self::TopUp,
        Self::Attest,
        Self::AttestCosigned,
        Self::Mature,
        Self::Credit,
        Self::Pay,
        Self::SweepTreasury,
        Self::SweepAttesters,
        Self::Refund,
        Self::Cancel,
        Self::Resign,
        Self::Waive,
        Self::Fault,
        Self::Release,
        Self::Close,
    ];

    /// The instruction's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open_job",
            Self::Take => "take_offer",
            Self::Accept => "accept_job",
            Self::TopUp => "top_up_job",
            Self::Attest => "attest",
            Self::AttestCosigned => "attest_cosigned",
            Self::Mature => "mature",
            Self::Credit => "credit",
            Self::Pay => "pay",
            Self::SweepTreasury => "sweep_treasury",
            Self::SweepAttesters => "sweep_attesters",
            Self::Refund => "refund",
            Self::Cancel => "cancel_job",
            Self::Resign => "resign_job",
            Self::Waive => "waive_job",
            Self::Fault => "fault_job",
            Self::Release => "release_job",
            Self::Close => "close_job",
        }
    }
}

use {
    Outcome::{No, To},
    State::{Active, None, Open, Released},
};

/// The system program's refusal to create an account that exists.
const IN_USE: Outcome = No("Custom(0)");
/// The framework's refusal of an account that does not exist.
const ABSENT: Outcome = No("AccountDataTooSmall");
const STATE: Outcome = No("WrongJobState");
const ENDED: Outcome = No("JobEnded");
const NOTHING: Outcome = No("NothingDue");

/// One row for each instruction; its outcomes in the order of [`State::ALL`].
pub const TABLE: &[(Act, [Outcome; 4])] = &[
    (Act::Open, [To(Open), IN_USE, IN_USE, IN_USE]),
    (Act::Take, [To(Active), IN_USE, IN_USE, IN_USE]),
    (Act::Accept, [ABSENT, To(Active), STATE, STATE]),
    (Act::TopUp, [ABSENT, To(Open), To(Active), ENDED]),
    (
        Act::Attest,
        [ABSENT, No("WorkerNotSigned"), To(Active), STATE],
    ),
    (
        Act::AttestCosigned,
        [ABSENT, No("WorkerNotSigned"), To(Active), STATE],
    ),
    (Act::Mature, [ABSENT, NOTHING, To(Active), NOTHING]),
    (Act::Credit, [ABSENT, No("WrongNode"), To(Active), NOTHING]),
    (Act::Pay, [ABSENT, NOTHING, To(Active), To(Released)]),
    (
        Act::SweepTreasury,
        [ABSENT, NOTHING, To(Active), To(Released)],
    ),
    (
        Act::SweepAttesters,
        [ABSENT, NOTHING, To(Active), To(Released)],
    ),
    (Act::Refund, [ABSENT, To(Open), To(Active), To(Released)]),
    (Act::Cancel, [ABSENT, To(Open), To(Active), ENDED]),
    (Act::Resign, [ABSENT, STATE, To(Active), ENDED]),
    (Act::Waive, [ABSENT, STATE, To(Active), STATE]),
    (Act::Fault, [ABSENT, STATE, To(Active), ENDED]),
    (Act::Release, [ABSENT, No("WrongNode"), To(Released), STATE]),
    (Act::Close, [ABSENT, To(None), STATE, To(None)]),
];

/// The table as it stands in the document.
pub fn markdown() -> String {
    let mut text =
        String::from("| instruction | none | Open | Active | Released |\n|---|---|---|---|---|\n");
    for (act, outcomes) in TABLE {
        let cells = outcomes.map(Outcome::text).join(" | ");
        writeln!(text, "| `{}` | {cells} |", act.name()).unwrap();
    }
    text
}
