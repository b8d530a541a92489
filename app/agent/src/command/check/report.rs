//! What was found, check by check.

use {
    serde_json::{Value, json},
    sluice_client::foreign::{in_json, shown},
    std::fmt::Display,
};

/// How a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, and will perhaps not for long, or it could not be looked at.
    Warning,
    /// It keeps the daemon from its work.
    Failure,
}

impl Level {
    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failure => "failure",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How it stands.
    pub level: Level,
    /// How it stands, in words.
    pub said: String,
    /// What to do about it; none where it is as it should be.
    pub remedy: Option<String>,
}

/// Findings in their order.
#[derive(Debug, Default)]
pub struct Report(Vec<Finding>);

impl Report {
    /// It is as it should be.
    pub fn ok(&mut self, check: &'static str, said: impl Display) {
        self.add(check, Level::Ok, said, None);
    }

    /// It may become a failure, or could not be looked at.
    pub fn warn(&mut self, check: &'static str, said: impl Display, remedy: impl Display) {
        self.add(check, Level::Warning, said, Some(remedy.to_string()));
    }

    /// It keeps the daemon from its work.
    pub fn fail(&mut self, check: &'static str, said: impl Display, remedy: impl Display) {
        self.add(check, Level::Failure, said, Some(remedy.to_string()));
    }

    fn add(
        &mut self,
        check: &'static str,
        level: Level,
        said: impl Display,
        remedy: Option<String>,
    ) {
        self.0.push(Finding {
            check,
            level,
            said: said.to_string(),
            remedy,
        });
    }

    /// Findings of a level.
    pub fn count(&self, level: Level) -> usize {
        self.0.iter().filter(|found| found.level == level).count()
    }

    /// The findings.
    #[cfg(test)]
    pub fn findings(&self) -> &[Finding] {
        &self.0
    }

    /// For people: a line for each finding, and below it what mends it.
    pub fn text(&self) -> String {
        let lines = self.0.iter().map(|found| {
            let (level, said) = (found.level.name(), shown(&found.said));
            let line = format!("{level:<9}{:<10}{said}\n", found.check);
            let remedy = found.remedy.as_deref();
            line + &remedy.map_or_else(String::new, |remedy| {
                format!("{:19}> {}\n", "", shown(remedy))
            })
        });
        lines.collect()
    }

    /// For programs.
    pub fn json(&self) -> String {
        let checks: Vec<Value> = self
            .0
            .iter()
            .map(|found| {
                json!({
                    "check": found.check,
                    "level": found.level.name(),
                    "said": found.said,
                    "remedy": found.remedy,
                })
            })
            .collect();
        let (failures, warnings) = (self.count(Level::Failure), self.count(Level::Warning));
        let whole = json!({ "checks": checks, "failures": failures, "warnings": warnings });
        in_json(&format!("{whole:#}"))
    }
}
