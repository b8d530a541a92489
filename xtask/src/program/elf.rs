//! The little that is read from the ELF: its version and the stack it uses.

use anyhow::{Context, Result, bail};

/// `e_machine` of BPF and of SBPF.
const MACHINES: [u16; 2] = [247, 263];
const EXECUTABLE: u32 = 1;

pub struct Elf<'a> {
    /// The sBPF version, which is the `e_flags` field.
    pub version: u32,
    text: &'a [u8],
}

impl<'a> Elf<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        if bytes.get(..6) != Some(b"\x7fELF\x02\x01") {
            bail!("the program is not a 64-bit little-endian ELF");
        }
        let machine = u16::from_le_bytes(field(bytes, 18)?);
        if !MACHINES.contains(&machine) {
            bail!("the program is for machine {machine}, not for sBPF");
        }
        Ok(Self {
            version: u32::from_le_bytes(field(bytes, 48)?),
            text: text(bytes)?,
        })
    }

    /// The deepest byte any function touches in its frame.
    pub fn largest_frame(&self) -> u64 {
        let (instructions, _) = self.text.as_chunks::<8>();
        let depths = instructions.iter().enumerate().map(|(index, instruction)| {
            let previous = index.checked_sub(1).map(|index| &instructions[index]);
            depth(previous, instruction)
        });
        depths.max().unwrap_or(0)
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
    let table = usize::try_from(u64::from_le_bytes(field(bytes, 32)?))?;
    let (size, count) = (
        u16::from_le_bytes(field(bytes, 54)?),
        u16::from_le_bytes(field(bytes, 56)?),
    );
    for index in 0..usize::from(count) {
        let header = table + index * usize::from(size);
        if u32::from_le_bytes(field(bytes, header + 4)?) & EXECUTABLE != 0 {
            let start = usize::try_from(u64::from_le_bytes(field(bytes, header + 8)?))?;
            let length = usize::try_from(u64::from_le_bytes(field(bytes, header + 32)?))?;
            return bytes
                .get(start..)
                .and_then(|rest| rest.get(..length))
                .context("the program's code is cut short");
        }
    }
    bail!("the program has no code")
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N]> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .context("the program's ELF header is cut short")
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
    fn other_files_are_refused() {
        let mut other = elf(&[]);
        other[18] = 62;
        assert!(Elf::parse(&other).is_err());
        assert!(Elf::parse(b"#!/bin/sh").is_err());
        assert!(Elf::parse(&elf(&[[0; 8]])[..124]).is_err());
    }
}
