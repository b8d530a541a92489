//! Networks that ask who a provider is, and the accounts of the service that vouches.

use {
    super::World,
    sluice::identity::ATTESTATION_SERVICE,
    sluice_client::{Identity, Network},
    solana_address::Address,
};

/// What the networks of these tests pin.
pub const PINNED: Identity = Identity {
    credential: Address::new_from_array([4; 32]),
    schema: Address::new_from_array([5; 32]),
};

/// The bytes of an attestation with `data` bytes of data, as the service writes them.
pub fn attestation(identity: &Identity, owner: &Address, data: usize, expiry: i64) -> Vec<u8> {
    let mut account = vec![2];
    account.extend(owner.to_bytes());
    account.extend(identity.credential.to_bytes());
    account.extend(identity.schema.to_bytes());
    account.extend(u32::try_from(data).unwrap().to_le_bytes());
    account.extend(vec![2; data]);
    // The signer, the expiry and the token account.
    account.extend([6; 32]);
    account.extend(expiry.to_le_bytes());
    account.extend([7; 32]);
    account
}

impl World {
    /// Makes the network ask for [`PINNED`], without the timelock.
    pub fn pin_identity(&mut self) {
        let network = self.network;
        self.edit(&network, |network: &mut Network| {
            network.params.identity = PINNED;
        });
    }

    /// Vouches for `owner` until `expiry`; returns where.
    pub fn vouch(&mut self, owner: &Address, expiry: i64) -> Address {
        let at = PINNED.attestation(owner).unwrap();
        let bytes = attestation(&PINNED, owner, 40, expiry);
        self.chain.put(&at, bytes, &ATTESTATION_SERVICE).unwrap();
        at
    }
}
