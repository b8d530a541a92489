//! What a linker leaves in a WebAssembly module and no machine needs: names, producers, exports for tools.

use crate::{Error, Result};

const HEADER: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
const EXPORTS: u8 = 7;

/// What a kernel exports.
const KEPT: [&[u8]; 2] = [b"memory", b"run"];

/// The module without its custom sections and with no exports but a kernel's.
///
/// # Errors
/// It is no module, or does not export what a kernel exports.
pub fn stripped(module: &[u8]) -> Result<Vec<u8>> {
    let sections = module.strip_prefix(HEADER);
    let sections = sections.ok_or_else(|| Error::unfit("the build left no WebAssembly module"))?;
    let mut sections = Reader(sections);
    let mut kept = HEADER.to_vec();
    while !sections.0.is_empty() {
        let kind = sections.byte()?;
        let section = sections.bytes()?;
        match kind {
            CUSTOM => {}
            EXPORTS => put(&mut kept, kind, &exports(section)?),
            _ => put(&mut kept, kind, section),
        }
    }
    Ok(kept)
}

/// The section of exports with a kernel's only.
fn exports(section: &[u8]) -> Result<Vec<u8>> {
    let mut entries = Reader(section);
    let mut kept = vec![];
    let mut found = 0_u8;
    for _ in 0..entries.number()? {
        let before = entries.0;
        let name = entries.bytes()?;
        entries.byte()?;
        entries.number()?;
        if KEPT.contains(&name) {
            let length = before.len().saturating_sub(entries.0.len());
            kept.extend(before.iter().take(length));
            found = found.saturating_add(1);
        }
    }
    if usize::from(found) != KEPT.len() {
        return Err(Error::unfit(
            "the module does not export `run` and `memory`: its source has no `kernel!`",
        ));
    }
    kept.insert(0, found);
    Ok(kept)
}

fn put(module: &mut Vec<u8>, kind: u8, section: &[u8]) {
    module.push(kind);
    let mut length = section.len();
    loop {
        let [low, ..] = length.to_le_bytes();
        length >>= 7;
        if length == 0 {
            module.push(low & 0x7f);
            break;
        }
        module.push(low | 0x80);
    }
    module.extend(section);
}

fn cut() -> Error {
    Error::unfit("the module is cut short")
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let (byte, rest) = self.0.split_first().ok_or_else(cut)?;
        self.0 = rest;
        Ok(*byte)
    }

    /// An unsigned number of 32 bits, seven in a byte.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Error::unfit("a number of the module is too long"))
    }

    /// As many bytes as the number before them says.
    fn bytes(&mut self) -> Result<&'a [u8]> {
        let length = self.number()?;
        let parts = self.0.split_at_checked(length);
        let (bytes, rest) = parts.ok_or_else(cut)?;
        self.0 = rest;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(sections: &[&[u8]]) -> Vec<u8> {
        [HEADER, &sections.concat()].concat()
    }

    /// Exports `memory`, a global and `run`.
    const ALL: &[u8] = b"\x07\x17\x03\x06memory\x02\0\x04base\x03\x01\x03run\0\x02";
    const OURS: &[u8] = b"\x07\x10\x02\x06memory\x02\0\x03run\0\x02";

    #[test]
    fn names_and_exports_for_tools_are_left_out() {
        let (types, names) = (b"\x01\x04\x01\x60\0\0", b"\0\x05\x04name");
        let found = stripped(&module(&[types, ALL, names])).unwrap();
        assert_eq!(found, module(&[types, OURS]));
        assert_eq!(stripped(&found).unwrap(), found);
    }

    #[test]
    fn a_long_section_is_kept_as_it_is() {
        let mut data = vec![];
        put(&mut data, 11, &[7; 300]);
        assert_eq!(data[..3], [11, 0xac, 0x02]);
        let long = module(&[OURS, &data]);
        assert_eq!(stripped(&long).unwrap(), long);
    }

    #[test]
    fn what_is_no_kernel_is_refused() {
        let without = b"\x07\x0a\x01\x06memory\x02\0";
        assert!(stripped(&module(&[without])).is_err());
        assert!(stripped(b"\x7fELF").is_err());
        let whole = module(&[ALL]);
        assert!(stripped(&whole[..whole.len() - 1]).is_err());
        assert!(stripped(&module(&[b"\x07\xff\xff\xff\xff\xff\x01"])).is_err());
    }
}
