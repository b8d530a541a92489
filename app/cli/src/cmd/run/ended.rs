//! What a run has come to.

use {
    crate::{
        failure::Result,
        output::{Fields, Value},
        session::Session,
    },
    sluice_client::Ledger,
    sluice_run::{
        engine,
        settings::Settings,
        store::{JobRow, Store, WindowStage},
    },
};

/// What a run is doing, in a word.
pub fn state(store: &Store, is_at_work: bool) -> Result<&'static str> {
    let chunks = store.counts()?;
    let is_live = store.jobs()?.iter().any(|row| row.stage.is_live());
    let is_settled = chunks.settled() == chunks.all();
    Ok(match (is_settled, is_live) {
        (true, false) if store.setting(engine::CANCEL)?.is_some() => "cancelled",
        (true, false) => "done",
        _ if is_at_work => "working",
        (true, true) => "settling, not at work",
        _ => "stopped",
    })
}

/// Chunks, jobs and money of a run, as its own file has them.
pub fn fields(
    session: &Session<impl Ledger>,
    store: &Store,
    settings: &Settings,
    is_at_work: bool,
) -> Result<Fields> {
    let mint = session.mint(&settings.mint)?;
    let chunks = store.counts()?;
    let jobs = store.jobs()?;
    let windows = store.windows()?;
    let used = jobs.iter().map(JobRow::used).fold(0, u64::saturating_add);
    let rows = jobs.iter().map(|row| {
        let own = windows.iter().filter(|window| window.job == row.number);
        let count = |is: fn(WindowStage) -> bool| {
            u64::try_from(own.clone().filter(|window| is(window.stage)).count()).ok()
        };
        Fields::new()
            .with("number", row.number)
            .with("job", row.plan.job)
            .with("node", row.plan.node)
            .with("stage", row.stage.name())
            .with("windows", row.plan.windows)
            .with("held", count(|stage| stage == WindowStage::Held))
            .with("lost", count(|stage| stage == WindowStage::Lost))
            .with("void", count(|stage| stage == WindowStage::Void))
            .of_mint("used", row.used(), &mint)
            .with("said", row.reason.as_deref())
    });
    let rows: Vec<_> = rows.collect();
    let mut fields = Fields::new()
        .with("run", settings.id.as_str())
        .with("state", state(store, is_at_work)?)
        .with("results", settings.results.display().to_string())
        .with("chunks", chunks.all())
        .with("done", chunks.done)
        .with("failed", chunks.failed)
        .of_mint("used", used, &mint)
        .of_mint("budget", settings.budget, &mint);
    let failed: Vec<_> = store
        .chunks_in(sluice_run::store::ChunkState::Failed)?
        .into_iter()
        .map(|chunk| {
            Fields::new()
                .with("input", chunk.name)
                .with("why", chunk.reason)
        })
        .collect();
    if !failed.is_empty() {
        fields = fields.with("cannot_be_done", Value::Table(failed)).partly();
    }
    Ok(fields
        .with("jobs", Value::Table(rows))
        .in_mint(&settings.mint))
}
