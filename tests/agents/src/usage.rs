//! What processes hold of the machine: memory, open files, disk.

use {
    sluice_localnet::agents::{Agent, Agents},
    std::{collections::BTreeMap, fs, path::Path},
};

/// What a process holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Resident memory, KiB.
    pub memory: u64,
    /// Open files.
    pub files: u64,
    /// State on disk, bytes.
    pub disk: u64,
}

/// What each agent holds that runs, by its name.
pub fn of(agents: &Agents) -> BTreeMap<String, Held> {
    let all = agents.all().iter();
    all.filter_map(|agent| Some((agent.name.clone(), of_agent(agent)?)))
        .collect()
}

/// What an agent holds; `None` where it does not run, or where the system does not tell.
pub fn of_agent(agent: &Agent) -> Option<Held> {
    let (memory, files) = of_process(agent.id()?)?;
    let disk = size(&agent.folder.join("state"));
    Some(Held {
        memory,
        files,
        disk,
    })
}

/// Resident memory, KiB, and open files of the process of this number.
pub fn of_process(id: u32) -> Option<(u64, u64)> {
    let process = format!("/proc/{id}");
    let status = fs::read_to_string(format!("{process}/status")).ok()?;
    let mut lines = status.lines();
    let memory = lines.find_map(|line| line.strip_prefix("VmRSS:"))?;
    let memory = memory.trim().trim_end_matches(" kB").parse().ok()?;
    let files = fs::read_dir(format!("{process}/fd")).ok()?.count();
    Some((memory, u64::try_from(files).ok()?))
}

/// Bytes of everything in a folder.
pub fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.fold(0u64, |sum, entry| {
        let own = match entry.metadata() {
            Ok(found) if found.is_dir() => size(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        };
        sum.saturating_add(own)
    })
}
