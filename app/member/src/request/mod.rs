//! A request over HTTP, signed.
//!
//! Four headers say who asks ([`KEY`]), when ([`TIME`], unix seconds of the chain's clock), and with which number ([`NONCE`]), and
//! carry the signature ([`SIGNATURE`]) of these lines, each ended by a line feed:
//!
//! ```text
//! sluice:http:v1
//! <address of whom it is made to>
//! <method>
//! <path and query>
//! <SHA-256 of the body, hexadecimal>
//! <time>
//! <nonce, hexadecimal>
//! ```
//!
//! So a request that one attester received is nothing to another, and the same request is nothing a second time. The lines are text
//! from their first byte on: they are no transaction (its second byte would ask for 108 read-only signers among 115, more than
//! a transaction has room for), and no statement, which begins otherwise.

mod guard;

pub use guard::{Guard, check};
use {
    sha2::{Digest, Sha256},
    solana_address::Address,
    solana_signature::Signature,
    solana_signer::{Signer, SignerError},
    thiserror::Error,
};

/// Header with the base58 address of the key.
pub const KEY: &str = "sluice-key";
/// Header with the time, unix seconds.
pub const TIME: &str = "sluice-time";
/// Header with the nonce, 32 hexadecimal digits.
pub const NONCE: &str = "sluice-nonce";
/// Header with the base58 signature.
pub const SIGNATURE: &str = "sluice-signature";

/// A number that a key uses once.
pub type Nonce = [u8; 16];

/// What is asked of whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// The key of whom it is made to.
    pub to: &'a Address,
    /// `GET`, `PUT` and so on.
    pub method: &'a str,
    /// Path and query, as they stand in the request.
    pub target: &'a str,
    /// SHA-256 of the body; of nothing where there is none.
    pub body: [u8; 32],
}

/// The headers of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who asks.
    pub key: Address,
    /// When, unix seconds.
    pub time: i64,
    /// The number.
    pub nonce: Nonce,
    /// The signature of all of it.
    pub signature: Signature,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// A header is missing or is not what it should be.
    #[error("the header {0} is missing or malformed")]
    Header(&'static str),
    /// The signature is not the key's of this request.
    #[error("the signature is not of this request")]
    Signature,
    /// The clocks differ, or the request was on its way for long.
    #[error("the request is {0} seconds away from the chain's clock")]
    Time(u64),
    /// It was there before.
    #[error("the request was there before")]
    Again,
    /// So many requests are remembered that none can be added.
    #[error("too many requests at once")]
    Busy,
}

impl Asked<'_> {
    /// Signs the request.
    ///
    /// # Errors
    /// The signer's; and for a method or target with a control character, which HTTP does not carry.
    pub fn sign(
        &self,
        key: &(impl Signer + ?Sized),
        time: i64,
        nonce: Nonce,
    ) -> Result<Signed, SignerError> {
        let message = self.message(time, &nonce);
        let message = message.ok_or_else(|| SignerError::Custom(MALFORMED.to_owned()))?;
        let signature = key.try_sign_message(&message)?;
        Ok(Signed {
            key: key.try_pubkey()?,
            time,
            nonce,
            signature,
        })
    }

    /// `None` if a line would end in the middle of a field.
    fn message(&self, time: i64, nonce: &Nonce) -> Option<Vec<u8>> {
        let Self {
            to,
            method,
            target,
            body,
        } = self;
        if method.contains(char::is_control) || target.contains(char::is_control) {
            return None;
        }
        let (body, nonce) = (hex::encode(body), hex::encode(nonce));
        let lines = format!("sluice:http:v1\n{to}\n{method}\n{target}\n{body}\n{time}\n{nonce}\n");
        Some(lines.into_bytes())
    }
}

const MALFORMED: &str = "a method or target has no control characters";

/// SHA-256 of a body.
pub fn body(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

impl Signed {
    /// The headers by name.
    pub fn headers(&self) -> [(&'static str, String); 4] {
        [
            (KEY, self.key.to_string()),
            (TIME, self.time.to_string()),
            (NONCE, hex::encode(self.nonce)),
            (SIGNATURE, self.signature.to_string()),
        ]
    }

    /// Reads the headers; `header` gives the one value of a name.
    ///
    /// # Errors
    /// [`Refused::Header`].
    pub fn read<'a>(header: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Refused> {
        fn parsed<T>(name: &'static str, value: Option<T>) -> Result<T, Refused> {
            value.ok_or(Refused::Header(name))
        }
        let mut nonce = Nonce::default();
        let digits = header(NONCE).and_then(|digits| hex::decode_to_slice(digits, &mut nonce).ok());
        parsed(NONCE, digits)?;
        Ok(Self {
            key: parsed(KEY, header(KEY).and_then(|key| key.parse().ok()))?,
            time: parsed(TIME, header(TIME).and_then(|time| time.parse().ok()))?,
            nonce,
            signature: parsed(
                SIGNATURE,
                header(SIGNATURE).and_then(|text| text.parse().ok()),
            )?,
        })
    }

    /// True if the key signed this.
    pub fn is_of(&self, asked: &Asked) -> bool {
        asked
            .message(self.time, &self.nonce)
            .is_some_and(|message| self.signature.verify(self.key.as_ref(), &message))
    }
}

#[cfg(test)]
mod tests;
