//! Offers that are over.

use {
    super::Report,
    crate::{
        failure::Result,
        keys::Key,
        output::Fields,
        session::{Plan, Session},
    },
    sluice_client::{Ledger, Offer, instruction},
    solana_address::Address,
    std::mem::offset_of,
};

/// Clears away offers that nobody can take any more.
pub fn clear(
    session: &mut Session<impl Ledger>,
    network: &Address,
    report: &mut Report,
) -> Result<()> {
    let now = session.now()?;
    let closer = session.signer()?;
    let filter = (8 + offset_of!(Offer, network), network.to_bytes().to_vec());
    for (address, offer) in session.ledger.list::<Offer>(&[filter])? {
        if offer.is_over(now) {
            let clear = instruction::clear_offer(&closer.pubkey(), &address, &offer);
            let plan = Plan::of(clear).signed_by(Key::clone(&closer));
            let result = session.execute(plan, Fields::new());
            report.note(&address, "clear", result);
        } else {
            report.later(&address, "clear", offer.expires_at);
        }
    }
    Ok(())
}
