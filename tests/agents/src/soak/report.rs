//! What came of a soak, for people and for machines.

use {
    super::{
        Soak,
        ended::{Ended, Outcome},
        flat::{Disk, Line},
        proofs::Verdicts,
        reckoning::Total,
    },
    crate::delays::Delays,
    serde_json::{Value, json},
    std::{collections::BTreeMap, fmt::Write as _, time::Duration},
};

/// What came of a soak.
pub struct Report {
    /// What did not hold, if anything.
    pub failure: Option<String>,
    seed: u64,
    asked: Duration,
    took: Duration,
    ended: Vec<Ended>,
    going: usize,
    total: Total,
    verdicts: Verdicts,
    refusals: BTreeMap<String, u64>,
    kills: BTreeMap<String, u32>,
    faults: BTreeMap<String, u32>,
    phases: BTreeMap<&'static str, u64>,
    calls: u64,
    sights: u64,
    accounts: u64,
    checks: BTreeMap<&'static str, u64>,
    taken: u64,
    signed: usize,
    statements: usize,
    sealed: usize,
    lost: usize,
    opened: u64,
    brought: u64,
    flat: usize,
    lines: Vec<Line>,
    days: Vec<Disk>,
}

impl Soak {
    /// What came of it so far.
    pub(super) fn report(self, failure: Option<String>) -> Report {
        let door = self.stage.door.as_ref();
        let met = door.map(|door| door.met()).unwrap_or_default();
        Report {
            failure,
            seed: self.settings.seed,
            asked: self.settings.length,
            took: self.begin.elapsed(),
            ended: self.ended,
            going: self.rentals.len(),
            total: self.reckoning.total,
            verdicts: self.verdicts,
            refusals: self.refusals,
            kills: self.chaos.kills.clone(),
            faults: met
                .into_iter()
                .map(|(name, count)| (name.to_owned(), count))
                .collect(),
            phases: self.weather.phases,
            calls: door.map_or(0, |door| door.asked()),
            sights: self.reckoning.sights,
            accounts: self.reckoning.accounts,
            checks: self.reckoning.checks.made().clone(),
            taken: self.taken,
            signed: self.heard.signed.len(),
            statements: self.statements,
            sealed: self.sealed,
            lost: self.lost.len(),
            opened: self.bookings.opened,
            brought: self.bookings.brought,
            flat: self.flat,
            lines: self.lives.lines(),
            days: self.days,
        }
    }
}

impl Report {
    fn outcomes(&self) -> BTreeMap<Outcome, Vec<&Ended>> {
        let mut outcomes = BTreeMap::<_, Vec<_>>::new();
        for ended in &self.ended {
            outcomes.entry(ended.outcome).or_default().push(ended);
        }
        outcomes
    }

    fn delays(&self) -> Delays {
        self.verdicts.delays.iter().copied().collect()
    }

    /// As people read it.
    pub fn table(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        let _ = writeln!(
            text,
            "soak of {} s with seed {}: {} s",
            self.asked.as_secs(),
            self.seed,
            self.took.as_secs()
        );
        let _ = writeln!(
            text,
            "\nruns         number  chunks  results  base units  kills  breaks  longest"
        );
        for (outcome, all) in self.outcomes() {
            let sum = |of: fn(&Ended) -> u64| all.iter().map(|one| of(one)).sum::<u64>();
            let _ = writeln!(
                text,
                "{:<12} {:>6}  {:>6}  {:>7}  {:>10}  {:>5}  {:>6}  {:>5} s",
                outcome.to_string(),
                all.len(),
                sum(|one| one.chunks as u64),
                sum(|one| one.results as u64),
                sum(|one| one.spent),
                sum(|one| one.kills.into()),
                sum(|one| one.breaks.into()),
                all.iter()
                    .map(|one| one.took.as_secs())
                    .max()
                    .unwrap_or_default()
            );
        }
        if self.going > 0 {
            let _ = writeln!(text, "going on     {:>6}", self.going);
        }
        let total = &self.total;
        let split = &total.split;
        let back = total.funded.saturating_sub(split.gross);
        let _ = writeln!(
            text,
            "jobs opened by name {}, of which enough attesters had all in time: {}",
            self.opened, self.brought
        );
        let _ = writeln!(
            text,
            "\njobs closed {}: windows proven {}, of them challenged {}; units proven {}, paid {}, void 0",
            total.jobs, total.windows, total.challenged, total.units, total.units
        );
        let _ = writeln!(
            text,
            "base units deposited {}: to providers {}, to the treasury {}, to attesters {}, back {back}",
            total.funded, split.provider, split.treasury, split.attesters
        );
        let _ = writeln!(
            text,
            "windows proven by worker: {:?}; chunks in them {}, all true; not claimed {}; windows with a lie refused {}",
            self.verdicts.proven, self.verdicts.chunks, self.verdicts.gaps, self.verdicts.lies
        );
        let _ = writeln!(text, "{}", self.delays());
        let _ = writeln!(
            text,
            "countersignatures {}, statements in journals {}, windows in honest workers' stores {}, of them not proven {}; refusals {:?}",
            self.signed, self.statements, self.sealed, self.lost, self.refusals
        );
        self.write_trouble(text);
        self.write_processes(text);
        if let Some(failure) = &self.failure {
            let _ = writeln!(text, "\nFAILED: {failure}");
        }
    }

    fn write_trouble(&self, text: &mut String) {
        let kills: u32 = self.kills.values().sum();
        let _ = writeln!(
            text,
            "\nkills of agents {kills}: {:?}; starts with a port that was taken {}",
            self.kills, self.taken
        );
        let _ = writeln!(
            text,
            "faults of the node {:?} in phases {:?}",
            self.faults, self.phases
        );
        let minutes = self.took.as_secs_f64() / 60.0;
        let _ = writeln!(
            text,
            "calls to the node {}, {:.0} a minute",
            self.calls,
            self.calls as f64 / minutes.max(1.0)
        );
        let checks: u64 = self.checks.values().sum();
        let _ = writeln!(
            text,
            "looks at the chain {}, accounts read {}, checks {checks}: {:?}",
            self.sights, self.accounts, self.checks
        );
    }

    fn write_processes(&self, text: &mut String) {
        let _ = writeln!(
            text,
            "\n{:<16} lives  samples  memory KiB, second and last quarter, most  files          disk KiB, first, last, days later",
            "process"
        );
        for line in &self.lines {
            let mut days = self.days.iter();
            let later = days.find(|disk| disk.name == line.name);
            let later = later.map_or_else(|| "-".to_owned(), |disk| (disk.later >> 10).to_string());
            let _ = writeln!(
                text,
                "{:<16} {:>5}  {:>7}  {:>16} {:>16} {:>12}  {:>6} {:>6}  {:>10} {:>10} {:>10}",
                line.name,
                line.lives,
                line.samples,
                line.early.memory,
                line.late.memory,
                line.most,
                line.early.files,
                line.late.files,
                line.disk.0 >> 10,
                line.disk.1 >> 10,
                later
            );
        }
        for disk in self.days.iter().filter(|_| self.total.jobs > 0) {
            let grown = disk.last.saturating_sub(disk.first);
            let grown = grown.checked_div(self.total.jobs).unwrap_or_default();
            let _ = writeln!(text, "{:<16} grew by {grown} bytes a closed job", disk.name);
        }
        let _ = writeln!(text, "lives long enough to be held flat: {}", self.flat);
    }

    /// As machines read it.
    pub fn json(&self) -> Value {
        let outcomes = self.outcomes().into_iter().map(|(outcome, all)| {
            let sum = |of: fn(&Ended) -> u64| all.iter().map(|one| of(one)).sum::<u64>();
            let value = json!({
                "runs": all.len(),
                "chunks": sum(|one| one.chunks as u64),
                "results": sum(|one| one.results as u64),
                "spent": sum(|one| one.spent),
                "kills": sum(|one| one.kills.into()),
                "breaks": sum(|one| one.breaks.into()),
            });
            (outcome.to_string(), value)
        });
        let processes = self.lines.iter().map(|line| {
            json!({
                "name": line.name,
                "lives": line.lives,
                "samples": line.samples,
                "memory_kib": [line.early.memory, line.late.memory],
                "most_memory_kib": line.most,
                "files": [line.early.files, line.late.files],
                "disk_bytes": [line.disk.0, line.disk.1],
            })
        });
        let days = self.days.iter();
        let days = days.map(|disk| {
            (
                disk.name.clone(),
                json!([disk.first, disk.last, disk.later]),
            )
        });
        let (total, split) = (&self.total, &self.total.split);
        let delays = self.delays();
        let within = [50, 95, 100].map(|percent| delays.within(percent));
        json!({
            "failure": self.failure,
            "seed": self.seed,
            "asked_secs": self.asked.as_secs(),
            "took_secs": self.took.as_secs(),
            "runs": outcomes.collect::<serde_json::Map<_, _>>(),
            "jobs": total.jobs,
            "windows_proven": total.windows,
            "windows_challenged": total.challenged,
            "units_proven": total.units,
            "base_units": {
                "deposited": total.funded,
                "gross": split.gross,
                "providers": split.provider,
                "treasury": split.treasury,
                "attesters": split.attesters,
            },
            "windows_by_worker": self.verdicts.proven,
            "chunks": self.verdicts.chunks,
            "gaps": self.verdicts.gaps,
            "lies_refused": self.verdicts.lies,
            "proof_secs": within,
            "countersignatures": self.signed,
            "statements": self.statements,
            "sealed_windows": self.sealed,
            "lost_windows": self.lost,
            "named_jobs": [self.opened, self.brought],
            "refusals": self.refusals,
            "kills": self.kills,
            "ports_taken": self.taken,
            "faults": self.faults,
            "phases": self.phases,
            "calls": self.calls,
            "looks": self.sights,
            "accounts": self.accounts,
            "checks": self.checks,
            "flat_lives": self.flat,
            "processes": processes.collect::<Vec<_>>(),
            "disk_bytes_first_last_later": days.collect::<serde_json::Map<_, _>>(),
        })
    }
}
