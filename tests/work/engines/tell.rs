//! Kernels that try to tell where they run: each traps off the chain, or does there what it does on the chain.

use {
    super::sbpf,
    sluice_work::{engine::sbpf::STEPS, undone::Undone},
    sluice_work_tests::{
        assembled::kernel,
        chain::{Chain, Ran},
    },
};

/// What the chain makes of it.
fn chain(code: &[u8], input: &[u8]) -> Ran {
    Chain::with(code).expect("the chain takes it").run(input)
}

/// Off the chain a chunk is not done, for this reason, and on the chain it is.
fn only_there(instructions: &str, reason: Undone) {
    let code = kernel(instructions);
    assert_eq!(sbpf(&code, b"12345678"), Err(reason));
    let there = chain(&code, b"12345678");
    assert!(there.output.is_some_and(|output| !output.is_empty()));
}

/// The same on both, and a result.
fn alike(instructions: &str) -> Vec<u8> {
    let code = kernel(instructions);
    let here = sbpf(&code, b"12345678").unwrap();
    assert_eq!(chain(&code, b"12345678").output.as_ref(), Some(&here));
    here
}

/// Not done on either.
fn nowhere(instructions: &str, reason: Undone) {
    let code = kernel(instructions);
    assert_eq!(sbpf(&code, b"12345678"), Err(reason), "{instructions}");
    assert_eq!(chain(&code, b"12345678").output, None);
}

/// Returns 8 bytes from the top of the stack, which register 6 holds.
const RETURN: &str = "
    stxdw [r10-8], r6
    mov64 r1, r10
    add64 r1, -8
    mov64 r2, 8
    syscall sol_set_return_data
    mov64 r0, 0
    exit";

fn returning(instructions: &str) -> String {
    format!("entrypoint:{instructions}{RETURN}")
}

#[test]
fn the_program_s_id_behind_the_input_is_not_there() {
    only_there(&returning("\nldxdw r6, [r2+8]"), Undone::Trap);
    only_there(&returning("\nldxdw r6, [r2+1]"), Undone::Trap);
    assert_eq!(alike(&returning("\nldxdw r6, [r2]")), b"12345678");
    assert_eq!(alike(&returning("\nldxdw r6, [r2-8]")), 8u64.to_le_bytes());
}

#[test]
fn the_input_cannot_be_written_to() {
    only_there(&returning("\nmov64 r6, 1\nstxb [r2], r6"), Undone::Trap);
}

#[test]
fn clock_height_units_and_allocator_are_refused_at_admission() {
    let asking = |call: &str| {
        returning(&format!(
            "\nmov64 r1, r10\nadd64 r1, -64\nmov64 r2, 0\nsyscall {call}\nmov64 r6, 1"
        ))
    };
    for call in [
        "sol_get_clock_sysvar",
        "sol_get_stack_height",
        "sol_log_compute_units_",
    ] {
        only_there(&asking(call), Undone::Import);
    }
    // The chain does not let these be deployed today.
    for call in ["sol_remaining_compute_units", "sol_alloc_free_"] {
        let code = kernel(&asking(call));
        assert_eq!(sbpf(&code, b"12345678"), Err(Undone::Import));
    }
}

#[test]
fn a_call_that_nobody_has_is_refused_even_if_it_is_never_made() {
    let code = kernel("entrypoint:\nmov64 r0, 1\nexit\nsyscall sol_get_clock_sysvar\nexit");
    assert_eq!(sbpf(&code, b""), Err(Undone::Import));
}

#[test]
fn registers_are_those_of_the_chain() {
    for register in 0..=10 {
        alike(&returning(&format!("\nmov64 r6, r{register}")));
    }
}

#[test]
fn uninitialised_memory_is_zero() {
    let bytes = |start: &str| {
        format!(
            "entrypoint:\n{start}\nmov64 r2, 1024\nsyscall sol_set_return_data\nmov64 r0, 0\nexit"
        )
    };
    for start in [
        "mov64 r1, r10\nadd64 r1, -4096",
        "mov64 r1, r10\nadd64 r1, 4096",
        "lddw r1, 0x300000000",
        "lddw r1, 0x300007c00",
    ] {
        assert_eq!(alike(&bytes(start)), [0; 1024], "{start}");
    }
}

#[test]
fn memory_ends_where_it_ends_on_the_chain() {
    for (start, reason) in [
        ("lddw r6, 0x2ffffffff", Undone::Trap),
        ("lddw r6, 0x300008000", Undone::Trap),
        ("lddw r6, 0x200040000", Undone::Stack),
        ("lddw r6, 0x3ffffffff", Undone::Trap),
        ("lddw r6, 0x100000000", Undone::Trap),
        ("lddw r6, 0x0", Undone::Trap),
        ("lddw r6, 0xffffffffffffffff", Undone::Trap),
    ] {
        nowhere(&returning(&format!("\n{start}\nldxb r6, [r6]")), reason);
    }
    for start in ["lddw r6, 0x300007fff", "lddw r6, 0x20003ffff"] {
        alike(&returning(&format!("\n{start}\nldxb r6, [r6]")));
    }
}

#[test]
fn a_return_without_data_is_no_result() {
    let code = kernel("entrypoint:\nmov64 r0, 0\nexit");
    assert_eq!(sbpf(&code, b""), Err(Undone::NoOutput));
    assert_eq!(chain(&code, b"").output, Some(Vec::new()));
    let code = kernel(
        "entrypoint:\nmov64 r1, r10\nmov64 r2, 0\nsyscall sol_set_return_data\nmov64 r0, 0\nexit",
    );
    assert_eq!(sbpf(&code, b""), Err(Undone::NoOutput));
    assert_eq!(chain(&code, b"").output, Some(Vec::new()));
}

#[test]
fn a_code_of_failure_and_an_abort_are_no_results() {
    let failing = returning("").replace("mov64 r0, 0", "mov64 r0, 7");
    nowhere(&failing, Undone::Trap);
    nowhere(&returning("\nsyscall abort"), Undone::Trap);
    nowhere(
        &returning("\nmov64 r1, r2\nmov64 r2, 3\nsyscall sol_panic_"),
        Undone::Trap,
    );
    nowhere(&returning("\nmov64 r6, 0\ndiv64 r6, r6"), Undone::Trap);
}

#[test]
fn too_much_is_returned() {
    let of = |len: u32| {
        format!(
            "entrypoint:\nlddw r1, 0x300000000\nmov64 r2, {len}\nsyscall sol_set_return_data\nmov64 r0, 0\nexit"
        )
    };
    assert_eq!(alike(&of(1_024)).len(), 1_024);
    nowhere(&of(1_025), Undone::Trap);
}

#[test]
fn calls_nest_as_deeply_as_on_the_chain() {
    let nested = |depth: u32| {
        returning(&format!("\nmov64 r1, {depth}\ncall deeper\nmov64 r6, 5"))
            + "\ndeeper:\njeq r1, 0, +2\nadd64 r1, -1\ncall deeper\nexit"
    };
    alike(&nested(62));
    nowhere(&nested(63), Undone::Stack);
}

#[test]
fn steps_are_the_chain_s_compute_units() {
    // So many rounds of two instructions, and a few around them.
    let rounds =
        |count: u64| returning(&format!("\nmov64 r6, {count}\nadd64 r6, -1\njne r6, 0, -2"));
    let code = kernel(&rounds(499_940));
    let here = sluice_work::engine::sbpf::steps(
        &sluice_work::engine::sbpf::Sbpf::new(sluice_work::engine::sbpf::Mode::Interpreter)
            .unwrap(),
        &code,
        b"",
    );
    let there = chain(&code, b"");
    assert_eq!(here, Ok(there.units));
    assert!(there.units <= STEPS && there.units > STEPS - 200);
    nowhere(&rounds(500_000), Undone::Steps);
}

#[test]
fn every_call_that_kernels_have_does_and_costs_what_it_does_on_the_chain() {
    let cases = [
        // Copies that overlap, that do not, of nothing, from and to nowhere.
        "mov64 r1, r10\nadd64 r1, -64\nsyscall sol_memcpy_\nldxdw r6, [r10-64]",
        "mov64 r1, r10\nadd64 r1, -64\nmov64 r2, r1\nadd64 r2, 4\nmov64 r3, 8\nsyscall sol_memcpy_\nmov64 r6, 1",
        "mov64 r1, r10\nadd64 r1, -64\nmov64 r2, r1\nadd64 r2, 4\nmov64 r3, 8\nsyscall sol_memmove_\nmov64 r6, 1",
        "mov64 r1, 1\nmov64 r3, 0\nsyscall sol_memcpy_\nmov64 r6, 1",
        "mov64 r1, 1\nmov64 r3, 1\nsyscall sol_memcpy_\nmov64 r6, 1",
        "mov64 r1, r10\nadd64 r1, -64\nlddw r2, 0x300007fff\nmov64 r3, 2\nsyscall sol_memcpy_\nmov64 r6, 1",
        "lddw r1, 0x300000000\nmov64 r2, 7\nmov64 r3, 32768\nsyscall sol_memset_\nlddw r1, 0x300000000\nldxdw r6, [r1+32760]",
        "lddw r1, 0x300000000\nmov64 r2, 7\nmov64 r3, 32769\nsyscall sol_memset_\nmov64 r6, 1",
        // Comparisons: equal, less, greater, of nothing, with a result at an odd place.
        "mov64 r1, r2\nmov64 r3, 8\nmov64 r4, r10\nadd64 r4, -64\nsyscall sol_memcmp_\nldxw r6, [r10-64]",
        "mov64 r1, r2\nadd64 r2, 1\nmov64 r3, 4\nmov64 r4, r10\nadd64 r4, -64\nsyscall sol_memcmp_\nldxw r6, [r10-64]",
        "mov64 r1, r2\nadd64 r1, 1\nmov64 r3, 4\nmov64 r4, r10\nadd64 r4, -64\nsyscall sol_memcmp_\nldxw r6, [r10-64]",
        "mov64 r1, 1\nmov64 r3, 0\nmov64 r4, r10\nadd64 r4, -64\nsyscall sol_memcmp_\nldxw r6, [r10-64]",
        "mov64 r1, r2\nmov64 r3, 4\nmov64 r4, r10\nadd64 r4, -63\nsyscall sol_memcmp_\nmov64 r6, 1",
        // Hashes: of one slice, of two, of none, of an empty one, of one outside, described at an odd place, to nowhere.
        "stxdw [r10-32], r2\nmov64 r6, 8\nstxdw [r10-24], r6\nmov64 r1, r10\nadd64 r1, -32\nmov64 r2, 1\nmov64 r3, r10\nadd64 r3, -64\nsyscall sol_sha256\nldxdw r6, [r10-64]",
        "stxdw [r10-32], r2\nmov64 r6, 8\nstxdw [r10-24], r6\nstxdw [r10-16], r2\nstxdw [r10-8], r6\nmov64 r1, r10\nadd64 r1, -32\nmov64 r2, 2\nmov64 r3, r10\nadd64 r3, -64\nsyscall sol_sha256\nldxdw r6, [r10-64]",
        "mov64 r1, 0\nmov64 r2, 0\nmov64 r3, r10\nadd64 r3, -64\nsyscall sol_sha256\nldxdw r6, [r10-64]",
        "mov64 r1, r10\nadd64 r1, -32\nmov64 r2, 1\nmov64 r3, r10\nadd64 r3, -64\nsyscall sol_sha256\nldxdw r6, [r10-64]",
        "lddw r6, 0x300007ff8\nstxdw [r10-32], r6\nmov64 r6, 9\nstxdw [r10-24], r6\nmov64 r1, r10\nadd64 r1, -32\nmov64 r2, 1\nmov64 r3, r10\nadd64 r3, -64\nsyscall sol_sha256\nmov64 r6, 1",
        "mov64 r1, r10\nadd64 r1, -31\nmov64 r2, 1\nmov64 r3, r10\nadd64 r3, -64\nsyscall sol_sha256\nmov64 r6, 1",
        "mov64 r1, r10\nadd64 r1, -32\nmov64 r2, 0\nmov64 r3, 5\nsyscall sol_sha256\nmov64 r6, 1",
        "lddw r1, 0x300000000\nmov64 r2, 20000\nmov64 r3, r10\nadd64 r3, -64\nsyscall sol_sha256\nmov64 r6, 1",
        "lddw r1, 0x300000000\nmov64 r2, 2048\nmov64 r3, r10\nadd64 r3, -64\nsyscall sol_sha256\nldxdw r6, [r10-64]",
        "lddw r6, 0x300000000\nstxdw [r10-32], r6\nmov64 r6, 32768\nstxdw [r10-24], r6\nmov64 r1, r10\nadd64 r1, -32\nmov64 r2, 1\nmov64 r3, r10\nadd64 r3, -64\nsyscall sol_sha256\nldxdw r6, [r10-64]",
    ];
    let mut done = 0;
    for case in cases {
        // The input's place is in register 2, its length in register 3.
        let code = kernel(&returning(&format!("\nmov64 r3, 8\n{case}")));
        let here = sbpf(&code, b"abcdefgh");
        let there = chain(&code, b"abcdefgh");
        assert_eq!(here.as_ref().ok(), there.output.as_ref(), "{case}");
        if here.is_ok() {
            done += 1;
            let engine =
                sluice_work::engine::sbpf::Sbpf::new(sluice_work::engine::sbpf::Mode::Interpreter);
            let steps = sluice_work::engine::sbpf::steps(&engine.unwrap(), &code, b"abcdefgh");
            assert_eq!(steps, Ok(there.units), "{case}");
        }
    }
    assert!(done > cases.len() / 2, "{done}");
}
