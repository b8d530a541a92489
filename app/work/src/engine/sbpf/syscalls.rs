//! The system calls that a kernel has, with the chain's meaning and the chain's charges (SVM 4.2, `solana-syscalls`).

use {
    super::host::Host,
    crate::{spec::SBPF_OUTPUT_LEN, undone::Undone},
    sha2::{Digest, Sha256},
    solana_sbpf::{
        elf::ElfError,
        program::{BuiltinFunctionDefinition, BuiltinProgram},
    },
};

/// What every call costs that says nothing else.
const BASE: u64 = 100;
/// Least charge of a memory operation or of a slice that is hashed.
const MEMORY_BASE: u64 = 10;
/// Bytes that one step moves.
const BYTES_A_STEP: u64 = 250;
/// Charge of a hash, without its slices.
const HASH_BASE: u64 = 85;
/// Most slices of one hash.
const HASH_SLICES: u64 = 20_000;
/// Bytes of a slice's descriptor: address and length.
const SLICE: u64 = 16;

pub fn register(loader: &mut BuiltinProgram<Host>) -> Result<(), ElfError> {
    loader.register_definition::<Abort>("abort")?;
    loader.register_definition::<Panic>("sol_panic_")?;
    loader.register_definition::<Memcpy>("sol_memcpy_")?;
    loader.register_definition::<Memmove>("sol_memmove_")?;
    loader.register_definition::<Memcmp>("sol_memcmp_")?;
    loader.register_definition::<Memset>("sol_memset_")?;
    loader.register_definition::<Hash>("sol_sha256")?;
    loader.register_definition::<SetReturnData>("sol_set_return_data")
}

fn charge_memory(host: &mut Host, len: u64) -> Result<(), Undone> {
    host.charge(MEMORY_BASE.max(len / BYTES_A_STEP))
}

/// A system call: its arguments by name, and what it does with them.
macro_rules! call {
    ($name:ident, |$host:ident, $a:ident, $b:ident, $c:ident, $d:ident| $body:block) => {
        struct $name;

        impl BuiltinFunctionDefinition<Host> for $name {
            type Error = Undone;

            fn rust(
                $host: &mut Host,
                $a: u64,
                $b: u64,
                $c: u64,
                $d: u64,
                _: u64,
            ) -> Result<u64, Undone> {
                $body
            }
        }
    };
}

call!(Abort, |_host, _a, _b, _c, _d| { Err(Undone::Trap) });

call!(Panic, |host, _file, len, _c, _d| {
    host.charge(len)?;
    Err(Undone::Trap)
});

call!(Memcpy, |host, to, from, len, _d| {
    charge_memory(host, len)?;
    if to.abs_diff(from) < len {
        return Err(Undone::Trap);
    }
    host.copy(to, from, len)?;
    Ok(0)
});

call!(Memmove, |host, to, from, len, _d| {
    charge_memory(host, len)?;
    host.copy(to, from, len)?;
    Ok(0)
});

call!(Memcmp, |host, left, right, len, result| {
    charge_memory(host, len)?;
    let mut bytes = host
        .read(left, len, 1)?
        .iter()
        .zip(host.read(right, len, 1)?);
    let differ = bytes.find(|(left, right)| left != right);
    let difference = differ.map_or(0, |(left, right)| {
        i32::from(*left).wrapping_sub(i32::from(*right))
    });
    host.write(result, 4, align_of::<i32>())?
        .copy_from_slice(&difference.to_le_bytes());
    Ok(0)
});

call!(Memset, |host, to, byte, len, _d| {
    charge_memory(host, len)?;
    let [byte, ..] = byte.to_le_bytes();
    host.write(to, len, 1)?.fill(byte);
    Ok(0)
});

call!(Hash, |host, slices, count, result, _d| {
    if count > HASH_SLICES {
        return Err(Undone::Trap);
    }
    host.charge(HASH_BASE)?;
    // The chain looks for the result's place first; it must not begin to hash for a result that has none.
    host.write(result, 32, 1)?;
    let described = host
        .read(slices, count.saturating_mul(SLICE), align_of::<u64>())?
        .to_vec();
    let mut hasher = Sha256::new();
    for slice in described.as_chunks::<16>().0 {
        let (address, len) = slice.split_at(8);
        let [address, len] =
            [address, len].map(|half| half.try_into().map_or(0, u64::from_le_bytes));
        // A slice outside of the memory is told before it is charged, as there.
        host.read(address, len, 1)?;
        host.charge(MEMORY_BASE.max(len / 2))?;
        hasher.update(host.read(address, len, 1)?);
    }
    host.write(result, 32, 1)?
        .copy_from_slice(&hasher.finalize());
    Ok(0)
});

call!(SetReturnData, |host, from, len, _c, _d| {
    host.charge(BASE.saturating_add(len / BYTES_A_STEP))?;
    if len > SBPF_OUTPUT_LEN.into() {
        return Err(Undone::Trap);
    }
    host.output = Some(host.read(from, len, 1)?.to_vec());
    Ok(0)
});
