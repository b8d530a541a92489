//! A kernel on sBPF v3: a program without accounts, which answers by its return data.
#![allow(unsafe_code)]

use {
    crate::{Kernel, Output},
    core::slice,
    // Gives memcpy and friends by system call.
    solana_compiler_builtins as _,
    solana_define_syscall::definitions::{abort, sol_set_return_data},
};

/// Runs a kernel on the input region: the number of accounts, the length of the data, the data. What lies behind it is not read, for
/// it is there on chain only. Returns 0.
///
/// # Safety
///
/// `input` is the start of the input region.
#[inline(always)]
pub unsafe fn enter(input: *const u8, kernel: Kernel) -> u64 {
    // SAFETY: the region begins with both numbers, aligned to eight bytes, and has as many bytes behind them as the second says.
    // Nothing writes there.
    let (accounts, data) = unsafe {
        let numbers = input.cast::<u64>();
        let length = numbers.add(1).read() as usize;
        (numbers.read(), slice::from_raw_parts(input.add(16), length))
    };
    // With accounts the data lies elsewhere.
    assert!(accounts == 0);
    let mut output = Output::new();
    kernel(data, &mut output);
    if !output.is_empty() {
        // SAFETY: the call reads as many bytes as the output has.
        unsafe { sol_set_return_data(output.as_ptr(), output.len() as u64) };
    }
    0
}

/// Ends the kernel without a result.
pub fn trap() -> ! {
    // SAFETY: the call takes nothing and does not return.
    unsafe { abort() }
}
