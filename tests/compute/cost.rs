//! What a transaction takes of a block and of its payer, by Agave's own cost model.

use {
    agave_feature_set::FeatureSet,
    sluice_client::{Ledger, ledger},
    sluice_tests::world::World,
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

/// What these instructions cost as one transaction of `payer` with the three compute-budget instructions, which ask for no more than the
/// transaction takes.
pub fn of(
    world: &World,
    payer: &Keypair,
    instructions: &[Instruction],
    signers: &[&Keypair],
) -> Cost {
    of_budgeted(world, payer, instructions, signers, true)
}

/// The same without a price for compute units, which takes 12 bytes.
pub fn of_unpriced(world: &World, payer: &Keypair, instructions: &[Instruction]) -> Cost {
    of_budgeted(world, payer, instructions, &[], false)
}

fn of_budgeted(
    world: &World,
    payer: &Keypair,
    instructions: &[Instruction],
    signers: &[&Keypair],
    is_priced: bool,
) -> Cost {
    let most = (MOST_UNITS, MOST_BYTES);
    let tried = budgeted(world, payer, instructions, signers, most, is_priced);
    let used = world.chain.simulate(&tried).unwrap().compute_units;
    let bytes = loaded_bytes(world, &tried.message.account_keys);
    let most = (u32::try_from(used).unwrap(), bytes);
    let asked = budgeted(world, payer, instructions, signers, most, is_priced);
    let fee = world.chain.simulate(&asked).unwrap().fee;
    let cost = modelled(VersionedTransaction::from(asked), fee);
    assert_eq!(cost.execution, used, "the model counts the limit");
    cost
}

/// The same of a transaction of version 1, which says in its head what it asks for.
pub fn of_wide(world: &mut World, payer: &Keypair, instructions: &[Instruction]) -> Cost {
    let tried = world.wide(payer, instructions, &[], (MOST_UNITS, MOST_BYTES));
    let simulated = world.chain.svm().simulate_transaction(tried.clone());
    let used = simulated.unwrap().meta.compute_units_consumed;
    let bytes = loaded_bytes(world, tried.message.static_account_keys());
    let asked = world.wide(
        payer,
        instructions,
        &[],
        (u32::try_from(used).unwrap(), bytes),
    );
    let simulated = world.chain.svm().simulate_transaction(asked.clone());
    let fee = simulated.unwrap().meta.fee;
    let cost = modelled(asked, fee);
    assert_eq!(cost.execution, used, "the model counts the limit");
    cost
}

fn modelled(transaction: VersionedTransaction, lamports: u64) -> Cost {
    let transaction = RuntimeTransaction::<SanitizedTransaction>::try_create(
        transaction,
        MessageHash::Compute,
        None,
        SimpleAddressLoader::Disabled,
        &HashSet::new(),
        true,
    );
    let transaction = transaction.unwrap();
    let cost = CostModel::calculate_cost(&transaction, &FeatureSet::default());
    Cost {
        lamports,
        ..parts(&cost)
    }
}

fn budgeted(
    world: &World,
    payer: &Keypair,
    instructions: &[Instruction],
    signers: &[&Keypair],
    (units, bytes): (u32, u32),
    is_priced: bool,
) -> Transaction {
    let mut all = vec![
        ComputeBudgetInstruction::set_compute_unit_limit(units),
        ComputeBudgetInstruction::set_loaded_accounts_data_size_limit(bytes),
    ];
    if is_priced {
        all.insert(1, ComputeBudgetInstruction::set_compute_unit_price(0));
    }
    all.extend_from_slice(instructions);
    let keys: Vec<&dyn Signer> = signers.iter().map(|key| *key as &dyn Signer).collect();
    let lifetime = world.chain.latest().unwrap();
    ledger::sign(&all, payer, &keys, &lifetime).unwrap()
}

/// Bytes of all accounts that a cluster loads, in whole pages.
fn loaded_bytes(world: &World, keys: &[Address]) -> u32 {
    let elf = std::fs::metadata(sluice_elf::built()).unwrap().len();
    let elf = usize::try_from(elf).unwrap();
    let found = world.chain.accounts(keys).unwrap();
    let bytes = keys.iter().zip(found).map(|(key, account)| match account {
        _ if *key == sluice_client::ID => ACCOUNT_BYTES + PROGRAM_BYTES + elf,
        Some(account) if *key != sysvar::instructions::ID => ACCOUNT_BYTES + account.data.len(),
        _ => 0,
    });
    let pages = bytes.sum::<usize>().next_multiple_of(PAGE);
    u32::try_from(pages).unwrap()
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
