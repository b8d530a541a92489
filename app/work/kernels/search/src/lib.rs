//! A search: of many numbers the one by which a text's hash is lowest, or the first that makes it low enough.
//!
//! The input is a [`Search`]. The hash of a number is the SHA-256 of the text and the number, eight bytes little-endian. The output is
//! the number found, as such, and its hash: 40 bytes.
//!
//! On sBPF a number costs 163 compute units with a text of 32 bytes: 6,000 stay below a million.
#![cfg_attr(any(target_os = "solana", target_arch = "wasm32"), no_std)]

use sluice_kernel::{Output, sha256};

sluice_kernel::kernel!(kernel);

/// Bytes of a search before its text.
const HEADER: usize = 13;

/// What to look for, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search<'a> {
    /// The first number to try.
    pub start: u64,
    /// How many numbers to try, at least 1; the last one fits its type.
    pub count: u32,
    /// Zero bits at the front of a hash with which the search ends. A hash has 256, so that 255 is never.
    pub bits: u8,
    /// What is hashed before the number.
    pub text: &'a [u8],
}

impl<'a> Search<'a> {
    /// The bytes before the text, which follows them as it is: `start`, `count`, `bits`, all little-endian.
    pub fn header(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..8].copy_from_slice(&self.start.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.count.to_le_bytes());
        bytes[12] = self.bits;
        bytes
    }

    /// The search that `bytes` encode; `None` if they are too few, or `count` is not as it states.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (start, rest) = bytes.split_first_chunk()?;
        let (count, rest) = rest.split_first_chunk()?;
        let (bits, text) = rest.split_first()?;
        let search = Self {
            start: u64::from_le_bytes(*start),
            count: u32::from_le_bytes(*count),
            bits: *bits,
            text,
        };
        search.last().map(|_| search)
    }

    /// The last number to try.
    fn last(&self) -> Option<u64> {
        let further = self.count.checked_sub(1)?;
        self.start.checked_add(u64::from(further))
    }
}

/// The number that `input` asks for, and its hash.
///
/// # Panics
///
/// If `input` asks for none.
pub fn kernel(input: &[u8], output: &mut Output) {
    let Some(search) = Search::decode(input) else {
        panic!("not a search");
    };
    let (number, hash) = find(&search);
    output.extend(&number.to_le_bytes());
    output.extend(&hash);
}

/// The number with the lowest hash, the first of equals; no number is tried behind one that is low enough.
fn find(search: &Search<'_>) -> (u64, [u8; 32]) {
    let mut best = (search.start, [u8::MAX; 32]);
    for further in 0..u64::from(search.count) {
        let number = search.start + further;
        let hash = sha256(&[search.text, &number.to_le_bytes()]);
        if hash < best.1 {
            best = (number, hash);
            if zeros(&hash) >= u32::from(search.bits) {
                break;
            }
        }
    }
    best
}

/// Zero bits at the front.
fn zeros(hash: &[u8; 32]) -> u32 {
    let mut zeros = 0;
    for byte in hash {
        zeros += byte.leading_zeros();
        if *byte != 0 {
            break;
        }
    }
    zeros
}

#[cfg(test)]
mod tests;
