//! Offers that are over.

use {
    super::Report,
    crate::{
        failure::Result,
        keys::Key,
        output::Fields,
        session::{Plan, Session},
    },
    sluice_client::{Ledger, Offer, account::filter, due},
    solana_address::Address,
};

/// Clears away offers that nobody can take any more.
pub fn clear(
    session: &mut Session<impl Ledger>,
    network: &Address,
    report: &mut Report,
) -> Result<()> {
    let now = session.now()?;
    let closer = session.signer()?;
    let filter = filter::offer_network(network);
    let offers = session.ledger.list::<Offer>(&[filter])?;
    for (address, offer) in session.counted("looks after the offers", offers) {
        let due = due::offer::due(&offer, now);
        for step in due.steps {
            let clear = step.instruction(&closer.pubkey(), &address, &offer);
            let plan = Plan::of(clear).signed_by(Key::clone(&closer));
            let result = session.execute(plan, Fields::new());
            report.note(&address, step.name(), result);
        }
        for later in due.later {
            report.later(&address, later.step.name(), later.at);
        }
    }
    Ok(())
}
