//! What shells and `man` know about the command.

use {
    crate::{
        command,
        failure::{Failure, Result},
        output::Fields,
    },
    clap::Args,
    clap_complete::{Shell, generate},
    std::{fs, path::PathBuf},
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
    /// Prints them.
    pub fn run(self) -> Result<Fields> {
        let mut script = Vec::new();
        generate(self.shell, &mut command(), "sluice", &mut script);
        Ok(Fields::verbatim(
            String::from_utf8_lossy(&script).into_owned(),
        ))
    }
}

impl Man {
    /// Writes `sluice.1`, `sluice-job.1`, `sluice-job-open.1` and so on.
    pub fn run(self) -> Result<Fields> {
        fs::create_dir_all(&self.directory)
            .and_then(|()| clap_mangen::generate_to(command(), &self.directory))
            .map_err(|error| Failure::Output(format!("{}: {error}", self.directory.display())))?;
        Ok(Fields::new().with("directory", self.directory.display().to_string()))
    }
}
