//! `cargo xtask <verb>`: everything one does with this repository. CI calls the same verbs.

mod agents;
mod bench;
mod debian;
mod demo;
mod dependencies;
mod dist;
mod fuzz;
mod idl;
mod kernels;
mod lanes;
mod localnet;
mod program;
mod soak;
mod test;
mod typescript;
mod whereabouts;
mod workspace;

use {
    crate::workspace::Workspace,
    anyhow::Result,
    clap::{Parser, Subcommand},
    std::process::ExitCode,
};

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Build(program::Build),
    Kernels(kernels::Kernels),
    Idl(idl::Idl),
    Demo(demo::Demo),
    Localnet(localnet::Localnet),
    Agents(agents::Agents),
    Soak(soak::Soak),
    Test(test::Test),
    Fuzz(fuzz::Fuzz),
    Bench(bench::Bench),
    Dist(dist::Dist),
    Where(whereabouts::Where),
}

fn main() -> ExitCode {
    match run(Arguments::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> Result<()> {
    let workspace = Workspace::locate()?;
    match verb {
        Verb::Build(build) => build.run(&workspace),
        Verb::Kernels(kernels) => kernels.run(&workspace),
        Verb::Idl(idl) => idl.run(&workspace),
        Verb::Demo(demo) => demo.run(&workspace),
        Verb::Localnet(localnet) => localnet.run(&workspace),
        Verb::Agents(agents) => agents.run(&workspace),
        Verb::Soak(soak) => soak.run(&workspace),
        Verb::Test(test) => test.run(&workspace),
        Verb::Fuzz(fuzz) => fuzz.run(&workspace),
        Verb::Bench(bench) => bench.run(&workspace),
        Verb::Dist(dist) => dist.run(&workspace),
        Verb::Where(place) => place.run(&workspace),
    }
}

#[cfg(test)]
mod tests {
    use {super::*, std::collections::BTreeSet};

    /// Every `cargo xtask` line in a code block of the README, docs/localnet.md and docs/kernels.md is a verb of this program.
    #[test]
    fn every_command_of_the_readme_exists() {
        let readme = include_str!("../../README.md");
        let localnet = include_str!("../../docs/localnet.md");
        let kernels = include_str!("../../docs/kernels.md");
        let commands: Vec<_> = [readme, localnet, kernels]
            .iter()
            .flat_map(|document| document.lines())
            .filter_map(|line| line.strip_prefix("cargo xtask "))
            .map(|line| line.split('#').next().unwrap_or(line).trim())
            .collect();
        assert!(commands.contains(&"demo") && commands.contains(&"test"));
        for command in commands {
            let words = ["cargo xtask"]
                .into_iter()
                .chain(command.split_whitespace());
            assert!(
                Arguments::try_parse_from(words).is_ok(),
                "the documents have `cargo xtask {command}`"
            );
        }
    }

    /// The tables of docs/accounts.md and docs/instructions.md name exactly the accounts and instructions of the program.
    #[test]
    fn the_tables_of_accounts_and_instructions_are_complete() {
        let interface: serde_json::Value =
            serde_json::from_str(include_str!("../../idl/sluice.json")).unwrap();
        let names = |list: &str| -> BTreeSet<String> {
            let items = interface[list].as_array().unwrap().iter();
            items
                .map(|item| item["name"].as_str().unwrap().to_owned())
                .collect()
        };
        let rows = |text: &str| -> BTreeSet<String> {
            text.lines()
                .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
                .collect()
        };
        let accounts = rows(include_str!("../../docs/accounts.md"));
        assert_eq!(accounts, names("accounts"));
        let instructions = rows(include_str!("../../docs/instructions.md"));
        assert_eq!(instructions, names("instructions"));
    }

    /// Every test that docs/attacks.md names is a test.
    #[test]
    fn every_attack_named_is_tried() {
        let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
        let named: Vec<_> = include_str!("../../docs/attacks.md")
            .split('`')
            .filter_map(|quoted| quoted.split_once("::"))
            .filter(|(file, _)| file.contains('/'))
            .collect();
        assert!(named.len() > 90, "{}", named.len());
        for (file, name) in named {
            let places = [
                ("agent", "../app/agent/src"),
                ("localnet", "../app/localnet/tests/localnet"),
                ("member", "../app/member/src"),
                ("run", "../app/run/src"),
            ];
            let mut own = places.into_iter().filter_map(|(name, place)| {
                let file = file.strip_prefix(name)?.strip_prefix('/')?;
                Some((tests.join(place), file))
            });
            let (root, file) = own.next().unwrap_or((tests.clone(), file));
            let source = [&root, &tests.join("instructions")]
                .map(|folder| folder.join(file).with_extension("rs"))
                .iter()
                .find_map(|path| std::fs::read_to_string(path).ok());
            let source = source.unwrap_or_else(|| panic!("no tests in {file}"));
            let found = source
                .split_once(&format!("fn {name}("))
                .and_then(|(before, _)| before.rsplit_once("#["))
                .is_some_and(|(_, mark)| {
                    mark.starts_with("test]")
                        || mark.starts_with("tokio::test")
                        || mark.starts_with("ignore")
                });
            assert!(found, "no test {file}::{name}");
        }
    }
}
