//! The TypeScript client: checked, built and tested by Node.

use {
    crate::{
        debian,
        workspace::{Workspace, output, run},
    },
    anyhow::{Context, Result, ensure},
    std::process::Command,
};

/// The oldest Node that its dependencies run on.
const NODE: u32 = 20;

/// Makes sure that Node and npm are there and new enough, before anything takes its time.
pub fn ensure_node() -> Result<()> {
    let needed = format!("the TypeScript client is tested with Node {NODE} or newer and its npm");
    let version = |program| output(Command::new(program).arg("--version"));
    if version("npm").is_err() || version("node").is_err() {
        debian::install(&["nodejs", "npm"], &needed)?;
    }
    let found = version("node").with_context(|| needed.clone())?;
    ensure!(
        major(&found).is_some_and(|major| major >= NODE),
        "{needed}; this is {}",
        found.trim()
    );
    Ok(())
}

/// Installs what its lock file says, then builds and tests it on local chains, whose command has to be built already.
pub fn test(workspace: &Workspace) -> Result<()> {
    for verb in ["ci", "test"] {
        let mut npm = Command::new("npm");
        run(npm.arg(verb).current_dir(workspace.root.join("app/ts")))?;
    }
    Ok(())
}

/// The first number of `v20.1.0`.
fn major(version: &str) -> Option<u32> {
    let (major, _) = version.trim().strip_prefix('v')?.split_once('.')?;
    major.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.1.0"), Some(8));
        assert_eq!(major("20"), None);
    }
}
