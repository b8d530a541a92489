//! `cargo xtask idl`: the program's interface, from which clients in other languages are generated.
//!
//! Anchor's macros write hidden tests that print the interface in pieces. This runs them on the host and assembles the pieces.

mod address;

use {
    crate::workspace::{PROGRAM, Package, Workspace, cargo, output},
    anchor_lang_idl::types::{Idl as Interface, IdlConst, IdlErrorCode, IdlEvent, IdlTypeDef},
    anyhow::{Context, Result, bail},
    clap::Args,
    serde::{Deserialize, de::DeserializeOwned},
    std::{collections::BTreeMap, fs},
};

/// The name all hidden tests share.
const HIDDEN_TESTS: &str = "__anchor_private_print_idl";

/// Write the program's interface: idl/sluice.json
#[derive(Args)]
pub struct Idl {
    /// Write nothing; fail if the committed file is not what would be written
    #[arg(long)]
    pub check: bool,
}

/// What an event's test prints.
#[derive(Deserialize)]
struct Event {
    event: IdlEvent,
    types: Vec<IdlTypeDef>,
}

impl Idl {
    pub fn run(self, workspace: &Workspace) -> Result<()> {
        let path = workspace.root.join("idl").join(format!("{PROGRAM}.json"));
        let mut interface = assemble(&printed(workspace)?, workspace.program()?)?;
        address::complete(&mut interface)?;
        let text = format!("{}\n", serde_json::to_string_pretty(&interface)?);
        let name = workspace.relative(&path);

        let committed = fs::read_to_string(&path).unwrap_or_default();
        if committed == text {
            println!("{name}: up to date");
        } else if self.check {
            bail!("{name} is not what the program says: run `cargo xtask idl` and commit it");
        } else {
            fs::create_dir_all(workspace.root.join("idl")).context("cannot create idl")?;
            fs::write(&path, text).with_context(|| format!("cannot write {name}"))?;
            println!("{name}: written");
        }
        Ok(())
    }
}

fn printed(workspace: &Workspace) -> Result<String> {
    let mut test = cargo();
    test.current_dir(&workspace.root);
    test.args([
        "test",
        "--quiet",
        "--locked",
        "--package",
        PROGRAM,
        "--lib",
        "--features",
        "idl-build",
        HIDDEN_TESTS,
    ]);
    test.args(["--", "--show-output", "--test-threads=1"]);
    output(&mut test)
}

/// Puts the pieces together. Lists are sorted by name and errors by code, so the order of sources does not matter.
fn assemble(printed: &str, program: &Package) -> Result<Interface> {
    let mut interface: Interface = pieces(printed, "program")?
        .pop()
        .context("the program printed no interface")?;
    interface.address = blocks(printed, "address")
        .pop()
        .context("the program printed no address")?
        .trim()
        .to_string();
    interface.metadata.name.clone_from(&program.name);
    interface.metadata.version.clone_from(&program.version);
    interface
        .metadata
        .description
        .clone_from(&program.description);
    interface.constants = pieces::<IdlConst>(printed, "const")?;
    interface.errors = pieces::<Vec<IdlErrorCode>>(printed, "errors")?
        .into_iter()
        .flatten()
        .collect();

    let mut types = std::mem::take(&mut interface.types);
    for Event { event, types: used } in pieces(printed, "event")? {
        interface.events.push(event);
        types.extend(used);
    }
    interface.types = distinct(types)?;

    interface.instructions.sort_by(|a, b| a.name.cmp(&b.name));
    interface.accounts.sort_by(|a, b| a.name.cmp(&b.name));
    interface.events.sort_by(|a, b| a.name.cmp(&b.name));
    interface.constants.sort_by(|a, b| a.name.cmp(&b.name));
    interface.errors.sort_by_key(|error| error.code);
    Ok(interface)
}

/// The types by name, each once. Two different types of one name would be one in every client.
fn distinct(types: Vec<IdlTypeDef>) -> Result<Vec<IdlTypeDef>> {
    let mut distinct = BTreeMap::<String, IdlTypeDef>::new();
    for found in types {
        match distinct.get(&found.name) {
            Some(known) if *known != found => {
                bail!("two different types are called {}", found.name)
            }
            Some(_) => {}
            None => drop(distinct.insert(found.name.clone(), found)),
        }
    }
    Ok(distinct.into_values().collect())
}

fn pieces<T: DeserializeOwned>(printed: &str, kind: &str) -> Result<Vec<T>> {
    let parse = |block: String| {
        serde_json::from_str(&block)
            .with_context(|| format!("cannot read what was printed as {kind}"))
    };
    blocks(printed, kind).into_iter().map(parse).collect()
}

/// The texts printed between the marks of a kind.
fn blocks(printed: &str, kind: &str) -> Vec<String> {
    let (begin, end) = (
        format!("--- IDL begin {kind} ---\n"),
        format!("--- IDL end {kind} ---"),
    );
    let parts = printed.split(&begin).skip(1);
    parts
        .filter_map(|part| part.split_once(&end))
        .map(|(block, _)| block.to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = r#"
---- a stdout ----
--- IDL begin address ---
S1uice1111111111111111111111111111111111111
--- IDL end address ---
--- IDL begin errors ---
[{"code":6001,"name":"B"},{"code":6000,"name":"A"}]
--- IDL end errors ---
--- IDL begin event ---
{"event":{"name":"Z","discriminator":[2]},"types":[{"name":"Z","type":{"kind":"struct"}},{"name":"K","type":{"kind":"struct"}}]}
--- IDL end event ---
--- IDL begin event ---
{"event":{"name":"E","discriminator":[1]},"types":[{"name":"E","type":{"kind":"struct"}}]}
--- IDL end event ---
--- IDL begin program ---
{"address":"","metadata":{"name":"x","version":"0.1.0","spec":"0.1.0"},
 "instructions":[{"name":"b","discriminator":[1],"accounts":[],"args":[]},{"name":"a","discriminator":[0],"accounts":[],"args":[]}],
 "types":[{"name":"K","type":{"kind":"struct"}}]}
--- IDL end program ---
"#;

    fn program() -> Package {
        Package {
            name: "sluice".into(),
            version: "1.2.3".into(),
            description: None,
            manifest_path: "Cargo.toml".into(),
            metadata: None,
        }
    }

    #[test]
    fn the_pieces_become_one_sorted_interface() {
        let interface = assemble(PRINTED, &program()).unwrap();
        assert_eq!(
            interface.address,
            "S1uice1111111111111111111111111111111111111"
        );
        assert_eq!(
            (
                interface.metadata.name.as_str(),
                interface.metadata.version.as_str()
            ),
            ("sluice", "1.2.3")
        );
        assert_eq!(
            interface
                .instructions
                .iter()
                .map(|found| found.name.as_str())
                .collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert_eq!(
            interface
                .events
                .iter()
                .map(|found| found.name.as_str())
                .collect::<Vec<_>>(),
            ["E", "Z"]
        );
        assert_eq!(
            interface
                .errors
                .iter()
                .map(|found| found.code)
                .collect::<Vec<_>>(),
            [6000, 6001]
        );
        assert_eq!(
            interface
                .types
                .iter()
                .map(|found| found.name.as_str())
                .collect::<Vec<_>>(),
            ["E", "K", "Z"]
        );
    }

    #[test]
    fn two_types_of_one_name_are_refused() {
        let printed = PRINTED.replace(
            r#""types":[{"name":"K","type":{"kind":"struct"}}]}"#,
            r#""types":[{"name":"K","type":{"kind":"enum","variants":[]}}]}"#,
        );
        let error = assemble(&printed, &program()).unwrap_err();
        assert_eq!(error.to_string(), "two different types are called K");
    }

    #[test]
    fn a_run_that_printed_nothing_is_an_error() {
        assert!(assemble("test result: ok", &program()).is_err());
    }
}
