//! A compiler's flags and target for WebAssembly.

/// The target.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The linker that every toolchain of rustup brings along, and Debian's compiler does not.
pub const LINKER: &str = "rust-lld";

/// How it is compiled with the libraries that a toolchain has for the target.
pub const FLAGS: [&str; 2] = ["-Cpanic=abort", NO_PATH];

/// How it is compiled where core is compiled along, which then ends a panic at once.
pub const FLAGS_WITH_CORE: [&str; 3] = ["-Zunstable-options", "-Cpanic=immediate-abort", NO_PATH];

/// Of no path that is: with one of these cargo keeps all flags out of the hash in every symbol.
pub const NO_PATH: &str = "--remap-path-prefix=/sluice=/sluice";
