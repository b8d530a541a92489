//! A program that calls ours, as a multisig or a DAO does: with the signature of an address of its own.

use {
    super::World,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_program_runtime::{
        invoke_context::InvokeContext,
        solana_sbpf::{
            assembler::assemble,
            ebpf::MM_BYTECODE_START,
            program::{BuiltinProgram, SBPFVersion},
            vm::Config,
        },
    },
    std::sync::Arc,
};

/// Where the forwarder is on the chain.
const FORWARDER: Address = Address::new_from_array([42; 32]);

/// First of a vault's seeds.
const VAULT: &[u8; 5] = b"vault";

/// An address of the forwarder, for which it signs whatever it is asked to: a multisig's vault without the members.
#[derive(Clone, Copy, Debug)]
pub struct Vault {
    pub address: Address,
    /// Its number and its bump.
    seed: [u8; 2],
}

impl Vault {
    /// The vault of this number.
    pub fn new(number: u8) -> Self {
        let (address, bump) = Address::find_program_address(&[VAULT, &[number]], &FORWARDER);
        Self {
            address,
            seed: [number, bump],
        }
    }

    /// `inner`, called by the forwarder with this vault's signature wherever the vault stands in it.
    pub fn call(&self, inner: &Instruction) -> Instruction {
        forwarded(inner, &self.address, self.seed)
    }
}

/// `inner`, called by the forwarder with the signatures of the transaction only.
pub fn through_forwarder(inner: &Instruction) -> Instruction {
    // An address that no call holds stands in the vault's place.
    forwarded(inner, &FORWARDER, Vault::new(0).seed)
}

/// What the forwarder reads: the program to call, whom it signs for, and the call's accounts; a seed and the call's data.
fn forwarded(inner: &Instruction, signer: &Address, seed: [u8; 2]) -> Instruction {
    let mut accounts = vec![
        AccountMeta::new_readonly(inner.program_id, false),
        AccountMeta::new_readonly(*signer, false),
    ];
    accounts.extend(inner.accounts.iter().map(|account| AccountMeta {
        // Nobody but the forwarder signs for its vaults.
        is_signer: account.is_signer && account.pubkey != *signer,
        ..account.clone()
    }));
    Instruction {
        program_id: FORWARDER,
        accounts,
        data: [&seed[..], &inner.data].concat(),
    }
}

impl World {
    /// Puts the forwarder on the chain.
    pub fn add_forwarder(&mut self) {
        self.chain.svm().add_program(FORWARDER, &elf()).unwrap();
    }
}

/// Calls the first account's program with the accounts from the third on and the data from the third byte on. The second account
/// signs, wherever it stands among them, if it is the address of `["vault", data[..2]]`.
///
/// On the heap (r9): 0 the call, 40 two seeds, 72 the list of signers, 88 "vault"; 0x100 an account of the call for each account,
/// 0x1000 what the runtime wants to know of it, 0x2000 where its record begins in the input.
const CODE: &str = "
    lddw r9, 0x300000000
    ldxdw r7, [r1+0]
    mov64 r6, r1
    add64 r6, 8
    mov64 r8, 0
walk:
    jge r8, r7, walked
    ldxb r2, [r6+0]
    jeq r2, 0xff, fresh
    lsh64 r2, 3
    add64 r2, r9
    ldxdw r3, [r2+0x2000]
    add64 r6, 8
    ja place
fresh:
    mov64 r3, r6
    ldxdw r4, [r6+80]
    add64 r6, r4
    add64 r6, 10335
    and64 r6, -8
    add64 r6, 8
place:
    mov64 r2, r8
    lsh64 r2, 3
    add64 r2, r9
    stxdw [r2+0x2000], r3
    mov64 r2, r8
    lsh64 r2, 4
    add64 r2, r9
    mov64 r4, r3
    add64 r4, 8
    stxdw [r2+0x100], r4
    ldxb r4, [r3+2]
    stxb [r2+0x108], r4
    ldxb r5, [r3+1]
    ldxdw r4, [r9+0x2008]
    jne r3, r4, flagged
    mov64 r5, 1
flagged:
    stxb [r2+0x109], r5
    mov64 r2, r8
    mul64 r2, 56
    add64 r2, r9
    mov64 r4, r3
    add64 r4, 8
    stxdw [r2+0x1000], r4
    add64 r4, 64
    stxdw [r2+0x1008], r4
    ldxdw r5, [r3+80]
    stxdw [r2+0x1010], r5
    add64 r4, 16
    stxdw [r2+0x1018], r4
    mov64 r4, r3
    add64 r4, 40
    stxdw [r2+0x1020], r4
    add64 r8, 1
    ja walk
walked:
    ldxdw r4, [r6+0]
    mov64 r5, r6
    add64 r5, 8
    ldxdw r2, [r9+0x2000]
    add64 r2, 8
    stxdw [r9+0], r2
    mov64 r2, r9
    add64 r2, 0x120
    stxdw [r9+8], r2
    mov64 r2, r7
    add64 r2, -2
    stxdw [r9+16], r2
    mov64 r2, r5
    add64 r2, 2
    stxdw [r9+24], r2
    mov64 r2, r4
    add64 r2, -2
    stxdw [r9+32], r2
    lddw r2, 0x746c756176
    stxdw [r9+88], r2
    mov64 r2, r9
    add64 r2, 88
    stxdw [r9+40], r2
    mov64 r2, 5
    stxdw [r9+48], r2
    stxdw [r9+56], r5
    mov64 r2, 2
    stxdw [r9+64], r2
    mov64 r2, r9
    add64 r2, 40
    stxdw [r9+72], r2
    mov64 r2, 2
    stxdw [r9+80], r2
    mov64 r1, r9
    mov64 r2, r9
    add64 r2, 0x1000
    mov64 r3, r7
    mov64 r4, r9
    add64 r4, 72
    mov64 r5, 1
    syscall sol_invoke_signed_c
    exit
";

/// The forwarder as an ELF for sBPF v3: a header, one segment of code, nothing else.
fn elf() -> Vec<u8> {
    const HEADER: u16 = 64;
    const SEGMENT: u16 = 56;
    let config = Config {
        enabled_sbpf_versions: SBPFVersion::V3..=SBPFVersion::V3,
        ..Config::default()
    };
    let loader = Arc::new(BuiltinProgram::<InvokeContext<'_, '_>>::new_loader(config));
    let program = assemble(CODE, loader).unwrap();
    let (_, code) = program.get_text_bytes();
    let (start, len) = (u64::from(HEADER + SEGMENT), code.len() as u64);

    // 64 bits, little-endian, version 1.
    let mut elf = b"\x7fELF\x02\x01\x01".to_vec();
    elf.resize(16, 0);
    // A shared object for BPF, version 1.
    elf.extend([3_u16, 247].map(u16::to_le_bytes).concat());
    elf.extend(1_u32.to_le_bytes());
    // Where it is entered, where the segments are described, no sections.
    elf.extend(
        [MM_BYTECODE_START, u64::from(HEADER), 0]
            .map(u64::to_le_bytes)
            .concat(),
    );
    // The version of sBPF.
    elf.extend(3_u32.to_le_bytes());
    elf.extend([HEADER, SEGMENT, 1, 0, 0, 0].map(u16::to_le_bytes).concat());
    // To be loaded, to be executed.
    elf.extend([1_u32, 1].map(u32::to_le_bytes).concat());
    let segment = [start, MM_BYTECODE_START, MM_BYTECODE_START, len, len, 8];
    elf.extend(segment.map(u64::to_le_bytes).concat());
    elf.extend(code);
    elf
}
