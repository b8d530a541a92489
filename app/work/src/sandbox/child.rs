//! One process, as its pool sees it.

use {
    super::{
        EXEC,
        confine::Confinement,
        wire::{Reply, Request, Vm, frame, receive},
    },
    crate::undone::Undone,
    std::{
        io::{self, Read, Write},
        os::{
            fd::OwnedFd,
            unix::{net::UnixStream, process::ExitStatusExt},
        },
        path::Path,
        process::{Child as Process, Command, Stdio},
        time::{Duration, Instant},
    },
};

/// Longest time until a process is ready; the machine may be busy.
const START: Duration = Duration::from_secs(20);

pub struct Child {
    process: Process,
    socket: UnixStream,
    pub confinement: Confinement,
    /// Time that it spent on requests.
    pub spent: Duration,
}

impl Child {
    /// Starts `program` anew for kernels of this engine, with so many bytes of writable memory.
    pub fn start(program: &Path, vm: Vm, data: u64) -> Result<Self, Undone> {
        let (socket, other) = UnixStream::pair().map_err(|_| Undone::Died)?;
        let process = Command::new(program)
            .args([EXEC, &vm.to_string(), &data.to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(OwnedFd::from(other))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| Undone::Died)?;
        // Where the machine's memory is used up, a kernel's process goes and not the one that holds keys and signs.
        let _ = std::fs::write(format!("/proc/{}/oom_score_adj", process.id()), "1000");
        let mut child = Self {
            process,
            socket,
            confinement: Confinement::Limits,
            spent: Duration::ZERO,
        };
        // A machine that is too busy to start a process says nothing of the kernel.
        match child.reply(Instant::now().checked_add(START), 64) {
            Ok(Reply::Ready(confinement)) => child.confinement = confinement,
            _ => return Err(Undone::Died),
        }
        Ok(child)
    }

    /// The answer to `request`, of at most `most` bytes. After an error this process is of no use.
    ///
    /// # Errors
    /// [`Undone::Time`] after `time`; [`Undone::Memory`] or [`Undone::Died`] if it ended.
    pub fn ask(&mut self, request: &Request, time: Duration, most: usize) -> Result<Reply, Undone> {
        let began = Instant::now();
        let end = began.checked_add(time);
        let request = frame(request).map_err(|_| Undone::Input)?;
        let sent = Until(&self.socket, end).write_all(&request);
        let reply = match sent {
            Ok(()) => self.reply(end, most),
            Err(error) => Err(self.lost(&error)),
        };
        self.spent = self.spent.saturating_add(began.elapsed());
        reply
    }

    fn reply(&mut self, end: Option<Instant>, most: usize) -> Result<Reply, Undone> {
        let received = receive(&mut Until(&self.socket, end), most);
        received.map_err(|error| self.lost(&error))
    }

    /// Why a process does not answer.
    fn lost(&mut self, error: &io::Error) -> Undone {
        if error.kind() == io::ErrorKind::TimedOut {
            return Undone::Time;
        }
        let _ = self.process.kill();
        match self.process.wait().ok().and_then(|status| status.signal()) {
            // An allocation that is refused ends a process so.
            Some(ABORTED) => Undone::Memory,
            Some(CPU_USED) => Undone::Time,
            _ => Undone::Died,
        }
    }
}

const ABORTED: i32 = rustix::process::Signal::ABORT.as_raw();
const CPU_USED: i32 = rustix::process::Signal::XCPU.as_raw();

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A socket until some time.
struct Until<'a>(&'a UnixStream, Option<Instant>);

impl Until<'_> {
    fn left(&self) -> io::Result<Option<Duration>> {
        let Some(end) = self.1 else {
            return Ok(None);
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            Err(io::ErrorKind::TimedOut.into())
        } else {
            Ok(Some(left))
        }
    }
}

/// A time-out of a socket is told as "would block".
fn timed(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock {
        io::ErrorKind::TimedOut.into()
    } else {
        error
    }
}

impl Read for Until<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.set_read_timeout(self.left()?)?;
        self.0.read(buffer).map_err(timed)
    }
}

impl Write for Until<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set_write_timeout(self.left()?)?;
        self.0.write(bytes).map_err(timed)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
