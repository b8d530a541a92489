//! Token amounts as people write them: decimal token units to base units and back, exactly.

use {
    crate::error::{ClientError, Result},
    std::fmt::Display,
};

/// Decimals of SOL.
pub const SOL_DECIMALS: u8 = 9;

/// Parses `text` ("12", "0.5") as token units of a mint with `decimals`; returns base units.
///
/// Refuses signs, exponents, more fractional digits than the mint has, and amounts past `u64`.
pub fn parse(text: &str, decimals: u8) -> Result<u64> {
    let bad = |why: &str| ClientError::BadAmount {
        text: text.to_owned(),
        why: why.to_owned(),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return Err(bad("it is not a decimal number"));
    }
    if text.ends_with('.') {
        return Err(bad("it ends in a point"));
    }
    let places = usize::from(decimals);
    if fraction.len() > places {
        return Err(bad(&format!("the mint has {decimals} decimals")));
    }
    format!("{whole}{fraction:0<places$}")
        .parse()
        .map_err(|_| bad("it does not fit 64 bits"))
}

/// Formats base units as token units, without trailing zeros after the point.
pub fn format(base: u64, decimals: u8) -> String {
    let places = usize::from(decimals);
    let digits = format!("{base:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    }
}

/// A count with the noun of what is counted: "1 row", "2 rows". The plural is the noun and an s.
pub fn counted(count: impl Display, noun: &str) -> String {
    match count.to_string().as_str() {
        "1" => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_kind_is_no_plural() {
        let told = [0u64, 1, 2].map(|count| counted(count, "row"));
        assert_eq!(told, ["0 rows", "1 row", "2 rows"]);
    }

    #[test]
    fn amounts_round_trip_to_the_base_unit() {
        for (text, decimals, base) in [
            ("0", 6, 0),
            ("1", 6, 1_000_000),
            ("0.000001", 6, 1),
            ("12.34", 2, 1_234),
            ("7", 0, 7),
            ("18446744073709551615", 0, u64::MAX),
            ("18446744073709.551615", 6, u64::MAX),
        ] {
            assert_eq!(parse(text, decimals).unwrap(), base, "{text}");
            assert_eq!(format(base, decimals), text);
        }
        assert_eq!(parse(".5", 1).unwrap(), 5);
        assert_eq!(parse("1.50", 2).unwrap(), 150);
    }

    #[test]
    fn anything_but_a_plain_decimal_is_refused() {
        for text in [
            "",
            ".",
            "-1",
            "+1",
            "1e3",
            "1,5",
            " 1",
            "1.",
            "1.2.3",
            "0x10",
            "1.0000001",
            "18446744073709.551616",
        ] {
            assert!(parse(text, 6).is_err(), "{text:?} was accepted");
        }
    }
}
