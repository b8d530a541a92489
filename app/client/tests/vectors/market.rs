//! A market: the accounts of every offer, and the order in which they stand for what a buyer asks.

use {
    crate::{
        check, hash, job,
        json::{ToJson, hex, object},
        key,
    },
    anchor_lang::Discriminator,
    bytemuck::{Pod, Zeroable},
    serde_json::Value,
    sluice::{
        constants::NOBODY,
        state::{AttesterSet, Node, Offer, Position, Provider, Record, StakePool},
    },
    sluice_client::market::{Filter, Listing, rank},
};

const NOW: i64 = 1_700_000_000;
const MIN_STAKE: u64 = 500;

/// What can be wrong with an offer. One offer has each, and three times as many have nothing.
const FAULTS: [&str; 10] = [
    "over",
    "taken",
    "no quorum",
    "no node",
    "no provider",
    "registered anew",
    "full",
    "no stake",
    "one share too few",
    "bond too high",
];

/// An offer and its accounts. Of what decides between offers, each varies in what comes last only, by its number, so that some are
/// alike in all that comes before.
fn listing(number: u32) -> Listing {
    let byte = |what: &str, bound: u8| hash(&format!("market {number} {what}"))[0] % bound;
    let vary = |level: u32, what: &str, bound: u8| {
        if level >= number / 4 % 7 {
            byte(what, bound)
        } else {
            0
        }
    };
    let fault = usize::try_from(number / 4 + 10 * (number % 4)).unwrap();
    let fails = |what: &str| FAULTS.get(fault) == Some(&what);
    let count = |level: u32, what: &str| u64::from(vary(level, what, 2));
    let record = Record {
        jobs_completed: count(3, "completed"),
        windows_proven: count(3, "proven"),
        windows_missed: count(3, "missed"),
        jobs_resigned: count(4, "resigned"),
        jobs_faulted: count(4, "faulted"),
        slashes: count(5, "slashes"),
        ..Record::zeroed()
    };
    let mut terms = job::terms();
    terms.mint = key(["mint", "other mint"][usize::from(vary(0, "mint", 2))]);
    (terms.price, terms.per) =
        [(1, 3), (2, 6), (u64::MAX, u64::MAX), (2, 3)][usize::from(vary(1, "price", 4))];
    terms.bond = 100 + u64::from(fails("bond too high"));
    let has_set = fails("no quorum") || vary(2, "set", 4) != 3;
    if !has_set {
        terms.set = NOBODY;
    }
    let live = if fails("no quorum") {
        0b1
    } else {
        [0b11, 0b1011, 0b1111][usize::from(vary(2, "live", 3))]
    };
    Listing {
        address: key(&format!("market {number}")),
        offer: Offer {
            provider: key("provider"),
            node: key("node"),
            terms,
            registration: 7,
            expires_at: NOW + i64::from(!fails("over")),
            slots_left: if fails("taken") {
                0
            } else {
                3 + u32::from(vary(6, "left", 3))
            },
            ..Offer::zeroed()
        },
        node: (!fails("no node")).then(|| Node {
            opened_slot: if fails("registered anew") { 8 } else { 7 },
            slots_used: if fails("full") {
                8
            } else {
                u16::from(vary(6, "used", 6))
            },
            slots_total: 8,
            region: u16::from(byte("region", 2)),
            class: u16::from(byte("class", 2)),
            ..Node::zeroed()
        }),
        provider: (!fails("no provider")).then(|| Provider {
            record,
            ..Provider::zeroed()
        }),
        set: has_set.then(|| AttesterSet {
            live,
            threshold: 2,
            ..AttesterSet::zeroed()
        }),
        stake: (!fails("no stake")).then(|| {
            // A share is worth two thirds of a base unit: 900 of them cover what is locked and one bond, 899 do not.
            let pool = StakePool {
                tokens: 2_000,
                active_shares: 2_900,
                thawing_shares: 100,
                locked: 500,
                ..StakePool::zeroed()
            };
            let shares = 900 - u64::from(fails("one share too few"));
            (
                pool,
                Position {
                    shares,
                    ..Position::zeroed()
                },
            )
        }),
    }
}

fn data<T: Pod + Discriminator>(account: Option<&T>) -> Value {
    account.map_or(Value::Null, |account| {
        hex(&[T::DISCRIMINATOR, bytemuck::bytes_of(account)].concat())
    })
}

fn accounts(listing: &Listing) -> Value {
    let (pool, position) = listing.stake.unzip();
    object([
        ("address", &listing.address),
        ("offer", &data(Some(&listing.offer))),
        ("node", &data(listing.node.as_ref())),
        ("provider", &data(listing.provider.as_ref())),
        ("set", &data(listing.set.as_ref())),
        ("pool", &data(pool.as_ref())),
        ("position", &data(position.as_ref())),
    ])
}

impl ToJson for Filter {
    fn json(&self) -> Value {
        let Self {
            mint,
            set,
            region,
            class,
            max_price,
            units,
            length_secs,
        } = self;
        let price = max_price.map(|(price, per)| object([("price", &price), ("per", &per)]));
        object([
            ("mint", mint),
            ("set", set),
            ("region", region),
            ("class", class),
            ("max_price", &price),
            ("units", units),
            ("length_secs", length_secs),
        ])
    }
}

/// What buyers ask: nothing, and one thing after the other.
fn filters() -> [Filter; 7] {
    let all = Filter::default();
    [
        all,
        Filter {
            mint: Some(key("mint")),
            ..all
        },
        Filter {
            set: Some(key("set")),
            units: Some(100),
            ..all
        },
        Filter {
            region: Some(1),
            ..all
        },
        Filter {
            class: Some(0),
            length_secs: Some(86_400),
            ..all
        },
        Filter {
            max_price: Some((1, 2)),
            ..all
        },
        Filter {
            units: Some(101),
            ..all
        },
    ]
}

#[test]
fn a_market_stands_in_this_order() {
    let listings: Vec<Listing> = (0..40).map(listing).collect();
    let asked = filters().into_iter().map(|filter| {
        let ranked = rank(listings.clone(), &filter, MIN_STAKE, NOW).into_iter();
        let ranked = ranked.map(|one| {
            let why = one.untakeable.map(|why| format!("{why:?}"));
            object([
                ("address", &one.listing.address),
                ("untakeable", &why),
                ("reason", &one.reason),
            ])
        });
        object([("filter", &filter), ("ranked", &ranked.collect::<Value>())])
    });
    let market = object([
        ("min_stake", &MIN_STAKE),
        ("now", &NOW),
        (
            "listings",
            &listings.iter().map(accounts).collect::<Value>(),
        ),
        ("asked", &asked.collect::<Value>()),
    ]);
    check("market", &market);
}
