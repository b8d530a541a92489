//! `sluice kernel build`.

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        parse::hex,
        screen::Screen,
        session::Session,
    },
    clap::Args,
    sluice_client::Ledger,
    sluice_run::kernel::{
        Error,
        build::{Built, NO_SBPF, Project},
    },
    std::path::PathBuf,
};

#[derive(Args, Debug)]
pub struct Build {
    /// Folder of the project.
    #[arg(default_value = ".")]
    folder: PathBuf,
}

impl Build {
    /// Builds it for both machines.
    pub fn run(self, session: &Session<impl Ledger>, screen: &mut Screen) -> Result<Fields> {
        let project = Project::open(&self.folder)?;
        let waiting = session.waits("compiles for WebAssembly");
        let wasm = project.wasm();
        drop(waiting);
        let wasm = wasm.map_err(|error| told(error, screen))?;
        let waiting = session.waits("compiles for sBPF");
        let sbpf = project.sbpf();
        drop(waiting);
        let sbpf = sbpf.map_err(|error| told(error, screen))?;
        let fields = Fields::new()
            .with("kernel", project.name)
            .with("wasm", shown(&wasm));
        Ok(match sbpf {
            Some(sbpf) => fields.with("sbpf", shown(&sbpf)),
            None => fields
                .said("sbpf", NO_SBPF)
                .data("sbpf", None::<Fields>)
                .data("sbpf_left_out", NO_SBPF),
        })
    }
}

fn shown(built: &Built) -> Fields {
    // The hash is text, and whole on a terminal, too: it is what a specification names.
    Fields::new()
        .with("file", built.path.display().to_string())
        .with("bytes", built.len)
        .with("sha256", hex(&built.sha256))
}

/// What the compiler says is for people to see as it is; programs have it in the failure.
fn told(error: Error, screen: &mut Screen) -> Failure {
    match &error {
        Error::Sources { said, .. } if screen.format.is_worded() => {
            screen.note(said.trim_end());
            error.into()
        }
        Error::Sources { said, .. } => Failure::input(format!("{error}: {said}")),
        _ => error.into(),
    }
}
