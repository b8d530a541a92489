//! The bytes of every format, read anew: where each field lies, and what no encoder writes.

use {
    super::naive::{Hash, levels},
    sluice_work::{core::BadCore, spec::BadSpec},
};

/// What is left of some bytes.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn hash(&mut self) -> Option<Hash> {
        self.take(32)?.try_into().ok()
    }

    /// A byte that says whether something follows.
    fn is_some(&mut self) -> Option<bool> {
        match self.take(1)? {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }

    fn text(&mut self) -> Option<&'a str> {
        let len = self.number()?;
        std::str::from_utf8(self.take(len.try_into().ok()?)?).ok()
    }

    fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// True if such work can be: its numbers, and the levels of its two trees.
pub fn is_shape(count: u32, per_window: u32, units: u64) -> bool {
    let cap = u128::from(per_window) * u128::from(units);
    count > 0
        && (1..=1_024).contains(&per_window)
        && units > 0
        && cap <= u128::from(u64::MAX)
        && levels(count.into()) + levels(per_window.into()) <= 24
}

/// Why these bytes are no core.
pub fn core(bytes: &[u8]) -> Result<(), BadCore> {
    let bytes: &[u8; 136] = bytes.try_into().map_err(|_| BadCore::Malformed)?;
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let long = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let most = match bytes[128] {
        1 => 4 * 1_024 * 1_024,
        2 => 64 * 1_024,
        _ => return Err(BadCore::Malformed),
    };
    if !(1..=most).contains(&number(112)) {
        return Err(BadCore::KernelLength(most));
    }
    if !is_shape(number(116), number(120), long(96)) {
        return Err(BadCore::Shape);
    }
    if bytes[129] > 1 || bytes[130..].iter().any(|byte| *byte > 0) {
        return Err(BadCore::Malformed);
    }
    let is_judged = bytes[128] == 2;
    let of_judges = long(104) > 0 || number(124) > 0 || bytes[129] > 0;
    if of_judges && !is_judged {
        return Err(BadCore::NotJudged);
    }
    Ok(())
}

/// Why these bytes are no specification.
pub fn spec(bytes: &[u8]) -> Result<(), BadSpec> {
    let (first, rest) = bytes.split_at_checked(136).ok_or(BadCore::Malformed)?;
    core(first)?;
    let read = |bytes: &mut Bytes| {
        let (title, note) = (bytes.text()?.len(), bytes.text()?.len());
        let limits = [bytes.number()?, bytes.number()?, bytes.number()?];
        bytes.end()?;
        Some((title, note, limits))
    };
    let (title, note, [memory, output, millis]) =
        read(&mut Bytes(rest)).ok_or(BadSpec::Malformed)?;
    if title > 64 || note > 1_024 {
        return Err(BadSpec::Text);
    }
    let (memories, outputs) = match first[128] {
        1 => (1..=1 << 30, 1..=64 << 20),
        _ => (0..=0, 1..=1_024),
    };
    let fits = memories.contains(&memory) && outputs.contains(&output);
    if fits && (1..=3_600_000).contains(&millis) {
        Ok(())
    } else {
        Err(BadSpec::Limits)
    }
}

/// The names of a list of inputs.
pub fn inputs(bytes: &[u8]) -> Option<Vec<Hash>> {
    let mut bytes = Bytes(bytes);
    let count = usize::try_from(bytes.number()?).ok()?;
    let is_whole = bytes.0.len() == 32 * count && count <= 1 << 24;
    is_whole.then(|| (0..count).map_while(|_| bytes.hash()).collect())
}

/// Window and outputs of evidence, and the chunk at which it stops.
pub type Evidence = (u32, Vec<Option<Hash>>, Option<(u32, u8)>);

pub fn evidence(bytes: &[u8]) -> Option<Evidence> {
    let mut bytes = Bytes(bytes);
    let (window, count) = (bytes.number()?, bytes.number()?);
    if count > 1_024 {
        return None;
    }
    let mut outputs = vec![];
    for _ in 0..count {
        outputs.push(if bytes.is_some()? {
            Some(bytes.hash()?)
        } else {
            None
        });
    }
    let stop = if bytes.is_some()? {
        Some((bytes.number()?, bytes.take(1)?[0]))
    } else {
        None
    };
    bytes.end()?;
    let is_known = stop.is_none_or(|(_, reason)| (1..=11).contains(&reason));
    (is_known && outputs.last() != Some(&None)).then_some((window, outputs, stop))
}

/// Position, leaf and path of an opened place.
pub type Opened = (u32, Option<(u32, Hash, Hash)>, Vec<Hash>);

pub fn opened(bytes: &[u8]) -> Option<Opened> {
    let mut bytes = Bytes(bytes);
    let position = bytes.number()?;
    let leaf = if bytes.is_some()? {
        Some((bytes.number()?, bytes.hash()?, bytes.hash()?))
    } else {
        None
    };
    let count = bytes.number()?;
    if count > 24 {
        return None;
    }
    let mut path = vec![];
    for _ in 0..count {
        path.push(bytes.hash()?);
    }
    bytes.end()?;
    Some((position, leaf, path))
}
