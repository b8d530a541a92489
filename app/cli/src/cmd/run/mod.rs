//! `sluice run`: a kernel and a folder of inputs go in, results and a bill come out.

mod billed;
mod ended;
mod failed;
mod goes;
mod shown;
mod start;

use {
    crate::{
        failure::{Failure, Result},
        output::{Fields, Value},
        screen::Screen,
        session::Session,
    },
    clap::{Args, Subcommand},
    goes::At,
    sluice_client::Ledger,
    sluice_run::{engine, runs},
    std::path::PathBuf,
};

/// Rents compute: a kernel and a folder of inputs go in, a folder of results and a bill come out.
///
/// Each file of INPUTS is a chunk of work, and its result is a file of the same name. The chunks are placed on the best offers of the market, checked
/// by their attesters and, as --verify says, here; what is false is challenged, and what is missing is placed again. Broken off
/// at any moment, `sluice run resume` goes on.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Run {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    start: Option<start::Start>,
}

/// What is done with runs that began.
#[derive(Subcommand, Debug)]
enum Verb {
    /// The runs of this machine.
    List,
    /// Goes on with a run until it is done.
    Resume(Resume),
    /// Ends a run: nothing more is placed, its jobs are cancelled, and what is left of the deposits comes back.
    Cancel(Named),
    /// Where a run stands, job by job.
    Show(Named),
    /// What a run came to, from the chain's history.
    Bill(Named),
}

#[derive(Args, Debug)]
struct Named {
    /// The run, or how its name begins.
    run: String,
}

#[derive(Args, Debug)]
struct Resume {
    #[command(flatten)]
    named: Named,
    /// From now on so much may be in escrow and paid, token units.
    #[arg(long, value_name = "AMOUNT")]
    budget: Option<String>,
    /// From now on this is the highest price of a unit, token units.
    #[arg(long, value_name = "AMOUNT")]
    max_price: Option<String>,
    /// Ends once every result is here and nothing is left to be challenged; the rest of the money comes back when the run is resumed.
    #[arg(long)]
    no_settle: bool,
}

impl Run {
    /// Runs the verb.
    pub fn run(
        self,
        session: &mut Session<impl Ledger>,
        screen: &mut Screen,
    ) -> Result<Option<Fields>> {
        let told = match (self.verb, self.start) {
            (Some(Verb::Bill(named)), _) => return named.bill(session, screen),
            (None, Some(start)) => start.run(session, screen),
            (Some(Verb::List), _) => list(session),
            (Some(Verb::Resume(verb)), _) => verb.run(session, screen),
            (Some(Verb::Cancel(named)), _) => named.cancel(session, screen),
            (Some(Verb::Show(named)), _) => named.show(session),
            (None, None) => Err(Failure::Usage(
                "a kernel, a folder of inputs, --out and --max-price are needed; see `sluice run --help`".to_owned(),
            )),
        };
        told.map(Some)
    }
}

/// The folder of all runs.
fn folder(session: &Session<impl Ledger>) -> Result<PathBuf> {
    let state = session.settings().state.as_ref();
    let state = state.ok_or_else(|| {
        Failure::input("there is no folder for runs: set HOME, or give --state-dir")
    })?;
    Ok(state.join("runs"))
}

fn list(session: &Session<impl Ledger>) -> Result<Fields> {
    let runs = folder(session)?;
    let mut rows = vec![];
    for (store, settings) in runs::list(&runs) {
        let chunks = store.counts()?;
        let is_at_work = runs::is_at_work(&runs, &settings.id);
        rows.push(
            Fields::new()
                .with("run", settings.id.as_str())
                .with("title", settings.title.as_str())
                .with("state", ended::state(&store, is_at_work)?)
                .with("chunks", chunks.all())
                .with("done", chunks.done)
                .with("failed", chunks.failed)
                .date("began_at", settings.began_at)
                .with("results", settings.results.display().to_string()),
        );
    }
    Ok(Fields::new().with("runs", Value::Table(rows)))
}

impl Resume {
    fn run(self, session: &mut Session<impl Ledger>, screen: &mut Screen) -> Result<Fields> {
        let mut held = runs::Held::open(&folder(session)?, &self.named.run)?;
        let mut settings = held.settings.clone();
        let mint = session.mint(&settings.mint)?;
        let amount = |text: &String| sluice_client::amount::parse(text, mint.decimals);
        if let Some(text) = &self.budget {
            settings.budget = amount(text)?;
        }
        if let Some(text) = &self.max_price {
            settings.price = amount(text)?;
        }
        held.store.set_settings(&settings)?;
        held.settings = settings;
        At::resumed(session, &held)?.go(session, screen, self.no_settle)
    }
}

impl Named {
    fn cancel(self, session: &mut Session<impl Ledger>, screen: &mut Screen) -> Result<Fields> {
        let runs = folder(session)?;
        match runs::Held::open(&runs, &self.run) {
            Ok(held) => {
                held.store.set(engine::CANCEL, "yes")?;
                At::resumed(session, &held)?.go(session, screen, false)
            }
            // The process that works on it does it.
            Err(runs::NotOpened::AtWork(_)) => {
                let (store, settings) = runs::look(&runs, &self.run)?;
                store.set(engine::CANCEL, "yes")?;
                Ok(Fields::new()
                    .with("run", settings.id.as_str())
                    .with("cancelled", true)
                    .with("next", "the process that works on it ends its jobs"))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn show(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let runs = folder(session)?;
        let (store, settings) = runs::look(&runs, &self.run)?;
        let is_at_work = runs::is_at_work(&runs, &settings.id);
        ended::fields(session, &store, &settings, is_at_work)
    }

    fn bill(self, session: &Session<impl Ledger>, screen: &mut Screen) -> Result<Option<Fields>> {
        let (store, settings) = runs::look(&folder(session)?, &self.run)?;
        billed::bill(session, screen, &store, &settings)
    }
}
