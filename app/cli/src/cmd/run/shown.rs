//! What people see of a run before it begins and while it works.

use {
    crate::{
        output::{Fields, Value},
        screen::Screen,
        session::Session,
    },
    sluice_client::{
        Ledger, amount,
        instruction::token::Mint,
        waiting::{Onlooker, Wait, Waiting},
    },
    sluice_run::{
        begin::Ready,
        engine::{Error, Progress},
        plan,
        store::JobStage,
    },
    std::sync::Arc,
};

/// What a run would do, and what it would cost.
pub fn plan(ready: &Ready) -> Fields {
    let (settings, totals) = (&ready.settings, &ready.plan.totals);
    let mint = &ready.mint;
    let rows = ready.plan.placements.iter().map(|placement| {
        let (listing, job) = (&placement.listing, &placement.job);
        Fields::new()
            .with("offer", listing.address)
            .with("node", listing.offer.node)
            .with("chunks", job.chunks)
            .with("windows", job.windows)
            .secs("window", listing.offer.terms.window_secs)
            .with("chunks_a_window", job.per_window)
            .of_mint("chunk_price", job.chunk_price, mint)
            .of_mint("most_cost", job.most_cost, mint)
            .of_mint("deposit", job.funds, mint)
    });
    let rows: Vec<_> = rows.collect();
    let mut fields = Fields::new()
        .with("title", settings.title.as_str())
        .with("chunks", u64::try_from(ready.inputs.files().len()).ok())
        .with("chunk_millis", settings.chunk_millis)
        .with("jobs", totals.jobs)
        .of_mint("most_cost", totals.most_cost, mint)
        .of_mint("deposits", totals.escrow, mint)
        .of_mint("budget", settings.budget, mint)
        .secs("results_within", totals.done_secs)
        .secs("money_back_within", totals.settled_secs);
    if ready.plan.unplaced > 0 {
        fields = fields
            .with("placed_later", ready.plan.unplaced)
            .with("because", why(ready));
    }
    for (number, reason) in &ready.trial.undone {
        let name = ready.inputs.file(*number).map(|file| file.name.clone());
        fields = fields.with(
            "tried_in_vain",
            format!("{}: {reason}", name.unwrap_or_default()),
        );
    }
    if !ready.missing.is_empty() {
        let missing = ready.missing.iter();
        let missing = missing.map(|text| Fields::new().with("what", text.as_str()));
        fields = fields.with("missing", Value::List(missing.collect()));
    }
    fields
        .with("plan", Value::Table(rows))
        .in_mint(&settings.mint)
}

/// Why chunks cannot be placed now.
pub fn why(ready: &Ready) -> String {
    match ready.plan.why {
        Some(plan::Why::Budget {
            least_deposit,
            left,
            ..
        }) => format!(
            "the cheapest offer needs a deposit of {}, and the budget is {}",
            amount::format(least_deposit, ready.mint.decimals),
            amount::format(left, ready.mint.decimals)
        ),
        Some(plan::Why::Later) => "the offers that match are full until a job ends".to_owned(),
        _ => {
            let first = ready.plan.unusable.first();
            let why = first.map_or_else(String::new, |(offer, why)| format!("; {offer}: {why}"));
            format!("no offer matches that can be taken: see `sluice market`{why}")
        }
    }
}

/// What amounts of a run are in: with the mint's symbol, where the profile has one.
pub struct Unit {
    decimals: u8,
    symbol: String,
}

impl Unit {
    /// That of `mint`.
    pub fn of(session: &Session<impl Ledger>, mint: &Mint) -> Self {
        let looks = session.looks();
        let symbol = looks.names.of(&mint.address);
        Self {
            decimals: mint.decimals,
            symbol: symbol.map_or_else(String::new, |symbol| format!(" {symbol}")),
        }
    }

    /// An amount in words.
    pub fn say(&self, base: u64) -> String {
        format!("{}{}", amount::format(base, self.decimals), self.symbol)
    }
}

/// What was said of a run, so that nothing is said twice.
#[derive(Default)]
pub struct Told {
    line: String,
    reasons: Vec<String>,
    error: String,
}

impl Told {
    /// Says what has changed.
    pub fn tell(&mut self, progress: &Progress, unit: &Unit, screen: &mut Screen) {
        self.error.clear();
        for job in &progress.jobs {
            let Some(reason) = &job.reason else { continue };
            let said = format!("job {}: {reason}", job.number);
            if !self.reasons.contains(&said) {
                screen.note(&said);
                self.reasons.push(said);
            }
        }
        let waits = progress.waits.iter();
        let line = waits.fold(state(progress, unit), |line, why| format!("{line}; {why}"));
        if line != self.line {
            screen.note(&line);
            self.line = line;
        }
    }

    /// Says what failed.
    pub fn failed(&mut self, error: &Error, screen: &mut Screen) {
        let error = error.to_string();
        if error != self.error {
            screen.note(&format!("tries again: {error}"));
            self.error = error;
        }
    }
}

/// Where it stands, in a line that changes when something became of something.
fn state(progress: &Progress, unit: &Unit) -> String {
    let chunks = &progress.chunks;
    let held: u32 = progress.jobs.iter().map(|job| job.held).sum();
    let windows = progress
        .jobs
        .iter()
        .filter(|job| job.stage != JobStage::Dropped);
    let windows: u32 = windows.map(|job| job.windows).sum();
    let mut line = format!(
        "{} of {} results, {held} of {windows} windows",
        chunks.done,
        chunks.all()
    );
    for (count, what) in [
        (chunks.waiting, "wait for a job"),
        (chunks.here, "are computed here"),
        (chunks.failed, "cannot be done"),
    ] {
        if count > 0 {
            line.push_str(&format!(", {count} {what}"));
        }
    }
    let used = unit.say(progress.used);
    line.push_str(&format!(", {used} in escrow or spent"));
    line
}

/// What is waited for, with the time that it takes.
pub fn waiting(onlooker: &Arc<dyn Onlooker>, progress: &Progress, unit: &Unit) -> Waiting {
    let chunks = &progress.chunks;
    let left = |until: i64| duration(until.saturating_sub(progress.now).max(0));
    let words = if chunks.settled() < chunks.all() {
        let used = unit.say(progress.used);
        let ends = progress.ends_at.map_or_else(String::new, |at| {
            format!(", the last window ends in {}", left(at))
        });
        format!("{used} in escrow or spent{ends}")
    } else if let Some(at) = progress.needed_until {
        format!(
            "has to look on for {}, to challenge what is false",
            left(at)
        )
    } else {
        let settles = progress.settles_at;
        settles.map_or_else(
            || "settles".to_owned(),
            |at| {
                format!(
                    "every result is here; the rest of the money comes back in {}",
                    left(at)
                )
            },
        )
    };
    let wait = Wait::Steps(
        words.into(),
        usize::try_from(chunks.all()).unwrap_or(usize::MAX),
    );
    let waiting = Waiting::new(onlooker, &wait);
    onlooker.goes_on(usize::try_from(chunks.settled()).unwrap_or(usize::MAX));
    waiting
}

fn duration(secs: i64) -> String {
    match (secs / 3_600, secs / 60 % 60, secs % 60) {
        (0, 0, secs) => format!("{secs} s"),
        (0, minutes, secs) => format!("{minutes} min {secs} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}
