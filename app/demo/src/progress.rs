//! What a spectator sees: bars on a terminal, plain lines elsewhere.

use {
    indicatif::{MultiProgress, ProgressBar, ProgressStyle},
    std::{
        io::{IsTerminal, stderr, stdout},
        thread,
        time::Duration,
    },
};

/// Where the demo tells what happens.
pub struct Screen {
    bars: Option<MultiProgress>,
    coloured: bool,
    quiet: bool,
}

/// The bar of one worker or attester; nothing without a terminal.
#[derive(Clone)]
pub struct Bar(Option<ProgressBar>);

/// What a coloured text says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Heading,
}

impl Screen {
    /// Bars and colours if there is a terminal; no colours if `NO_COLOR` is set; nothing at all if `quiet`.
    pub fn new(quiet: bool) -> Self {
        let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let bars = !quiet && stdout().is_terminal() && stderr().is_terminal();
        Self {
            bars: bars.then(MultiProgress::new),
            coloured: colours && stdout().is_terminal(),
            quiet,
        }
    }

    /// Tells one line, above the bars.
    pub fn say(&self, line: &str) {
        match &self.bars {
            _ if self.quiet => {}
            Some(bars) => bars.suspend(|| println!("{line}")),
            None => println!("{line}"),
        }
    }

    /// Tells one line where there are no bars that show the same.
    pub fn say_plainly(&self, line: &str) {
        if self.bars.is_none() {
            self.say(line);
        }
    }

    /// A bar of `len` steps, unless there is no terminal.
    pub fn bar(&self, label: &str, len: u64) -> Bar {
        let Some(bars) = &self.bars else {
            return Bar(None);
        };
        let template = if self.coloured {
            "  {prefix:<12} {bar:32.cyan/black} {pos:>3}/{len} {msg}"
        } else {
            "  {prefix:<12} {bar:32} {pos:>3}/{len} {msg}"
        };
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("█▉▊▋▌▍▎▏ ");
        let bar = bars.add(ProgressBar::new(len).with_style(style));
        bar.set_prefix(label.to_owned());
        bar.tick();
        Bar(Some(bar))
    }

    /// Gives eyes time to see a bar move; no time is lost without one.
    pub fn linger(&self) {
        if self.bars.is_some() {
            thread::sleep(Duration::from_millis(40));
        }
    }

    /// The text in the colour of its tone, where colours are welcome.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        let code = match tone {
            _ if !self.coloured => return text.to_owned(),
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Heading => "1",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

impl Bar {
    /// Moves to `position` and shows `message`.
    pub fn set(&self, position: u64, message: String) {
        if let Some(bar) = &self.0 {
            bar.set_position(position);
            bar.set_message(message);
        }
    }

    /// One step further.
    pub fn step(&self, message: String) {
        if let Some(bar) = &self.0 {
            bar.set_message(message);
            bar.inc(1);
        }
    }

    /// Leaves the bar as it is.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.abandon();
        }
    }
}
