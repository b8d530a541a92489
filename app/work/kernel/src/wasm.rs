//! A kernel on WebAssembly: a module with two imports, `input` and `output` of `sluice`.
#![allow(unsafe_code)]

use {
    crate::{Kernel, Output},
    core::{arch::wasm32, ptr, slice},
};

#[link(wasm_import_module = "sluice")]
unsafe extern "C" {
    /// Copies `length` bytes of the input from `from` on to memory at `to`; returns how many the input has.
    fn input(to: usize, from: usize, length: usize) -> usize;
    /// Sets the output to `length` bytes at `from`.
    fn output(from: *const u8, length: usize);
}

/// The bytes of a page of memory.
const PAGE: usize = 64 * 1024;

/// Runs a kernel on the whole input, for which memory grows.
pub fn enter(kernel: Kernel) {
    let mut result = Output::new();
    kernel(read(), &mut result);
    if !result.is_empty() {
        // SAFETY: the call reads as many bytes as the output has.
        unsafe { output(result.as_ptr(), result.len()) };
    }
}

/// The input, which stays in memory for as long as the module lives.
fn read() -> &'static [u8] {
    // SAFETY: the call copies nothing.
    let length = unsafe { input(0, 0, 0) };
    if length == 0 {
        return &[];
    }
    let pages = wasm32::memory_grow::<0>(length.div_ceil(PAGE));
    assert!(pages != usize::MAX);
    let start = pages * PAGE;
    // SAFETY: memory has grown by at least `length` bytes from `start` on, of which nobody else knows. The call fills them, and then
    // nothing writes there.
    unsafe {
        input(start, 0, length);
        slice::from_raw_parts(ptr::with_exposed_provenance(start), length)
    }
}

/// Ends the kernel without a result.
pub fn trap() -> ! {
    wasm32::unreachable()
}
