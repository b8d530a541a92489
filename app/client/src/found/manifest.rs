//! The manifest: a network as it is to be, in TOML.

use {
    super::error::{Error, Result},
    crate::text::{Bps, Hex32, Secs, When},
    serde::{Deserialize, Deserializer, de},
    solana_address::Address,
    std::{fmt::Display, str::FromStr},
};

/// A network with its attesters, attester sets and reward pools, as a person writes it: amounts are texts in token units, durations,
/// shares and dates those of [`crate::text`]; a date is absolute.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub network: Network,
    #[serde(default, rename = "attester")]
    pub attesters: Vec<Attester>,
    #[serde(default, rename = "attester_set")]
    pub sets: Vec<Set>,
    #[serde(default, rename = "reward_pool")]
    pub pools: Vec<Pool>,
}

/// The network itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    pub name: String,
    pub creator: Text<Address>,
    pub stake_mint: Text<Address>,
    /// By default the stake mint.
    pub dividend_mint: Option<Text<Address>>,
    /// By default random; says nothing once the network is there.
    pub nonce: Option<Text<Hex32>>,
    /// By default the unbonding time when the network is created.
    pub min_unbonding: Option<Text<Secs>>,
    /// By default seven days when the network is created.
    pub dividend_period: Option<Text<Secs>>,
    #[serde(default)]
    pub roles: Roles,
    pub parameters: Parameters,
}

/// By default the creator, each.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    pub admin: Option<Text<Address>>,
    pub guardian: Option<Text<Address>>,
    pub resolver: Option<Text<Address>>,
    pub treasury: Option<Text<Address>>,
}

/// What of a network can change after its timelock.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    pub min_stake: String,
    pub min_bond: String,
    pub unbonding: Text<Secs>,
    /// By default the shortest that the program takes.
    pub timelock: Option<Text<Secs>>,
    pub fee: Text<Bps>,
    /// Who must vouch for a provider's owner, and for what; by default nobody is asked. Both or neither.
    pub credential: Option<Text<Address>>,
    pub schema: Option<Text<Address>>,
}

/// An attester with its stake.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attester {
    pub key: Text<Address>,
    pub owner: Text<Address>,
    /// Least active stake of the owner behind it.
    pub stake: Option<String>,
}

/// An attester set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// What reward pools of this manifest call it; the chain does not know it.
    pub name: String,
    pub keys: Vec<Text<Address>>,
    pub threshold: u8,
    pub meter: Text<Hex32>,
    pub fee: Text<Bps>,
    pub fee_owner: Text<Address>,
    /// No default: the guardian may change, a set's revoker cannot.
    pub revoker: Text<Address>,
    pub quality: Quality,
}

/// What a job must offer to count; no defaults: it is part of the set's address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    pub mint: Text<Address>,
    pub price: String,
    pub per: u64,
    pub bond: String,
    pub challenge_bond: String,
    pub challenge_time: Text<Secs>,
    pub ruling_time: Text<Secs>,
}

/// A reward pool with its funds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    pub creator: Text<Address>,
    pub id: u64,
    /// Name of a set of this manifest.
    pub set: String,
    pub mint: Text<Address>,
    pub rate: String,
    pub ceiling: String,
    pub node_cap: u64,
    pub epoch: Text<Secs>,
    pub start: Date,
    pub end: Date,
    /// By default the creator.
    pub refund_owner: Option<Text<Address>>,
    /// Least that was ever deposited.
    pub funds: Option<String>,
    /// By default the creator.
    pub funder: Option<Text<Address>>,
}

impl Manifest {
    /// Reads TOML; [`Error::Line`] names the line that is no TOML, or says what nobody asked for or nobody can read.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or_default();
            Error::Line {
                line: before.matches('\n').count().saturating_add(1),
                why: error.message().to_owned(),
            }
        })
    }
}

/// A value that stands in the manifest as the text that the command line takes for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<T>(pub T);

impl<'de, T: FromStr<Err: Display>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let value = text.parse().map(Self);
        value.map_err(|error| de::Error::custom(format!("'{text}': {error}")))
    }
}

/// Unix seconds. A date counted from now would be another one in every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub i64);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        match Text::deserialize(deserializer)? {
            Text(When::At(at)) => Ok(Self(at)),
            Text(When::In(_)) => Err(de::Error::custom(
                "a date in a manifest is absolute, for the manifest is read again and again",
            )),
        }
    }
}
