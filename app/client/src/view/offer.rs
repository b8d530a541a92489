//! What an offer comes to for a buyer who takes it.

use sluice::{
    TakeArgs,
    constants::NOBODY,
    state::{AttesterSet, Job, Network, Offer, Seen, Terms},
};

/// Takes `offer` as it is, as the buyer's job number `id` with a deposit of `funds` base units: for as long as it allows, at the
/// price and the fees of now, with every refund to the buyer. `set` is the one that its terms name.
pub fn order(
    offer: &Offer,
    network: &Network,
    set: Option<&AttesterSet>,
    id: u64,
    funds: u64,
) -> TakeArgs {
    let attestation_bps = set.map_or(0, |set| set.fee_bps);
    TakeArgs {
        id,
        seen: Seen {
            incarnation: offer.incarnation,
            price: offer.terms.price,
            per: offer.terms.per,
        },
        length_secs: offer.terms.max_length_secs,
        funds,
        spec_hash: [0; 32],
        cosigner: NOBODY,
        refund_owner: NOBODY,
        resolver: network.roles.resolver,
        max_fee_bps: network.params.fee_bps.saturating_add(attestation_bps),
    }
}

/// True when a job that the offer becomes has the terms of `job`, in its network; how long it may last is another matter.
pub fn has_terms_of(offer: &Offer, job: &Job) -> bool {
    let same = Terms {
        max_length_secs: offer.terms.max_length_secs,
        ..job.terms
    };
    offer.terms == same && offer.network == job.network
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable, sluice::state::NetworkParams, solana_address::Address};

    fn offer() -> Offer {
        Offer {
            network: Address::new_from_array([1; 32]),
            incarnation: 4,
            terms: Terms {
                price: 7,
                per: 2,
                cap: 10,
                window_secs: 60,
                notice_secs: 61,
                max_length_secs: 600,
                ..Terms::zeroed()
            },
            ..Offer::zeroed()
        }
    }

    #[test]
    fn an_order_agrees_to_the_price_and_the_fees_of_now_and_to_no_more() {
        let network = Network {
            params: NetworkParams {
                fee_bps: 250,
                ..NetworkParams::zeroed()
            },
            ..Network::zeroed()
        };
        let set = AttesterSet {
            fee_bps: 100,
            ..AttesterSet::zeroed()
        };
        let measured = order(&offer(), &network, Some(&set), 9, 105);
        assert_eq!((measured.id, measured.length_secs), (9, 600));
        let Seen {
            incarnation,
            price,
            per,
        } = measured.seen;
        assert_eq!((incarnation, price, per), (4, 7, 2));
        assert_eq!((measured.funds, measured.max_fee_bps), (105, 350));
        let cosigned = order(&offer(), &network, None, 9, 105);
        assert_eq!(cosigned.max_fee_bps, 250);
    }

    #[test]
    fn an_offer_renews_a_job_of_its_terms_whatever_the_length() {
        let mut job = Job {
            network: offer().network,
            terms: Terms {
                max_length_secs: 1,
                ..offer().terms
            },
            ..Job::zeroed()
        };
        assert!(has_terms_of(&offer(), &job));
        job.terms.price = 8;
        assert!(!has_terms_of(&offer(), &job));
        job.terms.price = 7;
        job.network = Address::default();
        assert!(!has_terms_of(&offer(), &job));
    }
}
