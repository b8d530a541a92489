//! Who has a part in an account, as its fields tell: the accounts that a key looks for as its own.

use {
    crate::{account::filter, error::Result, ledger::Ledger},
    sluice::state::{
        Attester, AttesterSet, Batch, Challenge, Epoch, Job, Network, Node, Offer, Position,
        Provider, RewardPool, Share, StakePool, Unstake,
    },
    solana_address::Address,
    std::collections::BTreeSet,
};

/// The keys that have a part in an account of this type: that sign for it, are paid by it or hold a role in it. Who paid its rent has
/// none, nor has a resolver in each job of its network.
pub trait Parties {
    /// Its keys. Zero stands for nobody.
    fn parties(&self) -> Vec<Address>;

    /// The provider whose owner and operator have a part in it as well.
    fn provider(&self) -> Option<Address> {
        None
    }

    /// True for a type that may have such a provider.
    const HAS_PROVIDER: bool = false;
}

/// A key, and the providers that it owns or operates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    key: Address,
    providers: BTreeSet<[u8; 32]>,
}

impl Party {
    /// The party of `key` in accounts of type `T`. Where they may have a provider, two calls find those of the key.
    ///
    /// # Errors
    ///
    /// When the ledger does not answer.
    pub fn of<T: Parties>(ledger: &impl Ledger, key: Address) -> Result<Self> {
        let mut providers = BTreeSet::new();
        if T::HAS_PROVIDER {
            for part in [filter::provider_owner, filter::provider_operator] {
                let found = ledger.list::<Provider>(&[part(&key)])?;
                providers.extend(found.iter().map(|(address, _)| address.to_bytes()));
            }
        }
        Ok(Self { key, providers })
    }

    /// Whose party it is.
    pub const fn key(&self) -> &Address {
        &self.key
    }

    /// True when the key, or a provider of it, has a part in `account`.
    pub fn has_part_in(&self, account: &impl Parties) -> bool {
        let of_provider = account.provider();
        account.parties().contains(&self.key)
            || of_provider.is_some_and(|provider| self.providers.contains(&provider.to_bytes()))
    }
}

/// The keys of a type, and its provider if it has one.
macro_rules! parties {
    ($($account:ident: $($field:ident).+ $(, $($more:ident).+)* $(; of $provider:ident)?)*) => {$(
        impl Parties for $account {
            fn parties(&self) -> Vec<Address> {
                vec![self.$($field).+ $(, self.$($more).+)*]
            }
            $(
                fn provider(&self) -> Option<Address> {
                    Some(self.$provider)
                }

                const HAS_PROVIDER: bool = true;
            )?
        }
    )*};
}

parties! {
    Network: creator, pending_admin, roles.admin, roles.guardian, roles.resolver, roles.treasury
    Provider: owner, operator
    Node: worker; of provider
    Attester: owner, key
    Job: buyer, refund_owner, payee, worker, cosigner; of provider
    Challenge: challenger, payee
    StakePool: owner
    Position: staker
    Unstake: staker
    RewardPool: creator, refund_owner
    Share: payee; of provider
}

impl Parties for AttesterSet {
    /// Its members, who receives its fee and who may remove members.
    fn parties(&self) -> Vec<Address> {
        let members = self.keys.iter().take(usize::from(self.count));
        members
            .chain([&self.fee_owner, &self.revoker])
            .copied()
            .collect()
    }
}

impl Parties for Offer {
    /// Only its provider's.
    fn parties(&self) -> Vec<Address> {
        vec![]
    }

    fn provider(&self) -> Option<Address> {
        Some(self.provider)
    }

    const HAS_PROVIDER: bool = true;
}

impl Parties for Batch {
    fn parties(&self) -> Vec<Address> {
        vec![self.payer]
    }
}

impl Parties for Epoch {
    /// Nobody: it counts the work of all shares.
    fn parties(&self) -> Vec<Address> {
        vec![]
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn key(byte: u8) -> Address {
        Address::new_from_array([byte; 32])
    }

    /// The party of key 1, which owns or operates the provider 7.
    fn party() -> Party {
        Party {
            key: key(1),
            providers: [[7; 32]].into(),
        }
    }

    #[test]
    fn a_key_has_a_part_in_what_it_signs_for_and_in_what_its_providers_have() {
        let mut job = Job {
            buyer: key(2),
            provider: key(8),
            ..Job::zeroed()
        };
        assert!(!party().has_part_in(&job));
        job.provider = key(7);
        assert!(party().has_part_in(&job));
        let parts: [fn(&mut Job); 5] = [
            |job| job.buyer = key(1),
            |job| job.refund_owner = key(1),
            |job| job.payee = key(1),
            |job| job.worker = key(1),
            |job| job.cosigner = key(1),
        ];
        for part in parts {
            let mut job = Job::zeroed();
            part(&mut job);
            assert!(party().has_part_in(&job));
        }
        let resolved = Job {
            resolver: key(1),
            rent_payer: key(1),
            ..Job::zeroed()
        };
        assert!(!party().has_part_in(&resolved));
        let mut batch = Batch::zeroed();
        assert!(!party().has_part_in(&batch));
        batch.payer = key(1);
        assert!(party().has_part_in(&batch));
        let offer = Offer {
            provider: key(7),
            ..Offer::zeroed()
        };
        assert!(party().has_part_in(&offer));
        assert!(!party().has_part_in(&Offer::zeroed()));
        assert!(!party().has_part_in(&Epoch::zeroed()));
    }

    #[test]
    fn every_role_of_a_network_is_a_part_in_it() {
        let parts: [fn(&mut Network); 6] = [
            |network| network.creator = key(1),
            |network| network.pending_admin = key(1),
            |network| network.roles.admin = key(1),
            |network| network.roles.guardian = key(1),
            |network| network.roles.resolver = key(1),
            |network| network.roles.treasury = key(1),
        ];
        for part in parts {
            let mut network = Network::zeroed();
            assert!(!party().has_part_in(&network));
            part(&mut network);
            assert!(party().has_part_in(&network));
        }
    }

    #[test]
    fn a_key_behind_the_last_member_of_a_set_is_none_of_it() {
        let mut set = AttesterSet {
            count: 1,
            ..AttesterSet::zeroed()
        };
        set.keys[1] = key(1);
        assert!(!party().has_part_in(&set));
        set.count = 2;
        assert!(party().has_part_in(&set));
        set.count = 0;
        set.revoker = key(1);
        assert!(party().has_part_in(&set));
    }
}
