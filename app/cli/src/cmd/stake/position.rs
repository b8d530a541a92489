//! `sluice stake close`.

use {
    super::Target,
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::{Plan, Session},
    },
    clap::Args,
    sluice_client::{Ledger, instruction, view::stake::PositionView},
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Close {
    /// Address of the provider's or attester's account, or of its stake pool.
    subject: Address,
}

impl Close {
    /// Closes the position.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let target = Target::find(session, &self.subject)?;
        let pool = target.existing()?;
        let staker = session.signer()?;
        let (key, position) = target.position(session, &staker.pubkey())?;
        let due =
            PositionView::of(&pool, &position, session.now()?).map_or(0, |view| view.dividends_due);
        let left = [
            (position.shares > 0, "active stake"),
            (position.tickets > 0, "tickets"),
            (due > 0, "dividends to claim"),
        ];
        if let Some((_, what)) = left.iter().find(|(is_left, _)| *is_left) {
            return Err(Failure::input(format!(
                "the position {key} still has {what}"
            )));
        }
        let plan = Plan::of(instruction::close_position(&position));
        let fields = Fields::new()
            .with("position", key)
            .with("rent_to", position.rent_payer);
        session.execute(plan.signed_by(staker), fields)
    }
}
