//! What ran in a past transaction: the runs of the Sluice program, and the tokens that each of them moved.

use {
    crate::instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    solana_address::Address,
};

/// Number of `TransferChecked` in both token programs.
const TRANSFER_CHECKED: u8 = 12;

/// One run of any program in a transaction, at the top or from another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The program.
    pub program: Address,
    /// Its accounts, in their order.
    pub accounts: Vec<Address>,
    /// What it was told.
    pub data: Vec<u8>,
}

/// One run of the Sluice program in a transaction, at the top or from another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its accounts, in their order.
    pub accounts: Vec<Address>,
    /// What it was told: the instruction's discriminator, which is one byte, and its arguments.
    pub data: Vec<u8>,
    /// The checked transfers between it and the program's next run. What left a vault is all here: only the program signs for one.
    pub moved: Vec<Moved>,
}

/// Tokens that went from one token account to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The token account that they left.
    pub from: Address,
    /// The token account that they went to.
    pub to: Address,
    /// Base units.
    pub amount: u64,
}

impl Run {
    fn transfer(&self) -> Option<Moved> {
        let is_token = [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].contains(&self.program);
        let (number, rest) = self.data.split_first().filter(|_| is_token)?;
        let amount = rest.first_chunk::<8>()?;
        let [from, _, to, ..] = self.accounts[..] else {
            return None;
        };
        (*number == TRANSFER_CHECKED).then_some(Moved {
            from,
            to,
            amount: u64::from_le_bytes(*amount),
        })
    }
}

impl Call {
    /// The runs of the Sluice program among all `runs` of a transaction, in their order.
    pub fn all(runs: impl IntoIterator<Item = Run>) -> Vec<Self> {
        let mut calls: Vec<Self> = vec![];
        for run in runs {
            if run.program == sluice::ID {
                calls.push(Self {
                    accounts: run.accounts,
                    data: run.data,
                    moved: vec![],
                });
            } else if let (Some(call), Some(moved)) = (calls.last_mut(), run.transfer()) {
                call.moved.push(moved);
            }
        }
        calls
    }

    /// True for the instruction with this discriminator.
    pub fn is(&self, discriminator: &[u8]) -> bool {
        self.data.get(..1) == Some(discriminator)
    }

    /// Its account at `index`.
    pub fn account(&self, index: usize) -> Option<Address> {
        self.accounts.get(index).copied()
    }

    /// What it was told behind the discriminator.
    pub fn arguments(&self) -> &[u8] {
        self.data.get(1..).unwrap_or_default()
    }

    /// Base units that it took out of the token account at `vault`.
    pub fn taken_from(&self, vault: &Address) -> u64 {
        let out = self.moved.iter().filter(|moved| moved.from == *vault);
        out.fold(0, |sum, moved| sum.saturating_add(moved.amount))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(seed: u8) -> Address {
        Address::new_from_array([seed; 32])
    }

    fn transfer(program: Address, number: u8, amount: u64) -> Run {
        let mut data = vec![number];
        data.extend(amount.to_le_bytes());
        data.push(6);
        Run {
            program,
            accounts: [1, 2, 3, 4].map(address).to_vec(),
            data,
        }
    }

    fn ours(number: u8) -> Run {
        Run {
            program: sluice::ID,
            accounts: vec![address(9)],
            data: vec![number, 7],
        }
    }

    #[test]
    fn a_call_has_the_transfers_between_it_and_the_next_one() {
        let calls = Call::all([
            transfer(TOKEN_PROGRAM, 12, 1),
            ours(21),
            transfer(TOKEN_PROGRAM, 12, 5),
            transfer(TOKEN_PROGRAM, 3, 50),
            transfer(address(8), 12, 500),
            ours(22),
            transfer(TOKEN_2022_PROGRAM, 12, 7),
        ]);
        let told: Vec<_> = calls
            .iter()
            .map(|call| {
                (
                    call.is(&[21]),
                    call.taken_from(&address(1)),
                    call.moved.len(),
                )
            })
            .collect();
        assert_eq!(told, [(true, 5, 1), (false, 7, 1)]);
        assert_eq!(calls[0].arguments(), [7]);
        assert_eq!(calls[0].taken_from(&address(3)), 0);
        assert_eq!(calls[0].account(0), Some(address(9)));
        assert_eq!(calls[0].account(1), None);
    }
}
