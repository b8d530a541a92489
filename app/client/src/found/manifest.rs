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
    /// `[network]`: the network itself.
    pub network: Network,
    /// `[[attester]]`: those that are to be registered.
    #[serde(default, rename = "attester")]
    pub attesters: Vec<Attester>,
    /// `[[attester_set]]`: those that are to be created and entered.
    #[serde(default, rename = "attester_set")]
    pub sets: Vec<Set>,
    /// `[[reward_pool]]`: those that are to be created and funded.
    #[serde(default, rename = "reward_pool")]
    pub pools: Vec<Pool>,
}

/// The network itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// 1 to 16 bytes, part of its address.
    pub name: String,
    /// Who creates it; part of its address.
    pub creator: Text<Address>,
    /// What is staked, and what bonds are in.
    pub stake_mint: Text<Address>,
    /// By default the stake mint.
    pub dividend_mint: Option<Text<Address>>,
    /// By default random; says nothing once the network is there.
    pub nonce: Option<Text<Hex32>>,
    /// By default the unbonding time when the network is created.
    pub min_unbonding: Option<Text<Secs>>,
    /// By default seven days when the network is created.
    pub dividend_period: Option<Text<Secs>>,
    /// Who may do what.
    #[serde(default)]
    pub roles: Roles,
    /// What can change later.
    pub parameters: Parameters,
}

/// By default the creator, each.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Proposes changes and names the next admin.
    pub admin: Option<Text<Address>>,
    /// May pause intake.
    pub guardian: Option<Text<Address>>,
    /// Rules on challenges.
    pub resolver: Option<Text<Address>>,
    /// Owner of the accounts that get the network's fees.
    pub treasury: Option<Text<Address>>,
}

/// What of a network can change after its timelock.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Own stake that a provider needs to accept a job, token units.
    pub min_stake: String,
    /// Own stake that an attester locks, token units.
    pub min_bond: String,
    /// Time between unstaking and withdrawing.
    pub unbonding: Text<Secs>,
    /// By default the shortest that the program takes.
    pub timelock: Option<Text<Secs>>,
    /// Fee on what providers earn.
    pub fee: Text<Bps>,
    /// Who must vouch for a provider's owner, and for what; by default nobody is asked. Both or neither.
    pub credential: Option<Text<Address>>,
    /// What has to be vouched for.
    pub schema: Option<Text<Address>>,
}

/// An attester with its stake.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attester {
    /// Signs statements.
    pub key: Text<Address>,
    /// Stakes behind it, and enters it into sets.
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
    /// Its members.
    pub keys: Vec<Text<Address>>,
    /// How many of them must sign a statement.
    pub threshold: u8,
    /// Hash of the document that says what a unit is and how it is measured.
    pub meter: Text<Hex32>,
    /// Fee on what providers earn by its statements.
    pub fee: Text<Bps>,
    /// Owner of the accounts that get this fee.
    pub fee_owner: Text<Address>,
    /// No default: the guardian may change, a set's revoker cannot.
    pub revoker: Text<Address>,
    /// What a job must offer to count.
    pub quality: Quality,
}

/// What a job must offer to count; no defaults: it is part of the set's address.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// Mint that the job pays in.
    pub mint: Text<Address>,
    /// Least price of `per` units, token units.
    pub price: String,
    /// Units of work.
    pub per: u64,
    /// Least bond of the provider, token units of the stake mint.
    pub bond: String,
    /// Most bond of a challenger, token units of the stake mint.
    pub challenge_bond: String,
    /// Least time to challenge a proof.
    pub challenge_time: Text<Secs>,
    /// Least time for the resolver.
    pub ruling_time: Text<Secs>,
}

/// A reward pool with its funds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Who creates it; part of its address.
    pub creator: Text<Address>,
    /// Number among the creator's; part of its address.
    pub id: u64,
    /// Name of a set of this manifest.
    pub set: String,
    /// Of its rewards.
    pub mint: Text<Address>,
    /// Most that an epoch emits, token units.
    pub rate: String,
    /// Most that a unit of work earns, token units.
    pub ceiling: String,
    /// Most units of one share that an epoch counts.
    pub node_cap: u64,
    /// Length of an epoch.
    pub epoch: Text<Secs>,
    /// When the first epoch starts.
    pub start: Date,
    /// Epochs that start before it count work.
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
