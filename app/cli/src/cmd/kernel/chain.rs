//! `sluice kernel check --on-chain`: what the chain itself makes of a kernel.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::Session,
    },
    sluice_client::{Ledger, amount},
    sluice_run::kernel::{
        chain::{self, Cost, NotAsked, Said},
        found::{Code, Input},
    },
    sluice_work::core::Kind,
};

/// What a signature costs, lamports.
const LAMPORTS_PER_SIGNATURE: u64 = 5_000;

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
pub fn cost(session: &Session<impl Ledger>, code: &Code) -> Result<(Cost, Fields)> {
    let cost = chain::cost(&session.ledger, &session.envelope()?, code)?;
    let fields = Fields::new()
        .sol("rent", cost.rent.most)
        .sol("rent_lost", cost.rent.lost)
        .with("transactions", cost.transactions);
    Ok((cost, fields))
}

/// What the chain makes of each input.
pub fn said(
    session: &mut Session<impl Ledger>,
    code: &Code,
    inputs: &[Input],
    cost: Cost,
) -> Result<Vec<Said>> {
    let in_sol = |lamports| amount::format(lamports, amount::SOL_DECIMALS);
    let Cost { rent, transactions } = cost;
    let payer = session.payer()?.pubkey();
    let needed = rent
        .most
        .saturating_add(transactions.saturating_mul(LAMPORTS_PER_SIGNATURE));
    let account = session.ledger.account(&payer)?;
    let held = account.map_or(0, |found| found.lamports);
    if held < needed {
        return Err(Failure::Unfunded(format!(
            "rent and fees of a deployment come to {} SOL, most of which comes back, and {payer} holds {}: send it SOL",
            in_sol(needed),
            in_sol(held)
        )));
    }
    let what = format!(
        "spends {} SOL and the fees of about {transactions} transactions, and lends {} SOL of rent for as long as the kernel is on the chain",
        in_sol(rent.lost),
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
