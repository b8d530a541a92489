//! One value of a result, and what becomes one.

use {
    super::Fields,
    crate::parse,
    serde::{Deserialize, Serialize},
    serde_json::{Value as Json, json},
    sluice::constants::NOBODY,
    sluice_client::amount,
    solana_address::Address,
};

/// One value of a result.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub enum Value {
    Text(String),
    Number(u64),
    Flag(bool),
    Hash([u8; 32]),
    /// Texts, a line each.
    Lines(Vec<String>),
    Absent,
    /// Base units of a mint with these decimals.
    Tokens {
        base: u64,
        decimals: u8,
    },
    /// Unix seconds.
    Date(i64),
    Secs(u64),
    Group(Fields),
    List(Vec<Fields>),
    /// A list whose items have the same fields: for people a table.
    Table(Vec<Fields>),
}

impl Value {
    pub(super) fn json(&self) -> Json {
        match self {
            Self::Text(text) => json!(text),
            Self::Number(number) | Self::Secs(number) => json!(number),
            Self::Flag(flag) => json!(flag),
            Self::Hash(bytes) => json!(parse::hex(bytes)),
            Self::Lines(lines) => json!(lines),
            Self::Absent => Json::Null,
            Self::Tokens { base, decimals } => {
                json!({ "amount": base.to_string(), "decimals": decimals })
            }
            Self::Date(unix) => json!(unix),
            Self::Group(fields) => fields.json(),
            Self::List(items) | Self::Table(items) => items.iter().map(Fields::json).collect(),
        }
    }

    /// For people.
    pub fn display(&self) -> String {
        match self {
            Self::Text(text) => plain(text),
            Self::Number(number) => number.to_string(),
            Self::Flag(true) => "yes".to_owned(),
            Self::Flag(false) => "no".to_owned(),
            Self::Hash(bytes) => parse::hex(bytes),
            Self::Lines(lines) if lines.is_empty() => "none".to_owned(),
            Self::Lines(lines) => plain(&lines.join(" ")),
            Self::Absent => "none".to_owned(),
            Self::Tokens { base, decimals } => amount::format(*base, *decimals),
            Self::Date(unix) => parse::date(*unix),
            Self::Secs(secs) => parse::duration(*secs),
            Self::Group(_) | Self::List(_) | Self::Table(_) => String::new(),
        }
    }
}

/// Without what would move a terminal's cursor: some texts come from strangers.
fn plain(text: &str) -> String {
    text.chars()
        .flat_map(|letter| {
            let escaped = letter.is_control().then(|| letter.escape_default());
            escaped
                .into_iter()
                .flatten()
                .chain((!letter.is_control()).then_some(letter))
        })
        .collect()
}

impl From<Address> for Value {
    /// The zero address is nobody.
    fn from(address: Address) -> Self {
        if address == NOBODY {
            Self::Absent
        } else {
            Self::Text(address.to_string())
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<[u8; 32]> for Value {
    fn from(bytes: [u8; 32]) -> Self {
        Self::Hash(bytes)
    }
}

impl From<Vec<Fields>> for Value {
    fn from(items: Vec<Fields>) -> Self {
        Self::List(items)
    }
}

impl From<Fields> for Value {
    fn from(fields: Fields) -> Self {
        Self::Group(fields)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

macro_rules! number_into_value {
    ($($number:ty),*) => {
        $(impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(u64::from(number))
            }
        })*
    };
}

number_into_value!(u8, u16, u32, u64);
