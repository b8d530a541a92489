//! Prints what docs/work.md quotes: chunks a second of each kernel, natively and by each engine, and what a process costs.
//!
//! `cargo xtask kernels`, then `cargo run --profile shipped -p sluice-work --features sandbox,sbpf,wasm,wasmi --example measure`.

use {
    sluice_kernel::{Kernel as Native, native},
    sluice_kernel_fractal::{Place, Tile},
    sluice_kernel_search::Search,
    sluice_work::{
        engine::{
            Engine, Kernel, Limits,
            sbpf::{Mode, Sbpf},
            wasm::Wasm,
            wasmi::Wasmi,
        },
        sandbox::{EXEC, Options, Package, Pool, Vm, exec},
        undone::Undone,
    },
    std::{
        env, fs,
        path::Path,
        process::ExitCode,
        time::{Duration, Instant},
    },
};

const LIMITS: Limits = Limits {
    memory: 16 << 20,
    output: 1 << 10,
    millis: 60_000,
};

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some(EXEC) {
        return exec();
    }
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(undone) => {
            eprintln!("{undone}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), Undone> {
    println!("| kernel | native | wasmtime | wasmi | sBPF compiled | sBPF interpreted |");
    println!("|---|---|---|---|---|---|");
    for (name, kernel, input) in kernels() {
        let (elf, module) = (built(name, "so"), built(name, "wasm"));
        let own = rate(&|| native(kernel, &input).is_some());
        print!("| {name} | {own:.0} |");
        let engines: [Box<dyn Kernel>; 4] = [
            Wasm::new()?.load(&module)?,
            Wasmi::default().load(&module)?,
            Sbpf::new(Mode::Jit)?.load(&elf)?,
            Sbpf::new(Mode::Interpreter)?.load(&elf)?,
        ];
        for engine in engines {
            let rate = rate(&|| engine.run(&input, &LIMITS).is_ok());
            print!(" {rate:.0} ({:.2}) |", rate / own);
        }
        println!();
    }
    processes()
}

/// What a process costs until its first chunk is done, what a chunk costs over the engine alone, and its memory.
fn processes() -> Result<(), Undone> {
    let input = vec![8; 64];
    for (vm, extension) in [(Vm::Sbpf, "so"), (Vm::Wasm, "wasm"), (Vm::Wasmi, "wasm")] {
        let package = Package::new(vm, built("digits", extension));
        let mut first = (0..20)
            .map(|_| {
                let pool = Pool::new(Options::own());
                let began = Instant::now();
                pool.run(&package, &input, &LIMITS).map(|_| began.elapsed())
            })
            .collect::<Result<Vec<_>, _>>()?;
        first.sort_unstable();
        let pool = Pool::new(Options {
            processes: 1,
            ..Options::own()
        });
        pool.run(&package, &input, &LIMITS)?;
        let again = rate(&|| pool.run(&package, &input, &LIMITS).is_ok());
        println!(
            "{vm}: first chunk after {:.1} ms, then {:.0} us a chunk of one image; {:.1} MiB resident",
            first.get(10).map_or(0.0, |time| time.as_secs_f64() * 1e3),
            1e6 / again,
            resident().unwrap_or_default(),
        );
    }
    Ok(())
}

/// MiB that the child of this process has in memory.
fn resident() -> Option<f64> {
    let own = std::process::id();
    let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).ok()?;
    let child = children.split_whitespace().next()?;
    let status = fs::read_to_string(format!("/proc/{child}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib = line.trim().strip_suffix(" kB")?.parse::<f64>().ok()?;
    Some(kib / 1_024.0)
}

fn rate(run: &dyn Fn() -> bool) -> f64 {
    let (began, mut count) = (Instant::now(), 0.0);
    while began.elapsed() < Duration::from_secs(2) {
        assert!(run());
        count += 1.0;
    }
    count / began.elapsed().as_secs_f64()
}

fn built(name: &str, extension: &str) -> Vec<u8> {
    let kernels = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/kernels");
    let file = kernels.join(name).with_extension(extension);
    fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask kernels`", file.display()))
}

/// Each kernel with a chunk of the most work that a chunk for sBPF can be.
fn kernels() -> [(&'static str, Native, Vec<u8>); 3] {
    let inside = Tile {
        first: Place { re: 0, im: 0 },
        right: Place { re: 1 << 20, im: 0 },
        width: 32,
        height: 16,
        limit: 130,
    };
    let search = Search {
        start: 1,
        count: 6_000,
        bits: 255,
        text: &[],
    };
    let search = [search.header().as_slice(), &[7; 32]].concat();
    [
        (
            "fractal",
            sluice_kernel_fractal::kernel,
            inside.encode().to_vec(),
        ),
        ("search", sluice_kernel_search::kernel, search),
        ("digits", sluice_kernel_digits::kernel, vec![8; 8 << 10]),
    ]
}
