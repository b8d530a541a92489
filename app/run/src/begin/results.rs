//! Where results go.

use {
    super::{NotBegun, absolute},
    crate::{inputs::Folder, settings},
    sluice_client::foreign::Foreign,
    std::{
        collections::BTreeSet,
        fs, io,
        path::{Path, PathBuf},
    },
    tempfile::NamedTempFile,
};

/// Most letters of an extension.
const EXTENSION: usize = 16;

/// The folder of results, in which no file stands that a result would replace.
///
/// # Errors
/// [`NotBegun::Results`].
pub fn of(
    folder: &Path,
    extension: Option<&str>,
    inputs_at: &Path,
    inputs: &Folder,
) -> Result<PathBuf, NotBegun> {
    let is_odd = |text: &str| {
        text.len() > EXTENSION || !text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if extension.is_some_and(|text| text.is_empty() || is_odd(text)) {
        return Err(NotBegun::Results(format!(
            "an extension is 1 to {EXTENSION} letters and digits"
        )));
    }
    let wrong = |error: io::Error| NotBegun::Results(format!("{}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(wrong)?;
    let mut names = BTreeSet::new();
    for input in inputs.files() {
        let name = settings::result(&input.name, extension);
        let result = folder.join(&name);
        if !names.insert(name) {
            return Err(NotBegun::Results(format!(
                "two inputs would have the result {}: give no extension, or name them apart",
                Foreign::from(result.display().to_string())
            )));
        }
        let shown = || Foreign::from(result.display().to_string());
        match result.symlink_metadata() {
            Ok(_) => {
                return Err(NotBegun::Results(format!(
                    "{} is there already: choose another folder for the results",
                    shown()
                )));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(NotBegun::Results(format!("{}: {error}", shown())));
            }
            Err(_) => {}
        }
    }
    // Better now than once something is paid.
    NamedTempFile::with_prefix_in(".sluice-", folder).map_err(wrong)?;
    let own = absolute(folder)?;
    if own == inputs_at {
        return Err(NotBegun::Results(format!(
            "{} is the folder of the inputs: choose another one for the results",
            folder.display()
        )));
    }
    Ok(own)
}

#[cfg(test)]
mod tests {
    use {super::*, sluice_work::core::Kind, tempfile::TempDir};

    /// A folder with inputs of these names, and room beside it.
    fn stage(names: &[&str]) -> (TempDir, PathBuf, Folder) {
        let dir = TempDir::new().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let inputs = root.join("inputs");
        fs::create_dir(&inputs).unwrap();
        for name in names {
            fs::write(inputs.join(name), name).unwrap();
        }
        let folder = Folder::read(&inputs, Kind::Wasm).unwrap();
        (dir, root, folder)
    }

    fn why(told: Result<PathBuf, NotBegun>) -> String {
        match told {
            Err(NotBegun::Results(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_folder_is_made_and_left_empty() {
        let (_dir, root, inputs) = stage(&["a.txt", "b.txt"]);
        let results = root.join("deep").join("results");
        let own = of(&results, None, &root.join("inputs"), &inputs).unwrap();
        assert_eq!(own, results);
        assert_eq!(fs::read_dir(&own).unwrap().count(), 0);
        // Other files do not matter.
        fs::write(own.join("a.bmp"), "kept").unwrap();
        assert!(of(&results, None, &root.join("inputs"), &inputs).is_ok());
    }

    #[test]
    fn no_file_is_replaced_be_it_an_input_a_result_or_a_link_to_nowhere() {
        let (_dir, root, inputs) = stage(&["a.txt", "b.txt"]);
        let inputs_at = root.join("inputs");
        let own = why(of(&inputs_at, None, &inputs_at, &inputs));
        assert!(own.contains("is there already"), "{own}");
        let own = why(of(&inputs_at, Some("bmp"), &inputs_at, &inputs));
        assert!(own.contains("the folder of the inputs"), "{own}");
        let results = root.join("results");
        fs::create_dir(&results).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("nowhere"), results.join("b.txt")).unwrap();
            let link = why(of(&results, None, &inputs_at, &inputs));
            assert!(link.contains("b.txt is there already"), "{link}");
        }
        fs::write(root.join("file"), "").unwrap();
        let file = why(of(&root.join("file"), None, &inputs_at, &inputs));
        assert!(file.contains("file"), "{file}");
    }

    #[test]
    fn extensions_are_plain_and_keep_results_apart() {
        let (_dir, root, inputs) = stage(&["a.png", "a.txt"]);
        let inputs_at = root.join("inputs");
        let results = root.join("results");
        for odd in ["", "a/b", "..", "a.b", "seventeen_letters"] {
            let said = why(of(&results, Some(odd), &inputs_at, &inputs));
            assert!(said.contains("letters and digits"), "{odd}: {said}");
        }
        let same = why(of(&results, Some("bmp"), &inputs_at, &inputs));
        assert!(same.contains("two inputs would have the result"), "{same}");
        assert!(of(&results, None, &inputs_at, &inputs).is_ok());
    }
}
