//! `sluice kernel check`.

use {
    super::{
        Given, chain,
        results::{Results, admissions},
    },
    crate::{
        failure::Result,
        output::{Fields, Mood, Value},
        parse::hex,
        session::Session,
    },
    clap::Args,
    sluice_client::Ledger,
    sluice_run::kernel::{
        found::{self, Kernel},
        inspect::{Facts, inspect},
    },
    sluice_work::core::Kind,
    std::path::PathBuf,
};

#[derive(Args, Debug)]
pub struct Check {
    /// The kernel: a WebAssembly module or an ELF for sBPF.
    file: PathBuf,
    /// Folder of inputs to run it on, each file the input of a chunk.
    #[arg(long, value_name = "FOLDER")]
    inputs: Option<PathBuf>,
    /// Ask the chain, too: the kernel is deployed, each input simulated, and the rent taken back. An ELF for sBPF.
    #[arg(long, requires = "inputs")]
    on_chain: bool,
    #[command(flatten)]
    given: Given,
}

impl Check {
    /// Tells what it is, and runs it where there are inputs.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let code = found::code(&self.file)?;
        if self.on_chain {
            chain::require_askable(session, &code)?;
        }
        let inputs = self.inputs.as_deref().map(found::inputs).transpose()?;
        let facts = inspect(&code);
        let bench = self.given.bench()?;
        let said = admissions(&bench, code.kind, &code.bytes);
        let is_taken = said.iter().all(|(_, why)| why.is_none());
        let (word, mood) = if is_taken {
            ("yes", Mood::Good)
        } else {
            ("no", Mood::Bad)
        };
        let word = word.to_owned();
        let fields = Fields::new()
            .with("file", self.file.display().to_string())
            .with("admissible", Value::State { word, mood });
        let fields = described(fields, code.kind, &facts);
        let engines = said.iter().map(|(engine, why)| {
            let says = why.map_or_else(|| "takes it".to_owned(), |why| why.to_string());
            Fields::new()
                .with("engine", engine.to_string())
                .with("says", says)
        });
        let fields = fields.with("engines", Value::Table(engines.collect()));
        if !is_taken {
            return Ok(fields.incomplete());
        }
        let Some(inputs) = inputs else {
            return Ok(fields);
        };
        let name = self.file.file_stem().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let codes = vec![code.clone()];
        let mut results = Results::of(session, &bench, &[Kernel { name, codes }], &inputs)?;
        if !self.on_chain {
            return Ok(results.told(fields));
        }
        let (price, costs) = chain::price(session, &code)?;
        if session.is_dry_run() {
            let fields = Fields::new().with("dry_run", true).join(fields);
            return Ok(results.told(fields.join(costs)));
        }
        results.heard(&chain::said(session, &code, &inputs, price)?);
        Ok(results.told(fields.join(costs)))
    }
}

/// What there is to know without running it.
fn described(fields: Fields, kind: Kind, facts: &Facts) -> Fields {
    let fields = match kind {
        Kind::Wasm => fields.with("kind", "wasm"),
        Kind::Sbpf => fields.with("kind", "sbpf"),
    };
    let fields = fields
        .with("bytes", facts.len)
        .with("most_bytes", facts.most)
        .with("sha256", hex(&facts.sha256));
    let fields = match kind {
        Kind::Wasm => {
            let features = facts.features.iter().map(|name| (*name).to_owned());
            let fields = several(fields, "imports", facts.asks.clone());
            several(fields, "features", features.collect())
                .with("memory_bytes", facts.memory.map(|(first, _)| first))
                .with("most_memory_bytes", facts.memory.and_then(|(_, most)| most))
        }
        Kind::Sbpf => several(fields, "system_calls", facts.asks.clone())
            .with("version", facts.sbpf.map(|(version, _)| version))
            .with("largest_frame", facts.sbpf.map(|(_, frame)| frame)),
    };
    several(fields, "faults", facts.faults.clone())
}

/// Words as a list for programs, and on one line for people.
fn several(fields: Fields, name: &'static str, words: Vec<String>) -> Fields {
    let line = (!words.is_empty()).then(|| words.join(", "));
    fields.said(name, line).data(name, Value::Lines(words))
}
