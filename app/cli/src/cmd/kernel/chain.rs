//! `sluice kernel check --on-chain`: what the chain itself makes of a kernel.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::Session,
    },
    sluice_client::{
        Ledger, amount,
        loader::{self, Price},
    },
    sluice_run::kernel::{
        chain::{self, NotAsked, Said},
        found::{Code, Input},
    },
    sluice_work::core::Kind,
};

/// Refuses what the chain cannot be asked.
pub fn require_askable(session: &Session<impl Ledger>, code: &Code) -> Result<()> {
    if code.kind != Kind::Sbpf {
        return Err(Failure::input(
            "the chain runs kernels for sBPF: --on-chain takes an ELF",
        ));
    }
    let settings = session.settings();
    let is_apart = settings.as_instruction || settings.sign_only;
    if is_apart || settings.nonce.is_some() || settings.blockhash.is_some() {
        return Err(Failure::Usage(
            "--on-chain sends many transactions: they cannot be printed or signed apart, and no nonce or blockhash serves all of them"
                .to_owned(),
        ));
    }
    Ok(())
}

/// What asking costs: what comes back and what does not.
pub fn price(session: &Session<impl Ledger>, code: &Code) -> Result<(Price, Fields)> {
    let price = loader::price(&session.ledger, &session.envelope()?, code.bytes.len())?;
    let fields = Fields::new()
        .sol("rent", price.rent.most)
        .sol("rent_lost", price.rent.lost)
        .with("transactions", price.transactions);
    Ok((price, fields))
}

/// What the chain makes of each input.
pub fn said(
    session: &mut Session<impl Ledger>,
    code: &Code,
    inputs: &[Input],
    price: Price,
) -> Result<Vec<Said>> {
    let in_sol = |lamports| amount::format(lamports, amount::SOL_DECIMALS);
    let Price { rent, fees, .. } = price;
    let payer = session.payer()?.pubkey();
    let account = session.ledger.account(&payer)?;
    price.require(&payer, account.map_or(0, |found| found.lamports))?;
    let what = format!(
        "spends {} SOL and about {} SOL of fees, and lends {} SOL of rent for as long as the kernel is on the chain",
        in_sol(rent.lost),
        in_sol(fees),
        in_sol(rent.most.saturating_sub(rent.lost))
    );
    session.consent(&Fields::new(), &[what])?;
    let envelope = session.envelope()?;
    // What is waited for has to be seen as it changes.
    session.ledger.read_afresh();
    let waiting = session.waits("puts the kernel on the chain, asks, and takes it off again");
    let said = chain::said(&mut session.ledger, &envelope, code, inputs, rent);
    drop(waiting);
    said.map_err(|error| match error {
        NotAsked::Send(error) => error.into(),
        NotAsked::File(error) => error.into(),
    })
}
