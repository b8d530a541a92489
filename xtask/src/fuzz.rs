//! `cargo xtask fuzz`: coverage-guided fuzzing by libFuzzer, long; `cargo xtask test` runs it short.

use {
    crate::{
        debian,
        workspace::{Workspace, cargo, run},
    },
    anyhow::{Context, Result, bail, ensure},
    clap::{Args, ValueEnum},
    std::{
        cmp::Reverse,
        collections::BTreeSet,
        fs,
        io::{BufRead, BufReader},
        path::{Path, PathBuf},
        process::{Command, Stdio},
        time::Instant,
    },
};

/// The seed of the test command's executions, which are always the same ones.
const SHORT_SEED: &str = "-seed=1";

/// Inputs in the tree, a target.
const MOST_KEPT: usize = 100;

/// What is fuzzed; docs/attacks.md says what each is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    Signatures,
    Job,
    Accounts,
    Work,
}

impl Target {
    const ALL: [Self; 4] = [Self::Signatures, Self::Job, Self::Accounts, Self::Work];

    const fn name(self) -> &'static str {
        match self {
            Self::Signatures => "signatures",
            Self::Job => "job",
            Self::Accounts => "accounts",
            Self::Work => "work",
        }
    }

    /// Executions in the test command: half a minute, the four together.
    const fn short_runs(self) -> u64 {
        match self {
            Self::Signatures => 300_000,
            Self::Job => 60_000,
            Self::Accounts => 200_000,
            Self::Work => 200_000,
        }
    }
}

/// Fuzz the parser of signatures, a job's pure functions, whatever is decoded and work that can be checked, each guided by coverage
#[derive(Args)]
pub struct Fuzz {
    /// One target; all of them, one after the other, without it
    target: Option<Target>,
    /// Executions of each target
    #[arg(long, default_value_t = 10_000_000)]
    runs: u64,
    /// Run these inputs once instead, as a crash is reproduced
    #[arg(long, value_name = "FILE", requires = "target", num_args = 1..)]
    replay: Vec<PathBuf>,
    /// Afterwards replace the corpus in the tree by the fewest inputs that cover as much
    #[arg(long, conflicts_with = "replay")]
    minimise: bool,
}

impl Fuzz {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        let bench = Bench::build(workspace)?;
        let targets = self.target.map_or(Target::ALL.to_vec(), |one| vec![one]);
        for target in targets {
            if !self.replay.is_empty() {
                run(bench.command(target).args(&self.replay))?;
                continue;
            }
            let runs = format!("-runs={}", self.runs);
            let found = bench.found(target)?;
            bench.fuzz(target, &[runs], &found)?.tell(target)?;
            if self.minimise {
                bench.minimise(target, &found)?;
            }
        }
        Ok(())
    }
}

/// The same inputs every time, from the corpus in the tree: a change fails by what it changed, and not by chance.
pub fn short(workspace: &Workspace) -> Result<()> {
    let bench = Bench::build(workspace)?;
    for target in Target::ALL {
        let found = bench.work.join("short");
        fs::remove_dir_all(&found).ok();
        fs::create_dir_all(&found)?;
        let options = [
            format!("-runs={}", target.short_runs()),
            SHORT_SEED.to_owned(),
        ];
        bench.fuzz(target, &options, &found)?.tell(target)?;
    }
    Ok(())
}

/// The built targets, and where they find and leave their inputs.
struct Bench {
    binaries: PathBuf,
    corpus: PathBuf,
    work: PathBuf,
}

impl Bench {
    /// Builds every target: this workspace's crates instrumented, dependencies as quickly as can be.
    fn build(workspace: &Workspace) -> Result<Self> {
        debian::ensure_cxx()?;
        let mut build = cargo();
        build
            .current_dir(&workspace.root)
            .env(
                "RUSTC_WORKSPACE_WRAPPER",
                workspace.root.join("fuzz/instrument.sh"),
            )
            .args([
                "build",
                "--quiet",
                "--locked",
                "--profile",
                "fuzz",
                "--bins",
            ])
            .args(["--package", "sluice-fuzz", "--features", "engine"]);
        run(&mut build)?;
        Ok(Self {
            binaries: workspace.target().join("fuzz"),
            corpus: workspace.root.join("fuzz/corpus"),
            work: workspace.target().join("fuzzed"),
        })
    }

    fn command(&self, target: Target) -> Command {
        Command::new(self.binaries.join(format!("fuzz-{}", target.name())))
    }

    /// The inputs found in earlier runs.
    fn found(&self, target: Target) -> Result<PathBuf> {
        let found = self.work.join(target.name());
        fs::create_dir_all(&found)?;
        Ok(found)
    }

    /// Fuzzes `target` from the corpus in the tree; what it finds goes to `found`, what fails beside it.
    fn fuzz(&self, target: Target, options: &[String], found: &Path) -> Result<Tally> {
        let failures = format!(
            "-artifact_prefix={}/failed-{}-",
            self.work.display(),
            target.name()
        );
        let mut fuzzer = self.command(target);
        fuzzer
            .args(options)
            .args(["-print_final_stats=1", "-timeout=10", "-max_len=1024"])
            .arg(failures)
            .arg(found)
            .arg(self.corpus.join(target.name()))
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let started = Instant::now();
        let mut child = fuzzer.spawn().context("cannot start the fuzzer")?;
        let told = child.stderr.take().context("the fuzzer has no output")?;
        let mut tally = Tally::default();
        let mut last = vec![];
        for line in BufReader::new(told).lines() {
            let line = line?;
            tally.read(&line);
            last.push(line);
        }
        tally.secs = started.elapsed().as_secs_f64();
        if !child.wait()?.success() {
            for line in last.iter().skip(last.len().saturating_sub(40)) {
                eprintln!("{line}");
            }
            bail!(
                "the target {0} failed; `cargo xtask fuzz {0} --replay FILE` runs the input again, and in fuzz/corpus/{0} it stays tested",
                target.name()
            );
        }
        Ok(tally)
    }

    /// Puts the fewest inputs that cover what `found` and the tree's corpus do in the place of the latter.
    fn minimise(&self, target: Target, found: &Path) -> Result<()> {
        let (kept, corpus) = (self.work.join("kept"), self.corpus.join(target.name()));
        fs::remove_dir_all(&kept).ok();
        fs::create_dir_all(&kept)?;
        let mut merge = self.command(target);
        // Which branches are taken, not how often.
        merge.args(["-set_cover_merge=1", "-use_counters=0", "-max_len=1024"]);
        merge.arg(&kept).arg(&corpus).arg(found);
        run(merge.stdout(Stdio::null()).stderr(Stdio::null()))?;
        // The longest take most branches, and every place is to be reached.
        let mut inputs = files(&kept)?;
        inputs.sort_by_cached_key(|input| {
            fs::metadata(input).map_or(Reverse(0), |data| Reverse(data.len()))
        });
        let (mut first, mut rest, mut seen, mut missed) =
            (vec![], vec![], BTreeSet::new(), BTreeSet::new());
        for input in inputs {
            let (reached, not) = self.places(target, &input)?;
            let is_new = !reached.is_subset(&seen);
            seen.extend(reached);
            missed.extend(not);
            if is_new {
                first.push(input)
            } else {
                rest.push(input)
            }
        }
        // A place that is no branch of its own may have got lost.
        for input in files(&corpus)?.into_iter().chain(files(found)?) {
            if missed.is_subset(&seen) {
                break;
            }
            let (reached, _) = self.places(target, &input)?;
            if !reached.is_subset(&seen) {
                seen.extend(reached);
                first.push(input);
            }
        }
        let chosen = first.iter().chain(&rest).take(MOST_KEPT);
        let chosen = chosen.map(|input| Ok((input.file_name(), fs::read(input)?)));
        let chosen = chosen.collect::<Result<Vec<_>>>()?;
        fs::remove_dir_all(&corpus)?;
        fs::create_dir_all(&corpus)?;
        for (name, bytes) in chosen {
            fs::write(corpus.join(name.context("an input has no name")?), bytes)?;
        }
        Ok(())
    }

    /// The places that one input reaches, and those that it does not.
    fn places(&self, target: Target, input: &Path) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
        let run = self.command(target).arg(input).output()?;
        let mut tally = Tally::default();
        for line in String::from_utf8_lossy(&run.stderr).lines() {
            tally.read(line);
        }
        let (reached, missed): (Vec<_>, Vec<_>) =
            tally.reached.into_iter().partition(|(_, count)| *count > 0);
        let names = |places: Vec<(String, u64)>| places.into_iter().map(|(name, _)| name).collect();
        Ok((names(reached), names(missed)))
    }
}

/// The files of a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    entries.collect()
}

/// What a run of a target came to.
#[derive(Default)]
struct Tally {
    executions: u64,
    secs: f64,
    /// Branches reached, and all there are.
    covered: u64,
    branches: u64,
    /// Places that the target exists to reach, and how often it did.
    reached: Vec<(String, u64)>,
}

impl Tally {
    /// Takes what one line of the fuzzer's output tells.
    fn read(&mut self, line: &str) {
        let number = |text: &str| {
            let digits: String = text
                .trim_start()
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            digits.parse().unwrap_or(0)
        };
        if let Some((name, count)) = line
            .strip_prefix("reached ")
            .and_then(|rest| rest.split_once(": "))
        {
            self.reached.push((name.to_owned(), number(count)));
        } else if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
            self.executions = number(count);
        } else if let Some((_, rest)) = line.split_once("PC tables (") {
            self.branches = number(rest);
        } else if let Some((_, rest)) = line.split_once(" cov: ").filter(|_| line.starts_with('#'))
        {
            self.covered = number(rest);
        }
    }

    /// Prints it. A run that executed nothing, or missed a place, proves nothing.
    fn tell(&self, target: Target) -> Result<()> {
        println!(
            "{}: {} executions in {:.0} s, {} of {} branches, no failure",
            target.name(),
            self.executions,
            self.secs,
            self.covered,
            self.branches
        );
        for (name, count) in &self.reached {
            println!("  {count:>12} {name}");
        }
        ensure!(self.executions > 0, "the fuzzer executed nothing");
        ensure!(
            !self.reached.is_empty(),
            "the fuzzer does not say what it reached"
        );
        let missed = self.reached.iter().find(|(_, count)| *count == 0);
        match missed {
            Some((name, _)) => bail!("the fuzzer never reached: {name}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(reached: &str) -> Tally {
        let mut tally = Tally::default();
        for line in [
            "INFO: Loaded 1 PC tables (3012 PCs): 3012 [0x5,0x6),",
            "#2\tINITED cov: 7 ft: 8 corp: 1/1b exec/s: 0 rss: 30Mb",
            "#1000\tDONE   cov: 911 ft: 2044 corp: 88/9Kb lim: 64 exec/s: 500 rss: 41Mb",
            "stat::number_of_executed_units: 1000",
            reached,
        ] {
            tally.read(line);
        }
        tally
    }

    #[test]
    fn a_run_is_read_from_what_libfuzzer_prints() {
        let tally = tally("reached a quorum accepted: 12");
        assert_eq!(
            (tally.executions, tally.covered, tally.branches),
            (1_000, 911, 3_012)
        );
        assert!(tally.tell(Target::Signatures).is_ok());
    }

    #[test]
    fn a_run_that_accepted_nothing_or_says_nothing_fails() {
        assert!(
            tally("reached a quorum accepted: 0")
                .tell(Target::Signatures)
                .is_err()
        );
        assert!(tally("").tell(Target::Signatures).is_err());
    }
}
