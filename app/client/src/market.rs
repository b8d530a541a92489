//! The market: which offers can be taken, in which order, and why.

mod read;

pub use read::{Look, look};
use {
    sluice::state::{
        AttesterSet, Node, Offer, Position, Provider, Record, Shortfall, StakePool, Terms,
    },
    solana_address::Address,
    std::{
        cmp::{Ordering, Reverse},
        fmt,
    },
};

/// An offer and what it stands on, as far as it exists.
#[derive(Clone, Copy)]
pub struct Listing {
    /// Of the offer.
    pub address: Address,
    /// The offer.
    pub offer: Offer,
    /// The node that it is of.
    pub node: Option<Node>,
    /// The provider of the node.
    pub provider: Option<Provider>,
    /// The set in the terms; absent when they name none.
    pub set: Option<AttesterSet>,
    /// The stake of the provider's owner.
    pub stake: Option<(StakePool, Position)>,
}

/// Why an offer cannot be taken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untakeable {
    /// Too few live members are left in its attester set.
    QuorumLost,
    /// Its node or its provider is closed.
    NodeGone,
    /// Its node was closed and registered again after it was posted.
    NodeRegisteredAnew,
    /// Its node has no free slot.
    NodeFull,
    /// The provider's free stake covers neither bond nor the network's least.
    StakeTooLow,
}

impl fmt::Display for Untakeable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::QuorumLost => "untakeable: its attester set has lost its quorum",
            Self::NodeGone => "untakeable: its node or provider is closed",
            Self::NodeRegisteredAnew => "untakeable: its node was registered anew since",
            Self::NodeFull => "untakeable: its node has no free slot",
            Self::StakeTooLow => "untakeable: the provider's free stake does not cover the bond",
        })
    }
}

/// Orders records, best first: by jobs completed, windows proven, windows missed, jobs it did not see through, slashes.
fn by_record(record: &Record) -> impl Ord + use<> {
    (
        Reverse(record.jobs_completed),
        Reverse(record.windows_proven),
        record.windows_missed,
        let_down(record),
        record.slashes,
    )
}

/// Jobs that the provider resigned from, waived, let fault or had a window of ruled void.
const fn let_down(record: &Record) -> u64 {
    record
        .jobs_resigned
        .saturating_add(record.jobs_waived)
        .saturating_add(record.jobs_faulted)
        .saturating_add(record.jobs_voided)
}

impl Listing {
    /// Whether it can be taken, for anyone who can pay; `min_stake` is the network's.
    pub fn untakeable(&self, min_stake: u64) -> Option<Untakeable> {
        if self.set.is_some_and(|set| !set.has_quorum()) {
            return Some(Untakeable::QuorumLost);
        }
        let (Some(node), Some(_)) = (self.node, self.provider) else {
            return Some(Untakeable::NodeGone);
        };
        if node.opened_slot != self.offer.registration {
            return Some(Untakeable::NodeRegisteredAnew);
        }
        if node.slots_used >= node.slots_total {
            return Some(Untakeable::NodeFull);
        }
        let covered = self.stake.is_some_and(|(mut pool, position)| {
            pool.lock(&position, self.offer.terms.bond, min_stake)
                .is_ok()
        });
        (!covered).then_some(Untakeable::StakeTooLow)
    }

    /// True when the units of a job under its terms count for rewards and records: without a set none do.
    pub fn counts(&self) -> bool {
        self.set.is_some() && self.shortfall().is_none()
    }

    /// What its terms offer too little of, so that its units would not count; `None` without a set.
    pub fn shortfall(&self) -> Option<Shortfall> {
        self.set?.quality.shortfall(&self.offer.terms)
    }

    /// Live members of the set beyond its threshold; 0 without a set, negative without a quorum.
    pub fn quorum_margin(&self) -> i64 {
        self.set.map_or(0, |set| {
            i64::from(set.live.count_ones()) - i64::from(set.threshold)
        })
    }

    /// The provider's record; empty when the provider is gone.
    pub fn record(&self) -> Record {
        self.provider
            .map_or_else(Record::default, |provider| provider.record)
    }

    /// Jobs it can still become: bounded by the offer and by the node.
    pub fn free_slots(&self) -> u32 {
        let node = self.node.map_or(0, |node| {
            u32::from(node.slots_total.saturating_sub(node.slots_used))
        });
        node.min(self.offer.slots_left)
    }
}

/// Compares `price` for `per` units of two offers, exactly.
pub fn compare_prices(a: (u64, u64), b: (u64, u64)) -> Ordering {
    (u128::from(a.0) * u128::from(b.1)).cmp(&(u128::from(b.0) * u128::from(a.1)))
}

/// What a buyer asks of an offer; `None` asks nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Mint that it pays in.
    pub mint: Option<Address>,
    /// Attester set in its terms.
    pub set: Option<Address>,
    /// Region that its node declares.
    pub region: Option<u16>,
    /// Class that its node declares.
    pub class: Option<u16>,
    /// Highest price, base units, for so many units.
    pub max_price: Option<(u64, u64)>,
    /// Least units that a window can count.
    pub units: Option<u64>,
    /// Least length that it must accept, seconds.
    pub length_secs: Option<u64>,
}

impl Filter {
    /// True when the listing meets everything asked.
    pub fn admits(&self, listing: &Listing) -> bool {
        let is = |asked: Option<u16>, of: fn(&Node) -> u16| {
            asked.is_none_or(|asked| listing.node.as_ref().map(of) == Some(asked))
        };
        self.admits_terms(&listing.offer.terms)
            && is(self.region, |node| node.region)
            && is(self.class, |node| node.class)
    }

    /// True when the terms meet everything asked of terms.
    pub fn admits_terms(&self, terms: &Terms) -> bool {
        self.mint.is_none_or(|mint| terms.mint == mint)
            && self.set.is_none_or(|set| terms.set == set)
            && self
                .max_price
                .is_none_or(|most| compare_prices((terms.price, terms.per), most).is_le())
            && self.units.is_none_or(|units| terms.cap >= units)
            && self
                .length_secs
                .is_none_or(|length| terms.max_length_secs >= length)
    }

    /// True when it asks nothing of the node: then the offers alone tell how many it admits.
    pub const fn asks_of_terms_alone(&self) -> bool {
        self.region.is_none() && self.class.is_none()
    }
}

/// A listing at its rank.
pub struct Ranked {
    /// The listing.
    pub listing: Listing,
    /// Why it cannot be taken now; `None` when it can.
    pub untakeable: Option<Untakeable>,
    /// Why it stands behind the listing before it.
    pub reason: String,
}

/// Orders the listings that are live at `now`: takeable ones first, then by mint (prices in different mints do not
/// compare), price per unit, quorum margin, record, free slots; the address decides among equals.
pub fn rank(listings: Vec<Listing>, filter: &Filter, min_stake: u64, now: i64) -> Vec<Ranked> {
    let mut live: Vec<(Listing, Option<Untakeable>)> = listings
        .into_iter()
        .filter(|listing| !listing.offer.is_over(now) && filter.admits(listing))
        .map(|listing| (listing, listing.untakeable(min_stake)))
        .collect();
    live.sort_by(|a, b| compare(a, b).0);
    let reasons: Vec<String> = (0..live.len())
        .map(|index| {
            reason(
                index.checked_sub(1).and_then(|i| live.get(i)),
                live.get(index),
            )
        })
        .collect();
    live.into_iter()
        .zip(reasons)
        .map(|((listing, untakeable), reason)| Ranked {
            listing,
            untakeable,
            reason,
        })
        .collect()
}

/// What decides between two listings, in this order.
#[derive(Clone, Copy)]
enum Criterion {
    Takeable,
    Mint,
    Price,
    Margin,
    Record,
    Slots,
    Address,
}

fn by_mint(a: &Terms, b: &Terms) -> Ordering {
    a.mint.as_array().cmp(b.mint.as_array())
}

fn by_price(a: &Terms, b: &Terms) -> Ordering {
    compare_prices((a.price, a.per), (b.price, b.per))
}

fn compare(
    (a, a_not): &(Listing, Option<Untakeable>),
    (b, b_not): &(Listing, Option<Untakeable>),
) -> (Ordering, Criterion) {
    let (p, q) = (&a.offer.terms, &b.offer.terms);
    let steps = [
        (a_not.is_some().cmp(&b_not.is_some()), Criterion::Takeable),
        (by_mint(p, q), Criterion::Mint),
        (by_price(p, q), Criterion::Price),
        (b.quorum_margin().cmp(&a.quorum_margin()), Criterion::Margin),
        (
            by_record(&a.record()).cmp(&by_record(&b.record())),
            Criterion::Record,
        ),
        (b.free_slots().cmp(&a.free_slots()), Criterion::Slots),
    ];
    steps
        .into_iter()
        .find(|(ordering, _)| ordering.is_ne())
        .unwrap_or((
            a.address.as_array().cmp(b.address.as_array()),
            Criterion::Address,
        ))
}

fn reason(
    before: Option<&(Listing, Option<Untakeable>)>,
    this: Option<&(Listing, Option<Untakeable>)>,
) -> String {
    let Some(this) = this else {
        return String::new();
    };
    if let Some(why) = this.1 {
        return why.to_string();
    }
    let Some(before) = before else {
        return "best price".to_owned();
    };
    let (a, b) = (&before.0, &this.0);
    match compare(before, this).1 {
        Criterion::Mint => "best price in this mint".to_owned(),
        Criterion::Takeable | Criterion::Price => "higher price".to_owned(),
        Criterion::Margin => format!(
            "same price, quorum margin {} against {}",
            b.quorum_margin(),
            a.quorum_margin()
        ),
        Criterion::Record => {
            let (a, b) = (a.record(), b.record());
            let (what, mine, theirs) = if a.jobs_completed != b.jobs_completed {
                ("jobs completed", b.jobs_completed, a.jobs_completed)
            } else if a.windows_proven != b.windows_proven {
                ("windows proven", b.windows_proven, a.windows_proven)
            } else if a.windows_missed != b.windows_missed {
                ("windows missed", b.windows_missed, a.windows_missed)
            } else if let_down(&a) != let_down(&b) {
                ("jobs let down", let_down(&b), let_down(&a))
            } else {
                ("slashes", b.slashes, a.slashes)
            };
            format!("same price and margin, {what} {mine} against {theirs}")
        }
        Criterion::Slots => format!(
            "same price, margin and record, free slots {} against {}",
            b.free_slots(),
            a.free_slots()
        ),
        Criterion::Address => "equal in everything: by address".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_compare_exactly() {
        for (a, b, expected) in [
            ((1, 3), (2, 6), Ordering::Equal),
            ((1, 3), (333_333_333, 1_000_000_000), Ordering::Greater),
            ((u64::MAX, 1), (u64::MAX, 2), Ordering::Greater),
            (
                (u64::MAX - 1, u64::MAX),
                (u64::MAX, u64::MAX),
                Ordering::Less,
            ),
        ] {
            assert_eq!(compare_prices(a, b), expected, "{a:?} {b:?}");
            assert_eq!(compare_prices(b, a), expected.reverse());
        }
    }

    #[test]
    fn records_compare_by_completed_then_proven_then_missed_then_let_down_then_slashes() {
        let best = Record {
            jobs_completed: 2,
            windows_proven: 9,
            windows_missed: 3,
            jobs_resigned: 1,
            ..Record::default()
        };
        for worse in [
            Record {
                jobs_completed: 1,
                windows_proven: 99,
                ..best
            },
            Record {
                windows_proven: 8,
                windows_missed: 0,
                ..best
            },
            Record {
                windows_missed: 4,
                jobs_resigned: 0,
                ..best
            },
            Record {
                jobs_resigned: 2,
                ..best
            },
            Record {
                jobs_waived: 1,
                ..best
            },
            Record {
                jobs_faulted: 1,
                ..best
            },
            Record {
                jobs_voided: 1,
                ..best
            },
            Record { slashes: 1, ..best },
        ] {
            assert!(by_record(&best) < by_record(&worse), "{worse:?}");
        }
    }
}
