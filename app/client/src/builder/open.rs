//! What a buyer asks for in a job of its own terms.

use {
    sluice::{
        OpenArgs,
        constants::NOBODY,
        state::{AttesterSet, Network, Terms},
    },
    solana_address::Address,
};

/// Builds [`OpenArgs`].
#[derive(Clone, Copy, Debug)]
pub struct OpenBuilder {
    args: OpenArgs,
    /// `None` for those of now.
    max_fee_bps: Option<u16>,
}

impl OpenBuilder {
    /// The buyer's job number `id` with a deposit of `funds` base units, which can be accepted before `open_until`, unix seconds and a
    /// year ahead at most.
    pub const fn new(id: u64, terms: Terms, funds: u64, open_until: i64) -> Self {
        Self {
            args: OpenArgs {
                id,
                terms,
                length_secs: terms.max_length_secs,
                open_until,
                funds,
                spec_hash: [0; 32],
                cosigner: NOBODY,
                provider: NOBODY,
                refund_owner: NOBODY,
                resolver: NOBODY,
                max_fee_bps: 0,
            },
            max_fee_bps: None,
        }
    }

    /// How long the job runs once accepted, seconds; the longest that its terms allow by default.
    pub const fn length_secs(mut self, secs: u64) -> Self {
        self.args.length_secs = secs;
        self
    }

    /// Salted hash that names the work; zeros by default.
    pub const fn spec_hash(mut self, hash: [u8; 32]) -> Self {
        self.args.spec_hash = hash;
        self
    }

    /// The key that may countersign in the quorum's place; none by default. Terms without an attester set need one.
    pub const fn cosigner(mut self, key: Address) -> Self {
        self.args.cosigner = key;
        self
    }

    /// Address of the one provider that may accept; anyone by default.
    pub const fn provider(mut self, provider: Address) -> Self {
        self.args.provider = provider;
        self
    }

    /// Owner of every refund and donation; the buyer by default.
    pub const fn refund_owner(mut self, owner: Address) -> Self {
        self.args.refund_owner = owner;
        self
    }

    /// The highest fees to agree to, the network's and the set's together, basis points; those of now by default.
    pub const fn max_fee_bps(mut self, bps: u16) -> Self {
        self.max_fee_bps = Some(bps);
        self
    }

    /// The arguments, with the resolver and the fees that `network` has now; `set` is the one that the terms name.
    pub fn build(self, network: &Network, set: Option<&AttesterSet>) -> OpenArgs {
        let attestation_bps = set.map_or(0, |set| set.fee_bps);
        let fees = network.params.fee_bps.saturating_add(attestation_bps);
        OpenArgs {
            resolver: network.roles.resolver,
            max_fee_bps: self.max_fee_bps.unwrap_or(fees),
            ..self.args
        }
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        bytemuck::Zeroable,
        sluice::state::{NetworkParams, NetworkRoles},
    };

    #[test]
    fn a_job_agrees_to_the_resolver_and_the_fees_of_now_and_lasts_as_long_as_its_terms_allow() {
        let resolver = Address::new_from_array([2; 32]);
        let network = Network {
            params: NetworkParams {
                fee_bps: 250,
                ..NetworkParams::zeroed()
            },
            roles: NetworkRoles {
                resolver,
                ..NetworkRoles::zeroed()
            },
            ..Network::zeroed()
        };
        let set = AttesterSet {
            fee_bps: 100,
            ..AttesterSet::zeroed()
        };
        let terms = Terms {
            max_length_secs: 600,
            ..Terms::zeroed()
        };
        let job = OpenBuilder::new(7, terms, 50, 1_000);
        let measured = job.build(&network, Some(&set));
        assert_eq!((measured.resolver, measured.max_fee_bps), (resolver, 350));
        assert_eq!((measured.id, measured.length_secs), (7, 600));
        assert_eq!(job.build(&network, None).max_fee_bps, 250);
        let most = job.max_fee_bps(1).length_secs(60).build(&network, None);
        assert_eq!((most.max_fee_bps, most.length_secs), (1, 60));
    }
}
