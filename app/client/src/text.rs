//! Values as people write them, on a command line and in a file: durations, dates, hashes, basis points.

use {
    crate::{
        amount,
        error::{ClientError, Result},
        hex::decode32,
    },
    jiff::{
        Span, SpanRelativeTo, Timestamp,
        fmt::friendly::{Designator, Spacing, SpanParser, SpanPrinter},
    },
    sluice::constants::{MAX_OPEN_SECS, MAX_POOL_SPAN_SECS},
    std::str::FromStr,
};

/// A duration: `90`, `90s`, `30m`, `1h 30m`, `7d`, `2w`. Days have 24 hours; months and years are none, as no two are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Secs(pub u64);

impl FromStr for Secs {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if let Ok(secs) = text.parse() {
            return Ok(Self(secs));
        }
        let minutes = text.replace('M', "m");
        if minutes != text && secs(&minutes).is_some() {
            return Err(format!(
                "M could mean months: write {minutes} for minutes, and days in the place of months"
            ));
        }
        secs(text)
            .map(Self)
            .ok_or_else(|| "expected whole seconds, or a duration like 30m, 1h or 7d".to_owned())
    }
}

/// The whole seconds of a duration in words; `None` for any other text, and for months and years.
fn secs(text: &str) -> Option<u64> {
    let span = SpanParser::new().parse_span(text).ok()?;
    if span.get_months() != 0 || span.get_years() != 0 {
        return None;
    }
    let duration = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .ok()
        .filter(|duration| duration.subsec_nanos() == 0)?;
    u64::try_from(duration.as_secs()).ok()
}

impl Secs {
    /// As the program's 32-bit seconds; refuses what does not fit.
    pub fn short(self) -> Result<u32> {
        u32::try_from(self.0).map_err(|_| ClientError::SecsTooLong(self.0))
    }
}

/// A date: unix seconds, RFC 3339 with `Z` or an offset, or `+` and a duration from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Unix seconds.
    At(i64),
    /// Seconds from now.
    In(u64),
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if let Some(rest) = text.strip_prefix('+') {
            return rest.parse().map(|Secs(secs)| Self::In(secs));
        }
        let date = || text.parse().ok().map(Timestamp::as_second);
        let unix = text.parse().ok().or_else(date);
        unix.map(Self::At).ok_or_else(|| {
            "expected unix seconds, +1h, or an RFC 3339 date like 2026-01-31T12:00:00Z or 2026-01-31T13:00:00+01:00".to_owned()
        })
    }
}

impl When {
    /// Unix seconds, with the cluster's clock at `now`. Nothing that the program takes lies more than ten years ahead.
    pub fn resolve(self, now: i64) -> Result<i64> {
        self.within(MAX_POOL_SPAN_SECS, now)
    }

    /// [`Self::resolve`], a year ahead at most: as long as a job or an offer can wait.
    pub fn within_a_year(self, now: i64) -> Result<i64> {
        self.within(MAX_OPEN_SECS.cast_unsigned(), now)
    }

    fn within(self, limit: u64, now: i64) -> Result<i64> {
        let at = match self {
            Self::At(at) => at,
            Self::In(secs) => now.saturating_add_unsigned(secs),
        };
        if at <= now.saturating_add_unsigned(limit) {
            return Ok(at);
        }
        let limit = match limit / YEAR_SECS {
            1 => "a year".to_owned(),
            years => format!("{years} years"),
        };
        let hint = match in_milliseconds(at, now) {
            Some(secs) => format!("; is it in milliseconds? Dates are in seconds: {secs}"),
            None => String::new(),
        };
        let date = date(at);
        Err(ClientError::DateTooFar { date, limit, hint })
    }
}

/// A year of 365 days, in seconds.
const YEAR_SECS: u64 = 365 * 86_400;

/// The seconds of `at` if it makes a date of these decades in milliseconds, and so none in seconds.
fn in_milliseconds(at: i64, now: i64) -> Option<i64> {
    at.checked_div(1_000)
        .filter(|secs| secs.abs_diff(now) < 50 * YEAR_SECS)
}

/// Unix seconds as an RFC 3339 date; the number itself where there is no such date.
pub fn date(unix: i64) -> String {
    let time = Timestamp::from_second(unix).ok().filter(|_| unix >= 0);
    time.map_or_else(|| unix.to_string(), |time| time.to_string())
}

/// Seconds as people say them: `1d 2h`. Days have 24 hours.
pub fn duration(secs: u64) -> String {
    let printer = SpanPrinter::new()
        .designator(Designator::Compact)
        .spacing(Spacing::BetweenUnits);
    let [minutes, hours, days] = [60, 3_600, 86_400].map(|unit| secs.div_euclid(unit));
    let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let span = Span::new()
        .try_days(signed(days))
        .and_then(|span| span.try_hours(signed(hours.rem_euclid(24))))
        .and_then(|span| span.try_minutes(signed(minutes.rem_euclid(60))))
        .and_then(|span| span.try_seconds(signed(secs.rem_euclid(60))));
    // More days than a calendar has.
    span.map_or_else(|_| format!("{secs}s"), |span| printer.span_to_string(&span))
}

/// 32 bytes as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hex32(pub [u8; 32]);

impl FromStr for Hex32 {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        decode32(text)
            .map(Self)
            .ok_or_else(|| "expected 64 hexadecimal digits".to_owned())
    }
}

/// Basis points: `1250`, `12.5%` or `12.5 %`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bps(pub u16);

/// Basis points as people read them: `12.5 %`.
pub fn percent(bps: u32) -> String {
    format!("{} %", amount::format(bps.into(), 2))
}

impl FromStr for Bps {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let bps = match text.strip_suffix('%') {
            Some(percent) => amount::parse(percent.trim_end(), 2).ok(),
            None => text.parse().ok(),
        };
        bps.and_then(|bps| u16::try_from(bps).ok())
            .map(Self)
            .ok_or_else(|| "expected basis points, or a percentage like 12.5%".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_milliseconds_is_refused_and_named() {
        let now = 1_790_000_000;
        let when = When::At(1_790_800_000_000);
        for (refused, limit) in [
            (when.within_a_year(now), "a year"),
            (when.resolve(now), "10 years"),
        ] {
            assert_eq!(
                refused.unwrap_err().to_string(),
                format!(
                    "the date 1790800000000 lies more than {limit} ahead; is it in milliseconds? Dates are in seconds: 1790800000"
                )
            );
        }
    }

    #[test]
    fn a_date_is_taken_as_far_ahead_as_the_program_takes_it() {
        let now = 1_790_000_000;
        let (year, decade) = (365 * 86_400, 3_653 * 86_400);
        assert_eq!(
            When::In(year).within_a_year(now).unwrap(),
            now + 365 * 86_400
        );
        assert!(When::In(year + 1).within_a_year(now).is_err());
        assert!(When::In(year + 1).resolve(now).is_ok());
        assert!(When::In(decade).resolve(now).is_ok());
        let refused = When::In(decade + 1).resolve(now).unwrap_err().to_string();
        assert!(
            refused.ends_with("lies more than 10 years ahead"),
            "{refused}"
        );
        assert_eq!(When::At(1_790_800_000).resolve(now).unwrap(), 1_790_800_000);
        assert_eq!(When::At(0).resolve(now).unwrap(), 0);
        for far in [When::At(i64::MAX), When::In(u64::MAX)] {
            assert!(far.resolve(now).is_err());
        }
    }

    #[test]
    fn durations_and_dates_are_read_in_every_form() {
        assert_eq!("90".parse(), Ok(Secs(90)));
        assert_eq!("1h 30m".parse(), Ok(Secs(5_400)));
        assert_eq!("7d".parse(), Ok(Secs(604_800)));
        assert!("1500ms".parse::<Secs>().is_err());
        assert_eq!("+1h".parse(), Ok(When::In(3_600)));
        assert_eq!("1767225600".parse(), Ok(When::At(1_767_225_600)));
        assert_eq!("2026-01-01T00:00:00Z".parse(), Ok(When::At(1_767_225_600)));
        assert!("tomorrow".parse::<When>().is_err());
        assert_eq!(date(1_767_225_600), "2026-01-01T00:00:00Z");
        assert_eq!(date(i64::MIN), i64::MIN.to_string());
    }

    #[test]
    fn a_date_has_any_offset_and_is_never_without_one() {
        for same in [
            "2026-09-22T12:00:00+02:00",
            "2026-09-22T10:00:00Z",
            "2026-09-22T10:00:00.9Z",
            "2026-09-22T05:30:00-04:30",
        ] {
            assert_eq!(same.parse(), Ok(When::At(1_790_071_200)), "{same}");
        }
        for refused in ["2026-09-22T12:00:00", "2026-09-22", "2026-13-01T00:00:00Z"] {
            let why = refused.parse::<When>().unwrap_err();
            assert!(why.contains("+01:00"), "{why}");
        }
    }

    #[test]
    fn minutes_are_small_and_months_are_refused() {
        for (text, secs) in [
            ("30m", 1_800),
            ("30 min", 1_800),
            ("2weeks", 1_209_600),
            ("1.5h", 5_400),
            ("1day 2hours 3mins 4secs", 93_784),
        ] {
            assert_eq!(text.parse(), Ok(Secs(secs)), "{text}");
        }
        for (text, named) in [("30M", "write 30m"), ("1h 30M", "write 1h 30m")] {
            let why = text.parse::<Secs>().unwrap_err();
            assert!(why.contains(named), "{why}");
        }
        for text in [
            "1month", "1mo", "2years", "1y", "-1h", "1h ago", "0.5s", "P1M", "", "h",
        ] {
            assert!(text.parse::<Secs>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_commission_is_read_in_both_forms() {
        assert_eq!("1250".parse(), Ok(Bps(1_250)));
        assert_eq!("12.5%".parse(), Ok(Bps(1_250)));
        assert_eq!("0.01%".parse(), Ok(Bps(1)));
        for bps in [0, 1, 50, 1_250, 10_000, u16::MAX] {
            assert_eq!(percent(bps.into()).parse(), Ok(Bps(bps)));
        }
        assert_eq!(percent(1_250), "12.5 %");
        assert_eq!(percent(10_000), "100 %");
        for text in ["12.5", "0.001%", "-1", "%", "70000", "ten"] {
            assert!(text.parse::<Bps>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_hash_is_sixty_four_digits() {
        let text = "0f".repeat(32);
        assert_eq!(text.parse(), Ok(Hex32([15; 32])));
        assert!("0f".parse::<Hex32>().is_err());
        assert!("zz".repeat(32).parse::<Hex32>().is_err());
    }
}
