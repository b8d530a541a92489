//! A kernel on WebAssembly: a module with two imports, `input` and `output` of `sluice`.
#![allow(unsafe_code)]

use {
    crate::{Kernel, LongKernel, Output},
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

/// Runs a kernel with room for its output on the whole input. Memory grows for both.
pub fn enter_with_room(kernel: LongKernel, room: usize) {
    let input = read();
    let start = grown(room);
    // SAFETY: memory has grown by at least `room` bytes from `start` on, zeros of which nobody else knows.
    let result = unsafe { slice::from_raw_parts_mut(start, room) };
    let length = kernel(input, result);
    let result = &result[..length];
    if !result.is_empty() {
        // SAFETY: the call reads as many bytes as the result has.
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
    let start = grown(length);
    // SAFETY: memory has grown by at least `length` bytes from `start` on, of which nobody else knows. The call fills them, and then
    // nothing writes there.
    unsafe {
        input(start.expose_provenance(), 0, length);
        slice::from_raw_parts(start, length)
    }
}

/// Where at least so many bytes of memory begin that were not there before.
fn grown(length: usize) -> *mut u8 {
    let pages = wasm32::memory_grow::<0>(length.div_ceil(PAGE));
    assert!(pages != usize::MAX);
    ptr::with_exposed_provenance_mut(pages * PAGE)
}

/// Ends the kernel without a result.
pub fn trap() -> ! {
    wasm32::unreachable()
}
