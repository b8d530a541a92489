//! Tries, shut in as a pool's process is, to do what no kernel may; or, as `hold PROGRAM`, has a kernel run that never ends.

use {
    sluice_work::sandbox::{Confinement, Options, Package, Pool, Vm, limit, shut},
    sluice_work_tests::WASM,
    std::{
        env,
        fs::File,
        io,
        net::{TcpListener, TcpStream, UdpSocket},
        os::unix::net::UnixListener,
        process::{Command, ExitCode},
        thread,
    },
};

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    match (args.next().as_deref(), args.next()) {
        (Some("hold"), Some(program)) => hold(program),
        _ => escape(),
    }
}

/// A kernel that never ends, in a process of `program`.
fn hold(program: String) -> ExitCode {
    let code = r#"(module (memory (export "memory") 1) (func (export "run") (loop (br 0))))"#;
    let package = Package::new(Vm::Wasm, wat::parse_str(code).expect("a module"));
    let pool = Pool::new(Options {
        program: program.into(),
        ..Options::own()
    });
    let limits = sluice_work::engine::Limits {
        millis: 3_600_000,
        ..WASM
    };
    ExitCode::from(u8::from(pool.run(&package, b"", &limits).is_err()))
}

/// Ends with 0 if nothing went through, with 1 if the process is not shut in, else with 2 and more, by the first that did.
fn escape() -> ExitCode {
    if limit(1 << 30).is_err() || shut() < Confinement::Calls {
        return ExitCode::from(1);
    }
    let tries = attempts();
    let through = tries.iter().position(|went| went.is_ok());
    let code = through.map_or(0, |at| at.saturating_add(2));
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

fn attempts() -> [io::Result<()>; 17] {
    #[allow(unsafe_code, reason = "what no library offers")]
    // SAFETY: numbers only; each call fails or does what this program asks of it.
    let call = |number, arguments: [i64; 3]| unsafe {
        let [first, second, third] = arguments;
        match libc::syscall(number, first, second, third) {
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(()),
        }
    };
    let parent = i64::from(std::os::unix::process::parent_id());
    [
        File::open("/proc/self/environ").map(drop),
        File::open("/etc/passwd").map(drop),
        File::create("/tmp/sluice-stranger").map(drop),
        std::fs::read_dir("/").map(drop),
        std::fs::metadata("/").map(drop),
        TcpStream::connect("127.0.0.1:1").map(drop),
        TcpListener::bind("127.0.0.1:0").map(drop),
        UdpSocket::bind("127.0.0.1:0").map(drop),
        UnixListener::bind("/tmp/sluice-stranger.socket").map(drop),
        Command::new("/bin/true").spawn().map(drop),
        thread::Builder::new().spawn(|| {}).map(drop),
        call(libc::SYS_kill, [parent, 0, 0]),
        call(libc::SYS_kill, [parent, libc::SIGTERM.into(), 0]),
        call(
            libc::SYS_ptrace,
            [i64::from(libc::PTRACE_ATTACH), parent, 0],
        ),
        call(libc::SYS_process_vm_readv, [parent, 0, 0]),
        call(libc::SYS_dup, [0, 0, 0]),
        call(libc::SYS_memfd_create, [0, 0, 0]),
    ]
}
