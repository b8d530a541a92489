//! In which form results and errors are told.

use {
    clap::ValueEnum,
    std::{env, ffi::OsString},
};

/// Form of results and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Display,
    /// JSON over several lines.
    Json,
    /// JSON on one line.
    JsonCompact,
    /// The rows of a list or a statement as CSV; of no other command.
    Csv,
}

impl Format {
    /// The form that a command line asks for, even if the rest of it is malformed.
    pub fn asked_for(args: &[OsString]) -> Self {
        let mut words = args.iter().filter_map(|arg| arg.to_str());
        let mut asked = None;
        while let Some(word) = words.next() {
            if word == "--output" {
                asked = words.next();
            } else if let Some(value) = word.strip_prefix("--output=") {
                asked = Some(value);
            }
        }
        asked
            .and_then(|text| Self::from_str(text, false).ok())
            .unwrap_or_else(Self::by_default)
    }

    /// True for errors and notes in words.
    pub const fn is_worded(self) -> bool {
        matches!(self, Self::Display | Self::Csv)
    }

    /// The form where none is asked for.
    pub fn by_default() -> Self {
        if no_dna() {
            Self::JsonCompact
        } else {
            Self::Display
        }
    }
}

/// True when whoever calls is no person (no-dna.org): nobody to ask, nothing to redraw, and JSON rather than columns.
pub fn no_dna() -> bool {
    env::var_os("NO_DNA").is_some_and(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_errors_survives_a_malformed_command_line() {
        let args = ["sluice", "--nonsense", "--output", "json"].map(OsString::from);
        assert_eq!(Format::asked_for(&args), Format::Json);
        assert_eq!(Format::asked_for(&[]), Format::Display);
    }
}
