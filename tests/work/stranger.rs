//! Tries, shut in as a pool's process is, to do what no kernel may; or, as `hold PROGRAM`, has a kernel run that never ends; or, as a
//! pool's own process, lies.

use {
    sluice_work::sandbox::{Confinement, EXEC, Options, Package, Pool, Vm, limit, shut},
    sluice_work_tests::WASM,
    std::{
        env,
        fs::File,
        io::{self, Read, Write},
        net::{TcpListener, TcpStream, UdpSocket},
        os::{fd::FromRawFd, unix::net::UnixListener},
        process::{Command, ExitCode},
        thread,
    },
};

fn main() -> ExitCode {
    let mut args = env::args().skip(1);
    match (args.next().as_deref(), args.next()) {
        (Some("hold"), Some(program)) => hold(program),
        (Some(EXEC), _) => lie().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
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

/// Gives machine code for every kernel, asked for or not, and for every input the same.
fn lie() -> io::Result<()> {
    #[allow(unsafe_code, reason = "what no library offers")]
    // SAFETY: file 0 is the socket to the pool, which nothing else of this process uses.
    let mut pool = unsafe { File::from_raw_fd(0) };
    let mut say = |message: &[u8]| {
        let len = u32::try_from(message.len()).unwrap_or_default();
        pool.write_all(&len.to_le_bytes())?;
        pool.write_all(message)?;
        let mut request = [0; 4];
        pool.read_exact(&mut request)?;
        let mut request = vec![0; usize::try_from(u32::from_le_bytes(request)).unwrap_or(0)];
        pool.read_exact(&mut request)
    };
    // Ready, shut in; loaded, with five bytes of code; ran, with an output of three.
    say(&[0, 1])?;
    say(&[1, 1, 1, 5, 0, 0, 0, 1, 2, 3, 4, 5])?;
    loop {
        say(&[2, 1, 3, 0, 0, 0, b'l', b'i', b'e'])?;
    }
}

/// Ends with 0 if nothing went through that must not and everything did that engines need, with 1 if the process is not shut in, else
/// with 2 and more, by the first that did otherwise.
fn escape() -> ExitCode {
    if limit(1 << 30).is_err() || shut() < Confinement::Calls {
        return ExitCode::from(1);
    }
    // The kernel refuses a call before it looks at what is asked for, so that no other error will do.
    let refused =
        attempts().map(|went| went.is_err_and(|error| error.raw_os_error() == Some(libc::EPERM)));
    let hoards = [libc::MAP_PRIVATE, libc::MAP_SHARED].map(|kind| hoard(kind).is_err());
    let needs = needs().map(|went| went.is_ok());
    let mut all = refused.iter().chain(&hoards).chain(&needs);
    let code = all
        .position(|right| !right)
        .map_or(0, |at| at.saturating_add(2));
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

#[allow(unsafe_code, reason = "what no library offers")]
fn call(number: i64, arguments: [i64; 3]) -> io::Result<()> {
    let [first, second, third] = arguments;
    // SAFETY: numbers only; each call fails or does what this program asks of it.
    match unsafe { libc::syscall(number, first, second, third) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Takes 64 GiB that could each have been written to, and then no longer can be, so that no limit on data counts them.
#[allow(unsafe_code, reason = "what no library offers")]
fn hoard(kind: i32) -> io::Result<()> {
    const LEN: usize = 256 << 20;
    for _ in 0..256 {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let kind = kind | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a new mapping, wherever there is room; nobody uses it.
        let went = unsafe {
            let place = libc::mmap(std::ptr::null_mut(), LEN, access, kind, -1, 0);
            place != libc::MAP_FAILED && libc::mprotect(place, LEN, libc::PROT_READ) == 0
        };
        if !went {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// What engines call for somewhere: on aarch64 and riscv64, to make code that was just written run.
fn needs() -> [io::Result<()>; 1] {
    [call(libc::SYS_membarrier, [0, 0, 0])]
}

fn attempts() -> [io::Result<()>; 22] {
    let parent = i64::from(std::os::unix::process::parent_id());
    let own = i64::from(std::process::id());
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
        call(libc::SYS_tgkill, [parent, parent, 0]),
        call(libc::SYS_tkill, [own, 0, 0]),
        call(libc::SYS_read, [1, 0, 0]),
        call(libc::SYS_write, [2, 0, 0]),
        // The numbers of another way to call the same kernel.
        call(0x4000_0000 | libc::SYS_getpid, [0, 0, 0]),
    ]
}
