//! The figures of what is watched, as the other verbs show them.

use {
    crate::{
        cmd::{job, network, node, provider, rewards, stake},
        failure::Result,
        output::Fields,
        session::Session,
    },
    sluice_client::{
        Ledger, Position, Share,
        view::stake::PoolView,
        watch::{Member, Subject},
    },
    solana_account::Account,
    solana_address::Address,
};

/// The name of an account's kind and its figures at `now`; `None` for a kind that is not watched.
pub fn figures(
    session: &Session<impl Ledger>,
    subject: &Subject,
    address: &Address,
    found: &Account,
    now: i64,
) -> Result<Option<(&'static str, Fields)>> {
    let Some(member) = Member::read(address, found)? else {
        return Ok(None);
    };
    let figures = match &member {
        Member::Job(job) => job::show::figures(session, address, *job, now)?,
        Member::Provider(provider) => provider::figures(address, provider, now),
        Member::Node(node) => node::figures(address, node),
        Member::Network(network) => network::show::figures(session, address, network, now)?,
        Member::RewardPool(pool) => rewards::show::figures(address, pool, now),
        Member::Share(one) => share(one, subject.decimals),
        Member::StakePool(pool) => {
            let view = PoolView::of(pool, now).ok_or_else(|| job::inconsistent(address)(()))?;
            stake::pool::summary(address, pool, &view)
        }
        Member::Position(one) => position(one),
    };
    Ok(Some((member.kind(), figures)))
}

/// What a share has reported, folded and been paid.
fn share(share: &Share, decimals: u8) -> Fields {
    Fields::new()
        .with("node", share.node)
        .with("payee", share.payee)
        .with("units_seen", share.seen)
        .tokens("folded", share.earned, decimals)
        .tokens("claimed", share.claimed, decimals)
        .tokens("delegators_folded", share.delegators_earned, decimals)
        .tokens("delegators_paid", share.delegators_claimed, decimals)
}

/// A position's shares.
fn position(position: &Position) -> Fields {
    Fields::new()
        .with("staker", position.staker)
        .with("shares", position.shares)
        .with("thawing_shares", position.thawing)
        .with("tickets", position.tickets)
}
