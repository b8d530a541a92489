//! Kernels for the chain's VM, instruction by instruction.

use {
    solana_sbpf::{
        assembler::assemble,
        ebpf::MM_BYTECODE_START,
        memory_region::MemoryMapping,
        program::{BuiltinProgram, SBPFVersion},
        vm::{Config, ContextObject},
    },
    std::{ptr::NonNull, sync::Arc},
};

/// Nothing of this is run: the assembler asks for it.
struct Nothing;

impl ContextObject for Nothing {
    fn consume(&mut self, _amount: u64) {}

    fn get_remaining(&self) -> u64 {
        0
    }

    fn active_mapping_ptr(&mut self) -> NonNull<MemoryMapping> {
        NonNull::dangling()
    }
}

/// The ELF, sBPF v3, of these instructions.
///
/// # Panics
/// If they are none.
pub fn kernel(instructions: &str) -> Vec<u8> {
    let config = Config {
        enabled_sbpf_versions: SBPFVersion::V3..=SBPFVersion::V3,
        ..Config::default()
    };
    let loader = Arc::new(BuiltinProgram::<Nothing>::new_loader(config));
    let executable = assemble(instructions, loader).expect("instructions");
    elf(executable.get_text_bytes().1)
}

/// An ELF with this text and no data, as loader v3 takes it.
pub fn elf(text: &[u8]) -> Vec<u8> {
    const HEADER: u16 = 64;
    const PROGRAM_HEADER: u16 = 56;
    let mut elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    let mut put = |bytes: &[u8]| elf.extend_from_slice(bytes);
    let len = u64::try_from(text.len()).expect("few bytes").to_le_bytes();
    put(&3u16.to_le_bytes()); // a shared object
    put(&247u16.to_le_bytes()); // BPF
    put(&1u32.to_le_bytes());
    put(&MM_BYTECODE_START.to_le_bytes()); // entry point
    put(&u64::from(HEADER).to_le_bytes());
    put(&0u64.to_le_bytes()); // no sections
    put(&3u32.to_le_bytes()); // sBPF v3
    for size in [HEADER, PROGRAM_HEADER, 1, 64, 0, 0] {
        put(&size.to_le_bytes());
    }
    put(&1u32.to_le_bytes()); // to be loaded
    put(&1u32.to_le_bytes()); // and executed
    put(&u64::from(HEADER + PROGRAM_HEADER).to_le_bytes());
    put(&MM_BYTECODE_START.to_le_bytes());
    put(&MM_BYTECODE_START.to_le_bytes());
    put(&len);
    put(&len);
    put(&8u64.to_le_bytes());
    put(text);
    elf
}
