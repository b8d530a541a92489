//! `sluice kernel check --on-chain`: what the chain itself makes of a kernel.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::Session,
    },
    sluice_client::{Ledger, amount, loader::Rent, send::Envelope},
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
    if settings.as_instruction || settings.sign_only {
        return Err(Failure::Usage(
            "--on-chain sends many transactions: they cannot be printed or signed apart".to_owned(),
        ));
    }
    Ok(())
}

/// What asking costs: what comes back and what does not.
pub fn costs(session: &Session<impl Ledger>, code: &Code) -> Result<(Rent, Fields)> {
    let rent = chain::rent(&session.ledger, code)?;
    let fields = Fields::new()
        .sol("rent", rent.most)
        .sol("rent_lost", rent.lost);
    Ok((rent, fields))
}

/// What the chain makes of each input.
pub fn said(
    session: &mut Session<impl Ledger>,
    code: &Code,
    inputs: &[Input],
    rent: Rent,
) -> Result<Vec<Said>> {
    let in_sol = |lamports| amount::format(lamports, amount::SOL_DECIMALS);
    let what = format!(
        "deploys the kernel for {} SOL of rent, of which {} do not come back",
        in_sol(rent.most),
        in_sol(rent.lost)
    );
    session.consent(&Fields::new(), &[what])?;
    let envelope = Envelope {
        unit_price: session.settings().unit_price,
        ..Envelope::new(session.payer()?)
    };
    // What is waited for has to be seen as it changes.
    session.ledger.read_afresh();
    let waiting = session.waits("puts the kernel on the chain, asks, and takes it off again");
    let said = chain::said(&mut session.ledger, &envelope, code, inputs);
    drop(waiting);
    said.map_err(|error| match error {
        NotAsked::Send(error) => error.into(),
        NotAsked::File(error) => error.into(),
    })
}
