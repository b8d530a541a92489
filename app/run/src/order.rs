//! What a buyer wants done, and under which bounds.

use {
    sluice_client::{Address, foreign::Foreign},
    sluice_work::{
        core::{Kind, SBPF_KERNEL_LEN, WASM_KERNEL_LEN},
        engine::Limits,
    },
    std::{
        fs::File,
        io::{self, Read},
        path::Path,
    },
    thiserror::Error,
};

/// What the code of a WebAssembly module begins with.
const WASM: &[u8] = b"\0asm";
/// What the code of a program for the chain's own VM begins with.
const SBPF: &[u8] = b"\x7fELF";

/// A kernel, as it was read.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// What runs it: told by its first bytes.
    pub kind: Kind,
    /// Its code.
    pub code: Vec<u8>,
}

/// Why a file is no kernel.
#[derive(Debug, Error)]
pub enum NoKernel {
    /// It cannot be read.
    #[error("the kernel {0} cannot be read: {1}")]
    Unreadable(Foreign, #[source] io::Error),
    /// It begins as neither kind of code does.
    #[error("{0} is neither a WebAssembly module nor an sBPF program")]
    Unknown(Foreign),
    /// It is longer than code of its kind may be.
    #[error("the kernel {0} has more than {1} bytes, the most that its kind of code may have")]
    TooLong(Foreign, u32),
}

impl Kernel {
    /// Reads a kernel and tells its kind. Whether an engine takes it in is seen when it is tried.
    ///
    /// # Errors
    /// See [`NoKernel`].
    pub fn read(path: &Path) -> Result<Self, NoKernel> {
        let shown = || Foreign::from(path.to_string_lossy().into_owned());
        let most = SBPF_KERNEL_LEN.max(WASM_KERNEL_LEN);
        let mut code = Vec::new();
        let read = File::open(path).and_then(|file| {
            // One byte more tells that there is more.
            file.take(u64::from(most).saturating_add(1))
                .read_to_end(&mut code)
        });
        read.map_err(|error| NoKernel::Unreadable(shown(), error))?;
        let (kind, most) = if code.starts_with(WASM) {
            (Kind::Wasm, WASM_KERNEL_LEN)
        } else if code.starts_with(SBPF) {
            (Kind::Sbpf, SBPF_KERNEL_LEN)
        } else {
            return Err(NoKernel::Unknown(shown()));
        };
        if u32::try_from(code.len()).is_ok_and(|len| len <= most) {
            Ok(Self { kind, code })
        } else {
            Err(NoKernel::TooLong(shown(), most))
        }
    }
}

/// What every chunk is given.
pub type Bounds = Limits;

/// How much of what comes back is computed again here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// Nothing.
    None,
    /// So many chunks of each window, by chance.
    Some(u32),
    /// Everything.
    All,
}

/// A price: base units of the mint for so many units of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Base units ...
    pub price: u64,
    /// ... for so many units of work.
    pub per: u64,
}

/// What a buyer asks of the market.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The mint that is paid in.
    pub mint: Address,
    /// The highest price of a unit.
    pub most: Price,
    /// Most base units that may be in escrow and paid, together.
    pub budget: u64,
    /// Most jobs at once; as many as help where it is absent.
    pub nodes: Option<u32>,
    /// Only this attester set.
    pub set: Option<Address>,
    /// Only nodes that declare this region.
    pub region: Option<u16>,
}

#[cfg(test)]
mod tests {
    use {super::*, std::fs, tempfile::TempDir};

    fn read(bytes: &[u8]) -> Result<Kernel, NoKernel> {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("kernel\u{202e}");
        fs::write(&path, bytes).unwrap();
        Kernel::read(&path)
    }

    fn code(magic: &[u8], len: u32) -> Vec<u8> {
        let mut code = magic.to_vec();
        code.resize(usize::try_from(len).unwrap(), 0);
        code
    }

    #[test]
    fn the_first_bytes_tell_the_kind_and_the_kind_bounds_the_length() {
        for (magic, kind, most) in [
            (WASM, Kind::Wasm, WASM_KERNEL_LEN),
            (SBPF, Kind::Sbpf, SBPF_KERNEL_LEN),
        ] {
            let longest = code(magic, most);
            let kernel = read(&longest).unwrap();
            assert_eq!((kernel.kind, kernel.code), (kind, longest));
            let longer = read(&code(magic, most + 1));
            assert!(matches!(longer, Err(NoKernel::TooLong(_, len)) if len == most));
        }
    }

    #[test]
    fn what_is_no_kernel_is_told_without_its_name_doing_harm() {
        for bytes in [&b""[..], b"\0as", b"\0ASM\x01", b"(module)", b"#!/bin/sh"] {
            let error = read(bytes).unwrap_err();
            assert!(matches!(error, NoKernel::Unknown(_)), "{error}");
            assert!(!error.to_string().contains('\u{202e}'));
        }
        let folder = TempDir::new().unwrap();
        for path in [folder.path(), &folder.path().join("none")] {
            assert!(matches!(Kernel::read(path), Err(NoKernel::Unreadable(..))));
        }
    }
}
