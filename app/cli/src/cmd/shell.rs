//! What shells and `man` know about the command.

use {
    crate::{
        command, completion, examples,
        failure::{Failure, Result},
        output::Fields,
    },
    clap::{Args, Command},
    clap_complete::Shell,
    std::{
        fs::{self, OpenOptions},
        io::{self, Write},
        path::{Path, PathBuf},
    },
};

#[derive(Args, Debug)]
pub struct Completions {
    /// The shell.
    shell: Shell,
}

#[derive(Args, Debug)]
pub struct Man {
    /// Directory to write to; it is created.
    directory: PathBuf,
}

impl Completions {
    /// Prints what has the shell ask this command, so that names of the profile are offered too.
    pub fn run(self) -> Result<Fields> {
        let shell = self.shell.to_string();
        let script = completion::registration(&shell);
        script.map(Fields::verbatim).ok_or_else(|| {
            Failure::input(format!("there are no completions for the shell {shell}"))
        })
    }
}

impl Man {
    /// Writes `sluice.1`, `sluice-job.1`, `sluice-job-open.1` and so on.
    pub fn run(self) -> Result<Fields> {
        let folder = &self.directory;
        let pages = without_examples(command());
        fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(pages.clone(), folder))
            .and_then(|()| with_examples(&pages, "", folder))
            .map_err(|error| Failure::Output(format!("{}: {error}", folder.display())))?;
        Ok(Fields::new().with("directory", folder.display().to_string()))
    }
}

/// The generator would join the lines of the examples.
fn without_examples(command: Command) -> Command {
    let command = command.after_help(None::<&str>);
    command.mut_subcommands(without_examples)
}

/// Appends the examples to the pages of the command and of those below it.
fn with_examples(command: &Command, above: &str, folder: &Path) -> io::Result<()> {
    let path = format!("{above}{}", command.get_name());
    if !command.has_subcommands() || command.get_positionals().next().is_some() {
        let section = section(&path);
        let page = folder.join(format!("{}.1", path.replace(' ', "-")));
        let mut page = OpenOptions::new().append(true).open(page)?;
        page.write_all(section.as_bytes())?;
    }
    let mut below = command.get_subcommands();
    below.try_for_each(|inner| with_examples(inner, &format!("{path} "), folder))
}

/// The examples of a command as a section of its page.
fn section(path: &str) -> String {
    let mut text = String::new();
    for (sentence, lines) in examples::of(path) {
        if text.is_empty() {
            text.push_str(".SH EXAMPLES\n");
        }
        text.push_str(&format!(".PP\n{}\n.PP\n.nf\n.RS 4\n", roff(sentence)));
        for line in lines {
            text.push_str(&format!("{}\n", roff(line)));
        }
        text.push_str(".RE\n.fi\n");
    }
    text
}

/// A line of text that begins with no dot.
fn roff(line: &str) -> String {
    let escaped = line.replace('\\', "\\e").replace('-', "\\-");
    format!("\\&{escaped}")
}
