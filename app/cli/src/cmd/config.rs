//! `sluice config set`, `get`, `unset` and `use`: the profile.

use {
    crate::{
        config::moniker,
        failure::Result,
        output::{Fields, Value},
        profile::{ACCOUNTS, Key, Label, Profile},
    },
    clap::Subcommand,
    sluice_client::ledger::Endpoint,
};

/// What is done to the profile.
#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Sets a value of the profile in use.
    Set {
        /// url, network, mint, set, provider, node, or name.NAME for an address that NAME is to stand for.
        #[arg(value_name = "KEY")]
        key: Key,
        /// A URL or moniker for url, else an address or a name.
        value: String,
    },
    /// Shows the profile in use, or one value of it; of a URL never what may be a key.
    Get {
        /// As for `config set`.
        #[arg(value_name = "KEY")]
        key: Option<Key>,
    },
    /// Takes a value out of the profile in use.
    Unset {
        /// As for `config set`.
        #[arg(value_name = "KEY")]
        key: Key,
    },
    /// Takes another profile into use, and makes it if there is none of that name.
    Use {
        /// Name of the profile.
        #[arg(value_name = "NAME")]
        name: Label,
    },
}

impl Verb {
    /// Does it, and shows what the profile is then, or would be where nothing `is_written`.
    pub fn run(self, profile: &mut Profile, is_written: bool) -> Result<Fields> {
        if !is_written {
            profile.write_nothing();
        }
        let fields = match self {
            Self::Get { key: Some(key) } => {
                return profile.require().map(|()| one(profile, &key));
            }
            Self::Get { key: None } => return profile.require().map(|()| all(profile)),
            Self::Set { key, value } => {
                profile.set(&key, &value)?;
                one(profile, &key)
            }
            Self::Unset { key } => {
                profile.unset(&key)?;
                one(profile, &key)
            }
            Self::Use { name } => {
                profile.take_up(&name)?;
                all(profile)
            }
        };
        if is_written {
            return Ok(fields);
        }
        let fields = match fields.get("file") {
            Some(_) => fields,
            None => fields.after(Fields::new().with("file", file(profile))),
        };
        Ok(fields.after(Fields::new().with("dry_run", true)))
    }
}

fn one(profile: &Profile, key: &Key) -> Fields {
    let fields = Fields::new().with("profile", profile.name().to_owned());
    match key {
        Key::Url => fields.with("url", url(profile)),
        Key::Account(key) => fields.with(*key, profile.account(key)),
        Key::Name(Label(label)) => fields.with(label.clone(), profile.names().get(label).copied()),
    }
}

fn file(profile: &Profile) -> Option<String> {
    profile.path().map(|path| path.display().to_string())
}

fn all(profile: &Profile) -> Fields {
    let fields = Fields::new()
        .with("profile", profile.name().to_owned())
        .with("profiles", Value::Lines(profile.all()))
        .with("file", file(profile))
        .with("url", url(profile));
    let fields = ACCOUNTS
        .into_iter()
        .fold(fields, |fields, key| fields.with(key, profile.account(key)));
    let names = profile.names().iter().map(|(name, address)| {
        Fields::new()
            .with("name", name.clone())
            .with("address", address.to_string())
    });
    fields.with("names", Value::Table(names.collect()))
}

/// The moniker, or the host alone.
fn url(profile: &Profile) -> Option<String> {
    let url = profile.url()?;
    // Anything else may hold a key, whatever wrote it there.
    Some(if moniker(url).is_some() {
        url.to_owned()
    } else {
        Endpoint::from(url).to_string()
    })
}
