//! What a kernel has while it runs: its meter, its memory, and the output it gave.

use {
    crate::undone::Undone,
    solana_sbpf::{
        error::ProgramResult,
        memory_region::{AccessType, MemoryMapping},
        vm::ContextObject,
    },
    std::ptr::NonNull,
};

/// The side of the VM that system calls see.
pub struct Host {
    remaining: u64,
    memory: MemoryMapping,
    /// What the kernel set last.
    pub output: Option<Vec<u8>>,
}

impl ContextObject for Host {
    fn consume(&mut self, amount: u64) {
        self.remaining = self.remaining.saturating_sub(amount);
    }

    fn get_remaining(&self) -> u64 {
        self.remaining
    }

    fn active_mapping_ptr(&mut self) -> NonNull<MemoryMapping> {
        NonNull::from_mut(&mut self.memory)
    }
}

impl Host {
    pub const fn new(memory: MemoryMapping, steps: u64) -> Self {
        Self {
            remaining: steps,
            memory,
            output: None,
        }
    }

    /// Takes `steps` off the meter.
    pub fn charge(&mut self, steps: u64) -> Result<(), Undone> {
        let left = self.remaining.checked_sub(steps);
        self.remaining = left.unwrap_or_default();
        left.map(drop).ok_or(Undone::Steps)
    }

    /// The host's address of `len` bytes of the kernel's, aligned as the chain asks for; `None` for no bytes, wherever they are.
    fn at(&self, access: AccessType, address: u64, len: u64, align: usize) -> Found {
        if len == 0 {
            return Ok(None);
        }
        let len_here = usize::try_from(len).map_err(|_| Undone::Trap)?;
        let ProgramResult::Ok(host) = self.memory.map(access, address, len) else {
            return Err(Undone::Trap);
        };
        let host = usize::try_from(host).map_err(|_| Undone::Trap)?;
        let host = std::ptr::with_exposed_provenance_mut::<u8>(host);
        if host.align_offset(align) == 0 {
            Ok(Some((host, len_here)))
        } else {
            Err(Undone::Trap)
        }
    }

    /// The `len` bytes at `address`.
    #[allow(unsafe_code, reason = "the VM knows its memory by address")]
    pub fn read(&self, address: u64, len: u64, align: usize) -> Result<&[u8], Undone> {
        let found = self.at(AccessType::Load, address, len, align)?;
        // SAFETY: the mapping vouches for `len` bytes there that live as long as it does, and nothing writes to them while `self` is
        // borrowed: the kernel stands still during a system call.
        Ok(found.map_or(&[], |(host, len)| unsafe {
            std::slice::from_raw_parts(host, len)
        }))
    }

    /// The `len` bytes at `address`, to be written.
    #[allow(unsafe_code, reason = "the VM knows its memory by address")]
    pub fn write(&mut self, address: u64, len: u64, align: usize) -> Result<&mut [u8], Undone> {
        let found = self.at(AccessType::Store, address, len, align)?;
        // SAFETY: as in `read`; `self` is borrowed alone, and the region is writable.
        Ok(found.map_or(&mut [], |(host, len)| unsafe {
            std::slice::from_raw_parts_mut(host, len)
        }))
    }

    /// Copies `len` bytes, which may overlap.
    #[allow(unsafe_code, reason = "the VM knows its memory by address")]
    pub fn copy(&mut self, to: u64, from: u64, len: u64) -> Result<(), Undone> {
        let to = self.at(AccessType::Store, to, len, 1)?;
        let from = self.at(AccessType::Load, from, len, 1)?;
        if let (Some((to, len)), Some((from, _))) = (to, from) {
            // SAFETY: both are `len` bytes of the kernel's memory by the mapping, and `copy` allows them to overlap.
            unsafe { std::ptr::copy(from, to, len) };
        }
        Ok(())
    }
}

type Found = Result<Option<(*mut u8, usize)>, Undone>;
