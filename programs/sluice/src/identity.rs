//! Who a provider is, where a network asks: an attestation of the Solana Attestation Service, read from the bytes of its
//! account. Pure and total.

use {
    crate::{constants::NOBODY, error::SluiceError},
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
};

/// The Solana Attestation Service. Only it writes accounts of its own, each at the address of what it says.
pub const ATTESTATION_SERVICE: Address =
    Address::from_str_const("22zoJMtdu4tQc2PzL74ZUT7FrwgB1Udec8DdW4yw4BdG");

/// The first byte of an attestation; credentials and schemas have others.
const ATTESTATION: u8 = 2;

/// What an attestation must be under to count in a network: the credential of the one who vouches, and the schema of what
/// it vouches for. Both are zero in a network that asks nobody.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable, IdlType, SchemaRead, SchemaWrite)]
pub struct Identity {
    /// Who vouches, by the address of its credential.
    pub credential: Address,
    /// What it vouches for, by the address of its schema.
    pub schema: Address,
}

/// What an attestation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attested {
    /// Who is vouched for.
    pub nonce: Address,
    /// Under which credential and schema.
    pub identity: Identity,
    /// The first second in which it no longer counts, unix seconds; 0 for never.
    pub expiry: i64,
}

impl Identity {
    /// The identity of a network that asks nobody.
    pub const NONE: Self = Self {
        credential: NOBODY,
        schema: NOBODY,
    };

    /// Refuses half of a pair.
    pub fn validate(&self) -> Result<()> {
        require!(
            (self.credential == NOBODY) == (self.schema == NOBODY),
            SluiceError::CredentialIncomplete
        );
        Ok(())
    }

    /// The address of the attestation that vouches for `owner`; none in a network that asks nobody.
    pub fn attestation(&self, owner: &Address) -> Option<Address> {
        let seeds: [&[u8]; 4] = [
            b"attestation",
            self.credential.as_ref(),
            self.schema.as_ref(),
            owner.as_ref(),
        ];
        (*self != Self::NONE).then(|| Address::find_program_address(&seeds, &ATTESTATION_SERVICE).0)
    }

    /// Refuses an `owner` for whom `shown` does not vouch at `now`. A network that asks nobody does not look at `shown`.
    // One copy for both who place jobs.
    #[inline(never)]
    pub fn require(&self, owner: &Address, shown: Option<&AccountView>, now: i64) -> Result<()> {
        if *self == Self::NONE {
            return Ok(());
        }
        let account = shown.ok_or(SluiceError::CredentialMissing)?;
        require!(
            account.owned_by(&ATTESTATION_SERVICE),
            SluiceError::CredentialMissing
        );
        let attested = Attested::parse(&account.try_borrow()?);
        let attested = attested.ok_or(SluiceError::CredentialMissing)?;
        self.accept(&attested, owner, now)
    }

    /// Refuses what an attestation says unless it vouches for `owner`, under this pair, at `now`.
    pub fn accept(&self, attested: &Attested, owner: &Address, now: i64) -> Result<()> {
        require!(
            attested.identity == *self && attested.nonce == *owner,
            SluiceError::WrongCredential
        );
        require!(
            attested.expiry == 0 || now < attested.expiry,
            SluiceError::CredentialExpired
        );
        Ok(())
    }
}

impl Attested {
    /// Reads the bytes of an attestation account; `None` unless they are one, to the last byte:
    /// type, nonce, credential, schema, length and data, signer, expiry, token account.
    pub fn parse(account: &[u8]) -> Option<Self> {
        let (kind, rest) = account.split_first()?;
        let (nonce, rest) = rest.split_first_chunk::<32>()?;
        let (credential, rest) = rest.split_first_chunk::<32>()?;
        let (schema, rest) = rest.split_first_chunk::<32>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (_data, rest) = rest.split_at_checked(length)?;
        let (_signer, rest) = rest.split_first_chunk::<32>()?;
        let (expiry, token_account) = rest.split_first_chunk::<8>()?;
        (*kind == ATTESTATION && token_account.len() == 32).then(|| Self {
            nonce: Address::new_from_array(*nonce),
            identity: Identity {
                credential: Address::new_from_array(*credential),
                schema: Address::new_from_array(*schema),
            },
            expiry: i64::from_le_bytes(*expiry),
        })
    }
}
