//! Why a run does not begin or go on, as the command tells it.

use {
    crate::failure::Failure,
    sluice_run::{begin::NotBegun, engine, runs::NotOpened, store},
};

impl From<NotBegun> for Failure {
    fn from(error: NotBegun) -> Self {
        match error {
            NotBegun::Client(error) => error.into(),
            other => Self::input(other.to_string()),
        }
    }
}

impl From<NotOpened> for Failure {
    fn from(error: NotOpened) -> Self {
        Self::input(error.to_string())
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Client(error) => error.into(),
            engine::Error::Send(error) => error.into(),
            other => Self::input(other.to_string()),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::input(format!("the run's file: {error}"))
    }
}
