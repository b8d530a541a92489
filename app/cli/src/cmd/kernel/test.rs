//! `sluice kernel test`.

use {
    super::{Given, results::Results},
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::Session,
    },
    clap::Args,
    sluice_client::Ledger,
    sluice_run::kernel::found,
    std::path::PathBuf,
};

#[derive(Args, Debug)]
pub struct Test {
    /// Folder of a project that was built, or kernels; NAME.wasm and NAME.so are one kernel for two machines.
    #[arg(value_name = "FOLDER_OR_FILE", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Folder of inputs, each file the input of a chunk; by default the folder `inputs` of the project.
    #[arg(long, value_name = "FOLDER")]
    inputs: Option<PathBuf>,
    #[command(flatten)]
    given: Given,
}

impl Test {
    /// Runs all kernels on all inputs and tells who differs.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let kernels = found::kernels(&self.paths)?;
        let inputs = found::inputs(&self.inputs()?)?;
        let results = Results::of(session, &self.given.bench()?, &kernels, &inputs)?;
        Ok(results.told(Fields::new()))
    }

    fn inputs(&self) -> Result<PathBuf> {
        if let Some(inputs) = &self.inputs {
            return Ok(inputs.clone());
        }
        match self.paths.as_slice() {
            [folder] if folder.is_dir() => Ok(folder.join("inputs")),
            _ => Err(Failure::input("name the folder of inputs: --inputs FOLDER")),
        }
    }
}
