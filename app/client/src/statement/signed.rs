//! A statement and one signature of it, as a signer hands it to whoever submits: a JSON object.

use {
    super::{Countersignature, Path, Statement},
    crate::hex,
    serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _},
    solana_address::Address,
    solana_signature::Signature,
};

/// A statement and one signature of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// What was signed.
    pub statement: Statement,
    /// Which message was signed.
    pub path: Path,
    /// The key and its signature.
    pub by: Countersignature,
}

/// Why a text is no [`Signed`], or no [`SignedBatch`](super::SignedBatch).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    /// It is not the JSON object of one.
    #[error("the text is not what was signed, with a signature")]
    Malformed,
    /// The key that it names did not sign what stands beside it.
    #[error("the signature is not {0}'s signature of what stands beside it")]
    Forged(Address),
}

/// The object: hashes in hexadecimal digits, key and signature in base 58.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    context: String,
    window: u32,
    #[serde(serialize_with = "as_text", deserialize_with = "of_text_or_number")]
    units: u64,
    digest: String,
    path: String,
    key: String,
    signature: String,
}

/// Many readers of JSON count to 2^53 only.
fn as_text<S: Serializer>(units: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(units)
}

fn of_text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Units {
        Text(String),
        Number(u64),
    }
    match Units::deserialize(deserializer)? {
        Units::Text(text) => text.parse().map_err(D::Error::custom),
        Units::Number(units) => Ok(units),
    }
}

impl Signed {
    /// Reads the text of [`Self::to_json`], with or without a byte order mark, and verifies the signature in it.
    pub fn read(text: &str) -> Result<Self, NotSigned> {
        match Self::read_all(text)?.as_slice() {
            [signed] => Ok(*signed),
            _ => Err(NotSigned::Malformed),
        }
    }

    /// Reads one text of [`Self::to_json`] or several, one behind the other, and verifies the signatures in them.
    pub fn read_all(text: &str) -> Result<Vec<Self>, NotSigned> {
        let text = text.trim_start_matches('\u{feff}');
        let written = serde_json::Deserializer::from_str(text).into_iter::<Written>();
        let read = |written: serde_json::Result<Written>| {
            let written = written.map_err(|_| NotSigned::Malformed)?;
            Self::verified(&written)
        };
        let all: Vec<Self> = written.map(read).collect::<Result<_, _>>()?;
        if all.is_empty() {
            return Err(NotSigned::Malformed);
        }
        Ok(all)
    }

    fn verified(written: &Written) -> Result<Self, NotSigned> {
        let signed = Self::parse(written).ok_or(NotSigned::Malformed)?;
        let message = signed.statement.message(signed.path);
        if signed.by.signature.verify(signed.by.key.as_ref(), &message) {
            return Ok(signed);
        }
        Err(NotSigned::Forged(signed.by.key))
    }

    fn parse(written: &Written) -> Option<Self> {
        Some(Self {
            statement: Statement {
                context: hex::decode32(&written.context)?,
                window: written.window,
                units: written.units,
                digest: hex::decode32(&written.digest)?,
            },
            path: written.path.parse().ok()?,
            by: Countersignature {
                key: written.key.parse().ok()?,
                signature: written.signature.parse::<Signature>().ok()?,
            },
        })
    }

    /// The text that [`Self::read`] reads.
    pub fn to_json(&self) -> String {
        let written = Written {
            context: hex::encode(&self.statement.context),
            window: self.statement.window,
            units: self.statement.units,
            digest: hex::encode(&self.statement.digest),
            path: self.path.name().to_owned(),
            key: self.by.key.to_string(),
            signature: self.by.signature.to_string(),
        };
        serde_json::to_string(&written).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use {super::*, solana_keypair::Keypair};

    fn signed(path: Path) -> Signed {
        let statement = Statement {
            context: [7; 32],
            window: 3,
            units: 11,
            digest: [9; 32],
        };
        let by = statement.sign(path, &Keypair::new()).unwrap();
        Signed {
            statement,
            path,
            by,
        }
    }

    #[test]
    fn a_signed_statement_is_read_as_it_was_written() {
        for path in [Path::Quorum, Path::Cosigned] {
            let signed = signed(path);
            assert_eq!(Signed::read(&signed.to_json()), Ok(signed));
        }
    }

    #[test]
    fn several_are_read_one_behind_the_other() {
        let both = [Path::Quorum, Path::Cosigned].map(signed);
        let [first, second] = both.map(|one| one.to_json());
        for between in ["", "\n", "\r\n\r\n"] {
            let text = format!("\u{feff}{first}{between}{second}\n");
            assert_eq!(Signed::read_all(&text), Ok(both.to_vec()));
            assert_eq!(Signed::read(&text), Err(NotSigned::Malformed));
        }
        for wrong in [
            "",
            " \n",
            &format!("{first},{second}"),
            &format!("{first}x"),
        ] {
            assert_eq!(
                Signed::read_all(wrong),
                Err(NotSigned::Malformed),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_signature_of_anything_else_is_refused() {
        let signed = signed(Path::Quorum);
        let forged = Err(NotSigned::Forged(signed.by.key));
        let text = signed.to_json();
        for (was, is) in [
            ("\"units\":\"11\"", "\"units\":\"12\""),
            ("\"window\":3", "\"window\":4"),
            ("0707", "0708"),
            ("0909", "0908"),
            ("quorum", "cosigned"),
        ] {
            let changed = text.replacen(was, is, 1);
            assert_ne!(changed, text);
            assert_eq!(Signed::read(&changed), forged, "{changed}");
        }
        for wrong in [
            "{}".to_owned(),
            text.replace("quorum", "mob"),
            text.replace("0707", "07"),
            text.replace("{", "{\"more\":1,"),
        ] {
            assert_eq!(Signed::read(&wrong), Err(NotSigned::Malformed), "{wrong}");
        }
    }
}
