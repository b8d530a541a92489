//! What a run needs and has not.

use {
    super::{FEES_OF_A_JOB, Ready},
    crate::{
        members::{Circle, Waits},
        plan,
    },
    sluice_client::{
        Address, AttesterSet, ClientError, Job, Ledger, Network, account, address, amount,
        instruction::token::{Mint, TOKEN_ACCOUNT_LEN},
    },
    sluice_member::{
        chain,
        member::{Caller, Member},
    },
    std::collections::BTreeMap,
};

/// What a run needs and has not, in sentences with remedies.
pub fn of(
    ledger: &impl Ledger,
    caller: &Caller,
    ready: &Ready,
    payer: Address,
) -> Result<Vec<String>, ClientError> {
    let mut missing = vec![];
    let (settings, plan) = (&ready.settings, &ready.plan);
    let network: Network = ledger.get(&settings.network)?;
    let held = held(ledger, &settings.buyer, &ready.mint)?;
    let escrow = plan.totals.escrow;
    if held < escrow {
        missing.push(format!(
            "the deposits come to {}, and {} holds {} of the mint {}: send it the rest, or give a smaller --budget",
            amount::format(escrow, ready.mint.decimals),
            settings.buyer,
            amount::format(held, ready.mint.decimals),
            settings.mint
        ));
    }
    let jobs = u64::from(plan.totals.jobs);
    let rent = ledger
        .minimum_balance(account::size::<Job>())?
        .saturating_add(ledger.minimum_balance(TOKEN_ACCOUNT_LEN)?);
    let needed = rent.saturating_add(FEES_OF_A_JOB).saturating_mul(jobs);
    let lamports = ledger.account(&payer)?.map_or(0, |found| found.lamports);
    if lamports < needed {
        missing.push(format!(
            "rent and fees come to about {} SOL, most of which comes back, and {payer} holds {}: send it SOL",
            amount::format(needed, amount::SOL_DECIMALS),
            amount::format(lamports, amount::SOL_DECIMALS)
        ));
    }
    let bonds = plan.placements.iter();
    let bond = bonds
        .map(|one| one.listing.offer.terms.challenge_bond)
        .max();
    if let Some(bond) = bond.filter(|_| settings.challenges) {
        let mint = ledger.mint(&network.stake_mint)?;
        let held = self::held(ledger, &settings.buyer, &mint)?;
        if held < bond {
            missing.push(format!(
                "a challenge takes a bond of {} of the stake mint {}, and {} holds {}: send it as much, or give --no-challenge",
                amount::format(bond, mint.decimals),
                mint.address,
                settings.buyer,
                amount::format(held, mint.decimals)
            ));
        }
    }
    missing.extend(unheard(ledger, caller, ready)?);
    Ok(missing)
}

fn held(ledger: &impl Ledger, owner: &Address, mint: &Mint) -> Result<u64, ClientError> {
    let account = address::token_account(owner, &mint.address, &mint.token_program);
    let held = ledger.token_balance(&account)?;
    if !mint.is_wrapped_sol() {
        return Ok(held);
    }
    // SOL is wrapped as far as it lacks.
    let lamports = ledger.account(owner)?.map_or(0, |found| found.lamports);
    Ok(held.saturating_add(lamports))
}

/// Sets of which too few members answer, or that have no room for what a job brings.
fn unheard(
    ledger: &impl Ledger,
    caller: &Caller,
    ready: &Ready,
) -> Result<Vec<String>, ClientError> {
    let mut wrong = vec![];
    let mut sets = BTreeMap::<Address, Vec<&plan::Placement>>::new();
    for placement in &ready.plan.placements {
        let set = placement.listing.offer.terms.set;
        sets.entry(set).or_default().push(placement);
    }
    for (key, placements) in sets {
        let set: AttesterSet = ledger.get(&key)?;
        let members = chain::members(ledger, &ready.settings.network, &set)?.into_iter();
        let members = members.map(|(key, url)| Member { key, url }).collect();
        let threshold = usize::from(set.threshold);
        let circle = Circle::new(caller.clone(), members, threshold, Waits::default());
        let (mut roomy, mut why) = (0usize, String::new());
        for (member, terms) in circle.terms() {
            let lacks = match terms {
                Err(error) => Some(error.to_string()),
                Ok(terms) => placements.iter().find_map(|placement| {
                    let (room, needed) = room(ready, &set, placement, &terms);
                    (room < needed).then(|| {
                        format!("it keeps {room} bytes for such a job, and that needs {needed}")
                    })
                }),
            };
            match lacks {
                None => roomy = roomy.saturating_add(1),
                Some(lacks) => why.push_str(&format!("; {}: {lacks}", member.key)),
            }
        }
        if !circle.is_enough(roomy) {
            wrong.push(format!(
                "{roomy} of {threshold} members that have to check windows of the set {key} can{why}: wait, choose another --set, or pay more"
            ));
        }
    }
    Ok(wrong)
}

/// Bytes that a member has for a job, and that the job brings to it.
fn room(
    ready: &Ready,
    set: &AttesterSet,
    placement: &plan::Placement,
    terms: &sluice_member::wire::Terms,
) -> (u64, u64) {
    let job = &placement.job;
    let files = ready.inputs.files();
    let all: u64 = files.iter().map(|file| u64::from(file.len)).sum();
    let each = all.div_ceil(u64::try_from(files.len()).unwrap_or(1).max(1));
    let output = u64::from(ready.trial.largest_output);
    let needed = u64::from(job.chunks)
        .saturating_mul(each.saturating_add(output).saturating_add(64))
        .saturating_add(u64::try_from(ready.kernel.code.len()).unwrap_or(u64::MAX));
    let offered = &placement.listing.offer.terms;
    let gross = sluice_math::metering::units_funded(job.funds, offered.price, offered.per)
        .and_then(|units| offered.gross(units).ok())
        .unwrap_or(job.funds);
    let fee = sluice_math::wide::mul_div_floor(gross, set.fee_bps.into(), 10_000);
    let room = terms
        .bytes_per_fee_unit
        .saturating_mul(fee.unwrap_or_default())
        .saturating_add(terms.free_bytes);
    (room, needed)
}
