//! What an attester is asked, and what it answers: the bodies of its interface, all JSON.
//!
//! Hashes are hexadecimal digits, addresses and signatures base58, and numbers of 64 bits text: many readers of JSON count to 2^53 only.

use {
    serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _},
    solana_address::Address,
    solana_signature::Signature,
    std::{fmt::Display, str::FromStr},
};

/// Asks an attester whether it will check a job's windows: `POST /v1/jobs`. The job's buyer, its worker or a member may say which blobs
/// the job's specification and its list of inputs are; a registered worker of the job's set may only ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admission {
    /// The job.
    #[serde(with = "text")]
    pub job: Address,
    /// The node whose worker asks before it accepts.
    #[serde(
        default,
        with = "text_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub node: Option<Address>,
    /// The blob that is the specification.
    #[serde(
        default,
        with = "digits_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub spec: Option<[u8; 32]>,
    /// The blob that is the list of inputs.
    #[serde(
        default,
        with = "digits_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub inputs: Option<[u8; 32]>,
}

/// The attester holds everything, can run the kernel, and has time to check: the answer to [`Admission`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admitted {
    /// The blob that is the specification.
    #[serde(with = "digits")]
    pub spec: [u8; 32],
    /// The blob that is the list of inputs.
    #[serde(with = "digits")]
    pub inputs: [u8; 32],
    /// The blob that is the kernel.
    #[serde(with = "digits")]
    pub kernel: [u8; 32],
}

/// A worker's claim of a window, to be countersigned: `POST /v1/windows`. The evidence is a blob that was put before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submission {
    /// The job.
    #[serde(with = "text")]
    pub job: Address,
    /// Which of the jobs at that address.
    #[serde(with = "text")]
    pub incarnation: u64,
    /// The window.
    pub window: u32,
    /// Units of work.
    #[serde(with = "text")]
    pub units: u64,
    /// Root of the window's tree.
    #[serde(with = "digits")]
    pub digest: [u8; 32],
    /// The worker's signature of the statement, for the quorum's path.
    #[serde(with = "text")]
    pub signature: Signature,
    /// The blob that is the evidence.
    #[serde(with = "digits")]
    pub evidence: [u8; 32],
}

/// The attester's signature of the statement: the answer to [`Submission`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Countersigned {
    /// The attester's key.
    #[serde(with = "text")]
    pub key: Address,
    /// Of the statement, for the quorum's path.
    #[serde(with = "text")]
    pub signature: Signature,
}

/// Asks which claims of a window were made to an attester: `POST /v1/claims`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfWindow {
    /// The job.
    #[serde(with = "text")]
    pub job: Address,
    /// Which of the jobs at that address.
    #[serde(with = "text")]
    pub incarnation: u64,
    /// The window.
    pub window: u32,
}

/// What was claimed of a window, true or false: the answer to [`OfWindow`]. The statement that the chain has of a proven window says
/// which of the claims was proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The claims, in no order.
    pub claims: Vec<Claimed>,
}

/// A claim of a window. Its worker signed it, as far as the attester says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Claimed {
    /// Units of work.
    #[serde(with = "text")]
    pub units: u64,
    /// Root of the window's tree.
    #[serde(with = "digits")]
    pub digest: [u8; 32],
    /// The blob that is the evidence.
    #[serde(with = "digits")]
    pub evidence: [u8; 32],
}

/// What a member found false, told to the other members: `POST /v1/findings`. They believe none of it before they looked themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What the worker claims, with its signature.
    pub claim: Submission,
    /// The bytes of the evidence, hexadecimal digits.
    pub evidence: String,
    /// The chunk that is false; none where the claim contradicts itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chunk: Option<u32>,
}

/// What an attester says of itself to anybody: `GET /v1/terms`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Its key.
    #[serde(with = "text")]
    pub key: Address,
    /// The network.
    #[serde(with = "text")]
    pub network: Address,
    /// Bytes that every job may have here.
    #[serde(with = "text")]
    pub free_bytes: u64,
    /// Bytes that a job may have here beside them, for each base unit of attestation fee that its funding can yield.
    #[serde(with = "text")]
    pub bytes_per_fee_unit: u64,
    /// Chunks of a window that it computes again; none for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<u32>,
}

/// A refusal, of any request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What machines go by.
    pub code: String,
    /// One sentence for people.
    pub message: String,
    /// Where an upload goes on, bytes; decimal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The chunk that it is about, by its number in the whole work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chunk: Option<u32>,
    /// The blob that is missing, hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
}

/// How much of a blob is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Bytes from its beginning; decimal text.
    #[serde(with = "text")]
    pub received: u64,
    /// Nothing is missing.
    pub whole: bool,
}

/// Values as they are written by `Display`.
mod text {
    use super::*;

    pub fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

mod text_or_none {
    use super::*;

    pub fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(ToString::to_string).serialize(to)
    }

    pub fn deserialize<'de, T, D>(from: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom))
            .transpose()
    }
}

mod digits {
    use super::*;

    pub fn serialize<S: Serializer>(value: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        hex::encode(value).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let mut value = [0; 32];
        let text = String::deserialize(from)?;
        hex::decode_to_slice(text, &mut value).map_err(D::Error::custom)?;
        Ok(value)
    }
}

mod digits_or_none {
    use super::*;

    pub fn serialize<S: Serializer>(value: &Option<[u8; 32]>, to: S) -> Result<S::Ok, S::Error> {
        value.map(hex::encode).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[u8; 32]>, D::Error> {
        let read = |text: String| {
            let mut value = [0; 32];
            hex::decode_to_slice(text, &mut value).map_err(D::Error::custom)?;
            Ok(value)
        };
        Option::<String>::deserialize(from)?.map(read).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_read_as_they_were_written() {
        let claim = Submission {
            job: Address::new_from_array([1; 32]),
            incarnation: u64::MAX,
            window: 7,
            units: 1 << 60,
            digest: [2; 32],
            signature: Signature::from([3; 64]),
            evidence: [4; 32],
        };
        let json = serde_json::to_value(&claim).unwrap();
        assert_eq!(json["incarnation"], u64::MAX.to_string());
        assert_eq!(json["digest"], "02".repeat(32));
        assert_eq!(serde_json::from_value::<Submission>(json).unwrap(), claim);

        let asked = Admission {
            job: claim.job,
            node: None,
            spec: Some([5; 32]),
            inputs: None,
        };
        let json = serde_json::to_string(&asked).unwrap();
        assert!(!json.contains("node") && !json.contains("inputs"));
        assert_eq!(serde_json::from_str::<Admission>(&json).unwrap(), asked);
    }

    #[test]
    fn what_is_more_or_malformed_is_refused() {
        let whole = format!(
            r#"{{"job":"{}","spec":"{}"}}"#,
            Address::default(),
            "ab".repeat(32)
        );
        assert!(serde_json::from_str::<Admission>(&whole).is_ok());
        for wrong in [
            whole.replace("spec", "spek"),
            whole.replace("abab", "ab"),
            whole.replace("abab", "xyab"),
            whole.replace("1111", "0000"),
        ] {
            assert!(
                serde_json::from_str::<Admission>(&wrong).is_err(),
                "{wrong}"
            );
        }
    }
}
