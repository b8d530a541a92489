//! What a transaction takes of a block and of its payer, by Agave's own cost model.

use {
    super::measure::Bench,
    agave_feature_set::FeatureSet,
    sluice_client::{Ledger, ledger},
    solana_address::Address,
    solana_compute_budget_interface::ComputeBudgetInstruction,
    solana_cost_model::{cost_model::CostModel, transaction_cost::TransactionCost},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::SimpleAddressLoader,
    solana_runtime_transaction::runtime_transaction::RuntimeTransaction,
    solana_sdk_ids::sysvar,
    solana_signer::Signer,
    solana_transaction::{
        Transaction,
        sanitized::{MessageHash, SanitizedTransaction},
        versioned::VersionedTransaction,
    },
    std::collections::HashSet,
};

/// Most compute units and bytes that a transaction may ask for.
const MOST_UNITS: u32 = 1_400_000;
const MOST_BYTES: u32 = 64 * 1_024 * 1_024;
/// The unit in which loaded bytes are charged.
const PAGE: usize = 32 * 1_024;
/// What Agave counts for every account beside its data (`TRANSACTION_ACCOUNT_BASE_SIZE`).
const ACCOUNT_BYTES: usize = 64;
/// What a program of loader-v3 is on a cluster beside its ELF: its own account, and the head of the one that holds the ELF.
const PROGRAM_BYTES: usize = 36 + ACCOUNT_BYTES + 45;

/// The parts of a transaction's cost units, and its fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub signatures: u64,
    pub write_locks: u64,
    pub data: u64,
    pub execution: u64,
    pub loaded: u64,
    /// Without a price for compute units.
    pub lamports: u64,
}

impl Cost {
    /// What a block counts.
    pub fn units(&self) -> u64 {
        self.signatures + self.write_locks + self.data + self.execution + self.loaded
    }
}

impl Bench {
    /// What these instructions cost as one transaction with the three compute-budget instructions, which ask for no more than
    /// the transaction takes.
    pub(super) fn cost(&self, instructions: &[Instruction], signers: &[&Keypair]) -> Cost {
        let tried = self.budgeted(instructions, signers, MOST_UNITS, MOST_BYTES);
        let used = self.world.chain.simulate(&tried).unwrap().compute_units;
        let units = u32::try_from(used).unwrap();
        let bytes = self.loaded_bytes(&tried.message.account_keys);
        let asked = self.budgeted(instructions, signers, units, bytes);
        let receipt = self.world.chain.simulate(&asked).unwrap();
        let transaction = RuntimeTransaction::<SanitizedTransaction>::try_create(
            VersionedTransaction::from(asked),
            MessageHash::Compute,
            None,
            SimpleAddressLoader::Disabled,
            &HashSet::new(),
            true,
        );
        let transaction = transaction.unwrap();
        let cost = CostModel::calculate_cost(&transaction, &FeatureSet::default());
        let cost = Cost {
            lamports: receipt.fee,
            ..parts(&cost)
        };
        assert_eq!(cost.execution, used, "the model counts the limit");
        cost
    }

    fn budgeted(
        &self,
        instructions: &[Instruction],
        signers: &[&Keypair],
        units: u32,
        bytes: u32,
    ) -> Transaction {
        let mut all = vec![
            ComputeBudgetInstruction::set_compute_unit_limit(units),
            ComputeBudgetInstruction::set_compute_unit_price(0),
            ComputeBudgetInstruction::set_loaded_accounts_data_size_limit(bytes),
        ];
        all.extend_from_slice(instructions);
        let keys: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
        let lifetime = self.world.chain.latest().unwrap();
        ledger::sign(&all, &self.world.payer, &keys, &lifetime).unwrap()
    }

    /// Bytes of all accounts that a cluster loads, in whole pages.
    fn loaded_bytes(&self, keys: &[Address]) -> u32 {
        let elf = std::fs::metadata(sluice_elf::built()).unwrap().len();
        let elf = usize::try_from(elf).unwrap();
        let found = self.world.chain.accounts(keys).unwrap();
        let bytes = keys.iter().zip(found).map(|(key, account)| match account {
            _ if *key == sluice_client::ID => ACCOUNT_BYTES + PROGRAM_BYTES + elf,
            Some(account) if *key != sysvar::instructions::ID => ACCOUNT_BYTES + account.data.len(),
            _ => 0,
        });
        let pages = bytes.sum::<usize>().next_multiple_of(PAGE);
        u32::try_from(pages).unwrap()
    }
}

/// The parts of what the model says; no fee yet.
fn parts<T>(cost: &TransactionCost<T>) -> Cost {
    Cost {
        signatures: cost.signature_cost(),
        write_locks: cost.write_lock_cost(),
        data: u64::from(cost.data_bytes_cost()),
        execution: cost.programs_execution_cost(),
        loaded: cost.loaded_accounts_data_size_cost(),
        lamports: 0,
    }
}
