//! The processes of a pool: as many as there may be, as long as they are wanted.

use {
    super::{echo, limits, module, package, pool},
    sluice_work::{
        engine::Limits,
        sandbox::{Options, Package, Pool, Vm},
        undone::Undone,
    },
    sluice_work_tests::{SBPF, assembled::kernel},
    std::{
        fs,
        process::Command,
        thread,
        time::{Duration, Instant},
    },
};

/// Processes whose parent is `parent`, with their state.
fn children(parent: u32) -> Vec<(u32, String)> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    let stats = all.filter_map(|entry| fs::read_to_string(entry.path().join("stat")).ok());
    let of_parent = stats.filter_map(|stat| {
        let (id, rest) = stat.split_once(' ')?;
        let mut fields = rest.rsplit_once(") ")?.1.split(' ');
        let (state, of) = (fields.next()?, fields.next()?);
        (of.parse() == Ok(parent)).then(|| (id.parse().unwrap(), state.to_owned()))
    });
    of_parent.collect()
}

/// Waits until it is so.
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is() {
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "waited for: {what}"
        );
        thread::sleep(Duration::from_millis(10));
    }
}

/// Ends it, if it has not ended.
fn kill(process: u32) {
    let id = process.to_string();
    Command::new("kill").args(["-9", &id]).status().unwrap();
}

#[test]
fn every_engine_works_in_a_process() {
    let pool = pool(1);
    for vm in [Vm::Wasm, Vm::Wasmi] {
        let good = pool.run(&echo(vm), b"hello", &limits());
        assert_eq!(good.as_deref(), Ok(b"hello".as_slice()));
    }
    let code = kernel(
        "entrypoint:\nmov64 r1, r2\nldxdw r2, [r2-8]\nsyscall sol_set_return_data\nmov64 r0, 0\nexit",
    );
    for vm in [Vm::Sbpf, Vm::SbpfInterpreted] {
        let package = Package::new(vm, code.clone());
        assert_eq!(
            pool.run(&package, b"hello", &SBPF).as_deref(),
            Ok(b"hello".as_slice())
        );
        assert_eq!(pool.run(&package, &[0; 8_193], &SBPF), Err(Undone::Input));
    }
    assert_eq!(pool.processes(), 1);
}

#[test]
fn a_process_serves_its_kernel_again_and_compiled_code_is_kept() {
    let pool = pool(1);
    let (wasm, other) = (echo(Vm::Wasm), echo(Vm::Wasmi));
    let run = |package| pool.run(package, b"hello", &limits()).unwrap();
    run(&wasm);
    let kept = pool.cached();
    assert!(kept > 0);
    run(&wasm);
    // Another kernel takes its place; the code does not have to be compiled again.
    run(&other);
    run(&wasm);
    assert_eq!(pool.cached(), kept);
}

#[test]
fn no_more_work_at_once_than_there_is_room() {
    let pool = pool(2);
    let wait = package(
        Vm::Wasm,
        "(local i32) (loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))
           (br_if 0 (i32.ne (local.get 0) (i32.const 20000000))))
         (call $output (i32.const 0) (i32.const 8))",
    );
    let quick = package(Vm::Wasm, "(call $output (i32.const 0) (i32.const 8))");
    let most = thread::scope(|scope| {
        let works = [3, 3, 3, 3, 200, 200, 200, 200].map(|rounds| {
            let work = if rounds == 3 { &wait } else { &quick };
            let pool = &pool;
            scope.spawn(move || {
                for _ in 0..rounds {
                    assert_eq!(pool.run(work, b"", &limits()), Ok(vec![0; 8]));
                }
            })
        });
        let mut most = 0;
        while !works.iter().all(|work| work.is_finished()) {
            most = most.max(pool.processes());
        }
        most
    });
    assert_eq!(most, 2);
}

#[test]
fn a_process_that_is_killed_while_it_waits_is_replaced() {
    let pool = pool(1);
    // Memory that no other test asks for, so that their processes are not taken for this one's.
    let odd = Limits {
        memory: (64 << 20) + 4_096,
        ..limits()
    };
    let good = || pool.run(&echo(Vm::Wasm), b"hello", &odd);
    let own = || {
        let data = ((768u64 << 20) + u64::from(odd.memory)).to_string();
        let all = children(std::process::id()).into_iter();
        let mut own = all.map(|(id, _)| id).filter(|id| {
            let line = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
            line.split('\0').any(|part| part == data)
        });
        own.next()
    };
    assert!(good().is_ok());
    let first = own().expect("a process that waits");
    kill(first);
    assert_eq!(good().as_deref(), Ok(b"hello".as_slice()));
    assert_ne!(own().expect("another"), first);
}

#[test]
fn a_chunk_whose_process_dies_is_told() {
    let mut holding = Command::new(env!("CARGO_BIN_EXE_sluice-work-stranger"))
        .args(["hold", env!("CARGO_BIN_EXE_sluice-work-exec")])
        .spawn()
        .unwrap();
    let parent = holding.id();
    until("a process", || !children(parent).is_empty());
    kill(children(parent)[0].0);
    // It started another for the kernel, or told of it and ended: either way it does not hang.
    until("an answer", || {
        if let Some((again, _)) = children(parent).first() {
            kill(*again);
        }
        holding.try_wait().unwrap().is_some()
    });
}

#[test]
fn processes_end_with_the_pool_and_with_its_program() {
    let mut holding = Command::new(env!("CARGO_BIN_EXE_sluice-work-stranger"))
        .args(["hold", env!("CARGO_BIN_EXE_sluice-work-exec")])
        .spawn()
        .unwrap();
    until("a process at work", || {
        children(holding.id()).iter().any(|(_, state)| state == "R")
    });
    let process = children(holding.id())[0].0;
    holding.kill().unwrap();
    holding.wait().unwrap();
    until("its end", || {
        !fs::exists(format!("/proc/{process}")).unwrap()
    });
}

#[test]
fn an_output_of_a_kernel_is_no_longer_than_its_limit() {
    let pool = pool(1);
    let page = package(Vm::Wasm, "(call $output (i32.const 0) (i32.const 65536))");
    let of = |output| Limits { output, ..limits() };
    assert_eq!(
        pool.run(&page, b"", &of(65_536)).map(|output| output.len()),
        Ok(65_536)
    );
    assert_eq!(pool.run(&page, b"", &of(65_535)), Err(Undone::Output));
}

#[test]
fn a_program_that_is_none_is_told() {
    let pool = Pool::new(Options {
        program: "/nowhere/sluice".into(),
        ..Options::own()
    });
    assert_eq!(
        pool.run(&echo(Vm::Wasm), b"hello", &limits()),
        Err(Undone::Died)
    );
    let pool = Pool::new(Options {
        program: "/bin/true".into(),
        ..Options::own()
    });
    assert_eq!(
        pool.run(&echo(Vm::Wasm), b"hello", &limits()),
        Err(Undone::Died)
    );
}

#[test]
fn a_gigabyte_of_memory_is_had_by_whoever_is_given_it() {
    let pool = pool(1);
    let most = Limits {
        memory: sluice_work::spec::MEMORY_LEN,
        ..limits()
    };
    for vm in [Vm::Wasm, Vm::Wasmi] {
        let package = module(
            vm,
            r#"(import "sluice" "output" (func $output (param i32 i32)))
               (memory (export "memory") 15000)
               (func (export "run")
                 (i32.store (i32.const 0) (memory.grow (i32.const 1)))
                 (call $output (i32.const 0) (i32.const 4)))"#,
        );
        let grown = 15_000u32.to_le_bytes().to_vec();
        assert_eq!(pool.run(&package, b"", &most), Ok(grown), "{vm}");
    }
}
