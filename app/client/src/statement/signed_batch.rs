//! The root of a tree of statements and one member's signature of it, as a member hands it to whoever posts: a JSON object.

use {
    super::{Countersignature, NotSigned, batch_message},
    crate::hex,
    serde::{Deserialize, Serialize},
    solana_address::Address,
    solana_signature::Signature,
};

/// A root and one member's signature of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedBatch {
    /// The attester set that it was signed for.
    pub set: Address,
    /// Root of the tree of statements.
    pub root: [u8; 32],
    /// The member's key and its signature.
    pub by: Countersignature,
}

/// The object: the root in hexadecimal digits, addresses and signature in base 58.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    set: String,
    root: String,
    key: String,
    signature: String,
}

impl SignedBatch {
    /// Reads the text of [`Self::to_json`], with or without a byte order mark, and verifies the signature in it.
    ///
    /// # Errors
    /// Another text, or a signature of something else.
    pub fn read(text: &str) -> Result<Self, NotSigned> {
        let signed = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .ok()
            .and_then(|written| Self::parse(&written))
            .ok_or(NotSigned::Malformed)?;
        let message = batch_message(&signed.set, &signed.root);
        if signed.by.signature.verify(signed.by.key.as_ref(), &message) {
            return Ok(signed);
        }
        Err(NotSigned::Forged(signed.by.key))
    }

    fn parse(written: &Written) -> Option<Self> {
        Some(Self {
            set: written.set.parse().ok()?,
            root: hex::decode32(&written.root)?,
            by: Countersignature {
                key: written.key.parse().ok()?,
                signature: written.signature.parse::<Signature>().ok()?,
            },
        })
    }

    /// The text that [`Self::read`] reads.
    pub fn to_json(&self) -> String {
        let written = Written {
            set: self.set.to_string(),
            root: hex::encode(&self.root),
            key: self.by.key.to_string(),
            signature: self.by.signature.to_string(),
        };
        serde_json::to_string(&written).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::statement::{Journal, Statement},
        solana_keypair::Keypair,
        solana_signer::Signer,
    };

    #[test]
    fn a_signed_root_is_read_as_it_was_written_and_no_other() {
        let key = Keypair::new();
        let set = Address::new_from_array([3; 32]);
        let statement = Statement {
            context: [7; 32],
            window: 3,
            units: 11,
            digest: [9; 32],
        };
        let mut journal = Journal::in_memory(&key.pubkey());
        let (root, by) = journal.sign_batch(&set, &[statement], &key).unwrap();
        let signed = SignedBatch { set, root, by };
        let text = signed.to_json();
        assert_eq!(SignedBatch::read(&format!("\u{feff}{text}\n")), Ok(signed));
        let forged = Err(NotSigned::Forged(by.key));
        let other = SignedBatch {
            root: [0; 32],
            ..signed
        };
        assert_eq!(SignedBatch::read(&other.to_json()), forged);
        let other = SignedBatch {
            set: by.key,
            ..signed
        };
        assert_eq!(SignedBatch::read(&other.to_json()), forged);
        for wrong in [
            "",
            "{}",
            &text.replace("{", "{\"more\":1,"),
            &text.repeat(2),
        ] {
            assert_eq!(
                SignedBatch::read(wrong),
                Err(NotSigned::Malformed),
                "{wrong}"
            );
        }
    }
}
