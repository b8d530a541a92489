//! Transactions of one slot, in the order in which they happened: not every node lists them so.

use {
    super::is_told,
    crate::{books::act::closes, ledger::history::Past},
    solana_address::Address,
    std::rc::Rc,
};

/// Of more transactions of one slot than this the node's order is taken.
const MOST: usize = 8;

/// `pasts`, oldest first, where each of a slot finds in the vault what the one before it left. Where no order does that, the given one
/// stays.
pub fn in_order(pasts: &[Rc<Past>], vault: &Address) -> Vec<Rc<Past>> {
    let mut held = Some(0);
    let mut all = Vec::with_capacity(pasts.len());
    for slot in pasts.chunk_by(|one, next| one.slot == next.slot) {
        let balances = slot.iter().map(|past| {
            let balance = past.tokens_of(vault);
            // A vault of which nothing is told is not there, unless it was until then.
            let is_known = is_told(past) && (balance.is_some() || !closes(past, vault));
            is_known.then(|| balance.map_or((0, 0), |one| (one.before, one.after)))
        });
        let balances: Vec<_> = balances.collect();
        let order = order(held, &balances).unwrap_or_else(|| (0..slot.len()).collect());
        let last = order.last().and_then(|last| balances.get(*last));
        held = last.copied().flatten().map(|(_, after)| after);
        all.extend(order.iter().filter_map(|at| slot.get(*at).map(Rc::clone)));
    }
    all
}

/// The first order in which each finds what the one before it left; `None` where there is none. What is not known fits everywhere.
fn order(held: Option<u64>, balances: &[Option<(u64, u64)>]) -> Option<Vec<usize>> {
    let mut order = vec![];
    (balances.len() <= MOST && follow(held, balances, &mut order)).then_some(order)
}

fn follow(held: Option<u64>, balances: &[Option<(u64, u64)>], order: &mut Vec<usize>) -> bool {
    if order.len() == balances.len() {
        return true;
    }
    for (at, balance) in balances.iter().enumerate() {
        let fits = match (held, balance) {
            (Some(held), Some((before, _))) => held == *before,
            _ => true,
        };
        if !fits || order.contains(&at) {
            continue;
        }
        order.push(at);
        if follow(balance.map(|(_, after)| after), balances, order) {
            return true;
        }
        order.pop();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_a_slot_is_the_one_in_which_balances_follow() {
        let given = [Some((100, 60)), Some((60, 0)), Some((0, 0))];
        assert_eq!(order(Some(100), &given), Some(vec![0, 1, 2]));
        let mixed = [Some((0, 0)), Some((60, 0)), Some((100, 60))];
        assert_eq!(order(Some(100), &mixed), Some(vec![2, 1, 0]));
        // The first that fits is not always the first of all.
        let still = [Some((100, 60)), Some((100, 100))];
        assert_eq!(order(Some(100), &still), Some(vec![1, 0]));
    }

    #[test]
    fn what_follows_in_no_order_stays_as_it_is_and_what_is_unknown_fits() {
        assert_eq!(order(Some(100), &[Some((100, 60)), Some((50, 0))]), None);
        assert_eq!(order(Some(100), &[None, Some((7, 0))]), Some(vec![0, 1]));
        assert_eq!(order(None, &[Some((7, 0))]), Some(vec![0]));
        assert_eq!(order(Some(0), &[Some((0, 0)); MOST + 1]), None);
    }
}
