//! What fees and bonds are paid from.

use {
    super::report::Report,
    crate::chain::{self, Chain},
    sluice_client::{
        Address, Ledger, Network, address,
        amount::{self, SOL_DECIMALS},
    },
};

/// What two hundred signatures cost, lamports: less, and nothing is sent for long.
const LEAST_LAMPORTS: u64 = 1_000_000;

fn sol(lamports: u64) -> String {
    amount::format(lamports, SOL_DECIMALS)
}

fn lamports(chain: &Chain<impl Ledger>, key: &Address) -> chain::Result<u64> {
    let found = chain.ledger.account(key)?;
    Ok(found.map_or(0, |found| found.lamports))
}

/// The operator can pay for a day.
pub fn operator(
    chain: &Chain<impl Ledger>,
    key: &Address,
    lamports_a_day: u64,
    report: &mut Report,
) {
    fees(chain, ("operator", key), lamports_a_day, report);
}

fn fees(
    chain: &Chain<impl Ledger>,
    (whose, key): (&str, &Address),
    a_day: u64,
    report: &mut Report,
) {
    let found = match lamports(chain, key) {
        Ok(found) => found,
        Err(error) => return unread("fees", &error, report),
    };
    let said = format!("the {whose} has {} SOL", sol(found));
    let remedy = format!(
        "Send SOL to {key}: it pays the fees and rent of all that this machine sends, up to {} SOL a day.",
        sol(a_day)
    );
    if found < LEAST_LAMPORTS {
        report.fail("fees", said, remedy);
    } else if found < a_day {
        report.warn("fees", said, remedy);
    } else {
        report.ok("fees", said);
    }
}

/// Whoever challenges has SOL for fees and stake tokens for bonds.
pub fn challenger(
    chain: &Chain<impl Ledger>,
    network: &Network,
    key: &Address,
    most_bonds: u64,
    report: &mut Report,
) {
    fees(chain, ("challenger", key), LEAST_LAMPORTS, report);
    let held = || {
        let mint = chain.ledger.mint(&network.stake_mint)?;
        let purse = address::token_account(key, &mint.address, &mint.token_program);
        chain::Result::Ok((chain.ledger.token_balance(&purse)?, mint.decimals))
    };
    match held() {
        Ok((held, decimals)) => {
            let [has, most] = [held, most_bonds].map(|base| amount::format(base, decimals));
            let said = format!(
                "the challenger has {has} tokens of the stake mint, bonds may hold {most} at once"
            );
            if most_bonds == 0 || held < most_bonds {
                report.warn(
                    "bonds",
                    said,
                    format!("Raise `most_bonds` in [guard] above 0 and send the challenger {key} as many tokens: nothing is challenged beyond."),
                );
            } else {
                report.ok("bonds", said);
            }
        }
        Err(error) => unread("bonds", &error, report),
    }
}

/// That the chain could not be read.
pub fn unread(check: &'static str, error: &sluice_client::ClientError, report: &mut Report) {
    report.warn(
        check,
        format!("not looked at: {error}"),
        "Run the check again; use another node if it stays so.",
    );
}
