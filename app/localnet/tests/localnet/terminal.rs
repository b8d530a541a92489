//! A command on a terminal of eighty columns, and what a person sees of it.

use {
    rustix::{
        fs::{Mode, OFlags, open},
        io::Errno,
        pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
        termios::{Winsize, tcsetwinsize},
    },
    std::{
        fs::File,
        io::{ErrorKind, Read, Write},
        num::NonZero,
        process::Command,
        sync::mpsc::{self, RecvTimeoutError},
        thread,
        time::{Duration, Instant},
    },
    vt100::Parser,
};

pub const COLUMNS: u16 = 80;

/// Rows that are kept: nothing that one command prints scrolls away.
const ROWS: u16 = 2_000;

/// What a command asks, and what is answered.
const QUESTION: &str = "[y/N]";

/// What was on the screen when a command had ended.
pub struct Seen {
    pub lines: Vec<String>,
    /// Lines that did not fit, and went on in the next row.
    pub wrapped: Vec<String>,
    pub succeeded: bool,
    /// The longest time in which nothing happened on the screen.
    pub silence: Duration,
}

impl Seen {
    /// All lines.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }
}

/// Runs `command` on a terminal, and says yes to every question.
pub fn run(command: Command) -> Seen {
    let mut keyboard = None;
    let (parser, succeeded, silence) = play(command, &mut keyboard);
    let screen = parser.screen();
    let mut lines: Vec<String> = screen.rows(0, COLUMNS).collect();
    let wrapped = (0..ROWS)
        .zip(&lines)
        .filter(|(row, _)| screen.row_wrapped(*row))
        .map(|(_, line)| line.clone())
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    Seen {
        lines,
        wrapped,
        succeeded,
        silence,
    }
}

fn play(mut command: Command, keyboard: &mut Option<File>) -> (Parser, bool, Duration) {
    let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&near).unwrap();
    unlockpt(&near).unwrap();
    let size = Winsize {
        ws_row: 50,
        ws_col: COLUMNS,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&near, size).unwrap();
    let name = ptsname(&near, vec![]).unwrap();
    let far = open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    command
        .stdin(far.try_clone().unwrap())
        .stdout(far.try_clone().unwrap())
        .stderr(far);
    let mut child = command.spawn().unwrap();
    let mut last = Instant::now();
    // It holds the far end, which has to be the command's alone for the near one to end.
    drop(command);

    let mut screen = File::from(near);
    let keyboard = keyboard.insert(screen.try_clone().unwrap());
    let (teller, news) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = [0; 4_096];
        loop {
            match screen.read(&mut bytes) {
                Ok(0) => return,
                Ok(len) => drop(teller.send((Instant::now(), bytes[..len].to_vec()))),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => return,
                Err(error) => panic!("{error}"),
            }
        }
    });
    let [rows, columns] = [ROWS, COLUMNS].map(|count| NonZero::new(count).unwrap());
    let mut parser = Parser::new(rows, columns, 0);
    let mut silence = Duration::ZERO;
    let mut answered = 0;
    loop {
        match news.recv_timeout(Duration::from_secs(120)) {
            Ok((at, bytes)) => {
                silence = silence.max(at.saturating_duration_since(last));
                last = at;
                parser.process(&bytes);
                let asked = parser.screen().contents().matches(QUESTION).count();
                if asked > answered {
                    keyboard.write_all(b"y\n").unwrap();
                    answered = asked;
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                child.kill().unwrap();
                panic!("nothing for two minutes: {}", parser.screen().contents());
            }
        }
    }
    let status = child.wait().unwrap();
    silence = silence.max(last.elapsed());
    (parser, status.success(), silence)
}
