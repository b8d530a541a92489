//! `sluice kernel new`.

use {
    crate::{
        failure::Result,
        output::{Fields, Value},
    },
    clap::Args,
    sluice_run::kernel::scaffold,
    std::path::PathBuf,
};

#[derive(Args, Debug)]
pub struct New {
    /// Name of the package: small letters, digits, - and _.
    name: String,
    /// Folder to make; by default one of that name here.
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,
}

impl New {
    /// Makes it, or tells what it would be.
    pub fn run(self, is_dry_run: bool) -> Result<Fields> {
        scaffold::check_name(&self.name)?;
        let folder = self.path.unwrap_or_else(|| PathBuf::from(&self.name));
        let (files, fields) = if is_dry_run {
            scaffold::check_free(&folder)?;
            let files = scaffold::names().collect();
            (files, Fields::new().with("dry_run", true))
        } else {
            (scaffold::make(&self.name, &folder)?, Fields::new())
        };
        let files = files.into_iter().map(str::to_owned).collect();
        let place = folder.display().to_string();
        Ok(fields
            .with("kernel", self.name)
            .with("folder", place.clone())
            .with("files", Value::Lines(files))
            .said("next", format!("sluice kernel build {place}")))
    }
}
