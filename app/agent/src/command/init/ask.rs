//! Questions, where somebody can answer them.

use {
    crate::command::Usage,
    anyhow::{Result, bail},
    std::io::{self, BufRead, IsTerminal, Write},
};

/// Who answers; nobody where standard input is no terminal.
pub struct Ask<'a>(Option<Box<dyn BufRead + 'a>>);

impl<'a> Ask<'a> {
    /// Whoever sits at the terminal.
    pub fn at_terminal() -> Self {
        let stdin = io::stdin();
        Self(
            stdin
                .is_terminal()
                .then(|| Box::new(stdin.lock()) as Box<dyn BufRead>),
        )
    }

    /// Lines that are answers.
    #[cfg(test)]
    pub fn lines(answers: &'a [u8]) -> Self {
        Self(Some(Box::new(answers)))
    }

    /// Nobody.
    #[cfg(test)]
    pub fn nobody() -> Self {
        Self(None)
    }

    /// What was given, else what is answered to the question for it, which is asked until the answer can be used.
    pub fn unless<T>(
        &mut self,
        given: Option<T>,
        flag: &'static str,
        what: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T> {
        if let Some(given) = given {
            return Ok(given);
        }
        let Some(answers) = &mut self.0 else {
            bail!(Usage(format!("{flag} is missing: the {what}")));
        };
        loop {
            write!(io::stderr(), "{what}: ")?;
            io::stderr().flush()?;
            let mut line = String::new();
            if answers.read_line(&mut line)? == 0 {
                bail!(Usage(format!("{flag} is missing: the {what}")));
            }
            match read(line.trim()) {
                Ok(answer) => return Ok(answer),
                Err(why) => writeln!(io::stderr(), "{why}")?,
            }
        }
    }
}
