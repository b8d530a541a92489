//! Counts the lines and words of a text, and hashes it. Replace it by your own work.
#![cfg_attr(any(target_os = "solana", target_arch = "wasm32"), no_std)]

use sluice_kernel::{Output, sha256};

sluice_kernel::kernel!(kernel);

/// Writes the number of lines, the number of words, eight bytes each, little-endian, and the SHA-256 of the text.
///
/// # Panics
///
/// If there is no text: a panic is how a kernel refuses its input.
pub fn kernel(text: &[u8], output: &mut Output) {
    assert!(!text.is_empty());
    let lines = text.iter().filter(|byte| **byte == b'\n').count();
    let words = text.split(u8::is_ascii_whitespace);
    let words = words.filter(|word| !word.is_empty()).count();
    // A `usize` has four bytes on WebAssembly and eight on sBPF; the output has to be the same on both.
    output.extend(&(lines as u64).to_le_bytes());
    output.extend(&(words as u64).to_le_bytes());
    output.extend(&sha256(&[text]));
}

#[cfg(test)]
mod tests {
    use {super::*, sluice_kernel::native};

    #[test]
    fn lines_and_words_are_counted() {
        let output = native(kernel, b"to be, or\nnot to be\n").unwrap();
        assert_eq!(output[..8], 2_u64.to_le_bytes());
        assert_eq!(output[8..16], 6_u64.to_le_bytes());
        assert_eq!(output[16..], sha256(&[b"to be, or\nnot to be\n"]));
    }

    #[test]
    #[should_panic]
    fn no_text_is_refused() {
        native(kernel, b"");
    }
}
