//! What a kernel is written with.
//!
//! A kernel is an ordinary function from input bytes to output bytes. One macro makes it the entry point of two machines, and one
//! source gives the same bytes on both, and natively:
//!
//! ```
//! #![cfg_attr(any(target_os = "solana", target_arch = "wasm32"), no_std)]
//! use sluice_kernel::{Output, kernel, sha256};
//!
//! kernel!(double_hash);
//!
//! pub fn double_hash(input: &[u8], output: &mut Output) {
//!     output.extend(&sha256(&[&sha256(&[input])]));
//! }
//! ```
//!
//! - [`kernel!`] makes the entry point; natively it makes nothing, and the function is called as it is, or by [`native`].
//! - A panic traps: the chunk is not done. So a kernel refuses its input by a panic, and a kernel that writes nothing has not done
//!   its work either.
//! - A kernel has no clock, no randomness, no files and no floats on sBPF, and nothing it does depends on where it runs.
#![no_std]
#![warn(missing_docs)]

mod output;
#[cfg(target_os = "solana")]
pub mod sbpf;
mod sha256;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use {output::Output, sha256::sha256};

/// The longest input that sBPF takes, bytes.
pub const MAX_INPUT: usize = 8 * 1024;

/// The longest output, bytes.
pub const MAX_OUTPUT: usize = 1024;

/// What a kernel is: it reads all it needs from its input and writes its result.
pub type Kernel = fn(&[u8], &mut Output);

/// A kernel whose output is longer than [`MAX_OUTPUT`], for WebAssembly alone: it writes its result to the beginning of its second argument, which has
/// the room that [`kernel!`] was told, and returns how many bytes it has.
pub type LongKernel = fn(&[u8], &mut [u8]) -> usize;

/// Runs a kernel as an ordinary function; `None` if it writes nothing, which is a chunk that is not done.
///
/// # Panics
///
/// Where the kernel does.
pub fn native(kernel: Kernel, input: &[u8]) -> Option<Output> {
    let mut output = Output::new();
    kernel(input, &mut output);
    (!output.is_empty()).then_some(output)
}

/// Runs a kernel with a long output as an ordinary function; `None` if it writes nothing, which is a chunk that is not done.
///
/// # Panics
///
/// Where the kernel does, and where it says that it wrote more than there is room for.
pub fn native_long<'a>(kernel: LongKernel, input: &[u8], room: &'a mut [u8]) -> Option<&'a [u8]> {
    let length = kernel(input, room);
    let output = &room[..length];
    (!output.is_empty()).then_some(output)
}

/// Makes a function of type [`Kernel`] the entry point of its crate, which is a `cdylib`, on sBPF and WebAssembly.
///
/// With a number of bytes beside it, the function is a [`LongKernel`] that has as much room for its output, and the crate is for WebAssembly alone.
#[macro_export]
macro_rules! kernel {
    ($function:path) => {
        /// Runs the kernel on sBPF: 0 is a result.
        ///
        /// # Safety
        ///
        /// `input` is the input region of a call without accounts.
        #[cfg(target_os = "solana")]
        #[allow(unsafe_code)]
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn entrypoint(input: *const u8) -> u64 {
            // SAFETY: the caller is the machine, which gives the start of the input region.
            unsafe { $crate::sbpf::enter(input, $function) }
        }

        $crate::kernel!(@wasm $crate::wasm::enter($function));

        #[cfg(target_os = "solana")]
        #[panic_handler]
        fn panicked(_: &::core::panic::PanicInfo<'_>) -> ! {
            $crate::sbpf::trap()
        }
    };
    ($function:path, $room:expr) => {
        #[cfg(target_os = "solana")]
        compile_error!("an output of more than 1,024 bytes is for WebAssembly alone");

        $crate::kernel!(@wasm $crate::wasm::enter_with_room($function, $room));
    };
    (@wasm $enter:expr) => {
        /// Runs the kernel on WebAssembly: to return is a result.
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        #[unsafe(no_mangle)]
        pub extern "C" fn run() {
            $enter;
        }

        #[cfg(target_arch = "wasm32")]
        #[panic_handler]
        fn panicked(_: &::core::panic::PanicInfo<'_>) -> ! {
            $crate::wasm::trap()
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kernel_that_writes_nothing_has_no_result() {
        assert!(native(|_, _| {}, b"input").is_none());
        let echo = native(|input, output| output.extend(input), b"input").unwrap();
        assert_eq!(&*echo, b"input");
    }

    #[test]
    fn a_long_output_is_what_the_kernel_says_that_it_wrote() {
        let mut room = [0; 8];
        let echo = |input: &[u8], output: &mut [u8]| {
            output[..input.len()].copy_from_slice(input);
            input.len()
        };
        assert_eq!(native_long(echo, b"input", &mut room), Some(&b"input"[..]));
        assert_eq!(native_long(echo, b"", &mut room), None);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn a_long_output_does_not_exceed_its_room() {
        native_long(|_, output| output.len() + 1, b"", &mut [0; 8]);
    }
}
