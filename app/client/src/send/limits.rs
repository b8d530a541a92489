//! What a transaction may use and what it costs: compute units, bytes loaded, lamports. Pure.

use {
    super::{Error, Plan, Result},
    crate::ledger::Receipt,
    sluice::constants::ED25519_PROGRAM,
    solana_address::Address,
    std::collections::BTreeSet,
};

/// Most compute units a transaction may ask for.
const MAX_UNITS: u32 = 1_400_000;
/// Most bytes of accounts a transaction may load.
const MAX_LOADED: u32 = 64 * 1_024 * 1_024;
/// The unit in which loaded bytes are charged.
const PAGE: u32 = 32 * 1_024;
/// Lamports per signature, precompiled ones included.
const SIGNATURE_FEE: u64 = 5_000;

/// What a transaction asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Compute units.
    pub units: u32,
    /// Bytes of accounts; `None` where the ledger does not say what a transaction loads.
    pub loaded: Option<u32>,
}

impl Limits {
    /// As much as there is.
    pub const MOST: Self = Self {
        units: MAX_UNITS,
        loaded: Some(MAX_LOADED),
    };

    /// A tenth more than a trial used.
    pub fn after(trial: &Receipt) -> Self {
        let used = trial.compute_units;
        let units = u32::try_from(used.saturating_add(used.div_ceil(10)))
            .map_or(MAX_UNITS, |limit| limit.min(MAX_UNITS));
        let loaded = trial.loaded_bytes.map(|bytes| {
            let more = bytes.saturating_add(bytes.div_ceil(10));
            more.checked_next_multiple_of(PAGE)
                .unwrap_or(MAX_LOADED)
                .min(MAX_LOADED)
        });
        Self { units, loaded }
    }
}

/// The fee of a plan, lamports: of the signatures of `payers` and of all signers of the instructions, of the precompiled ones, and of
/// `units` at `unit_price` micro-lamports each.
pub fn fee(plan: &Plan, payers: &[Address], units: u32, unit_price: u64) -> u64 {
    let signers: BTreeSet<[u8; 32]> = plan
        .all()
        .flat_map(|instruction| &instruction.accounts)
        .filter(|account| account.is_signer)
        .map(|account| account.pubkey)
        .chain(payers.iter().copied())
        .map(|key| key.to_bytes())
        .collect();
    let precompiled: u64 = plan
        .all()
        .filter(|instruction| instruction.program_id == ED25519_PROGRAM)
        .filter_map(|instruction| instruction.data.first().copied())
        .map(u64::from)
        .sum();
    let signatures = precompiled.saturating_add(signers.len() as u64);
    let priority = u64::from(units)
        .saturating_mul(unit_price)
        .div_ceil(1_000_000);
    signatures
        .saturating_mul(SIGNATURE_FEE)
        .saturating_add(priority)
}

/// What a plan takes from its payer, lamports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Of the network, for signatures and priority.
    pub fee: u64,
    /// Of the accounts that it creates.
    pub rent: u64,
    /// Wrapped.
    pub wraps: u64,
}

impl Cost {
    /// All of it.
    pub const fn total(&self) -> u64 {
        self.fee
            .saturating_add(self.rent)
            .saturating_add(self.wraps)
    }

    /// Refuses a `payer` who holds less.
    pub fn require(&self, payer: &Address, held: u64) -> Result<()> {
        let needed = self.total();
        if held >= needed {
            return Ok(());
        }
        Err(Error::LacksLamports {
            payer: *payer,
            held,
            needed,
        })
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        solana_instruction::{AccountMeta, Instruction},
    };

    fn trial(compute_units: u64, loaded_bytes: Option<u32>) -> Limits {
        Limits::after(&Receipt {
            compute_units,
            loaded_bytes,
            ..Receipt::default()
        })
    }

    #[test]
    fn limits_are_a_tenth_above_what_a_trial_used_and_no_more_than_there_is() {
        assert_eq!(trial(1_001, None).units, 1_102);
        assert_eq!(trial(1_300_000, None).units, 1_400_000);
        assert_eq!(trial(u64::MAX, None).units, 1_400_000);
        assert_eq!(trial(0, None).loaded, None);
        assert_eq!(trial(0, Some(1)).loaded, Some(32_768));
        // 30,000 and a tenth are 33,000: two pages.
        assert_eq!(trial(0, Some(30_000)).loaded, Some(65_536));
        assert_eq!(trial(0, Some(u32::MAX)).loaded, Some(67_108_864));
    }

    #[test]
    fn a_fee_counts_each_signer_once_and_every_precompiled_signature() {
        let [payer, owner] = [1, 2].map(|byte| Address::new_from_array([byte; 32]));
        let signs = |key| AccountMeta::new_readonly(key, true);
        let call = |program_id, accounts, data| Instruction {
            program_id,
            accounts,
            data,
        };
        let mut plan = Plan::of(call(sluice::ID, vec![signs(owner), signs(payer)], vec![]));
        assert_eq!(fee(&plan, &[payer], 0, 0), 10_000);
        plan.first.push(call(ED25519_PROGRAM, vec![], vec![3, 0]));
        assert_eq!(fee(&plan, &[payer, owner], 0, 0), 25_000);
        // 1,000 units at 1.5 lamports, and a lamport for a part of one.
        assert_eq!(fee(&plan, &[payer], 1_000, 1_500_000), 26_500);
        assert_eq!(fee(&plan, &[payer], 1, 1), 25_001);
    }

    #[test]
    fn a_payer_needs_fee_rent_and_what_is_wrapped() {
        let cost = Cost {
            fee: 5_000,
            rent: 2_039_280,
            wraps: 1_000_000_000,
        };
        let payer = Address::default();
        assert!(cost.require(&payer, 1_002_044_280).is_ok());
        let lacks = cost.require(&payer, 1_002_044_279).unwrap_err();
        assert_eq!(
            lacks.to_string(),
            "the payer 11111111111111111111111111111111 holds 1.002044279 SOL and needs 1.00204428 SOL for fee and rent"
        );
    }
}
