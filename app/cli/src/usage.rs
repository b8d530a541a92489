//! What is wrong with a command line, in one line: the first sentence of clap's report, and its tips.

use {
    clap::error::{ContextKind, ContextValue, Error},
    solana_hash::ParseHashError,
    solana_signature::ParseSignatureError,
    std::{
        error,
        num::{IntErrorKind, ParseIntError},
    },
};

/// The line.
pub fn sentence(error: &Error) -> String {
    if let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg)
        && is_negative(word)
    {
        return "a negative number was given: every amount, number and duration is 0 or more (see --help)"
            .to_owned();
    }
    let report = error.render().to_string();
    let mut text = first_paragraph(&report);
    if let Some(source) = error::Error::source(error)
        && let (Some(meant), Some(start)) = (meant(source), text.strip_suffix(&source.to_string()))
    {
        text = format!("{start}{meant}");
    }
    for tip in report
        .lines()
        .filter_map(|line| line.trim().strip_prefix("tip: "))
        .filter(|tip| tip.contains("exist"))
    {
        text.push_str("; ");
        text.push_str(tip);
    }
    format!("{text} (see --help)")
}

fn first_paragraph(report: &str) -> String {
    let lines = report.lines().take_while(|line| !line.trim().is_empty());
    let text = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    text.strip_prefix("error: ").unwrap_or(&text).to_owned()
}

/// Of a word that begins with a digit or a dot, clap names the first letter alone.
fn is_negative(word: &str) -> bool {
    let number = word.strip_prefix('-').unwrap_or_default();
    number.starts_with(|first: char| first.is_ascii_digit() || first == '.')
}

/// What a value should have been, where its own parser does not say.
fn meant(source: &(dyn error::Error + 'static)) -> Option<&'static str> {
    if source.is::<ParseHashError>() {
        return Some("a blockhash is 32 to 44 letters and digits of base 58");
    }
    if source.is::<ParseSignatureError>() {
        return Some("a signature is 64 to 88 letters and digits of base 58");
    }
    let number: &ParseIntError = source.downcast_ref()?;
    Some(match number.kind() {
        IntErrorKind::PosOverflow => "the number is too large",
        _ => "expected a whole number, 0 or more",
    })
}
