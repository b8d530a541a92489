//! What a turn sends.

use super::*;

struct Site {
    ledger: Fake,
    purse: Purse,
    offers: Offers,
    table: Table,
}

impl Site {
    /// A ledger on which offers are posted and closed.
    fn new(bound: u64) -> Self {
        let signer: Key = Rc::new(Keypair::new());
        let payer = signer.pubkey();
        let mut ledger = Fake::new(payer);
        let (_, any) = posted(0, 0, 0);
        let close = instruction::clear_offer(&payer, &key(1), &any).data[0];
        let post = post_number(&payer);
        ledger.lands = Box::new(move |(program, accounts, data), all| {
            if *program != sluice_client::ID {
            } else if data[0] == close {
                all.remove(&accounts[1]);
            } else if data[0] == post {
                let id = u64::from_le_bytes(data[1..9].try_into().unwrap());
                let (_, offer) = posted(0, id - OURS_FROM, 0);
                let rent_payer = payer;
                all.insert(
                    accounts[5],
                    written(&Offer {
                        rent_payer,
                        ..offer
                    }),
                );
            }
        });
        let table = Table::default();
        Self {
            ledger,
            purse: Purse::new(signer, 0, bound, Box::new(table.clone())),
            offers: Offers::default(),
            table,
        }
    }

    fn turn(&mut self, now: i64, used: u16) -> Vec<(&'static str, bool)> {
        let Self {
            ledger,
            purse,
            offers,
            ..
        } = self;
        let all = Wanted {
            nodes: &[(key(NODE), node(used))],
            jobs: &[],
            configured: &[wanted()],
        };
        let done = offers.turn(ledger, purse, now, &all);
        shown(&done.unwrap())
    }

    fn numbers(&self) -> Vec<u64> {
        let found = self
            .ledger
            .list::<Offer>(&[filter::offer_node(&key(NODE))])
            .unwrap();
        found
            .iter()
            .map(|(_, offer)| offer.id - OURS_FROM)
            .collect()
    }

    fn spent(&self) -> u64 {
        self.table.days.borrow().values().sum()
    }
}

fn post_number(payer: &Address) -> u8 {
    let args = sluice_client::OfferArgs {
        id: 0,
        terms: Terms::zeroed(),
        slots: 1,
        expires_at: 0,
    };
    instruction::post_offer(payer, payer, &key(NODE), &node(0), args).data[0]
}

fn shown(done: &[Done]) -> Vec<(&'static str, bool)> {
    done.iter()
        .map(|one| (one.name, one.result.is_ok()))
        .collect()
}

#[test]
fn an_offer_is_posted_once_replaced_for_its_fee_alone_and_withdrawn_at_the_end() {
    let mut site = Site::new(u64::MAX);
    assert_eq!(site.turn(NOW, 0), [("post-offer", true)]);
    let rent = (account::size::<Offer>() as u64 + 128) * 6_960;
    assert_eq!((site.numbers(), site.spent()), (vec![0], rent + 5_000));
    let asked = site.ledger.asked.get();
    assert_eq!(site.turn(NOW + 9, 0), []);
    assert_eq!(site.ledger.asked.get(), asked);
    assert_eq!(site.turn(NOW + 10, 0), []);
    // A slot is taken: it is dearer, and the old one goes in the same transaction.
    assert_eq!(site.turn(NOW + 120, 1), [("post-offer", true)]);
    assert_eq!((site.numbers(), site.spent()), (vec![1], rent + 10_000));
    assert_eq!(site.ledger.sent.len(), 2);
    let nodes = [(key(NODE), node(0))];
    let Site {
        ledger,
        purse,
        offers,
        ..
    } = &mut site;
    let done = offers.withdraw(ledger, purse, NOW + 121, &nodes).unwrap();
    assert_eq!(shown(&done), [("withdraw-offer", true)]);
    assert!(site.numbers().is_empty());
}

#[test]
fn a_post_that_was_lost_sight_of_is_not_posted_twice() {
    let mut site = Site::new(u64::MAX);
    site.ledger.fates = [Fate::IsLost].into();
    assert_eq!(site.turn(NOW, 0), [("post-offer", false)]);
    // It had landed.
    let (address, offer) = posted(0, 0, 0);
    site.ledger.put(address, &offer);
    assert_eq!(site.turn(NOW + 10, 0), []);
    site.ledger.accounts.remove(&address);
    assert_eq!(site.turn(NOW + 120, 0), [("post-offer", true)]);
}

#[test]
fn a_refused_post_is_tried_again_when_the_node_changes() {
    let mut site = Site::new(u64::MAX);
    site.ledger.put(key(NODE), &node(0));
    let post = post_number(&site.purse.payer());
    site.ledger.refuses = Box::new(move |(program, _, data), _| {
        let is_post = *program == sluice_client::ID && data[0] == post;
        is_post.then(|| refused(SluiceError::TermsOutlastUnbonding))
    });
    assert_eq!(site.turn(NOW, 0), [("post-offer", false)]);
    assert_eq!(site.turn(NOW + 10, 0), []);
    site.ledger.put(key(NODE), &node(1));
    assert_eq!(site.turn(NOW + 120, 1), [("post-offer", false)]);
    let withheld: Vec<_> = site.offers.steps().withheld().collect();
    assert!(withheld[0].2.ends_with("(TermsOutlastUnbonding)"));
}

#[test]
fn who_leaves_withdraws_though_routine_has_nothing_left() {
    let mut site = Site::new(20_000);
    let (address, offer) = posted(0, 0, 0);
    let mut over = posted(0, 1, 0);
    over.1.slots_left = 0;
    site.ledger.put(address, &offer);
    site.ledger.put(over.0, &over.1);
    let day = NOW.div_euclid(86_400);
    site.table.days.borrow_mut().insert(day, 15_000);
    assert_eq!(site.turn(NOW, 5), [("clear-offer", false)]);
    let nodes = [(key(NODE), node(0))];
    let Site {
        ledger,
        purse,
        offers,
        ..
    } = &mut site;
    let mut done = shown(&offers.withdraw(ledger, purse, NOW, &nodes).unwrap());
    done.sort();
    assert_eq!(done, [("clear-offer", true), ("withdraw-offer", true)]);
    assert!(site.numbers().is_empty());
}
