//! The little that is read from an ELF for sBPF: its version, the stack it uses, and what it calls.

use {
    crate::{Error, Result},
    std::collections::BTreeSet,
};

/// `e_machine` of BPF and of SBPF.
const MACHINES: [u16; 2] = [247, 263];
const EXECUTABLE: u32 = 1;
/// The code of an immediate call.
const CALL: u8 = 0x85;

/// An ELF for sBPF.
pub struct Elf<'a> {
    /// The sBPF version, which is the `e_flags` field.
    pub version: u32,
    text: &'a [u8],
}

impl<'a> Elf<'a> {
    /// Reads it.
    ///
    /// # Errors
    /// It is no ELF for sBPF, or cut short.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        if bytes.get(..6) != Some(b"\x7fELF\x02\x01") {
            return Err(Error::unfit(
                "the program is not a 64-bit little-endian ELF",
            ));
        }
        let machine = u16::from_le_bytes(field(bytes, 18)?);
        if !MACHINES.contains(&machine) {
            return Err(Error::Unfit(format!(
                "the program is for machine {machine}, not for sBPF"
            )));
        }
        Ok(Self {
            version: u32::from_le_bytes(field(bytes, 48)?),
            text: text(bytes)?,
        })
    }

    /// The deepest byte any function touches in its frame.
    pub fn largest_frame(&self) -> u64 {
        let (instructions, _) = self.text.as_chunks::<8>();
        let before = std::iter::once(None).chain(instructions.iter().map(Some));
        let depths = before
            .zip(instructions)
            .map(|(previous, instruction)| depth(previous, instruction));
        depths.max().unwrap_or(0)
    }

    /// The system calls that it makes anywhere, each once, as the hashes of their names: an immediate call whose source register is 0,
    /// in sBPF v3.
    pub fn system_calls(&self) -> BTreeSet<u32> {
        let (instructions, _) = self.text.as_chunks::<8>();
        let calls = instructions.iter().filter_map(|instruction| {
            let [code, registers, _, _, immediate @ ..] = instruction;
            (*code == CALL && registers >> 4 == 0).then(|| u32::from_le_bytes(*immediate))
        });
        calls.collect()
    }
}

/// How far below the frame pointer an instruction reaches: by a load, a store, or `mov rX, r10; add rX, -depth`.
fn depth(
    previous: Option<&[u8; 8]>,
    [code, registers, low, high, immediate @ ..]: &[u8; 8],
) -> u64 {
    let (destination, source) = (registers & 15, registers >> 4);
    let offset = i64::from(i16::from_le_bytes([*low, *high]));
    let reach = match code {
        0x61 | 0x69 | 0x71 | 0x79 if source == 10 => offset,
        0x62 | 0x63 | 0x6a | 0x6b | 0x72 | 0x73 | 0x7a | 0x7b if destination == 10 => offset,
        0x07 if previous.is_some_and(|[code, registers, ..]| {
            *code == 0xbf && *registers == destination | 0xa0
        }) =>
        {
            i64::from(i32::from_le_bytes(*immediate))
        }
        _ => 0,
    };
    reach.min(0).unsigned_abs()
}

/// The contents of the executable segments' first.
fn text(bytes: &[u8]) -> Result<&[u8]> {
    let table = word(bytes, 32)?;
    let (size, count) = (
        u16::from_le_bytes(field(bytes, 54)?),
        u16::from_le_bytes(field(bytes, 56)?),
    );
    for index in 0..usize::from(count) {
        let header = table.saturating_add(index.saturating_mul(usize::from(size)));
        if u32::from_le_bytes(field(bytes, header.saturating_add(4))?) & EXECUTABLE != 0 {
            let start = word(bytes, header.saturating_add(8))?;
            let length = word(bytes, header.saturating_add(32))?;
            return bytes
                .get(start..)
                .and_then(|rest| rest.get(..length))
                .ok_or_else(|| Error::unfit("the program's code is cut short"));
        }
    }
    Err(Error::unfit("the program has no code"))
}

/// A number of 64 bits; one that is too large for this machine is beyond every file.
fn word(bytes: &[u8], at: usize) -> Result<usize> {
    let number = u64::from_le_bytes(field(bytes, at)?);
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N]> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .ok_or_else(|| Error::unfit("the program's ELF header is cut short"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An ELF of one executable segment.
    fn elf(code: &[[u8; 8]]) -> Vec<u8> {
        let mut bytes = vec![0; 64 + 56];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[18] = 247;
        bytes[32] = 64;
        bytes[48] = 3;
        bytes[54] = 56;
        bytes[56] = 1;
        bytes[64 + 4] = 1;
        bytes[64 + 8] = 120;
        bytes[64 + 32] = code.len() as u8 * 8;
        bytes.extend(code.as_flattened());
        bytes
    }

    #[test]
    fn the_version_is_the_flags_field() {
        assert_eq!(Elf::parse(&elf(&[])).unwrap().version, 3);
    }

    #[test]
    fn frames_are_measured_by_loads_stores_and_addresses() {
        let load = [0x79, 0xa1, 0xf8, 0xff, 0, 0, 0, 0];
        let store = [0x7b, 0x1a, 0xe0, 0xff, 0, 0, 0, 0];
        let [address, offset] = [
            [0xbf, 0xa2, 0, 0, 0, 0, 0, 0],
            [0x07, 0x02, 0, 0, 0x00, 0xff, 0xff, 0xff],
        ];
        let unrelated = [0x07, 0x03, 0, 0, 0x00, 0xf0, 0xff, 0xff];
        let frame = |code: &[[u8; 8]]| Elf::parse(&elf(code)).unwrap().largest_frame();
        assert_eq!(frame(&[load]), 8);
        assert_eq!(frame(&[load, store]), 32);
        assert_eq!(frame(&[store, address, offset, unrelated]), 256);
        assert_eq!(frame(&[unrelated]), 0);
    }

    #[test]
    fn system_calls_are_told_from_calls_of_its_own_functions() {
        let system = [0x85, 0x00, 0, 0, 1, 2, 3, 4];
        let own = [0x85, 0x10, 0, 0, 9, 0, 0, 0];
        let code = elf(&[system, own, system]);
        let calls = Elf::parse(&code).unwrap().system_calls();
        assert_eq!(calls.into_iter().collect::<Vec<_>>(), [0x0403_0201]);
    }

    #[test]
    fn other_files_are_refused() {
        let mut other = elf(&[]);
        other[18] = 62;
        assert!(Elf::parse(&other).is_err());
        assert!(Elf::parse(b"#!/bin/sh").is_err());
        assert!(Elf::parse(&elf(&[[0; 8]])[..124]).is_err());
    }
}
