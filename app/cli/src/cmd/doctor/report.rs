//! What was found, check by check.

use {
    crate::output::{Fields, Mood, Value},
    sluice_client::foreign,
};

/// What is wrong, and what to do about it.
pub struct Fault {
    said: String,
    remedy: String,
}

/// What a check found: in one line how it stands, or the fault.
pub type Finding = Result<String, Fault>;

/// A fault with its remedy.
pub fn fault(said: impl ToString, remedy: impl Into<String>) -> Fault {
    Fault {
        said: said.to_string(),
        remedy: remedy.into(),
    }
}

/// One check.
struct Check {
    name: &'static str,
    /// `None` where what it needs was missing.
    ok: Option<bool>,
    said: String,
    remedy: Option<String>,
}

/// The checks in their order.
#[derive(Default)]
pub struct Report(Vec<Check>);

impl Report {
    /// Adds what a check found.
    pub fn add(&mut self, name: &'static str, finding: Finding) {
        let (ok, said, remedy) = match finding {
            Ok(said) => (true, said, None),
            Err(Fault { said, remedy }) => (false, said, Some(remedy)),
        };
        self.0.push(Check {
            name,
            ok: Some(ok),
            said,
            remedy,
        });
    }

    /// Says of checks why they could not be made.
    pub fn unasked(&mut self, names: &[&'static str], why: &str) {
        let checks = names.iter().copied().map(|name| Check {
            name,
            ok: None,
            said: why.to_owned(),
            remedy: None,
        });
        self.0.extend(checks);
    }

    /// A line for each check and one for its remedy; for programs a list.
    pub fn fields(self) -> Fields {
        let faults = self
            .0
            .iter()
            .filter(|check| check.ok == Some(false))
            .count();
        let count = self.0.len();
        let rows = self.0.iter().map(Check::row).collect();
        let fields = self
            .0
            .into_iter()
            .fold(Fields::new(), |fields, check| check.shown(fields))
            .data("checks", Value::List(rows));
        match faults {
            0 => fields.said("in all", format!("{count} checks, no fault")),
            1 => fields.said("in all", "1 fault").incomplete(),
            _ => fields
                .said("in all", format!("{faults} faults"))
                .incomplete(),
        }
    }
}

impl Check {
    fn row(&self) -> Fields {
        let ok = self.ok.map_or(Value::Absent, Value::Flag);
        Fields::new()
            .with("check", self.name)
            .with("ok", ok)
            .with("said", self.said.clone())
            .with("remedy", self.remedy.clone())
    }

    fn shown(self, fields: Fields) -> Fields {
        let (word, mood) = match self.ok {
            Some(true) => ("ok", None),
            Some(false) => ("FAULT", Some(Mood::Bad)),
            None => ("not checked", Some(Mood::Waiting)),
        };
        let text = format!("{word}: {}", self.said);
        let fields = match mood {
            None => fields.said(self.name, text),
            Some(mood) => {
                let word = foreign::shown(&text);
                fields.said(self.name, Value::State { word, mood })
            }
        };
        match self.remedy {
            Some(remedy) => fields.said("", format!("-> {remedy}")),
            None => fields,
        }
    }
}
