//! Prints what docs/running.md quotes of attesters: windows a second on one core, and attestation as a share of the work.
//!
//! `cargo xtask kernels`, then `cargo run --profile shipped -p sluice-agent --example attesting`.

use {
    sluice_agent::{
        attester::Engines,
        blobs::JobId,
        recompute::{Source, Window, recompute},
        sampling::{Claimed, Secret},
        windows::{self, WindowId, Windows},
    },
    sluice_client::{
        Address, Keypair, Signer,
        statement::{Journal, Path as Way, Statement},
    },
    sluice_kernel_fractal::{Place, Tile},
    sluice_kernel_search::Search,
    sluice_work::{
        check::Claim,
        core::{Core, Kind},
        engine::Limits,
        evidence::Evidence,
        hash,
        inputs::Inputs,
        sandbox::{EXEC, Options, Pool, exec},
        spec::{Rest, Spec},
        undone::Undone,
    },
    std::{
        collections::HashMap,
        env, fs,
        path::Path,
        process::ExitCode,
        time::{Duration, Instant},
    },
    tempfile::TempDir,
};

/// Chunks of a window, and of those the ones of a sample.
const CHUNKS: u32 = 64;
const SAMPLE: u32 = 8;

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some(EXEC) {
        return exec();
    }
    println!(
        "| kernel | a window's work, ms | windows/s, all | share | windows/s, {SAMPLE} of {CHUNKS} | share |"
    );
    println!("|---|---|---|---|---|---|");
    for kind in [Kind::Sbpf, Kind::Wasm] {
        for (name, input) in KERNELS {
            if let Err(undone) = measure(kind, name, input) {
                eprintln!("{name}: {undone}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Makes the input of a chunk by its number.
type Input = fn(u32) -> Vec<u8>;

/// Each kernel with chunks of the most work that a chunk for sBPF can be.
const KERNELS: [(&str, Input); 3] = [
    ("fractal", |number| {
        let place = |re| Place { re, im: 0 };
        let inside = Tile {
            first: place(i64::from(number)),
            right: place(1 << 20),
            width: 32,
            height: 16,
            limit: 130,
        };
        inside.encode().to_vec()
    }),
    ("search", |number| {
        let search = Search {
            start: u64::from(number),
            count: 6_000,
            bits: 255,
            text: &[],
        };
        [search.header().as_slice(), &[7; 32]].concat()
    }),
    ("digits", |number| {
        // Grey, of one shade each; ink is 16.
        let shade = u8::try_from(number % 16).unwrap_or_default();
        let mut images = vec![8; 8 << 10];
        images[..64].fill(shade);
        images[64..128].fill(u8::try_from(number / 16).unwrap_or_default());
        images
    }),
];

/// Blobs by their names.
struct Memory(HashMap<[u8; 32], Vec<u8>>);

impl Memory {
    fn put(&mut self, blob: Vec<u8>) -> [u8; 32] {
        let name = hash::blob(&blob);
        self.0.insert(name, blob);
        name
    }
}

impl Source for Memory {
    fn blob(&self, name: &[u8; 32]) -> Option<Vec<u8>> {
        self.0.get(name).cloned()
    }

    fn has(&self, name: &[u8; 32]) -> bool {
        self.0.contains_key(name)
    }
}

/// One core: one process that runs kernels.
fn measure(kind: Kind, name: &str, input: Input) -> Result<(), Undone> {
    let pool = Pool::new(Options {
        processes: 1,
        ..Options::own()
    });
    let code = built(name, if kind == Kind::Sbpf { "so" } else { "wasm" });
    let rest = Rest {
        memory: if kind == Kind::Sbpf { 0 } else { 16 << 20 },
        output: 1 << 10,
        chunk_millis: 60_000,
        ..Rest::default()
    };
    let limits = Limits::from(&rest);
    let kernel = (
        hash::blob(&code),
        u32::try_from(code.len()).unwrap_or(u32::MAX),
    );
    let engines = Engines::new(kind, code);
    let mut memory = Memory(HashMap::new());
    let names = (0..CHUNKS)
        .map(|number| memory.put(input(number)))
        .collect();
    let inputs = Inputs::of(names).unwrap_or_default();
    let run = |bytes: &[u8]| pool.run(engines.first(), bytes, &limits);
    run(&input(0))?;
    let began = Instant::now();
    let mut outputs = vec![];
    for number in 0..CHUNKS {
        outputs.push(Some(memory.put(run(&input(number))?)));
    }
    let work = began.elapsed();
    let spec = Spec {
        core: Core {
            salt: [0; 32],
            kernel: kernel.0,
            inputs: inputs.root().unwrap_or_default(),
            units: 1,
            slash: 0,
            kernel_len: kernel.1,
            count: CHUNKS,
            per_window: CHUNKS,
            answer_secs: 0,
            kind,
            signers_answer: 0,
            reserved: [0; 6],
        },
        rest,
    };
    let evidence = Evidence::of(0, outputs, None);
    let folder = TempDir::new().expect("a folder");
    let mut attester = Attester::new(folder.path());
    let mut attest = |size: u32, number: u32| {
        let shape = spec.core.shape().expect("a shape");
        let claim = Claim::of(&evidence, &shape, &inputs).expect("a claim");
        let places = attester.places(&claim, number, size);
        let window = Window {
            spec: &spec,
            inputs: &inputs,
            evidence: &evidence,
            claim: &claim,
        };
        recompute(&window, &places, &memory, &run, 1).expect("it is true");
        // One chunk by other people's code.
        let place = usize::try_from(places[0]).expect("a place");
        if let Some(package) = engines.other() {
            let input = memory.blob(&inputs.names()[place]).expect("an input");
            let own = pool.run(package, &input, &limits).expect("an output");
            assert_eq!(Some(hash::blob(&own)), evidence.outputs[place]);
        }
        attester.sign(&claim, number);
    };
    let mut rate = |size: u32, first: u32| {
        attest(size, first);
        let (began, mut count) = (Instant::now(), 0u32);
        while began.elapsed() < Duration::from_secs(5) {
            count += 1;
            attest(size, first + count);
        }
        f64::from(count) / began.elapsed().as_secs_f64()
    };
    let (all, some) = (rate(CHUNKS, 0), rate(SAMPLE, 1_000_000));
    let share = |rate: f64| 1.0 / rate / work.as_secs_f64();
    let label = if kind == Kind::Sbpf {
        "sBPF"
    } else {
        "WebAssembly"
    };
    println!(
        "| {name}, {label} | {:.0} | {all:.1} | {:.2} | {some:.1} | {:.2} |",
        work.as_secs_f64() * 1e3,
        share(all),
        share(some)
    );
    Ok(())
}

/// What an attester writes down, on the disk, for each window.
struct Attester {
    windows: Windows,
    journal: Journal,
    key: Keypair,
    secret: Secret,
}

impl Attester {
    fn new(folder: &Path) -> Self {
        let key = Keypair::new();
        Self {
            windows: Windows::open(&folder.join("windows.sqlite")).expect("the windows"),
            journal: Journal::open(&key.pubkey(), None, folder).expect("the journal"),
            key,
            secret: Secret::from([7; 32]),
        }
    }

    fn places(&mut self, claim: &Claim, number: u32, size: u32) -> Vec<u32> {
        let job = JobId {
            job: Address::default(),
            incarnation: u64::from(number),
        };
        let id = WindowId { job, window: 0 };
        let claimed = windows::Claimed {
            units: claim.units,
            digest: claim.digest,
        };
        let provider = Address::default();
        let depth = self.windows.claimed(&id, &provider, &claimed, i64::MAX);
        depth.expect("it is written down");
        let claimed = Claimed {
            job: &job.job,
            incarnation: job.incarnation,
            window: 0,
            digest: &claim.digest,
            chunks: CHUNKS,
        };
        self.secret.places(&claimed, size)
    }

    fn sign(&mut self, claim: &Claim, number: u32) {
        let mut context = [0; 32];
        context[..4].copy_from_slice(&number.to_le_bytes());
        let statement = Statement {
            context,
            window: 0,
            units: claim.units,
            digest: claim.digest,
        };
        let signed = self.journal.sign(&statement, Way::Quorum, &self.key);
        signed.expect("a signature");
    }
}

fn built(name: &str, extension: &str) -> Vec<u8> {
    let kernels = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/kernels");
    let file = kernels.join(name).with_extension(extension);
    fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask kernels`", file.display()))
}
