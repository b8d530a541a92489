//! The side of the process that runs strangers' code.

use {
    super::{
        confine::{limit, shut},
        wire::{COMPILED_LEN, Reply, Request, Vm, receive, send},
    },
    crate::{
        engine::{Engine, Kernel},
        undone::Undone,
    },
    rustix::{
        event::{PollFd, PollFlags, poll},
        stdio::stdin,
    },
    std::{
        env,
        io::{self, Read, Write},
        process::{ExitCode, exit},
        sync::mpsc,
        thread,
    },
};

/// Longest request: the largest kernel and what compiling it gave, or the largest input.
const REQUEST_LEN: usize = 256 << 20;

/// Runs kernels for the pool that started this process, until it has no more. The arguments are the pool's own business.
pub fn exec() -> ExitCode {
    let mut args = env::args().skip(2);
    let served = match (args.next(), args.next()) {
        (Some(vm), Some(data)) => serve(&vm, &data),
        _ => Err(Undone::Code),
    };
    ExitCode::from(u8::from(served.is_err()))
}

fn serve(vm: &str, data: &str) -> Result<(), Undone> {
    limit(data.parse().map_err(|_| Undone::Code)?)?;
    // Everything that needs a thread begins before the process is shut.
    let engine = Running::new(vm.parse()?)?;
    let (started, starting) = mpsc::channel();
    thread::Builder::new()
        .name("sluice-parent".into())
        .spawn(move || {
            let _ = started.send(());
            end_with_parent();
        })
        .map_err(|_| Undone::Died)?;
    starting.recv().map_err(|_| Undone::Died)?;
    let (mut socket, died) = (Socket, |_| Undone::Died);
    send(&mut socket, &Reply::Ready(shut())).map_err(died)?;
    let mut kernel: Option<Box<dyn Kernel>> = None;
    loop {
        let request = receive(&mut socket, REQUEST_LEN).map_err(died)?;
        let reply = match (request, &kernel) {
            (Request::Load(load), None) => {
                let loaded = engine.load(&load.code, load.compiled.as_deref());
                Reply::Loaded(loaded.map(|loaded| {
                    let compiled = load.keep.then(|| loaded.compiled()).flatten();
                    let compiled = compiled.filter(|code| code.len() <= COMPILED_LEN);
                    kernel = Some(loaded);
                    compiled
                }))
            }
            (Request::Run { input, limits }, Some(kernel)) => {
                Reply::Ran(kernel.run(&input, &limits))
            }
            _ => return Err(Undone::Died),
        };
        send(&mut socket, &reply).map_err(died)?;
    }
}

/// Ends this process when nobody is left at the other end, even while a kernel runs.
fn end_with_parent() {
    let socket = stdin();
    // The other end's going is told without being asked for.
    let mut gone = [PollFd::new(&socket, PollFlags::empty())];
    while !matches!(poll(&mut gone, None), Ok(count) if count > 0) {}
    exit(0);
}

/// The socket to the parent: file 0.
struct Socket;

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::retry_on_intr(|| {
            rustix::io::read(stdin(), &mut *buffer)
        })?)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::retry_on_intr(|| {
            rustix::io::write(stdin(), bytes)
        })?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An engine of those that this program was built with.
enum Running {
    #[allow(dead_code, reason = "every engine is a feature")]
    Plain(Box<dyn Engine>),
    #[cfg(feature = "wasm")]
    Wasm(crate::engine::wasm::Wasm),
}

impl Running {
    fn new(vm: Vm) -> Result<Self, Undone> {
        match vm {
            #[cfg(feature = "sbpf")]
            Vm::Sbpf => sbpf(crate::engine::sbpf::Mode::Jit),
            #[cfg(feature = "sbpf")]
            Vm::SbpfInterpreted => sbpf(crate::engine::sbpf::Mode::Interpreter),
            #[cfg(feature = "wasm")]
            Vm::Wasm => crate::engine::wasm::Wasm::new().map(Self::Wasm),
            #[cfg(feature = "wasmi")]
            Vm::Wasmi => Ok(Self::Plain(
                Box::new(crate::engine::wasmi::Wasmi::default()),
            )),
            #[allow(unreachable_patterns, reason = "every engine is a feature")]
            _ => Err(Undone::Code),
        }
    }

    fn load(&self, code: &[u8], compiled: Option<&[u8]>) -> Result<Box<dyn Kernel>, Undone> {
        match (self, compiled) {
            (Self::Plain(engine), _) => engine.load(code),
            #[cfg(feature = "wasm")]
            (Self::Wasm(engine), None) => engine.load(code),
            #[cfg(feature = "wasm")]
            #[allow(unsafe_code, reason = "machine code is trusted as it is")]
            // SAFETY: a process like this one compiled it from the same kernel. Had that kernel broken out of the compiler and written
            // something else, it would run here with nothing that it had not there.
            (Self::Wasm(engine), Some(compiled)) => unsafe { engine.reload(compiled) },
        }
    }
}

#[cfg(feature = "sbpf")]
fn sbpf(mode: crate::engine::sbpf::Mode) -> Result<Running, Undone> {
    let engine = crate::engine::sbpf::Sbpf::new(mode)?;
    Ok(Running::Plain(Box::new(engine)))
}
