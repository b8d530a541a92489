//! What stands in a profile file. What this version does not know stays as it is, comments too.

use {
    crate::{
        config::resolve_url,
        failure::{Failure, Result},
    },
    sluice::constants::WRAPPED_SOL,
    solana_address::Address,
    std::{collections::BTreeMap, str::FromStr, sync::Arc},
    toml_edit::{DocumentMut, Item, Table, TableLike, value},
};

/// Keys of accounts that commands take where they are told none.
pub const ACCOUNTS: [&str; 5] = ["network", "mint", "set", "provider", "node"];

/// Letters of a name, at most: no address is that short.
const LETTERS: usize = 16;

/// The symbol that no person gives to another mint.
const SOL: &str = "SOL";

/// The profile where none was taken up.
const FIRST: &str = "main";

/// A name of a profile or an address: `render-2`, or upper-case as the symbol of a mint.
#[derive(Clone, Debug)]
pub struct Label(pub String);

impl FromStr for Label {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let is = |first: fn(&char) -> bool, rest: fn(char) -> bool| {
            text.chars().next().is_some_and(|letter| first(&letter)) && text.chars().all(rest)
        };
        let is_word = is(char::is_ascii_lowercase, |letter| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-'
        });
        let is_symbol = is(char::is_ascii_uppercase, |letter| {
            letter.is_ascii_uppercase() || letter.is_ascii_digit()
        });
        if text.len() <= LETTERS && (is_word || is_symbol) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!(
            "a name is a word like render-2 or a symbol like USDC, of {LETTERS} letters at most"
        ))
    }
}

/// What can be set.
#[derive(Clone, Debug)]
pub enum Key {
    Url,
    /// One of [`ACCOUNTS`].
    Account(&'static str),
    Name(Label),
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        if text == "url" {
            return Ok(Self::Url);
        }
        if let Some(name) = text.strip_prefix("name.") {
            return name.parse().map(Self::Name);
        }
        let account = ACCOUNTS.into_iter().find(|key| *key == text);
        account
            .map(Self::Account)
            .ok_or_else(|| format!("expected url, {} or name.NAME", ACCOUNTS.join(", ")))
    }
}

/// The profile in use, read.
pub struct Contents {
    pub name: String,
    pub all: Vec<String>,
    pub url: Option<String>,
    pub accounts: BTreeMap<&'static str, Address>,
    pub names: Arc<BTreeMap<String, Address>>,
}

impl Default for Contents {
    fn default() -> Self {
        Self {
            name: FIRST.to_owned(),
            all: vec![],
            url: None,
            accounts: BTreeMap::new(),
            names: Arc::default(),
        }
    }
}

impl Contents {
    /// The profile that the file says is in use; an error says what of it cannot be used, never a value.
    pub fn read(document: &DocumentMut) -> std::result::Result<Self, String> {
        let Label(name) = text(document.as_table(), "current")?
            .unwrap_or(FIRST)
            .parse()
            .map_err(|cause| format!("current: {cause}"))?;
        let profiles = below(document.as_table(), "profiles")?;
        let all = profiles.map_or_else(Vec::new, |profiles| {
            profiles.iter().map(|(name, _)| name.to_owned()).collect()
        });
        let own = profiles.map_or(Ok(None), |profiles| below(profiles, &name))?;
        let mut contents = Self {
            name,
            all,
            ..Self::default()
        };
        let Some(own) = own else { return Ok(contents) };
        let mut names = BTreeMap::new();
        if let Some(given) = below(own, "names")? {
            for (name, _) in given.iter() {
                let Label(label) = name.parse().map_err(|cause| format!("names: {cause}"))?;
                let address = text(given, name)?.and_then(|address| address.parse().ok());
                let address =
                    address.ok_or_else(|| format!("the name {label} is of no address"))?;
                if label == SOL && !WRAPPED_SOL.contains(&address) {
                    return Err(format!("the name {SOL} is that of wrapped SOL alone"));
                }
                names.insert(label, address);
            }
        }
        contents.names = names.into();
        for key in ACCOUNTS {
            if let Some(given) = text(own, key)? {
                let address = contents.address(given);
                let address = address.ok_or_else(|| {
                    format!("its {key} is neither an address nor a name of the profile")
                })?;
                contents.accounts.insert(key, address);
            }
        }
        contents.url = text(own, "url")?.map(str::to_owned);
        Ok(contents)
    }

    /// The address that `word` is, or is the name of.
    pub fn address(&self, word: &str) -> Option<Address> {
        address(&self.names, word)
    }

    /// What to write for `text` under `key`: accounts as addresses, so that a name can go.
    pub fn checked(&self, key: &Key, text: &str) -> Result<String> {
        match key {
            Key::Url => resolve_url(text).map(|_| text.to_owned()),
            Key::Account(_) | Key::Name(_) => {
                let found = self.address(text).map(|address| address.to_string());
                found.ok_or_else(|| Failure::input(format!("'{text}': {MEANT}")))
            }
        }
    }
}

/// What a word should have been where an address is expected.
pub const MEANT: &str = "an address is 32 to 44 letters and digits of base 58, without 0, O, I and l, or a name of the profile";

/// The address that `word` is the name of, or is.
pub fn address(names: &BTreeMap<String, Address>, word: &str) -> Option<Address> {
    names.get(word).copied().or_else(|| word.parse().ok())
}

/// The file's text, which an error does not repeat: a key may stand in it.
pub fn parse(text: &str) -> std::result::Result<DocumentMut, String> {
    text.parse::<DocumentMut>().map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count().saturating_add(1));
        format!("it is no TOML, see line {line}")
    })
}

/// Says that the profile `name` is in use, and makes it if it is new.
pub fn take_up(document: &mut DocumentMut, name: &Label) -> std::result::Result<(), String> {
    document.insert("current", value(&name.0));
    made(document, &name.0).map(|_| ())
}

/// Writes `text` under `key` of the profile `name`.
pub fn set(
    document: &mut DocumentMut,
    name: &str,
    key: &Key,
    text: &str,
) -> std::result::Result<(), String> {
    let own = made(document, name)?;
    match key {
        Key::Url => own.insert("url", value(text)),
        Key::Account(key) => own.insert(key, value(text)),
        Key::Name(Label(label)) => made_below(own, "names", false)?.insert(label, value(text)),
    };
    Ok(())
}

/// Takes `key` out of the profile `name`.
pub fn unset(document: &mut DocumentMut, name: &str, key: &Key) -> std::result::Result<(), String> {
    let own = made(document, name)?;
    let (gone, told) = match key {
        Key::Url => (own.remove("url"), "url"),
        Key::Account(key) => (own.remove(key), *key),
        Key::Name(Label(label)) => (
            made_below(own, "names", false)?.remove(label),
            label.as_str(),
        ),
    };
    gone.map(|_| ())
        .ok_or_else(|| format!("the profile {name} has no {told}"))
}

fn made<'a>(
    document: &'a mut DocumentMut,
    name: &str,
) -> std::result::Result<&'a mut dyn TableLike, String> {
    let profiles = made_below(document.as_table_mut(), "profiles", true)?;
    made_below(profiles, name, false)
}

/// The table `key` of another, made if need be; an implicit one has no line of its own.
fn made_below<'a>(
    table: &'a mut dyn TableLike,
    key: &str,
    is_implicit: bool,
) -> std::result::Result<&'a mut dyn TableLike, String> {
    let new = || {
        let mut table = Table::new();
        table.set_implicit(is_implicit);
        Item::Table(table)
    };
    let found = table.entry(key).or_insert_with(new).as_table_like_mut();
    found.ok_or_else(|| format!("{key} is no table"))
}

fn below<'a>(
    table: &'a dyn TableLike,
    key: &str,
) -> std::result::Result<Option<&'a dyn TableLike>, String> {
    match table.get(key) {
        None => Ok(None),
        Some(item) => match item.as_table_like() {
            Some(table) => Ok(Some(table)),
            None => Err(format!("{key} is no table")),
        },
    }
}

fn text<'a>(table: &'a dyn TableLike, key: &str) -> std::result::Result<Option<&'a str>, String> {
    match table.get(key) {
        None => Ok(None),
        Some(item) => item
            .as_str()
            .map(Some)
            .ok_or_else(|| format!("{key} is no text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_an_address() {
        for word in ["usdc", "USDC", "render-2", "n", "A1"] {
            assert!(word.parse::<Label>().is_ok(), "{word}");
            assert!(word.parse::<Address>().is_err(), "{word}");
        }
        for word in [
            "",
            "2a",
            "-a",
            "Usdc",
            "a_b",
            "a.b",
            "\u{e9}",
            "abcdefghijklmnopq",
        ] {
            assert!(word.parse::<Label>().is_err(), "{word}");
        }
    }

    #[test]
    fn what_is_not_known_stays_in_the_file() {
        let text = "# mine\ncurrent = \"b\"\ncolour = 3\n\n[profiles.b]\nfuture = [1] # soon\n";
        let mut document = parse(text).unwrap();
        set(&mut document, "b", &Key::Url, "l").unwrap();
        assert_eq!(document.to_string(), format!("{text}url = \"l\"\n"));
        unset(&mut document, "b", &Key::Url).unwrap();
        assert_eq!(document.to_string(), text);
    }

    #[test]
    fn what_cannot_be_read_is_told_without_a_value() {
        for text in [
            "current = 3",
            "profiles = 3",
            "current = \"A b\"",
            "[profiles.main]\nnetwork = \"SeCret\"",
            "[profiles.main]\nurl = 3",
            "[profiles.main.names]\nusdc = \"SeCret\"",
            "[profiles.main.names]\n\"Us dc\" = \"SeCret\"",
            "[profiles.main.names]\nSOL = \"4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM\"",
        ] {
            let told = Contents::read(&parse(text).unwrap()).err().unwrap();
            assert!(!told.contains("SeCret"), "{told}");
        }
        let told = parse("[profiles.main]\nurl = https://x/SeCret").unwrap_err();
        assert_eq!(told, "it is no TOML, see line 2");
    }
}
