//! How formats are written for people: hashes in hexadecimal digits, whole numbers above 32 bits as text, as every JSON of ours.

/// A `u64` as decimal digits in text.
pub mod number {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
    pub fn serialize<S: Serializer>(value: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = String::deserialize(from)?;
        // One form for one number: `parse` takes a sign and zeros before the first digit, too.
        let number = text.parse().ok();
        number
            .filter(|number: &u64| number.to_string() == text)
            .ok_or_else(|| D::Error::custom("expected a whole number as text"))
    }
}

/// A hash as 64 hexadecimal digits, written small and read in either case.
pub mod hash {
    use {
        serde::{Deserialize, Deserializer, Serializer, de::Error},
        sluice_math::tree::Hash,
    };

    pub fn serialize<S: Serializer>(value: &Hash, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(value))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(from)?;
        let mut hash = Hash::default();
        hex::decode_to_slice(text, &mut hash)
            .map_err(|_| D::Error::custom("expected 64 hexadecimal digits"))?;
        Ok(hash)
    }
}
