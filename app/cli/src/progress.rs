//! What is waited for, on a terminal: a line that moves while it lasts and is gone before anything else is written.

use {
    crate::{
        format::{Format, no_dna},
        output::Terminal,
    },
    indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle, TermLike},
    sluice_client::{
        text,
        waiting::{Onlooker, Wait},
    },
    std::{
        fmt::Write,
        io, ptr,
        sync::{
            Arc, Mutex, MutexGuard, PoisonError,
            atomic::{AtomicBool, Ordering},
        },
        time::{Duration, Instant},
    },
};

/// A wait that is over sooner is not shown.
const PATIENCE: Duration = Duration::from_millis(500);
/// Between two looks of the line.
const TICK: Duration = Duration::from_millis(100);
/// Most drawings a second, however fast things go on.
const MOST_DRAWINGS: u8 = 20;
/// Columns that a bar needs beside the words, and any line at all.
const ROOM_FOR_BAR: u16 = 60;
const LEAST_ROOM: u16 = 20;

/// Shows what is waited for on the terminal behind the error stream, if there is one.
#[derive(Default)]
pub struct Progress {
    errors: Option<Arc<dyn TermLike>>,
    /// False where programs read what is written: then only what takes unusually long is told, as a line.
    draws: bool,
    shown: Mutex<Shown>,
}

#[derive(Default)]
struct Shown {
    /// What is waited for, the outermost first.
    waits: Vec<Layer>,
    /// True while something is waited for, to be seen by the thread that draws.
    is_busy: Arc<AtomicBool>,
    /// Why the innermost wait takes long.
    stalled: Option<String>,
    /// The line since something else was written last.
    line: Option<ProgressBar>,
    has_bar: bool,
}

struct Layer {
    what: String,
    done: usize,
    of: Option<usize>,
}

impl Layer {
    const fn is_counted(&self) -> bool {
        self.of.is_some() || self.done > 0
    }

    fn said(&self) -> String {
        let Self { what, done, of } = self;
        match (done, of) {
            (1.., None) => format!("{what}, {done} so far"),
            _ => what.clone(),
        }
    }
}

impl Progress {
    /// For a command whose results have this form.
    pub fn on(terminal: &Terminal, format: Format) -> Self {
        let errors = terminal.errors.clone();
        let has_room = errors
            .as_ref()
            .is_some_and(|errors| errors.width() >= LEAST_ROOM);
        Self {
            draws: has_room && terminal.moves && format == Format::Display && !no_dna(),
            errors,
            shown: Mutex::default(),
        }
    }

    /// True where a wait is shown as long as it lasts.
    pub const fn draws(&self) -> bool {
        self.draws
    }

    /// Takes the line away, so that something else can be written. It comes back when the next wait lasts.
    pub fn clear(&self) {
        self.shown().clear();
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is waited for, and shows it.
    fn change(&self, change: impl FnOnce(&mut Shown)) {
        let Some(terminal) = self.errors.as_ref().filter(|_| self.draws) else {
            return;
        };
        let mut shown = self.shown();
        shown.stalled = None;
        change(&mut shown);
        shown.draw(terminal);
    }
}

impl Onlooker for Progress {
    fn begins(&self, wait: &Wait) {
        self.change(|shown| {
            shown.waits.push(Layer {
                what: wait.to_string(),
                done: 0,
                of: wait.of(),
            });
        });
        if let (Wait::Wallet, true, Some(terminal)) = (wait, self.draws, &self.errors) {
            // What the wallet's library writes now would be written into a line that moves.
            self.clear();
            let _ = terminal.write_line(&wait.to_string());
            let _ = terminal.flush();
        }
    }

    fn goes_on(&self, done: usize) {
        self.change(|shown| {
            if let Some(last) = shown.waits.last_mut() {
                last.done = done;
            }
        });
    }

    fn ends(&self) {
        self.change(|shown| drop(shown.waits.pop()));
    }

    fn stalls(&self, why: &str) {
        if self.draws {
            self.change(|shown| shown.stalled = Some(why.to_owned()));
        } else if let Some(terminal) = &self.errors {
            // Without a screen nobody looks on.
            let _ = terminal.write_line(why);
            let _ = terminal.flush();
        }
    }
}

impl Shown {
    /// Draws what is waited for. When it is over the line stands still until something else is waited for or written.
    fn draw(&mut self, terminal: &Arc<dyn TermLike>) {
        self.is_busy
            .store(!self.waits.is_empty(), Ordering::Relaxed);
        let Some(innermost) = self.waits.last() else {
            return;
        };
        // What is counted tells most; what is waited for right now stands behind it.
        let mut counted = self.waits.iter().filter(|wait| wait.is_counted());
        let outer = counted.next().unwrap_or(innermost);
        let words = match &self.stalled {
            Some(why) => why.clone(),
            None if ptr::eq(outer, innermost) => innermost.said(),
            None => format!("{}: {}", outer.said(), innermost.said()),
        };
        let has_bar = outer.of.is_some() && terminal.width() >= ROOM_FOR_BAR;
        let is_new = self.line.is_none();
        let busy = Arc::clone(&self.is_busy);
        let line = self.line.get_or_insert_with(|| line(terminal, busy));
        if is_new || self.has_bar != has_bar {
            line.set_style(style(has_bar));
        }
        self.has_bar = has_bar;
        if let Some(of) = outer.of {
            let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
            line.set_length(number(of));
            line.set_position(number(outer.done));
        }
        line.set_message(words);
    }

    fn clear(&mut self) {
        if let Some(line) = self.line.take() {
            self.is_busy.store(true, Ordering::Relaxed);
            line.finish_and_clear();
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A line that moves by itself, and is seen only if it is not cleared soon.
fn line(terminal: &Arc<dyn TermLike>, is_busy: Arc<AtomicBool>) -> ProgressBar {
    let patient = Patient {
        terminal: Arc::clone(terminal),
        begun: Instant::now(),
        is_busy,
    };
    let target = ProgressDrawTarget::term_like_with_hz(Box::new(patient), MOST_DRAWINGS);
    let line = ProgressBar::with_draw_target(None, target);
    line.enable_steady_tick(TICK);
    line
}

fn style(has_bar: bool) -> ProgressStyle {
    let template = if has_bar {
        "{spinner} {waited} {bar:16} {human_pos}/{human_len} {wide_msg}"
    } else {
        "{spinner} {waited} {wide_msg}"
    };
    let waited = |state: &ProgressState, text: &mut dyn Write| {
        let _ = text.write_str(&text::duration(state.elapsed().as_secs()));
    };
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .with_key("waited", waited)
        .tick_chars(
            "\u{280b}\u{2819}\u{2839}\u{2838}\u{283c}\u{2834}\u{2826}\u{2827}\u{2807}\u{280f} ",
        )
        .progress_chars("\u{2501}\u{2501}\u{2500}")
}

/// A terminal on which nothing is drawn at first, nor while nothing is waited for.
#[derive(Debug)]
struct Patient {
    terminal: Arc<dyn TermLike>,
    begun: Instant,
    is_busy: Arc<AtomicBool>,
}

impl Patient {
    fn then(
        &self,
        draw: impl FnOnce(&(dyn TermLike + 'static)) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.begun.elapsed() < PATIENCE || !self.is_busy.load(Ordering::Relaxed) {
            return Ok(());
        }
        draw(self.terminal.as_ref())
    }
}

impl TermLike for Patient {
    fn width(&self) -> u16 {
        self.terminal.width()
    }

    fn height(&self) -> u16 {
        self.terminal.height()
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.then(|terminal| terminal.move_cursor_up(lines))
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.then(|terminal| terminal.move_cursor_down(lines))
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.then(|terminal| terminal.move_cursor_right(columns))
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.then(|terminal| terminal.move_cursor_left(columns))
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.then(|terminal| terminal.write_line(text))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.then(|terminal| terminal.write_str(text))
    }

    fn clear_line(&self) -> io::Result<()> {
        self.then(TermLike::clear_line)
    }

    fn flush(&self) -> io::Result<()> {
        self.then(TermLike::flush)
    }
}
