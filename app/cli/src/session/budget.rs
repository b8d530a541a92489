//! What a transaction may use and costs: compute units, bytes loaded, lamports.

use {
    super::{Plan, SOL_DECIMALS, Session},
    crate::failure::{Failure, Result},
    sluice::constants::ED25519_PROGRAM,
    sluice_client::{Ledger, Receipt, amount, ledger},
    solana_address::Address,
    solana_compute_budget_interface::ComputeBudgetInstruction,
    solana_instruction::Instruction,
    solana_system_interface::instruction::advance_nonce_account,
    spl_memo_interface::{instruction::build_memo, v3::ID as MEMO},
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
#[derive(Clone, Copy)]
pub struct Budget {
    /// Compute units.
    pub units: u32,
    /// Bytes of accounts; `None` where the ledger does not say what a transaction loads.
    loaded: Option<u32>,
}

impl Budget {
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

impl<L: Ledger> Session<L> {
    /// Bytes of the transaction that a plan comes to.
    pub fn size(&self, plan: &Plan) -> Result<usize> {
        let instructions = self.compose(plan, Budget::MOST)?;
        Ok(ledger::size_of(&instructions, &self.payer()?.pubkey()))
    }

    /// The plan's instructions between those that all transactions share.
    pub(super) fn compose(&self, plan: &Plan, budget: Budget) -> Result<Vec<Instruction>> {
        let mut all = vec![];
        if let Some(nonce) = &self.settings.nonce {
            let authority = self.nonce_authority()?.pubkey();
            all.push(advance_nonce_account(nonce, &authority));
        }
        all.push(ComputeBudgetInstruction::set_compute_unit_limit(
            budget.units,
        ));
        let price = self.settings.unit_price;
        all.extend(price.map(ComputeBudgetInstruction::set_compute_unit_price));
        // What several places sign has to come out the same in each.
        let loaded = budget.loaded.filter(|_| !self.is_signed_apart());
        all.extend(loaded.map(ComputeBudgetInstruction::set_loaded_accounts_data_size_limit));
        all.extend_from_slice(&plan.first);
        all.extend_from_slice(&plan.instructions);
        let memo = self.settings.memo.as_ref();
        all.extend(memo.map(|text| build_memo(&MEMO, text.as_bytes(), &[])));
        Ok(all)
    }

    /// Refuses a payer that cannot afford fee and rent, and a fee above the user's limit; returns the fee, lamports.
    pub(super) fn require_lamports(&self, plan: &Plan, units: u32) -> Result<u64> {
        let payer = self.payer()?.pubkey();
        let fee = self.fee(plan, &payer, units);
        if let Some(most) = self.settings.max_fee.filter(|most| fee > *most) {
            return Err(Failure::Declined(format!(
                "the fee is {} SOL, above --max-fee {}",
                amount::format(fee, SOL_DECIMALS),
                amount::format(most, SOL_DECIMALS),
            )));
        }
        let mut needed = fee.saturating_add(plan.wraps);
        for bytes in &plan.creates {
            needed = needed.saturating_add(self.ledger.minimum_balance(*bytes)?);
        }
        let held = self
            .ledger
            .account(&payer)?
            .map_or(0, |account| account.lamports);
        if held >= needed {
            return Ok(fee);
        }
        Err(Failure::Unfunded(format!(
            "the payer {payer} holds {} SOL and needs {} SOL for fee and rent",
            amount::format(held, SOL_DECIMALS),
            amount::format(needed, SOL_DECIMALS),
        )))
    }

    fn fee(&self, plan: &Plan, payer: &Address, units: u32) -> u64 {
        let instructions = || plan.first.iter().chain(&plan.instructions);
        let authority = self
            .settings
            .nonce
            .and_then(|_| self.nonce_authority().ok());
        let signers: BTreeSet<[u8; 32]> = instructions()
            .flat_map(|instruction| &instruction.accounts)
            .filter(|account| account.is_signer)
            .map(|account| account.pubkey)
            .chain([*payer])
            .chain(authority.map(|key| key.pubkey()))
            .map(|key| key.to_bytes())
            .collect();
        let precompiled: u64 = instructions()
            .filter(|instruction| instruction.program_id == ED25519_PROGRAM)
            .filter_map(|instruction| instruction.data.first().copied())
            .map(u64::from)
            .sum();
        let signatures = precompiled.saturating_add(signers.len() as u64);
        let priority = u64::from(units)
            .saturating_mul(self.settings.unit_price.unwrap_or(0))
            .div_ceil(1_000_000);
        signatures
            .saturating_mul(SIGNATURE_FEE)
            .saturating_add(priority)
    }
}
