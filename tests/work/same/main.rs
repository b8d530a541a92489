//! Each kernel gives the same bytes natively, by every engine that it is for, and on the chain if it is for it.
//!
//! `SLUICE_INPUTS` says how many inputs of each kernel, one of a hundred on the chain, too.

mod inputs;

use {
    rand::SeedableRng,
    rand_chacha::ChaCha8Rng,
    sluice_kernel::{Kernel as Native, native, native_long},
    sluice_work::{
        engine::{
            Engine, Kernel, Limits,
            sbpf::{Mode, STEPS, Sbpf, steps},
            wasm::Wasm,
            wasmi::Wasmi,
        },
        undone::Undone,
    },
    sluice_work_tests::{SBPF, WASM, built, chain::Chain},
    std::{
        env,
        panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
    },
};

/// Inputs of each kernel.
fn rounds() -> u64 {
    let wanted = env::var("SLUICE_INPUTS").ok();
    wanted.map_or(600, |wanted| {
        wanted.parse().expect("SLUICE_INPUTS is a number")
    })
}

/// One of so many inputs is given to the chain.
const TO_THE_CHAIN: u64 = 100;

/// A function that may give no output.
type Function = Box<dyn Fn(&[u8]) -> Option<Vec<u8>>>;

/// A kernel wherever it runs.
struct Everywhere {
    native: Function,
    engines: Vec<(&'static str, Box<dyn Kernel>, Limits)>,
    chain: Option<Chain>,
}

impl Everywhere {
    /// A kernel for both machines.
    fn new(name: &str, kernel: Native) -> Self {
        let function = move |input: &[u8]| native(kernel, input).map(|output| output.to_vec());
        let mut everywhere = Self::but_on_the_chain(name, Box::new(function));
        let elf = built(&format!("{name}.so"));
        let sbpf = |mode| {
            Sbpf::new(mode)
                .and_then(|engine| engine.load(&elf))
                .unwrap()
        };
        everywhere.engines.extend([
            ("interpreter", sbpf(Mode::Interpreter), SBPF),
            ("JIT", sbpf(Mode::Jit), SBPF),
        ]);
        everywhere.chain = Some(Chain::with(&elf).expect("the chain takes it"));
        everywhere
    }

    /// A kernel for WebAssembly alone.
    fn but_on_the_chain(name: &str, native: Function) -> Self {
        let module = built(&format!("{name}.wasm"));
        let wasm = Wasm::new().unwrap().load(&module).unwrap();
        let wasmi = Wasmi::default().load(&module).unwrap();
        Self {
            native,
            engines: vec![("wasmtime", wasm, WASM), ("wasmi", wasmi, WASM)],
            chain: None,
        }
    }

    /// The output natively; `None` where there is none.
    fn native(&self, input: &[u8]) -> Option<Vec<u8>> {
        let run = || (self.native)(input);
        catch_unwind(AssertUnwindSafe(run)).ok().flatten()
    }
}

/// Holds a kernel's places against each other. At least a third of the inputs give an output, and a hundredth none.
fn same(name: &str, kernel: Native, input: impl Fn(&mut ChaCha8Rng) -> Vec<u8>) {
    hold(name, Everywhere::new(name, kernel), input);
}

fn hold(name: &str, mut everywhere: Everywhere, input: impl Fn(&mut ChaCha8Rng) -> Vec<u8>) {
    let (mut done, mut undone) = (0, 0);
    let before = take_hook();
    // A kernel that refuses its input says so at length.
    set_hook(Box::new(|_| {}));
    let differs = (0..rounds()).find_map(|round| {
        let input = input(&mut ChaCha8Rng::seed_from_u64(round));
        let expected = everywhere.native(&input);
        *if expected.is_some() {
            &mut done
        } else {
            &mut undone
        } += 1;
        let engines = everywhere.engines.iter();
        let mut gave: Vec<_> = engines
            .map(|(engine, kernel, limits)| (*engine, kernel.run(&input, limits).ok()))
            .collect();
        if let Some(chain) = &mut everywhere.chain
            && round % TO_THE_CHAIN == 0
        {
            let there = chain.run(&input).output;
            gave.push(("the chain", there.filter(|output| !output.is_empty())));
        }
        let other = gave.into_iter().find(|(_, output)| *output != expected);
        other.map(|(engine, output)| (round, engine, input, expected, output))
    });
    set_hook(before);
    assert!(differs.is_none(), "{name}: {differs:?}");
    let rounds = rounds();
    assert!(
        done * 3 >= rounds && undone * 100 >= rounds,
        "{done} and {undone}"
    );
    println!("{name}: {done} outputs and {undone} refusals, the same everywhere");
}

#[test]
fn fractal_is_the_same_everywhere() {
    same("fractal", sluice_kernel_fractal::kernel, inputs::fractal);
}

#[test]
fn search_is_the_same_everywhere() {
    same("search", sluice_kernel_search::kernel, inputs::search);
}

#[test]
fn digits_is_the_same_everywhere() {
    same("digits", sluice_kernel_digits::kernel, inputs::digits);
}

#[test]
fn film_is_the_same_everywhere() {
    let function = |input: &[u8]| {
        let mut room = vec![0; sluice_kernel_film::ROOM];
        let output = native_long(sluice_kernel_film::kernel, input, &mut room);
        output.map(<[u8]>::to_vec)
    };
    let everywhere = Everywhere::but_on_the_chain("film", Box::new(function));
    hold("film", everywhere, inputs::film);
}

/// The largest work that the documents name for a chunk of each.
fn largest() -> [(&'static str, Vec<u8>); 3] {
    [
        ("fractal", inputs::largest_tile()),
        ("search", inputs::largest_search()),
        ("digits", vec![16; 8 << 10]),
    ]
}

#[test]
fn the_largest_chunks_stay_below_the_steps_and_cost_what_the_chain_charges() {
    for (name, input) in largest() {
        let elf = built(&format!("{name}.so"));
        let here = steps(&Sbpf::new(Mode::Interpreter).unwrap(), &elf, &input).unwrap();
        let there = Chain::with(&elf).unwrap().run(&input);
        assert_eq!(here, there.units, "{name}");
        assert!(here < STEPS && here > STEPS / 2, "{name}: {here}");
    }
}

#[test]
fn kernels_that_are_swapped_or_cut_are_refused() {
    let (elf, module) = (built("search.so"), built("search.wasm"));
    let sbpf = Sbpf::new(Mode::Jit).unwrap();
    assert_eq!(sbpf.load(&module).err(), Some(Undone::Code));
    assert_eq!(Wasmi::default().load(&elf).err(), Some(Undone::Code));
    assert_eq!(Wasm::new().unwrap().load(&elf).err(), Some(Undone::Code));
    for cut in [1, 8, elf.len() / 2] {
        assert!(sbpf.load(&elf[..elf.len() - cut]).is_err() || cut < 9);
    }
    assert!(Wasmi::default().load(&module[..module.len() - 1]).is_err());
}
