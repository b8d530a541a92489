//! Who signs what, by the program's IDL.

use {serde_json::Value, solana_instruction::Instruction};

const IDL: &str = include_str!("../../idl/sluice.json");

pub struct Interface {
    pub name: String,
    pub accounts: Vec<Account>,
    tag: u64,
}

pub struct Account {
    pub name: String,
    is_signer: bool,
}

impl Interface {
    /// The accounts that sign.
    pub fn signers(&self) -> impl Iterator<Item = &str> {
        self.accounts
            .iter()
            .filter(|account| account.is_signer)
            .map(|account| account.name.as_str())
    }

    /// Where an account stands.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.accounts
            .iter()
            .position(|account| account.name == name)
    }
}

/// Every instruction.
pub fn instructions() -> Vec<Interface> {
    let idl: Value = serde_json::from_str(IDL).unwrap();
    let all = idl["instructions"].as_array().unwrap();
    all.iter().map(read).collect()
}

/// The interface of an instruction.
pub fn of(instruction: &Instruction) -> Interface {
    let tag = u64::from(instruction.data[0]);
    instructions()
        .into_iter()
        .find(|one| one.tag == tag)
        .unwrap()
}

fn read(one: &Value) -> Interface {
    let accounts = one["accounts"].as_array().unwrap();
    Interface {
        name: one["name"].as_str().unwrap().to_owned(),
        accounts: accounts
            .iter()
            .map(|account| Account {
                name: account["name"].as_str().unwrap().to_owned(),
                is_signer: account["signer"] == true,
            })
            .collect(),
        tag: one["discriminator"][0].as_u64().unwrap(),
    }
}
