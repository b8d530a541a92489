//! What stands in the market, at which price, and for how long.

mod due;
mod turns;

use {
    super::{due::Step, *},
    crate::worker::send::fake::{Fake, Fate, Table, refused, written},
    bytemuck::Zeroable,
    sluice_client::{JobState, Keypair, SluiceError, Terms, send::Key},
    std::rc::Rc,
};

const NOW: i64 = 1_000_000;
const STANDS: u64 = 1_000;

fn key(byte: u8) -> Address {
    Address::new_from_array([byte; 32])
}

const NODE: u8 = 5;

fn wanted() -> config::Offer {
    config::Offer {
        mint: key(4),
        price: 1_000,
        most_price: Some(2_000),
        per: 3,
        cap: 50,
        window_secs: 3_600,
        grace_secs: 600,
        challenge_secs: 60,
        ruling_secs: 60,
        notice_secs: 3_600,
        fault_windows: 3,
        max_length_secs: 86_400,
        bond: 7,
        challenge_bond: 2,
        slots: 3,
        stands_secs: STANDS,
    }
}

/// A node of five slots.
fn node(used: u16) -> Node {
    Node {
        set: key(8),
        provider: key(6),
        opened_slot: 9,
        slots_total: 5,
        slots_used: used,
        ..Node::zeroed()
    }
}

/// What the agent posted of the offer at `index` of the configuration as its number `number`.
fn posted(index: u64, number: u64, used: u16) -> (Address, Offer) {
    let id = OURS_FROM + index * OF_EACH + number;
    let offer = Offer {
        node: key(NODE),
        provider: key(6),
        terms: terms(&wanted(), &node(used)),
        id,
        registration: 9,
        expires_at: NOW + 1_000,
        slots_left: 3,
        slots_total: 3,
        ..Offer::zeroed()
    };
    (address::offer(&key(NODE), id), offer)
}

/// A job that came from the offer.
fn job(number: u8) -> (Address, Job) {
    let job = Job {
        node: key(NODE),
        state: JobState::Active.byte(),
        terms: Terms {
            price: 1,
            ..posted(0, 0, 0).1.terms
        },
        ..Job::zeroed()
    };
    (key(number), job)
}
