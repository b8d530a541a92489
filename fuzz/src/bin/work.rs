#![no_main]
#![allow(
    unsafe_code,
    reason = "the macro exports the function that libFuzzer calls"
)]

libfuzzer_sys::fuzz_target!(|input: &[u8]| sluice_fuzz::work::TARGET.run_counted(input));
