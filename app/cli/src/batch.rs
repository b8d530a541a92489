//! Many steps in as few transactions as they fit.

use {
    crate::{
        failure::{Exit, Failure, Result},
        output::{Fields, Value},
        session::{Plan, Session},
    },
    sluice_client::Ledger,
};

/// Many steps, each whole and in their order.
pub struct Batch {
    /// Each with the row that tells of it.
    pub steps: Vec<(Plan, Fields)>,
    /// What the rows of the steps that are done come to.
    pub tell: fn(Vec<Fields>) -> Fields,
}

impl Batch {
    /// No steps yet.
    pub const fn new(tell: fn(Vec<Fields>) -> Fields) -> Self {
        Self {
            steps: vec![],
            tell,
        }
    }
}

/// Sends `batch` in as few transactions as it fits, and tells it and `more` with the signatures before them. A transaction that is
/// refused does not hold up those after it, and its steps are told apart, with why; what would stop every one, a payer without lamports
/// or a node that does not answer, ends it. Of a dry run only the first transaction is simulated, for the others may build on it.
///
/// # Errors
///
/// The first failure, when no transaction went through.
pub fn send_all(session: &mut Session<impl Ledger>, batch: Batch, more: Fields) -> Result<Fields> {
    let Batch { steps, tell } = batch;
    let (plans, rows): (Vec<Plan>, Vec<Fields>) = steps.into_iter().unzip();
    let lens = plans.iter().map(|plan| plan.all().count());
    let lens: Vec<usize> = lens.collect();
    let packed = session.pack(plans)?;
    let count = u32::try_from(packed.len()).unwrap_or(u32::MAX);
    let counted = Fields::new().with("transactions", count);
    if session.is_proposal() {
        for plan in packed {
            session.execute(plan, Fields::new())?;
        }
        return Ok(counted.join(tell(rows)).join(more));
    }
    let whole = counted.clone().join(tell(rows.clone())).join(more.clone());
    if count <= 1 || session.is_dry_run() {
        let first = packed.into_iter().next().unwrap_or_default();
        return session.execute(first, whole);
    }
    let goes_on = session.in_steps();
    let last = packed.len();
    let of_each = apart(&packed, lens.into_iter().zip(rows));
    let (mut receipts, mut done, mut undone, mut failures) = (vec![], vec![], vec![], vec![]);
    let pairs = packed.into_iter().zip(of_each).collect::<Vec<_>>();
    for (number, (plan, rows)) in (1..).zip(session.counted("sends the transactions", pairs)) {
        if failures.last().is_some_and(stops_all) {
            undone.extend(rows);
            continue;
        }
        let result = if number == last && !goes_on && failures.is_empty() {
            session.last_step();
            whole.clone()
        } else {
            counted.clone()
        };
        match session.execute(plan, result) {
            Ok(receipt) => {
                receipts.push(receipt.only(|name| name == "signature"));
                done.extend(rows);
            }
            Err(failure) => {
                let why = failure.to_string();
                undone.extend(rows.into_iter().map(|row| row.with("why", why.clone())));
                failures.push(failure);
            }
        }
    }
    if receipts.is_empty() && !failures.is_empty() {
        return Err(failures.swap_remove(0));
    }
    let told = counted.with("sent", Value::Table(receipts));
    if failures.is_empty() {
        return Ok(told.join(tell(done)).join(more));
    }
    let mut why: Vec<String> = failures.iter().map(ToString::to_string).collect();
    why.dedup();
    let told = told.with("failed", why.join("; ")).join(tell(done));
    Ok(told.with("undone", Value::List(undone)).join(more).partly())
}

/// True for what would stop every other transaction too.
fn stops_all(failure: &Failure) -> bool {
    failure.exit() != Exit::Refused
}

/// The rows of each transaction: it has the instructions of so many steps, of which the length is given with the row.
fn apart(packed: &[Plan], steps: impl Iterator<Item = (usize, Fields)>) -> Vec<Vec<Fields>> {
    let mut steps = steps.peekable();
    let of_one = |plan: &Plan| {
        let (mut left, mut rows) = (plan.all().count(), vec![]);
        while let Some((len, row)) = steps.next_if(|(len, _)| *len <= left) {
            left = left.saturating_sub(len);
            rows.push(row);
        }
        rows
    };
    packed.iter().map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use {super::*, solana_address::Address, solana_instruction::Instruction};

    #[test]
    fn each_transaction_has_the_rows_of_its_own_steps() {
        let instruction = Instruction {
            program_id: Address::new_from_array([7; 32]),
            accounts: vec![],
            data: vec![],
        };
        let plan = |len: usize| {
            let mut plan = Plan::default();
            (0..len).for_each(|_| plan.push(instruction.clone()));
            plan
        };
        let row = |number: u32| Fields::new().with("number", number);
        let steps = [2, 1, 1, 3].into_iter().zip((1..).map(row));
        let rows = apart(&[plan(3), plan(1), plan(3)], steps);
        assert_eq!(rows, [vec![row(1), row(2)], vec![row(3)], vec![row(4)]]);
    }
}
