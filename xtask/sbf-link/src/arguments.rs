//! Splits rustc's linker command line into inputs, output and options.

use std::path::{Path, PathBuf};

/// Options followed by a separate value.
const VALUED: [&str; 7] = [
    "--export-symbols",
    "--cpu",
    "--cpu-features",
    "--export",
    "--target",
    "--flavor",
    "-L",
];

#[derive(Debug, Default, PartialEq)]
pub struct Arguments {
    /// Object files and archives to link.
    pub inputs: Vec<PathBuf>,
    /// What `-o` names.
    pub output: Option<PathBuf>,
    /// Everything else, in order.
    pub options: Vec<String>,
}

impl Arguments {
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Self {
        let mut parsed = Self::default();
        while let Some(argument) = arguments.next() {
            if argument == "-o" {
                parsed.output = arguments.next().map(PathBuf::from);
            } else if VALUED.contains(&argument.as_str()) {
                parsed.options.push(argument);
                parsed.options.extend(arguments.next());
            } else if is_input(&argument) {
                parsed.inputs.push(argument.into());
            } else {
                parsed.options.push(argument);
            }
        }
        parsed
    }
}

fn is_input(argument: &str) -> bool {
    let extension = Path::new(argument)
        .extension()
        .and_then(|extension| extension.to_str());
    !argument.starts_with('-') && matches!(extension, Some("o" | "a" | "rlib" | "bc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_output_and_options_are_told_apart() {
        let line = "--export-symbols /t/symbols a.o /d/libb.rlib -L /d/raw.o --cpu v3 -o /t/libc.so -O3 --debug";
        let parsed = Arguments::parse(line.split(' ').map(String::from));
        assert_eq!(
            parsed.inputs,
            [PathBuf::from("a.o"), PathBuf::from("/d/libb.rlib")]
        );
        assert_eq!(parsed.output, Some(PathBuf::from("/t/libc.so")));
        assert_eq!(
            parsed.options.join(" "),
            "--export-symbols /t/symbols -L /d/raw.o --cpu v3 -O3 --debug"
        );
    }

    #[test]
    fn a_command_line_without_output_is_seen_as_such() {
        assert_eq!(
            Arguments::parse(["-o".to_string()].into_iter()).output,
            None
        );
    }
}
