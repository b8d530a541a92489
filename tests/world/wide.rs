//! Transactions of version 1, which have 4,096 bytes.

use {
    super::World,
    sluice_client::{ClientError, Ledger, Result, ledger::Lifetime},
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_message::{
        VersionedMessage,
        v1::{MAX_TRANSACTION_SIZE, Message, TransactionConfig},
    },
    solana_signer::Signer,
    solana_transaction::versioned::VersionedTransaction,
};

/// What a transaction of version 1 came to.
#[derive(Clone, Debug)]
pub struct Wide {
    /// Compute units.
    pub units: u64,
    /// Bytes of it.
    pub bytes: usize,
    /// Lamports.
    pub fee: u64,
    /// What programs logged.
    pub logs: Vec<String>,
}

impl World {
    /// Sends a transaction of version 1, whatever comes of it; the world's payer pays the fee.
    pub fn send_wide(
        &mut self,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<Wide> {
        let payer = self.payer.insecure_clone();
        self.send_wide_by(&payer, instructions, signers)
    }

    /// A transaction of version 1 that `payer` pays for, which asks for so many compute units and bytes of accounts.
    pub fn wide(
        &self,
        payer: &Keypair,
        instructions: &[Instruction],
        signers: &[&Keypair],
        (units, loaded): (u32, u32),
    ) -> VersionedTransaction {
        let config = TransactionConfig::empty()
            .with_compute_unit_limit(units)
            .with_loaded_accounts_data_size_limit(loaded);
        let Ok(Lifetime::Blockhash { hash, .. }) = self.chain.latest() else {
            panic!("a chain has a blockhash");
        };
        let payer_key = payer.pubkey();
        let message = Message::try_compile_with_config(&payer_key, instructions, hash, config);
        let message = VersionedMessage::V1(message.expect("a message of version 1"));
        let mut keys = vec![payer];
        keys.extend(signers.iter().filter(|key| key.pubkey() != payer_key));
        VersionedTransaction::try_new(message, &keys).expect("all its signers")
    }

    /// The same, paid by another.
    pub fn send_wide_by(
        &mut self,
        payer: &Keypair,
        instructions: &[Instruction],
        signers: &[&Keypair],
    ) -> Result<Wide> {
        let most = (1_400_000, 64 * 1_024 * 1_024);
        let signed = self.wide(payer, instructions, signers, most);
        let svm = self.chain.svm();
        let bytes = wincode::serialize(&signed).expect("bytes").len();
        assert!(bytes <= MAX_TRANSACTION_SIZE, "{bytes} bytes");
        let sent = svm.send_transaction(signed);
        svm.expire_blockhash();
        match sent {
            Ok(meta) => Ok(Wide {
                units: meta.compute_units_consumed,
                bytes,
                fee: meta.fee,
                logs: meta.logs,
            }),
            Err(failed) => Err(ClientError::of_transaction(failed.err, failed.meta.logs)),
        }
    }
}
