//! What a kernel may have at most.

use crate::{Error, Result, elf::Elf};

/// The largest kernel that the chain can run, bytes.
pub const ELF_LEN: usize = 64 * 1024;

/// The largest kernel for WebAssembly, bytes.
pub const MODULE_LEN: usize = 4 * 1024 * 1024;

/// The most that a function may have in its stack frame on sBPF, bytes.
pub const FRAME_LEN: u64 = 4096;

/// Refuses an ELF that no cluster takes as the kernel `name`.
///
/// # Errors
/// What is wrong with it: version, size or a stack frame.
pub fn check_elf(name: &str, elf: &[u8]) -> Result<()> {
    let parsed = Elf::parse(elf)?;
    let fault = if parsed.version != 3 {
        format!(
            "the ELF of {name} is sBPF v{}; the chain takes v3 only",
            parsed.version
        )
    } else if elf.len() > ELF_LEN {
        format!(
            "the ELF of {name} has {} bytes, more than the limit of {ELF_LEN}",
            elf.len()
        )
    } else if parsed.largest_frame() > FRAME_LEN {
        format!(
            "a stack frame of {name} has {} bytes, more than the {FRAME_LEN} that there are",
            parsed.largest_frame()
        )
    } else {
        return Ok(());
    };
    Err(Error::Unfit(fault))
}

/// Refuses a module that no machine takes as the kernel `name`.
///
/// # Errors
/// It is too long.
pub fn check_module(name: &str, module: &[u8]) -> Result<()> {
    if module.len() <= MODULE_LEN {
        return Ok(());
    }
    Err(Error::Unfit(format!(
        "the module of {name} has {} bytes, more than the limit of {MODULE_LEN}",
        module.len()
    )))
}
