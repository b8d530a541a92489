//! Kernels and inputs as files.

use {
    super::{
        Error, Result,
        build::{OUT, extension},
        file,
    },
    sluice_work::{
        core::{Kind, WASM_KERNEL_LEN},
        spec::BLOB_LEN,
    },
    std::{
        fs::{self, File},
        io::Read,
        path::{Path, PathBuf},
    },
};

/// A kernel for one machine.
#[derive(Clone, Debug)]
pub struct Code {
    /// Where it lies.
    pub path: PathBuf,
    /// What runs it, told by its first bytes.
    pub kind: Kind,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A kernel for one machine, or for both.
#[derive(Clone, Debug)]
pub struct Kernel {
    /// The files' name without its end. Perhaps a stranger's.
    pub name: String,
    /// At most one for each machine.
    pub codes: Vec<Code>,
}

/// A file that is the input of a chunk.
#[derive(Clone, Debug)]
pub struct Input {
    /// The file's name. Perhaps a stranger's.
    pub name: String,
    path: PathBuf,
}

impl Input {
    /// Its bytes.
    ///
    /// # Errors
    /// It cannot be read, or is longer than an input may be.
    pub fn read(&self) -> Result<Vec<u8>> {
        read(&self.path, BLOB_LEN, "an input")
    }
}

/// The code at `path`.
///
/// # Errors
/// It cannot be read, is neither a WebAssembly module nor an ELF, or is longer than any kernel.
pub fn code(path: &Path) -> Result<Code> {
    let bytes = read(path, WASM_KERNEL_LEN, "a kernel")?;
    let kind = if bytes.starts_with(b"\0asm") {
        Kind::Wasm
    } else if bytes.starts_with(b"\x7fELF") {
        Kind::Sbpf
    } else {
        return Err(Error::Given(format!(
            "{} is no kernel: neither a WebAssembly module nor an ELF",
            path.display()
        )));
    };
    Ok(Code {
        path: path.to_owned(),
        kind,
        bytes,
    })
}

/// The kernels at `paths`: of a folder, what was built there. Files that differ in the end of their name alone are one kernel for two
/// machines.
///
/// # Errors
/// A file is no kernel, nothing was built, or two files are of one kernel for one machine.
pub fn kernels(paths: &[PathBuf]) -> Result<Vec<Kernel>> {
    let mut found: Vec<(PathBuf, Kernel)> = vec![];
    for path in paths {
        for path in files(path)? {
            let code = code(&path)?;
            let stem = path.with_extension("");
            match found.iter_mut().find(|(other, _)| *other == stem) {
                Some((_, kernel)) if kernel.codes.iter().any(|own| own.kind == code.kind) => {
                    return Err(Error::Given(format!(
                        "{} is there twice for the same machine",
                        stem.display()
                    )));
                }
                Some((_, kernel)) => kernel.codes.push(code),
                None => {
                    let name = stem.file_name().unwrap_or_default();
                    let name = name.to_string_lossy().into_owned();
                    found.push((
                        stem,
                        Kernel {
                            name,
                            codes: vec![code],
                        },
                    ));
                }
            }
        }
    }
    Ok(found.into_iter().map(|(_, kernel)| kernel).collect())
}

/// The inputs in `folder`: each file a chunk, in the order of their names. Folders and files whose name begins with a dot are none.
///
/// # Errors
/// There is none, or the folder cannot be read.
pub fn inputs(folder: &Path) -> Result<Vec<Input>> {
    let inputs = listed(folder)?;
    let inputs = inputs.into_iter().filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        (path.is_file() && !name.starts_with('.')).then_some(Input { name, path })
    });
    let inputs: Vec<_> = inputs.collect();
    if inputs.is_empty() {
        return Err(Error::Given(format!(
            "there is no file in {}: each is the input of a chunk",
            folder.display()
        )));
    }
    Ok(inputs)
}

/// A file itself, or the kernels that were built in a folder.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let out = path.join(OUT);
    let mut built = if out.is_dir() { listed(&out)? } else { vec![] };
    let ends = [Kind::Wasm, Kind::Sbpf].map(extension);
    built.retain(|path| {
        path.extension()
            .is_some_and(|end| ends.iter().any(|own| end == *own))
    });
    if built.is_empty() {
        return Err(Error::Given(format!(
            "nothing was built in {}: run `sluice kernel build` first",
            path.display()
        )));
    }
    Ok(built)
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(file("cannot list", folder))?;
    let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

/// The bytes of a file, of which `what` has at most `most`.
fn read(path: &Path, most: u32, what: &str) -> Result<Vec<u8>> {
    let mut bytes = vec![];
    let opened = File::open(path);
    let read = opened.and_then(|file| {
        let over = u64::from(most).saturating_add(1);
        file.take(over).read_to_end(&mut bytes)
    });
    read.map_err(file("cannot read", path))?;
    if u32::try_from(bytes.len()).is_ok_and(|len| len <= most) {
        return Ok(bytes);
    }
    Err(Error::Given(format!(
        "{} is longer than {what} may be, {most} bytes",
        path.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_differ_in_their_end_alone_are_one_kernel() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, bytes) in [
            ("a.wasm", b"\0asm"),
            ("a.so", b"\x7fELF"),
            ("b.so", b"\x7fELF"),
        ] {
            fs::write(path(name), bytes).unwrap();
        }
        let found = kernels(&["a.wasm", "b.so", "a.so"].map(path)).unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.name.as_str(), one.codes.len()))
            .collect();
        assert_eq!(found, [("a", 2), ("b", 1)]);
        assert!(kernels(&["a.so", "a.so"].map(path)).is_err());
        fs::write(path("a.txt"), b"text").unwrap();
        assert!(kernels(&[path("a.txt")]).is_err());
        assert!(
            kernels(&[folder.path().to_owned()]).is_err(),
            "nothing was built"
        );
    }

    #[test]
    fn every_file_is_an_input_but_those_that_begin_with_a_dot() {
        let folder = tempfile::tempdir().unwrap();
        assert!(inputs(folder.path()).is_err());
        fs::create_dir(folder.path().join("below")).unwrap();
        for name in ["10", "2", ".keep"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let found = inputs(folder.path()).unwrap();
        let names: Vec<_> = found.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(names, ["10", "2"]);
        assert_eq!(found.last().unwrap().read().unwrap(), b"2");
    }
}
