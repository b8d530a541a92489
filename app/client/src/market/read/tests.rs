//! A look at a market is the beginning of its whole ranking, wherever it ends.

use {
    super::*,
    crate::ledger::{Lifetime, Outcome, Receipt},
    anchor_lang::Discriminator,
    bytemuck::{Pod, Zeroable, bytes_of},
    proptest::prelude::*,
    sluice::state::{AttesterSet, Node, Position, Provider, Record, Terms},
    solana_account::Account,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{cell::Cell, collections::BTreeMap},
};

const NOW: i64 = 1_700_000_000;
const MIN_STAKE: u64 = 500;

/// Accounts, and how often they were asked for.
#[derive(Default)]
struct Shelf {
    accounts: BTreeMap<Address, Account>,
    calls: Cell<usize>,
}

impl Shelf {
    fn put<T: Pod + Discriminator>(&mut self, address: Address, state: &T) {
        let account = Account {
            data: [T::DISCRIMINATOR, bytes_of(state)].concat(),
            owner: sluice::ID,
            ..Account::default()
        };
        self.accounts.insert(address, account);
    }

    fn put_listing(&mut self, listing: &Listing) {
        let offer = &listing.offer;
        let pool = address::stake_pool(&offer.provider);
        self.put(listing.address, offer);
        if let Some(node) = &listing.node {
            self.put(offer.node, node);
        }
        if let Some(provider) = &listing.provider {
            self.put(offer.provider, provider);
        }
        if let Some(set) = &listing.set {
            self.put(offer.terms.set, set);
        }
        if let Some((state, position)) = &listing.stake {
            self.put(pool, state);
            self.put(address::position(&pool, &state.owner), position);
        }
    }
}

impl Ledger for Shelf {
    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        self.calls
            .set(self.calls.get() + addresses.len().div_ceil(crate::ledger::BATCH));
        let found = addresses.iter().map(|address| self.accounts.get(address));
        Ok(found.map(Option::<&Account>::cloned).collect())
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        self.calls.set(self.calls.get() + 1);
        let meets = |account: &Account| {
            filters
                .iter()
                .all(|(offset, bytes)| account.data[*offset..].starts_with(bytes))
        };
        let found = self.accounts.iter().filter(|(_, account)| meets(account));
        Ok(found
            .map(|(key, account)| (*key, account.clone()))
            .collect())
    }

    fn clock(&self) -> Result<Clock> {
        unreachable!()
    }

    fn minimum_balance(&self, _: usize) -> Result<u64> {
        unreachable!()
    }

    fn latest(&self) -> Result<Lifetime> {
        unreachable!()
    }

    fn simulate(&self, _: &Transaction) -> Result<Receipt> {
        unreachable!()
    }

    fn submit(&mut self, _: &Transaction, _: &Lifetime) -> Result<Receipt> {
        unreachable!()
    }

    fn settle(&mut self, _: &Transaction, _: &Lifetime) -> Result<Receipt> {
        unreachable!()
    }

    fn outcome(&self, _: &Signature, _: &Lifetime) -> Result<Outcome> {
        unreachable!()
    }

    fn genesis(&self) -> Result<Hash> {
        unreachable!()
    }
}

fn key(kind: u8, number: usize) -> Address {
    let mut bytes = [kind; 32];
    bytes[..8].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
    Address::new_from_array(bytes)
}

fn network() -> Address {
    key(b'w', 0)
}

/// What differs from offer to offer, a byte for each.
type Dice = [u8; 10];

/// Which markets: any, one whose offers all cost the same, one of which none can be taken, or both.
#[derive(Clone, Copy, Debug)]
struct Kind {
    at_one_price: bool,
    untakeable: bool,
}

/// An offer with accounts of its own, but the set, which many share.
fn listing(number: usize, dice: Dice, kind: Kind) -> Listing {
    let [
        price,
        per,
        mint,
        set,
        node,
        used,
        record,
        stake,
        place,
        over,
    ] = dice;
    let fails = |byte: u8| byte.is_multiple_of(7);
    let (price, per, mint) = if kind.at_one_price {
        (6, 2, 0)
    } else {
        (price % 4, per % 3 + 1, mint % 2)
    };
    let terms = Terms {
        mint: key(b'm', mint.into()),
        set: match set % 4 {
            0 => NOBODY,
            which => key(b's', which.into()),
        },
        price: price.into(),
        per: per.into(),
        cap: 100 + u64::from(per),
        bond: 100,
        max_length_secs: 3_600,
        ..Terms::zeroed()
    };
    let live = [0, 0b1, 0b11, 0b111];
    Listing {
        address: key(b'o', usize::MAX - (number * 7_919) % 1_009),
        offer: Offer {
            network: network(),
            provider: key(b'p', number),
            node: key(b'n', number),
            terms,
            registration: 7,
            expires_at: NOW + i64::from(!fails(over)),
            slots_left: 3,
            ..Offer::zeroed()
        },
        node: (!fails(node)).then(|| Node {
            opened_slot: 7 + u64::from(fails(node / 7)),
            slots_used: if kind.untakeable {
                4
            } else {
                (used % 5).into()
            },
            slots_total: 4,
            region: (place % 2).into(),
            class: (place / 2 % 2).into(),
            ..Node::zeroed()
        }),
        provider: (!fails(record)).then(|| Provider {
            record: Record {
                jobs_completed: (record % 3).into(),
                slashes: (record / 3 % 2).into(),
                ..Record::zeroed()
            },
            ..Provider::zeroed()
        }),
        set: (terms.set != NOBODY).then(|| AttesterSet {
            live: live[usize::from(set % 4)],
            threshold: 2,
            ..AttesterSet::zeroed()
        }),
        stake: (!fails(stake)).then(|| {
            let pool = StakePool {
                owner: key(b'q', number),
                tokens: 2_000,
                active_shares: 3_000,
                ..StakePool::zeroed()
            };
            let position = Position {
                shares: 900 * u64::from(!fails(stake / 7)),
                ..Position::zeroed()
            };
            (pool, position)
        }),
    }
}

fn filters() -> impl Strategy<Value = Filter> {
    let all = Filter::default();
    prop_oneof![
        Just(all),
        Just(Filter {
            mint: Some(key(b'm', 1)),
            ..all
        }),
        Just(Filter {
            set: Some(key(b's', 2)),
            max_price: Some((3, 2)),
            ..all
        }),
        Just(Filter {
            region: Some(1),
            units: Some(102),
            ..all
        }),
        Just(Filter {
            class: Some(0),
            ..all
        }),
    ]
}

fn told(ranked: &[Ranked]) -> Vec<(Address, String, String)> {
    let told = ranked.iter().map(|one| {
        let why = format!("{:?}", one.untakeable);
        (one.listing.address, why, one.reason.clone())
    });
    told.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_look_is_how_the_whole_ranking_begins(
        dice in prop::collection::vec(any::<Dice>(), 0..160),
        at_one_price in prop::bool::weighted(0.2),
        untakeable in prop::bool::weighted(0.2),
        filter in filters(),
        rows in prop_oneof![0usize..4, 20usize..60, Just(usize::MAX)],
    ) {
        let kind = Kind { at_one_price, untakeable };
        let mut shelf = Shelf::default();
        let mut state = sluice::state::Network::zeroed();
        state.params.min_stake = MIN_STAKE;
        shelf.put(network(), &state);
        let listings: Vec<Listing> = (0..).zip(dice).map(|(number, dice)| listing(number, dice, kind)).collect();
        listings.iter().for_each(|listing| shelf.put_listing(listing));

        let whole = told(&rank(listings, &filter, MIN_STAKE, NOW));
        let look = look(&shelf, &network(), &filter, NOW, rows).unwrap();
        prop_assert_eq!(told(&look.ranked), &whole[..rows.min(whole.len())]);
        // The network and the list, and three rounds of two: each ends with a batch that is not full.
        let most = 2 + 6 + shelf.accounts.len() / crate::ledger::BATCH;
        prop_assert!(shelf.calls.get() <= most, "{} {most}", shelf.calls.get());
        match look.all {
            Some(all) => prop_assert_eq!(all, whole.len()),
            None => prop_assert!(!filter.asks_of_terms_alone() && rows < usize::MAX),
        }
    }
}
