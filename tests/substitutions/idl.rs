//! The instructions as the IDL describes them.

use {serde_json::Value, solana_instruction::Instruction, std::sync::LazyLock};

/// An instruction and its accounts.
pub struct Call {
    pub name: &'static str,
    pub slots: Vec<Slot>,
    discriminator: Vec<u8>,
}

/// An account of an instruction.
pub struct Slot {
    pub name: &'static str,
    pub optional: bool,
    writable: bool,
    signer: bool,
}

/// Every instruction of the program.
pub fn calls() -> &'static [Call] {
    static CALLS: LazyLock<Vec<Call>> = LazyLock::new(|| {
        let idl: &'static Value = Box::leak(Box::new(
            serde_json::from_str(include_str!("../../idl/sluice.json")).unwrap(),
        ));
        let instructions = idl["instructions"].as_array().unwrap();
        instructions.iter().map(Call::read).collect()
    });
    &CALLS
}

impl Call {
    fn read(instruction: &'static Value) -> Self {
        let bytes = instruction["discriminator"].as_array().unwrap();
        let slots = instruction["accounts"].as_array().unwrap();
        let name = instruction["name"].as_str().unwrap();
        let mut slots: Vec<_> = slots.iter().map(Slot::read).collect();
        if name == "attest_batch" {
            // The IDL does not tell of accounts behind those with a name: here is one job.
            slots.push(Slot {
                name: "job",
                optional: false,
                writable: true,
                signer: false,
            });
        }
        Self {
            name,
            slots,
            discriminator: bytes
                .iter()
                .map(|byte| byte.as_u64().unwrap() as u8)
                .collect(),
        }
    }

    /// The description of an instruction, which has the accounts that it says, in order and with their flags.
    pub fn of(instruction: &Instruction) -> &'static Self {
        let mut calls = calls().iter();
        let call = calls
            .find(|call| instruction.data.starts_with(&call.discriminator))
            .expect("an instruction of the IDL");
        assert_eq!(
            instruction.accounts.len(),
            call.slots.len(),
            "{}",
            call.name
        );
        for (meta, slot) in instruction.accounts.iter().zip(&call.slots) {
            let absent = slot.optional && meta.pubkey == sluice_client::ID;
            let flags = (meta.is_writable, meta.is_signer);
            assert!(
                absent || flags == (slot.writable, slot.signer),
                "{}: {} is not as in the IDL",
                call.name,
                slot.name
            );
        }
        call
    }
}

impl Slot {
    fn read(slot: &'static Value) -> Self {
        let is = |flag: &str| slot[flag].as_bool().unwrap_or(false);
        Self {
            name: slot["name"].as_str().expect("a flat list of accounts"),
            optional: is("optional"),
            writable: is("writable"),
            signer: is("signer"),
        }
    }
}
