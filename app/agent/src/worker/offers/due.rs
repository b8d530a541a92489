//! What is due of an agent's offers on one node: pure.

use {
    crate::config,
    sluice_client::{Address, Job, JobState, Node, Offer, OfferArgs, Terms, constants::NOBODY},
    std::cmp::Ordering,
};

/// The first number of an agent's offers among those of a node.
pub const OURS_FROM: u64 = 1 << 63;
/// Numbers that belong to each offer of the configuration.
pub const OF_EACH: u64 = 1 << 32;

/// An offer and its address.
type Found = (Address, Offer);

/// A node with what hangs on it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// Its address.
    pub key: &'a Address,
    /// The node.
    pub node: &'a Node,
    /// The offers on it, whoever posted them.
    pub offers: &'a [Found],
    /// The jobs on it; those on other nodes are left out.
    pub jobs: &'a [(Address, Job)],
}

/// What is to be done about an agent's offers.
#[derive(Clone)]
pub enum Step {
    /// Posts an offer in the place of those of the same terms, in one transaction: there is never none, and never two.
    Post {
        /// What is offered.
        args: OfferArgs,
        /// What it stands for from then on.
        replaces: Vec<Found>,
    },
    /// Withdraws an offer that can still be taken.
    Withdraw(Address, Offer),
    /// Clears away an offer that expired or was used up; its rent returns.
    Clear(Address, Offer),
}

impl Step {
    /// The step's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Post { .. } => "post-offer",
            Self::Withdraw(..) => "withdraw-offer",
            Self::Clear(..) => "clear-offer",
        }
    }
}

/// What is due on a node at `now`, unix seconds of the chain, so that what is `configured` stands there and nothing else of the agent's.
/// A node that no set measures has no offer.
pub fn due(place: &Place<'_>, configured: &[config::Offer], now: i64) -> Vec<Step> {
    let configured = match place.node.set {
        NOBODY => &[],
        _ => configured,
    };
    let (over, live): (Vec<Found>, Vec<Found>) =
        ours(place.key, place.offers).partition(|(_, offer)| offer.is_over(now));
    let mut steps: Vec<Step> = over.into_iter().map(cleared).collect();
    let is_configured = |offer: &Offer| {
        let is_known = index_of(offer).is_some_and(|index| index < configured.len());
        is_known && offer.registration == place.node.opened_slot
    };
    let (live, gone): (Vec<Found>, Vec<Found>) = live
        .into_iter()
        .partition(|(_, offer)| is_configured(offer));
    steps.extend(gone.into_iter().map(withdrawn));
    for (index, wanted) in configured.iter().enumerate() {
        let of_it = live
            .iter()
            .filter(|(_, offer)| index_of(offer) == Some(index));
        steps.extend(of_one(place, index, wanted, of_it.copied(), now));
    }
    steps
}

/// What is due on a node whose worker leaves: nothing of the agent's stands there.
pub fn leaving(node: &Address, offers: &[Found], now: i64) -> Vec<Step> {
    let ours = ours(node, offers);
    ours.map(|found| {
        if found.1.is_over(now) {
            cleared(found)
        } else {
            withdrawn(found)
        }
    })
    .collect()
}

/// The terms of a configured offer on a node, at the price of now.
pub fn terms(wanted: &config::Offer, node: &Node) -> Terms {
    Terms {
        mint: wanted.mint,
        price: price(wanted, node),
        per: wanted.per,
        set: node.set,
        cap: wanted.cap,
        bond: wanted.bond,
        challenge_bond: wanted.challenge_bond,
        max_length_secs: wanted.max_length_secs,
        window_secs: wanted.window_secs,
        grace_secs: wanted.grace_secs,
        challenge_secs: wanted.challenge_secs,
        ruling_secs: wanted.ruling_secs,
        notice_secs: wanted.notice_secs,
        fault_windows: wanted.fault_windows,
    }
}

/// The price on a node, base units: it rises with the slots in use, from `price` with none to `most_price` with all but one, rounded
/// down. A `most_price` below `price` counts as `price`.
pub fn price(wanted: &config::Offer, node: &Node) -> u64 {
    let span = wanted
        .most_price
        .unwrap_or(wanted.price)
        .saturating_sub(wanted.price);
    let last = node.slots_total.saturating_sub(1);
    let used = node.slots_used.min(last);
    let rise = u128::from(span)
        .saturating_mul(used.into())
        .checked_div(last.into())
        .unwrap_or(0);
    // No more than the span, for no more than all but one are in use.
    wanted
        .price
        .saturating_add(u64::try_from(rise).unwrap_or(span))
}

/// What is due of one configured offer of which `live` can be taken.
fn of_one(
    place: &Place<'_>,
    index: usize,
    wanted: &config::Offer,
    live: impl Iterator<Item = Found>,
    now: i64,
) -> Vec<Step> {
    let terms = terms(wanted, place.node);
    let (mut same, other): (Vec<Found>, Vec<Found>) =
        live.partition(|(_, offer)| is_same_but_price(&offer.terms, &terms));
    let mut steps: Vec<Step> = other.into_iter().map(withdrawn).collect();
    let allowed = u32::from(wanted.slots).saturating_sub(busy(place, &terms));
    let serves = |offer: &Offer| {
        is_near(offer.terms.price, terms.price)
            && offer.slots_left <= allowed
            && !is_ending(offer, wanted.stands_secs, now)
    };
    let kept = same
        .iter()
        .enumerate()
        .filter(|(_, (_, offer))| serves(offer));
    let kept = kept.max_by(|(_, one), (_, two)| by_use(one, two));
    let free = u32::from(place.node.slots_total.saturating_sub(place.node.slots_used));
    if let Some((kept, _)) = kept {
        same.swap_remove(kept);
        steps.extend(same.into_iter().map(withdrawn));
    } else if allowed == 0 {
        steps.extend(same.into_iter().map(withdrawn));
    } else if free > 0
        && let Some(id) = free_id(place.offers, index)
    {
        let stands = i64::try_from(wanted.stands_secs).unwrap_or(i64::MAX);
        let args = OfferArgs {
            id,
            terms,
            slots: allowed.min(free),
            expires_at: now.saturating_add(stands),
        };
        let replaces = same;
        steps.push(Step::Post { args, replaces });
    }
    steps
}

/// The offers on a node that an agent posted.
fn ours(node: &Address, offers: &[Found]) -> impl Iterator<Item = Found> {
    let offers = offers.iter().copied();
    offers.filter(move |(_, offer)| offer.node == *node && offer.id >= OURS_FROM)
}

/// Which offer of the configuration it is.
fn index_of(offer: &Offer) -> Option<usize> {
    let number = offer.id.checked_sub(OURS_FROM)?.checked_div(OF_EACH)?;
    usize::try_from(number).ok()
}

/// The lowest number of a configured offer that no offer of the node has.
fn free_id(offers: &[Found], index: usize) -> Option<u64> {
    let first = u64::try_from(index).ok()?.checked_mul(OF_EACH)?;
    let first = OURS_FROM.checked_add(first)?;
    let mut ids = first..=first.checked_add(OF_EACH.saturating_sub(1))?;
    ids.find(|id| offers.iter().all(|(_, offer)| offer.id != *id))
}

/// Jobs that work on the node under terms like these, whatever their price: they came from the offer, and its slots are theirs.
fn busy(place: &Place<'_>, terms: &Terms) -> u32 {
    let jobs = place.jobs.iter().filter(|(_, job)| {
        job.node == *place.key
            && job.state == JobState::Active.byte()
            && is_same_but_price(&job.terms, terms)
    });
    u32::try_from(jobs.count()).unwrap_or(u32::MAX)
}

fn is_same_but_price(one: &Terms, two: &Terms) -> bool {
    let priced = Terms {
        price: two.price,
        ..*one
    };
    priced == *two
}

/// True when prices differ by less than a hundredth of the one that stands.
const fn is_near(stands: u64, wanted: u64) -> bool {
    let apart = stands.abs_diff(wanted);
    apart == 0 || (apart as u128).saturating_mul(100) < stands as u128
}

/// True when less than a quarter of the time is left for which an offer is posted.
fn is_ending(offer: &Offer, stands_secs: u64, now: i64) -> bool {
    let left = u64::try_from(offer.expires_at.saturating_sub(now)).unwrap_or(0);
    u128::from(left).saturating_mul(4) < stands_secs.into()
}

/// The one that stands longest is the largest, then the one with the most slots.
fn by_use((one_key, one): &Found, (two_key, two): &Found) -> Ordering {
    let rank = |offer: &Offer| (offer.expires_at, offer.slots_left);
    rank(one)
        .cmp(&rank(two))
        .then_with(|| one_key.to_bytes().cmp(&two_key.to_bytes()))
}

const fn cleared((key, offer): Found) -> Step {
    Step::Clear(key, offer)
}

const fn withdrawn((key, offer): Found) -> Step {
    Step::Withdraw(key, offer)
}
