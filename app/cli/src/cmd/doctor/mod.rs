//! `sluice doctor`: what has to be right before a transaction can be sent. No check stops those after it.

mod accounts;
mod chain;
mod machine;
mod report;

pub use chain::PATIENCE;
use {
    self::report::Report,
    crate::{failure::Failure, output::Fields, profile::Profile, session::Session},
    clap::Args,
    sluice_client::Ledger,
};

#[derive(Args, Clone, Copy, Debug)]
pub struct Doctor {}

impl Doctor {
    /// Checks everything.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Fields {
        let mut report = Report::default();
        report.add("profile", machine::profile(&session.profile));
        report.add("config", machine::config(session.settings()));
        let state = session.settings().state.clone();
        report.add("state", machine::state(state.as_deref()));
        report.add("notes", machine::notes(state.as_deref()));
        let key = machine::Signing::of(session);
        report.add("keypair", key.checked(session));
        chain::check(session, key.address, &mut report);
        report.fields()
    }

    /// Checks what can be checked where it is not even known which cluster to ask.
    pub fn without_cluster(self, profile: &Profile, why: &Failure) -> Fields {
        let mut report = Report::default();
        report.add("profile", machine::profile(profile));
        report.add("config", machine::misconfigured(why));
        report.unasked(&["cluster", "keypair"], "no cluster and no key are known");
        report.fields()
    }
}
