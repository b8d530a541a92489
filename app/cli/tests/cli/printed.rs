//! Instructions that `--as-instruction` prints, read back and compared with what was sent.

use {
    crate::{bench::Ran, scene::Scene},
    base64::{Engine, prelude::BASE64_STANDARD},
    serde_json::Value,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_message::Message,
    solana_sdk_ids::compute_budget,
    solana_transaction::Transaction,
};

/// False for a command line whose printed instructions are not all that it sends, or that has other plans for what it sends.
pub fn can_be_printed(line: &str) -> bool {
    const OTHERWISE: [&str; 7] = [
        "--as-instruction",
        "--blockhash",
        "--dry-run",
        "--nonce",
        "--sign-only",
        "--signer",
        "-h",
    ];
    // Each step of these follows from what the one before it did.
    const BY_AND_BY: [&str; 3] = ["crank", "job renew", "migrate"];
    // These sign or send bytes that are there already, or none.
    const NOTHING: [&str; 7] = [
        "airdrop",
        "attest batch endorse",
        "attest sign",
        "events",
        "statement",
        "transaction",
        "watch",
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_one_of = |commands: &[&str]| {
        commands.iter().any(|command| {
            let len = command.split(' ').count();
            words
                .windows(len)
                .any(|window| window.join(" ") == *command)
        })
    };
    let is_random = is_one_of(&["network create"]) && !words.contains(&"--domain-nonce");
    !is_random
        && !is_one_of(&BY_AND_BY)
        && !is_one_of(&NOTHING)
        && !words.iter().any(|word| OTHERWISE.contains(word))
}

/// Asserts that the printed instructions, in their transactions, are those that were sent, to the byte.
#[track_caller]
pub fn is_what_was_sent(printed: &Ran, sent: &[Transaction]) {
    let printed = printed.json();
    if printed.get("instructions").is_none() {
        assert!(sent.is_empty(), "sent without being printed");
        return;
    }
    let transactions = transactions(&printed);
    assert_eq!(transactions.len(), sent.len(), "{printed:#}");
    for (instructions, sent) in transactions.iter().zip(sent) {
        is_sent(instructions, sent);
    }
}

/// Asserts that a transaction is made of these instructions behind its compute budget.
#[track_caller]
pub fn is_sent(instructions: &[Instruction], sent: &Transaction) {
    let message = &sent.message;
    let program = |index: u8| message.account_keys[usize::from(index)];
    let budget = message.instructions.iter();
    let budget = budget.filter(|one| program(one.program_id_index) == compute_budget::ID);
    let mut all: Vec<Instruction> = budget
        .map(|one| Instruction {
            program_id: compute_budget::ID,
            accounts: vec![],
            data: one.data.clone(),
        })
        .collect();
    all.extend(instructions.iter().cloned());
    let payer = message.account_keys.first();
    let whole = Message::new_with_blockhash(&all, payer, &message.recent_blockhash);
    assert_eq!(whole.serialize(), message.serialize(), "{instructions:#?}");
}

/// The printed instructions, by transaction.
pub fn transactions(printed: &Value) -> Vec<Vec<Instruction>> {
    let mut all: Vec<Vec<Instruction>> = vec![];
    for one in printed["instructions"].as_array().unwrap() {
        let number = one["transaction"].as_u64().unwrap() as usize;
        assert!([all.len(), all.len() + 1].contains(&number), "{printed:#}");
        all.resize(number, vec![]);
        all[number - 1].push(instruction(one));
    }
    all
}

fn instruction(printed: &Value) -> Instruction {
    let address = |value: &Value| -> Address { value.as_str().unwrap().parse().unwrap() };
    let bytes = |field: &str| {
        BASE64_STANDARD
            .decode(printed[field].as_str().unwrap())
            .unwrap()
    };
    let accounts = printed["accounts"].as_array().unwrap();
    let instruction = Instruction {
        program_id: address(&printed["program"]),
        accounts: accounts
            .iter()
            .map(|account| AccountMeta {
                pubkey: address(&account["address"]),
                is_signer: account["signer"].as_bool().unwrap(),
                is_writable: account["writable"].as_bool().unwrap(),
            })
            .collect(),
        data: bytes("data_base64"),
    };
    let base58 = bs58::decode(printed["data_base58"].as_str().unwrap());
    assert_eq!(base58.into_vec().unwrap(), instruction.data);
    assert_eq!(bytes("instruction_base64"), borsh(&instruction));
    instruction
}

/// `InstructionData` of SPL Governance: a key, a list of two flags behind a key each, a list of bytes.
pub fn borsh(instruction: &Instruction) -> Vec<u8> {
    let count = |len: usize| u32::try_from(len).unwrap().to_le_bytes().to_vec();
    let accounts = instruction.accounts.iter().flat_map(|meta| {
        let flags = [meta.is_signer.into(), meta.is_writable.into()];
        [meta.pubkey.to_bytes().to_vec(), flags.to_vec()].concat()
    });
    [
        instruction.program_id.to_bytes().to_vec(),
        count(instruction.accounts.len()),
        accounts.collect(),
        count(instruction.data.len()),
        instruction.data.clone(),
    ]
    .concat()
}

impl Scene {
    /// What `--as-instruction` prints for the key `name`, of which only the address is given; nothing reaches the chain.
    pub fn printed(&mut self, name: &str, line: &str) -> Value {
        let key = self.bench.key(name);
        let line = format!("--output json --as-instruction -k {key} {line}");
        let ledger = &self.bench.ledger;
        let before = (ledger.submitted, ledger.simulated.get());
        let printed = self.bench.raw(&line).json();
        let ledger = &self.bench.ledger;
        assert_eq!(before, (ledger.submitted, ledger.simulated.get()), "{line}");
        printed
    }
}

/// Names of the printed instructions of the program.
pub fn names(printed: &Value) -> Vec<&str> {
    let all = printed["instructions"].as_array().unwrap();
    all.iter()
        .filter_map(|one| one["instruction"].as_str())
        .collect()
}
