//! The built command on a pseudo terminal of eighty columns, and what a person saw there.

use {
    crate::process::SLUICE,
    rustix::{
        fs::{Mode, OFlags, open},
        pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
        termios::{Winsize, tcsetwinsize},
    },
    std::{
        fs::File,
        io::{Read, Write},
        num::NonZero,
        process::{Child, Command, ExitStatus, Stdio},
        sync::{Arc, Mutex},
        thread::{self, JoinHandle},
        time::{Duration, Instant},
    },
};

pub const ROWS: u16 = 40;
pub const COLUMNS: u16 = 80;

/// Where the error stream goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Errors {
    ToTheTerminal,
    Elsewhere,
}

/// What was written and when.
type Written = Vec<(Duration, Vec<u8>)>;

/// A command that runs on a terminal.
pub struct Seen {
    pub child: Child,
    keyboard: File,
    begun: Instant,
    written: Arc<Mutex<Written>>,
    reading: Option<JoinHandle<()>>,
}

impl Seen {
    /// Starts `sluice` with these words.
    pub fn start(words: &[&str], errors: Errors) -> Self {
        let control = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&control).unwrap();
        unlockpt(&control).unwrap();
        let name = ptsname(&control, vec![]).unwrap();
        let user = open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let size = Winsize {
            ws_row: ROWS,
            ws_col: COLUMNS,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&user, size).unwrap();
        let stream = || Stdio::from(user.try_clone().unwrap());
        let mut command = Command::new(SLUICE);
        command
            .env("SLUICE_PROFILE", "/dev/null")
            .env("TERM", "xterm-256color");
        for unset in ["NO_DNA", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(unset);
        }
        command.args(words).stdin(stream()).stdout(stream());
        command.stderr(match errors {
            Errors::ToTheTerminal => stream(),
            Errors::Elsewhere => Stdio::piped(),
        });
        let begun = Instant::now();
        let child = command.spawn().unwrap();
        drop(command);
        drop(user);
        let written = Arc::new(Mutex::new(vec![]));
        let mut screen = File::from(control);
        let keyboard = screen.try_clone().unwrap();
        let kept = Arc::clone(&written);
        let reading = thread::spawn(move || {
            let mut part = [0; 4_096];
            // Reading fails once nobody writes any more.
            while let Ok(len @ 1..) = screen.read(&mut part) {
                let moment = (begun.elapsed(), part[..len].to_vec());
                kept.lock().unwrap().push(moment);
            }
        });
        Self {
            child,
            keyboard,
            begun,
            written,
            reading: Some(reading),
        }
    }

    /// What types a line.
    pub fn keyboard(&self) -> impl FnMut(&str) + use<> {
        let mut keyboard = self.keyboard.try_clone().unwrap();
        move |line| {
            let line = format!("{line}\n");
            keyboard.write_all(line.as_bytes()).unwrap();
        }
    }

    /// True once the screen shows `text`.
    pub fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }

    /// How long it has been running.
    pub fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Waits until the command is over.
    pub fn end(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        if let Some(reading) = self.reading.take() {
            reading.join().unwrap();
        }
        status
    }

    /// Everything written so far.
    pub fn bytes(&self) -> String {
        let written = self.written.lock().unwrap();
        let all: Vec<u8> = written.iter().flat_map(|(_, part)| part.clone()).collect();
        String::from_utf8_lossy(&all).into_owned()
    }

    /// When something was written first.
    pub fn first(&self) -> Option<Duration> {
        self.written.lock().unwrap().first().map(|(at, _)| *at)
    }

    /// The lines that stand on the screen now.
    pub fn screen(&self) -> String {
        self.watcher()()
    }

    /// What looks at the screen.
    pub fn watcher(&self) -> impl Fn() -> String + use<> {
        let written = Arc::clone(&self.written);
        move || {
            let [rows, columns] = [ROWS, COLUMNS].map(|len| NonZero::new(len).unwrap());
            let mut terminal = vt100::Parser::new(rows, columns, 0);
            for (_, part) in written.lock().unwrap().iter() {
                terminal.process(part);
            }
            terminal.screen().contents()
        }
    }

    /// Everything that ever stood at the beginning of a line up to where the cursor left it: what waits were shown, too.
    pub fn lines(&self) -> Vec<String> {
        plain(&self.bytes())
            .split(['\r', '\n'])
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text without escape sequences.
pub fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}
