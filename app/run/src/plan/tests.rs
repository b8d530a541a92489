//! Of plans: markets made up, each rule by an example, and all of them against a check that shares no code with the planner.

mod budget;
mod checked;
mod jobs;
mod windows;

use {
    super::*,
    crate::order::Price,
    bytemuck::Zeroable,
    sluice_client::{Node, Offer, Provider, Terms},
};

const MINT: Address = Address::new_from_array([7; 32]);

fn address(kind: u8, number: u32) -> Address {
    let mut bytes = [kind; 32];
    bytes[..4].copy_from_slice(&number.to_be_bytes());
    Address::new_from_array(bytes)
}

fn node(number: u32) -> Address {
    address(2, number)
}

/// Windows of 100 s with 10 units at 1 base unit each; a notice of one window; ten windows at most.
fn terms() -> Terms {
    Terms {
        mint: MINT,
        price: 1,
        per: 1,
        cap: 10,
        bond: 500,
        max_length_secs: 1_000,
        window_secs: 100,
        grace_secs: 30,
        challenge_secs: 40,
        ruling_secs: 80,
        notice_secs: 100,
        fault_windows: 3,
        ..Terms::zeroed()
    }
}

/// Offer `number` of node `of`, from which `slots` jobs can be taken; the node takes as many.
fn listing(number: u32, of: u32, slots: u16, terms: Terms) -> Listing {
    Listing {
        address: address(1, number),
        offer: Offer {
            node: node(of),
            terms,
            slots_left: slots.into(),
            ..Offer::zeroed()
        },
        node: Some(Node {
            slots_total: slots,
            ..Node::zeroed()
        }),
        provider: Some(Provider::zeroed()),
        set: None,
        stake: None,
    }
}

/// `count` offers alike, each of a node of its own with one slot.
fn alike(count: u32, terms: Terms) -> Vec<Listing> {
    (0..count).map(|at| listing(at, at, 1, terms)).collect()
}

fn asked(budget: u64, nodes: Option<u32>) -> Asked {
    Asked {
        mint: MINT,
        most: Price {
            price: u64::MAX,
            per: 1,
        },
        budget,
        nodes,
        set: None,
        region: None,
    }
}

/// What a test plans with.
struct Case {
    listings: Vec<Listing>,
    chunks: u32,
    chunk_millis: u64,
    kind: Kind,
    asked: Asked,
    used: u64,
    learned: Learned,
}

/// One millisecond a chunk, budget enough.
fn case(listings: Vec<Listing>, chunks: u32) -> Case {
    Case {
        listings,
        chunks,
        chunk_millis: 1,
        kind: Kind::Wasm,
        asked: asked(u64::MAX, None),
        used: 0,
        learned: Learned::default(),
    }
}

/// A listing is too long to be read: its terms and slots are not.
impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Listing { offer, node, .. } in &self.listings {
            let slots = node.map(|node| (node.slots_total, node.slots_used));
            let of = offer.node.to_bytes()[3];
            writeln!(f, "{of} {slots:?} {} {:?}", offer.slots_left, offer.terms)?;
        }
        let Self {
            chunks,
            chunk_millis,
            kind,
            asked,
            used,
            learned,
            ..
        } = self;
        write!(
            f,
            "{chunks} x {chunk_millis} {kind:?} {asked:?} {used} {learned:?}"
        )
    }
}

impl Case {
    fn nodes(mut self, nodes: u32) -> Self {
        self.asked.nodes = Some(nodes);
        self
    }

    fn budget(mut self, budget: u64) -> Self {
        self.asked.budget = budget;
        self
    }

    fn plan(&self) -> Plan {
        let wanted = Wanted {
            chunks: self.chunks,
            chunk_millis: self.chunk_millis,
            most_millis: None,
            kind: self.kind,
            asked: &self.asked,
            used: self.used,
            learned: &self.learned,
        };
        plan(&self.listings, &wanted)
    }
}

impl Plan {
    /// Chunks of each job, in order.
    fn chunks(&self) -> Vec<u32> {
        let jobs = self.placements.iter();
        jobs.map(|placement| placement.job.chunks).collect()
    }

    /// Numbers of the offers, in order.
    fn offers(&self) -> Vec<u32> {
        let number = |placement: &Placement| {
            let bytes = placement.listing.address.to_bytes();
            u32::from_be_bytes(bytes[..4].try_into().unwrap())
        };
        self.placements.iter().map(number).collect()
    }

    fn only(&self) -> Planned {
        assert_eq!(self.placements.len(), 1);
        self.placements[0].job
    }
}
