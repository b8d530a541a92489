//! Where a command writes that has more to say than one result.

use {
    crate::{
        failure::{Failure, Result},
        format::Format,
        output::{Fields, Looks},
        progress::Progress,
    },
    sluice_client::foreign,
    std::{
        io::{ErrorKind, Write},
        sync::Arc,
    },
};

/// The output and the error stream, and the form that was asked for.
pub struct Screen<'a> {
    pub format: Format,
    pub looks: Looks,
    progress: Arc<Progress>,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    /// Lines of the view that stands there.
    standing: usize,
}

impl<'a> Screen<'a> {
    /// A screen on two streams.
    pub fn new(
        format: Format,
        looks: Looks,
        progress: Arc<Progress>,
        out: &'a mut dyn Write,
        err: &'a mut dyn Write,
    ) -> Self {
        Self {
            format,
            looks,
            progress,
            out,
            err,
            standing: 0,
        }
    }

    /// True where people look on who can be shown a view that changes in place.
    pub fn redraws(&self) -> bool {
        self.format == Format::Display && self.looks.columns.is_some()
    }

    /// Writes lines for people, whoever wrote what is in them.
    pub fn write(&mut self, text: &str) -> Result<()> {
        self.rendered(&foreign::lines(text))
    }

    /// Writes as it is what is fit to be printed: a result that was rendered, and help.
    pub fn rendered(&mut self, text: &str) -> Result<()> {
        self.progress.clear();
        self.out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush())
            .map_err(|error| match error.kind() {
                ErrorKind::BrokenPipe => Failure::Closed,
                _ => Failure::Output(error.to_string()),
            })
    }

    /// Writes one object on a line of its own.
    pub fn json_line(&mut self, fields: &Fields) -> Result<()> {
        self.rendered(&fields.render(Format::JsonCompact, &self.looks))
    }

    /// Puts `view`, which is fit to be printed, where the last one stands. Lines are cut at the edge for the while, so that as many stand there as are
    /// written; nothing is left to restore.
    pub fn redraw(&mut self, view: &str) -> Result<()> {
        let up = match self.standing {
            0 => String::new(),
            lines => format!("\x1b[{lines}A"),
        };
        self.standing = view.lines().count();
        self.rendered(&format!("{up}\r\x1b[J\x1b[?7l{view}\x1b[?7h"))
    }

    /// Tells people something beside the result.
    pub fn note(&mut self, text: &str) {
        self.progress.clear();
        // Nowhere is left to say that the error stream is closed.
        let _ = writeln!(self.err, "{}", foreign::lines(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_takes_the_place_of_the_last_one() {
        let (mut out, mut err) = (vec![], vec![]);
        let (looks, progress) = (Looks::default(), Arc::default());
        let mut screen = Screen::new(Format::Display, looks, progress, &mut out, &mut err);
        screen.redraw("a\nb\n").unwrap();
        screen.redraw("c\n").unwrap();
        screen.redraw("d\n").unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\r\x1b[J\x1b[?7la\nb\n\x1b[?7h\x1b[2A\r\x1b[J\x1b[?7lc\n\x1b[?7h\x1b[1A\r\x1b[J\x1b[?7ld\n\x1b[?7h"
        );
    }
}
