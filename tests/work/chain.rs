//! The chain itself as an engine: a kernel is deployed and called without accounts.

use {
    litesvm::LiteSVM, solana_address::Address,
    solana_compute_budget_interface::ComputeBudgetInstruction, solana_instruction::Instruction,
    solana_keypair::Keypair, solana_message::Message, solana_signer::Signer,
    solana_transaction::Transaction,
};

/// What the instruction that sets the limit costs, compute units.
const LIMIT_COST: u64 = 150;

/// A chain with one kernel on it.
pub struct Chain {
    svm: LiteSVM,
    payer: Keypair,
    kernel: Address,
}

/// What the chain made of a chunk.
#[derive(Debug)]
pub struct Ran {
    /// What the kernel returned, if the transaction went through; may be empty.
    pub output: Option<Vec<u8>>,
    /// Compute units of the kernel alone.
    pub units: u64,
}

impl Chain {
    /// Deploys `code`; `None` if the chain refuses it.
    pub fn with(code: &[u8]) -> Option<Self> {
        let mut svm = LiteSVM::new()
            .with_sigverify(false)
            .with_blockhash_check(false)
            .with_transaction_history(0);
        let (payer, kernel) = (Keypair::new(), Address::new_unique());
        svm.airdrop(&payer.pubkey(), 1_000_000_000_000).ok()?;
        svm.add_program(kernel, code).ok()?;
        Some(Self { svm, payer, kernel })
    }

    /// Calls the kernel with `input` and as many compute units as engines give.
    ///
    /// # Panics
    /// If the chain charges less than the limit's own instruction.
    pub fn run(&mut self, input: &[u8]) -> Ran {
        let most = u32::try_from(sluice_work::engine::sbpf::STEPS + LIMIT_COST).expect("32 bits");
        let instructions = [
            ComputeBudgetInstruction::set_compute_unit_limit(most),
            Instruction::new_with_bytes(self.kernel, input, Vec::new()),
        ];
        let payer = self.payer.pubkey();
        let message = Message::new(&instructions, Some(&payer));
        let transaction = Transaction::new_unsigned(message);
        let (meta, went) = match self.svm.send_transaction(transaction) {
            Ok(meta) => (meta, true),
            Err(failed) => (failed.meta, false),
        };
        Ran {
            output: went.then_some(meta.return_data.data),
            units: meta.compute_units_consumed - LIMIT_COST,
        }
    }
}
