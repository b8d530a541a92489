//! `sluice watch`: accounts as they change, told by the node and read again whenever something may have been missed.

mod change;
mod figures;
mod tell;
mod view;

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::Secs,
        screen::Screen,
        session::{Session, own::Part},
    },
    clap::{Args, Subcommand, ValueEnum},
    sluice_client::{
        Ledger,
        watch::{Feed, Heard, Kind, Subject},
    },
    solana_address::Address,
    std::{
        cmp::Ordering,
        time::{Duration, Instant},
    },
    view::View,
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// A job: the figures of `job show`. Ends when the job is closed.
    Job(Job),
    /// A provider, its stake pool, its nodes and the jobs that they took.
    Provider(Provider),
    /// A reward pool and its shares, or a stake pool and its positions.
    Pool(Target),
    /// A network, its providers, jobs and reward pools.
    Network(Target),
}

#[derive(Args, Debug)]
pub struct Job {
    #[command(flatten)]
    target: Target,
    /// Ends as soon as the job is in this state; with exit code 14 if it is past it.
    #[arg(long, value_name = "STATE", conflicts_with = "once")]
    until_state: Option<State>,
}

/// What a job can be waited for to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Debug)]
enum State {
    Open,
    Active,
    Released,
    Closed,
}

impl State {
    fn named(name: &str) -> Option<Self> {
        let all = [Self::Open, Self::Active, Self::Released, Self::Closed];
        all.into_iter().find(|state| state.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Active => "active",
            Self::Released => "released",
            Self::Closed => "closed",
        }
    }
}

#[derive(Args, Debug)]
pub struct Target {
    /// Address of the account.
    address: Address,
    #[command(flatten)]
    pace: Pace,
}

#[derive(Args, Debug)]
pub struct Provider {
    /// Address of the provider's account; by default the only one that the signer owns, else operates.
    #[arg(
        env = "SLUICE_PROVIDER",
        hide_env_values = true,
        value_name = "PROVIDER"
    )]
    provider: Option<Address>,
    #[command(flatten)]
    pace: Pace,
}

/// How long to watch.
#[derive(Args, Debug)]
pub struct Pace {
    /// Shows how things stand and ends.
    #[arg(long)]
    once: bool,
    /// Ends after this long; with exit code 14 if a state was waited for.
    #[arg(long, value_name = "DURATION")]
    timeout: Option<Secs>,
    /// How often everything is read again, whatever the node tells.
    #[arg(long, value_name = "DURATION", default_value = "15s")]
    poll: Secs,
}

impl Verb {
    /// Watches until it is told to stop, or the account is closed.
    pub fn run(
        self,
        session: &Session<impl Ledger>,
        screen: &mut Screen,
    ) -> Result<Option<Fields>> {
        let (kind, Target { address, pace }, until) = match self {
            Self::Job(job) => (Kind::Job, job.target, job.until_state),
            Self::Provider(verb) => (Kind::Provider, verb.target(session)?, None),
            Self::Pool(target) => (Kind::Pool, target, None),
            Self::Network(target) => (Kind::Network, target, None),
        };
        let closed = until == Some(State::Closed);
        if closed && session.ledger.account(&address)?.is_none() {
            return Ok(None);
        }
        let subject = Subject::of(&session.ledger, kind, address)?;
        let mut view = View::new(session, subject, screen);
        if pace.once {
            view.read()?;
            return Ok(None);
        }
        pace.follow(view, until)
    }
}

impl Provider {
    fn target(self, session: &Session<impl Ledger>) -> Result<Target> {
        let address = session.provider(self.provider, Part::Either, "give its address")?;
        let pace = self.pace;
        Ok(Target { address, pace })
    }
}

impl Pace {
    fn follow<L: Ledger>(
        self,
        mut view: View<'_, '_, L>,
        until: Option<State>,
    ) -> Result<Option<Fields>> {
        let cluster = view.session.cluster();
        let url = cluster.ws_url.clone();
        let mut feed = {
            let _waiting = view.session.waits("connects to the cluster's WebSocket");
            Feed::connect(url, cluster.commitment, &view.subject)?
        };
        let begun = Instant::now();
        let (mut polled, poll) = (Instant::now(), Duration::from_secs(self.poll.0.max(1)));
        view.read()?;
        loop {
            let state = view.state().and_then(State::named);
            if let (Some(until), Some(state)) = (until, state) {
                match state.cmp(&until) {
                    Ordering::Less => {}
                    Ordering::Equal => return Ok(None),
                    Ordering::Greater => return ended(Some(until)),
                }
            }
            if !view.is_there() {
                return ended(until);
            }
            let left = match self.timeout {
                Some(Secs(secs)) => Duration::from_secs(secs).saturating_sub(begun.elapsed()),
                None => poll,
            };
            if left.is_zero() {
                return ended(until);
            }
            let wait = poll.saturating_sub(polled.elapsed()).min(left);
            if wait.is_zero() {
                view.read_again()?;
                polled = Instant::now();
                continue;
            }
            let heard = {
                let _waiting = view.session.waits("waits for changes");
                feed.next(&view.subject, wait)
            };
            match heard {
                Heard::Account(address, account) => view.told(address, account)?,
                Heard::Nothing => {}
                Heard::Lost(cause) => view.note(&format!("{cause}; connecting again"), "lost")?,
                Heard::Back => {
                    view.note("connected again; everything is read again", "reconnected")?;
                    view.read_again()?;
                    polled = Instant::now();
                }
            }
        }
    }
}

/// The end without the state that was waited for, if one was.
fn ended(until: Option<State>) -> Result<Option<Fields>> {
    match until {
        Some(state) => Err(Failure::Unmet(format!(
            "the job did not become {} in time",
            state.name()
        ))),
        None => Ok(None),
    }
}
