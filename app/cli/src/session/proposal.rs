//! Instructions that are printed for others to sign: the members of a multisig, the voters of a DAO.

use {
    super::{Plan, Session},
    crate::{
        failure::Result,
        idl,
        output::{Fields, Value},
    },
    base64::{Engine, prelude::BASE64_STANDARD},
    sluice::constants::{ED25519_PROGRAM, INSTRUCTIONS_SYSVAR},
    sluice_client::{Ledger, ledger, send},
    solana_instruction::{AccountMeta, Instruction},
};

/// What stands beside an instruction that no program can call.
const TOP_LEVEL: &str = "no program can call this: it runs at the top level, right after the signatures that it reads. \
                         It needs no role's signature; send it as anyone, without --as-instruction";

impl<L: Ledger> Session<L> {
    /// True when instructions are printed instead of sent.
    pub const fn is_proposal(&self) -> bool {
        self.settings.as_instruction
    }

    /// Notes what would be sent: in one transaction if it fits, else what goes first in one of its own.
    pub(super) fn propose(&mut self, plan: &Plan) -> Result<()> {
        let is_parted =
            !plan.first.is_empty() && self.envelope()?.size(plan) > ledger::MAX_TRANSACTION;
        let parts = if is_parted {
            vec![plan.first.clone(), plan.instructions.clone()]
        } else {
            vec![plan.all().cloned().collect()]
        };
        let memo = self.settings.memo.as_deref().map(send::memo);
        for mut part in parts.into_iter().filter(|part| !part.is_empty()) {
            part.extend(memo.clone());
            self.proposed.push(part);
        }
        Ok(())
    }

    /// A command's result, after the instructions if they are what was asked for.
    pub fn with_proposal(&self, fields: Fields) -> Fields {
        if !self.is_proposal() {
            return fields;
        }
        let mut all = vec![];
        for (number, transaction) in (1_u32..).zip(&self.proposed) {
            let numbered = |one| Fields::new().with("transaction", number).join(printed(one));
            all.extend(transaction.iter().map(numbered));
        }
        fields.after(Fields::new().with("instructions", all))
    }
}

/// Everything that a proposal is made of.
fn printed(instruction: &Instruction) -> Fields {
    let described = (instruction.program_id == sluice_client::ID)
        .then(|| idl::describe(&instruction.data))
        .flatten();
    let names = described
        .as_ref()
        .map_or(&[][..], |found| found.accounts.as_slice());
    let accounts = instruction.accounts.iter().enumerate();
    let accounts = accounts
        .map(|(place, meta)| account(meta, names.get(place)))
        .collect();
    let fields = Fields::new()
        .with("program", instruction.program_id.to_string())
        .with(
            "instruction",
            described.as_ref().map(|found| found.name.clone()),
        )
        .with("accounts", Value::Table(accounts))
        .with("data_base58", bs58::encode(&instruction.data).into_string())
        .with("data_base64", BASE64_STANDARD.encode(&instruction.data))
        .with(
            "instruction_base64",
            BASE64_STANDARD.encode(serialized(instruction)),
        );
    if is_top_level(instruction) {
        return fields.with("note", TOP_LEVEL);
    }
    fields
}

fn account(meta: &AccountMeta, name: Option<&String>) -> Fields {
    Fields::new()
        .with("name", name.cloned())
        .with("address", meta.pubkey.to_string())
        .with("signer", meta.is_signer)
        .with("writable", meta.is_writable)
}

/// An instruction as SPL Governance's `InstructionData`, in borsh: program, accounts, data.
fn serialized(instruction: &Instruction) -> Vec<u8> {
    let mut bytes = instruction.program_id.to_bytes().to_vec();
    bytes.extend(len(instruction.accounts.len()));
    for meta in &instruction.accounts {
        bytes.extend(meta.pubkey.to_bytes());
        bytes.extend([u8::from(meta.is_signer), u8::from(meta.is_writable)]);
    }
    bytes.extend(len(instruction.data.len()));
    bytes.extend(&instruction.data);
    bytes
}

/// A length in borsh. No instruction has more accounts or bytes than a transaction.
fn len(count: usize) -> [u8; 4] {
    u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes()
}

fn is_top_level(instruction: &Instruction) -> bool {
    let reads_others = |meta: &AccountMeta| meta.pubkey == INSTRUCTIONS_SYSVAR;
    instruction.program_id == ED25519_PROGRAM || instruction.accounts.iter().any(reads_others)
}
