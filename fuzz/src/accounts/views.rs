//! What the client tells of accounts whose bytes a node made up: it may say that they contradict each other, and must say so soon.

use {
    super::places::*,
    crate::pick::Pick,
    bytemuck::{Pod, Zeroable},
    sluice::state::{
        AttesterSet, Challenge, Epoch, Job, Offer, Position, RewardPool, Share, StakePool, Terms,
    },
    sluice_client::view::{
        self,
        challenge::Step,
        job::JobView,
        rewards::ShareView,
        stake::{PoolView, PositionView},
    },
};

/// A view of accounts made of any numbers.
pub fn views(pick: &mut Pick) {
    let now = pick.wide().cast_signed();
    match pick.below(5) {
        0 => job(pick, now),
        1 => stake(&made_up(pick), &made_up(pick), now),
        2 => share(&made_up(pick), &made_up(pick), &made_up(pick), now),
        3 => challenge(&made_up(pick), &made_up(pick), now),
        _ => offer(&made_up(pick)),
    }
}

/// An account with a few numbers in it, anywhere.
fn made_up<T: Pod>(pick: &mut Pick) -> T {
    let mut account = T::zeroed();
    let bytes = bytemuck::bytes_of_mut(&mut account);
    for _ in 0..pick.below(32) {
        let at = usize::from(pick.short()) % bytes.len();
        let value = pick.wide().to_le_bytes();
        for (byte, new) in bytes.iter_mut().skip(at & !3).zip(value) {
            *byte = new;
        }
    }
    account
}

fn job(pick: &mut Pick, now: i64) {
    let mut job: Job = made_up(pick);
    // Terms make or break the rest.
    job.terms = Terms {
        price: pick.wide(),
        per: pick.wide(),
        cap: pick.wide(),
        max_length_secs: pick.wide(),
        window_secs: pick.secs(u32::MAX),
        grace_secs: pick.secs(u32::MAX),
        challenge_secs: pick.secs(u32::MAX),
        ruling_secs: pick.secs(u32::MAX),
        notice_secs: pick.secs(u32::MAX),
        fault_windows: pick.secs(u32::MAX),
        ..Terms::zeroed()
    };
    job.state = pick.below(4);
    match JobView::of(&job, now) {
        Some(view) => {
            VIEW.reach();
            assert!(view.refundable <= job.funded);
        }
        None => CONTRADICTION.reach(),
    }
    let _names = (view::job::state_name(&job), view::job::cause_name(&job));
    let _least = view::job::minimum_deposit(&job.terms);
}

fn stake(pool: &StakePool, position: &Position, now: i64) {
    let _views = (
        PoolView::of(pool, now),
        PositionView::of(pool, position, now),
    );
}

fn share(pool: &RewardPool, share: &Share, epoch: &Epoch, now: i64) {
    let view = ShareView::of(pool, share, now, |_| Some(*epoch));
    let _due = view.map(|view| view.all_due());
}

fn challenge(challenge: &Challenge, set: &AttesterSet, now: i64) {
    let _name = Step::of(challenge, now).name();
    let _signers = view::challenge::signers(challenge, set);
    let _until = view::challenge::settles_at_latest(challenge);
    let _verdict = view::challenge::verdict_name(challenge);
}

fn offer(offer: &Offer) {
    let _valid = offer.terms.validate(u32::MAX);
    let _least = view::job::minimum_deposit(&offer.terms);
}
