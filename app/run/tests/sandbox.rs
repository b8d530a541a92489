//! Real engines in processes of their own: this program started anew is what runs them.

use {
    sluice_run::{
        inputs::Folder,
        judge::{BadKernel, Blobs, Finding, Judge, Wanted, Window},
        order::{Kernel, Verify},
    },
    sluice_work::{
        check::{Chunk, Claim},
        core::Core,
        evidence::Evidence,
        hash,
        inputs::Inputs,
        sandbox::{EXEC, Options, Vm, exec},
        spec::{Rest, Spec},
        undone::Undone,
    },
    std::{
        collections::HashMap,
        env, fs, io,
        process::ExitCode,
        sync::{Mutex, atomic::AtomicBool},
    },
    tempfile::TempDir,
};

static GO_ON: AtomicBool = AtomicBool::new(false);

fn main() -> ExitCode {
    if env::args().nth(1).as_deref() == Some(EXEC) {
        return exec();
    }
    for kernel in [echo(), sbpf_echo()] {
        a_kernel_is_tried_and_a_window_of_it_judged(kernel);
    }
    a_trap_is_told_by_its_number();
    what_no_engine_takes_in_is_refused();
    ExitCode::SUCCESS
}

/// Gives its input back, and traps on one that begins with `!`.
fn echo() -> Vec<u8> {
    let module = r#"(module
        (import "sluice" "input" (func $input (param i32 i32 i32) (result i32)))
        (import "sluice" "output" (func $output (param i32 i32)))
        (memory (export "memory") 1)
        (func (export "run") (local $len i32)
            (local.set $len (call $input (i32.const 0) (i32.const 0) (i32.const 0)))
            (drop (call $input (i32.const 0) (i32.const 0) (local.get $len)))
            (if (i32.eq (i32.load8_u (i32.const 0)) (i32.const 33)) (then (unreachable)))
            (call $output (i32.const 0) (local.get $len))))"#;
    wat::parse_str(module).unwrap()
}

/// The same for the chain's own VM, without the trap.
fn sbpf_echo() -> Vec<u8> {
    let text: [[u8; 8]; 5] = [
        [0xbf, 0x21, 0, 0, 0, 0, 0, 0],          // mov64 r1, r2
        [0x79, 0x22, 0xf8, 0xff, 0, 0, 0, 0],    // ldxdw r2, [r2-8]
        [0x85, 0, 0, 0, 0xeb, 0xd3, 0x26, 0xa2], // syscall sol_set_return_data
        [0xb7, 0, 0, 0, 0, 0, 0, 0],             // mov64 r0, 0
        [0x95, 0, 0, 0, 0, 0, 0, 0],             // exit
    ];
    let (start, len) = (1u64 << 32, 40u64);
    let mut elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    elf.extend([3, 0, 247, 0, 1, 0, 0, 0]); // a shared object of BPF
    for number in [start, 64, 0] {
        elf.extend(number.to_le_bytes()); // entry point; program headers; no sections
    }
    elf.extend([3, 0, 0, 0]); // sBPF v3
    for size in [64u16, 56, 1, 64, 0, 0] {
        elf.extend(size.to_le_bytes());
    }
    elf.extend([1, 0, 0, 0, 1, 0, 0, 0]); // loaded and executed
    for number in [120, start, start, len, len, 8] {
        elf.extend(number.to_le_bytes());
    }
    elf.extend(text.as_flattened());
    elf
}

fn kernel(code: &[u8]) -> Kernel {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("kernel");
    fs::write(&path, code).unwrap();
    Kernel::read(&path).unwrap()
}

fn judge(kernel: &Kernel) -> Judge {
    let options = Options {
        processes: 2,
        ..Options::own()
    };
    let limits = Wanted::default().widest(kernel.kind);
    Judge::new(kernel, limits, options).unwrap()
}

/// Inputs and outputs: what echoes has one blob for both.
struct Here<'a> {
    folder: &'a Folder,
    outputs: HashMap<[u8; 32], Vec<u8>>,
    right: Mutex<Vec<(u32, Vec<u8>)>>,
}

impl Blobs for Here<'_> {
    fn input(&self, chunk: &Chunk) -> Option<Vec<u8>> {
        self.folder.read_chunk(chunk.index).ok()
    }

    fn output(&self, chunk: &Chunk) -> Option<Vec<u8>> {
        self.outputs.get(&chunk.output).cloned()
    }

    fn right(&self, chunk: &Chunk, output: Vec<u8>) -> io::Result<()> {
        self.right.lock().unwrap().push((chunk.index, output));
        Ok(())
    }
}

fn a_kernel_is_tried_and_a_window_of_it_judged(code: Vec<u8>) {
    let folder = TempDir::new().unwrap();
    for number in 1..=12 {
        fs::write(
            folder.path().join(format!("in-{number}")),
            format!("input {number}"),
        )
        .unwrap();
    }
    let kernel = kernel(&code);
    let folder = Folder::read(folder.path(), kernel.kind).map(|read| (folder, read));
    let (_kept, folder) = folder.unwrap();
    let judge = judge(&kernel);
    let trial = judge.trial(&folder.sample().unwrap(), &GO_ON).unwrap();
    assert_eq!((trial.done, trial.largest_output), (3, 8), "{trial:?}");
    assert!(trial.is_compared);
    let limits = Wanted::default().limits(kernel.kind, &trial);
    let judge = judge.bounded(limits);
    assert_eq!(judge.compute(b"anything").unwrap(), b"anything");

    let names: Vec<_> = folder.files().iter().map(|file| file.hash).collect();
    let inputs = Inputs::of(names.clone()).unwrap();
    let core = Core {
        salt: [0; 32],
        kernel: hash::blob(&code),
        inputs: inputs.root().unwrap(),
        units: 1,
        slash: 0,
        kernel_len: u32::try_from(code.len()).unwrap(),
        count: 12,
        per_window: 12,
        answer_secs: 0,
        kind: kernel.kind,
        signers_answer: 0,
        reserved: [0; 6],
    };
    let rest = Rest {
        memory: limits.memory,
        output: limits.output,
        chunk_millis: limits.millis,
        ..Rest::default()
    };
    let spec = Spec { core, rest };
    spec.validate().unwrap();
    let mut claimed: Vec<_> = names.into_iter().map(Some).collect();
    let mut outputs: HashMap<_, _> = (0..12)
        .map(|index| folder.read_chunk(index).unwrap())
        .map(|bytes| (hash::blob(&bytes), bytes))
        .collect();
    claimed[9] = Some(hash::blob(b"a lie"));
    outputs.insert(hash::blob(b"a lie"), b"a lie".to_vec());
    let here = Here {
        folder: &folder,
        outputs,
        right: Mutex::default(),
    };
    let evidence = Evidence::of(0, claimed, None);
    let claim = Claim::of(&evidence, &spec.core.shape().unwrap(), &inputs).unwrap();
    let window = Window {
        spec: &spec,
        inputs: &inputs,
        evidence: &evidence,
        claim: &claim,
    };
    let judged = judge.window(&window, &here, Verify::All, &[0; 32], &GO_ON);
    for (chunk, finding) in judged.unwrap().chunks {
        if chunk.index == 9 {
            let confirmed = matches!(
                finding,
                Finding::False {
                    is_confirmed: true,
                    ..
                }
            );
            assert!(confirmed, "{finding:?}");
        } else {
            assert_eq!(finding, Finding::Right);
        }
    }
    let right = here.right.into_inner().unwrap();
    assert_eq!(right, [(9, b"input 10".to_vec())]);
}

fn a_trap_is_told_by_its_number() {
    let inputs = [(4, b"fine".to_vec()), (5, b"!".to_vec())];
    let trial = judge(&kernel(&echo())).trial(&inputs, &GO_ON).unwrap();
    assert_eq!((trial.done, trial.undone), (1, vec![(5, Undone::Trap)]));
}

fn what_no_engine_takes_in_is_refused() {
    let inputs = [(0, b"input".to_vec())];
    let tried = |code: &[u8]| judge(&kernel(code)).trial(&inputs, &GO_ON);
    let refused = |vm, reason| Err(BadKernel::Load(vm, reason));
    assert_eq!(tried(b"\0asm and nothing"), refused(Vm::Wasm, Undone::Code));
    assert_eq!(
        tried(b"\x7fELF and nothing"),
        refused(Vm::Sbpf, Undone::Code)
    );
    let asks = r#"(module (import "env" "now" (func)) (memory (export "memory") 1) (func (export "run")))"#;
    let tried = tried(&wat::parse_str(asks).unwrap());
    assert_eq!(tried, refused(Vm::Wasm, Undone::Import));
}
