//! What a run was asked to do, as it is written down: a second start does the same.

use {
    crate::order::{Asked, Price, Verify},
    serde::{Deserialize, Serialize},
    sluice_client::Address,
    sluice_work::engine::Limits,
    std::path::PathBuf,
};

/// What a run was asked to do. Addresses are text, hashes hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Names the run.
    pub id: String,
    /// When it began, unix seconds of the chain.
    pub began_at: i64,
    /// Hash of the chain's first block.
    pub genesis: String,
    /// The network.
    #[serde(with = "text")]
    pub network: Address,
    /// The buyer.
    #[serde(with = "text")]
    pub buyer: Address,
    /// The mint that is paid in.
    #[serde(with = "text")]
    pub mint: Address,
    /// The kernel's file.
    pub kernel: PathBuf,
    /// SHA-256 of its code.
    pub kernel_hash: String,
    /// The folder of inputs.
    pub inputs: PathBuf,
    /// The folder of results.
    pub results: PathBuf,
    /// The extension of a result's file; none for that of its input.
    #[serde(default)]
    pub extension: Option<String>,
    /// What people call the work.
    pub title: String,
    /// The highest price: base units ...
    pub price: u64,
    /// ... for so many units of work.
    pub per: u64,
    /// Most base units that may be in escrow and paid, together.
    pub budget: u64,
    /// Most jobs at once.
    pub nodes: Option<u32>,
    /// The only attester set.
    #[serde(with = "text_or_none", default)]
    pub set: Option<Address>,
    /// The only region.
    pub region: Option<u16>,
    /// Chunks of each window that are computed again here; none for all of them.
    pub verify: Option<u32>,
    /// False where the buyer cannot or will not challenge.
    pub challenges: bool,
    /// URLs of members may lead to this machine or into private networks.
    pub is_private_allowed: bool,
    /// How long a chunk takes, milliseconds, as measured.
    pub chunk_millis: u32,
    /// What a chunk is given: bytes of memory ...
    pub memory: u32,
    /// ... bytes of its output ...
    pub output: u32,
    /// ... and time, milliseconds.
    pub most_millis: u32,
}

impl Settings {
    /// What is asked of the market.
    pub const fn asked(&self) -> Asked {
        Asked {
            mint: self.mint,
            most: Price {
                price: self.price,
                per: self.per,
            },
            budget: self.budget,
            nodes: self.nodes,
            set: self.set,
            region: self.region,
        }
    }

    /// The name of the result's file of an input of this name.
    pub fn result(&self, input: &str) -> String {
        result(input, self.extension.as_deref())
    }

    /// How much of what comes back is computed again.
    pub const fn verified(&self) -> Verify {
        match self.verify {
            None => Verify::All,
            Some(0) => Verify::None,
            Some(chunks) => Verify::Some(chunks),
        }
    }

    /// What a chunk is given.
    pub const fn limits(&self) -> Limits {
        Limits {
            memory: self.memory,
            output: self.output,
            millis: self.most_millis,
        }
    }
}

/// The name of the result's file of an input of this name, where results have this extension or that of their input.
pub fn result(input: &str, extension: Option<&str>) -> String {
    let Some(extension) = extension else {
        return input.to_owned();
    };
    let stem = input.rsplit_once('.').map_or(input, |(stem, _)| stem);
    format!("{stem}.{extension}")
}

mod text {
    use {
        super::*,
        serde::{Deserializer, Serializer, de::Error as _},
    };

    pub fn serialize<S: Serializer>(value: &Address, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Address, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

mod text_or_none {
    use {
        super::*,
        serde::{Deserializer, Serializer, de::Error as _},
    };

    pub fn serialize<S: Serializer>(value: &Option<Address>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(ToString::to_string).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Address>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_has_the_name_of_its_input_but_for_the_extension_that_was_asked_for() {
        assert_eq!(result("frame-01.txt", None), "frame-01.txt");
        assert_eq!(result("frame-01.txt", Some("bmp")), "frame-01.bmp");
        assert_eq!(result("a.b.txt", Some("bmp")), "a.b.bmp");
        assert_eq!(result("chunk-7", Some("bmp")), "chunk-7.bmp");
    }
}
