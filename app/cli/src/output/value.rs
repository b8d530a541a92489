//! One value for people: on a line of its own, or in a cell of a table.

use {
    super::{
        fields::Value,
        looks::{Looks, shortened},
    },
    serde_json::Value as Json,
    sluice_client::{amount, foreign, hex, text},
    std::cmp::Ordering,
};

impl Value {
    /// On a line of its own, for people.
    pub fn display(&self, looks: &Looks) -> String {
        match self {
            Self::Address(address) => match looks.names.of(address) {
                Some(name) => format!("{address} ({name})"),
                None => address.to_string(),
            },
            Self::Hash(bytes) if looks.is_narrow() => shortened(&hex::encode(bytes)),
            Self::Date(unix) => match looks.now.map(|now| relative(*unix, now)) {
                Some(relative) => format!("{} ({relative})", text::date(*unix)),
                None => text::date(*unix),
            },
            other => other.plain(looks),
        }
    }

    /// `text`, a part of what it reads, with a link to the explorer's page of it.
    pub fn linked(&self, text: &str, looks: &Looks) -> String {
        let (page, name) = match (looks.linked_explorer(), self) {
            (Some(explorer), Self::Signature(name)) => (explorer.transaction(name), name.clone()),
            (Some(explorer), Self::Address(address)) => {
                (explorer.account(address), address.to_string())
            }
            _ => return text.to_owned(),
        };
        // The parts of what takes two lines are one link.
        format!("\x1b]8;id={name};{page}\x1b\\{text}\x1b]8;;\x1b\\")
    }

    /// In a cell of a table, for people.
    pub fn cell(&self, looks: &Looks) -> String {
        match self {
            Self::Address(address) if looks.is_narrow() => match looks.names.of(address) {
                Some(name) => name.to_owned(),
                None => shortened(&address.to_string()),
            },
            Self::Address(address) => address.to_string(),
            Self::Signature(text) if looks.is_narrow() => shortened(text),
            Self::Hash(bytes) if looks.is_narrow() => shortened(&hex::encode(bytes)),
            Self::Date(unix) => match looks.now {
                Some(now) if looks.is_narrow() => relative(*unix, now),
                _ => text::date(*unix),
            },
            Self::Absent if looks.is_narrow() => "-".to_owned(),
            other => other.plain(looks),
        }
    }

    fn plain(&self, looks: &Looks) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::State { word, mood } => looks.in_mood(*mood, word),
            Self::Address(address) => address.to_string(),
            Self::Signature(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Signed(number) => number.to_string(),
            Self::Bps(bps) => text::percent(*bps),
            Self::Count(count) => count.to_string(),
            Self::Flag(true) => "yes".to_owned(),
            Self::Flag(false) => "no".to_owned(),
            Self::Hash(bytes) => hex::encode(bytes),
            Self::Lines(lines) if lines.is_empty() => "none".to_owned(),
            Self::Lines(lines) => foreign::shown(&lines.join(" ")),
            Self::Absent => "none".to_owned(),
            Self::Tokens {
                base,
                decimals,
                mint,
            } => {
                let amount = amount::format(*base, *decimals);
                let symbol = mint.as_ref().and_then(|mint| looks.names.of(mint));
                symbol.map_or_else(|| amount.clone(), |symbol| format!("{amount} {symbol}"))
            }
            Self::Date(unix) => text::date(*unix),
            Self::Secs(secs) => text::duration(*secs),
            Self::Group(_) | Self::List(_) | Self::Table(_) => String::new(),
        }
    }

    /// True if it reads `text`: whole, as programs have it, or as a cell of a terminal shows it, with a name in an address's place. Three
    /// points stand for the sign in a shortened one.
    pub fn is_said_as(&self, text: &str, looks: &Looks) -> bool {
        let on_terminal = Looks {
            columns: Some(usize::MAX),
            wide: false,
            colored: false,
            ..looks.clone()
        };
        let cell = self.cell(&on_terminal);
        let in_json = match self.json() {
            Json::String(text) => Some(text),
            Json::Bool(_) | Json::Number(_) => Some(self.json().to_string()),
            _ => None,
        };
        cell == text
            || cell == text.replace("...", "\u{2026}")
            || self.plain(&Looks::default()) == text
            || in_json.is_some_and(|own| own == text)
    }

    /// Which of two values of a column comes first: the smaller number, the earlier date, else the text.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Signed(one), Self::Signed(other)) => one.cmp(other),
            (Self::Number(one), Self::Number(other)) | (Self::Bps(one), Self::Bps(other)) => {
                one.cmp(other)
            }
            (Self::Count(one), Self::Count(other)) | (Self::Secs(one), Self::Secs(other)) => {
                one.cmp(other)
            }
            (Self::Date(one), Self::Date(other)) => one.cmp(other),
            (
                Self::Tokens { base, decimals, .. },
                Self::Tokens {
                    base: other,
                    decimals: others,
                    ..
                },
            ) => {
                let parts = |base: u64, decimals: u8| {
                    let one = 10u64.checked_pow(u32::from(decimals));
                    // Of a mint of 20 decimals or more nobody has a whole token.
                    one.map_or((0, base, decimals), |one| {
                        (base.div_euclid(one), base.rem_euclid(one), decimals)
                    })
                };
                smaller(parts(*base, *decimals), parts(*other, *others))
            }
            (Self::Absent, Self::Absent) => Ordering::Equal,
            (Self::Absent, _) => Ordering::Greater,
            (_, Self::Absent) => Ordering::Less,
            (one, other) => {
                let looks = Looks::default();
                one.plain(&looks).cmp(&other.plain(&looks))
            }
        }
    }

    /// True for what says nothing: no, none and zero.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Absent
            | Self::Flag(false)
            | Self::Number(0)
            | Self::Bps(0)
            | Self::Count(0)
            | Self::Secs(0) => true,
            Self::Text(text) => text.to_string().is_empty(),
            Self::Tokens { base, .. } => *base == 0,
            Self::Hash(bytes) => *bytes == [0; 32],
            Self::Lines(lines) => lines.is_empty(),
            Self::List(items) | Self::Table(items) => items.is_empty(),
            _ => false,
        }
    }

    /// True for what stands at the right of its column.
    pub const fn is_number(&self) -> bool {
        matches!(
            self,
            Self::Number(_)
                | Self::Signed(_)
                | Self::Bps(_)
                | Self::Count(_)
                | Self::Tokens { .. }
                | Self::Secs(_)
        )
    }
}

/// Compares whole tokens, then what is left of them: digits behind the point, so many of them with zeros before.
fn smaller(one: (u64, u64, u8), other: (u64, u64, u8)) -> Ordering {
    let digits = |(_, rest, decimals): (u64, u64, u8)| {
        let text = format!("{rest:0>width$}", width = usize::from(decimals));
        let text = text.trim_end_matches('0');
        if rest == 0 {
            String::new()
        } else {
            text.to_owned()
        }
    };
    let whole = one.0.cmp(&other.0);
    whole.then_with(|| digits(one).cmp(&digits(other)))
}

/// How far `at` is from `now`, to the two largest units.
fn relative(at: i64, now: i64) -> String {
    let secs = at.abs_diff(now);
    let unit = match secs {
        0 => return "now".to_owned(),
        1..3_600 => 1,
        3_600..86_400 => 60,
        _ => 3_600,
    };
    let far = text::duration(secs.div_euclid(unit).saturating_mul(unit));
    if at > now {
        format!("in {far}")
    } else {
        format!("{far} ago")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_any_decimals_are_in_one_order() {
        let tokens = |(base, decimals): (u64, u8)| Value::Tokens {
            base,
            decimals,
            mint: None,
        };
        let rising = [
            (0, 0),
            (1, 255),
            (u64::MAX, 255),
            (1, 30),
            (1, 20),
            (5, 19),
            (1, 9),
            (u64::MAX, 25),
            (u64::MAX, 20),
            (1_500_000, 6),
            (2, 0),
            (u64::MAX, 0),
        ];
        for (place, one) in rising.into_iter().enumerate() {
            for (other_place, other) in rising.into_iter().enumerate() {
                let order = tokens(one).order(&tokens(other));
                assert_eq!(order, place.cmp(&other_place), "{one:?} {other:?}");
            }
        }
        for (one, same) in [
            ((1, 9), (10, 10)),
            ((15, 1), (1_500_000, 6)),
            ((0, 0), (0, 255)),
        ] {
            assert!(tokens(one).order(&tokens(same)).is_eq());
        }
    }

    #[test]
    fn a_date_is_told_to_its_two_largest_units() {
        let told = |secs: i64| relative(1_000_000 + secs, 1_000_000);
        assert_eq!(told(0), "now");
        assert_eq!(told(59), "in 59s");
        assert_eq!(told(-3_599), "59m 59s ago");
        assert_eq!(told(7_265), "in 2h 1m");
        assert_eq!(told(-8 * 86_400 - 1), "8d ago");
        assert_eq!(told(86_400 + 3_601), "in 1d 1h");
        assert_eq!(relative(i64::MIN, i64::MAX), "18446744073709551600s ago");
    }
}
