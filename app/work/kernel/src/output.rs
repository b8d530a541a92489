//! The result of a kernel, in memory of a fixed size.

use {crate::MAX_OUTPUT, core::ops::Deref};

/// The bytes that a kernel has written: at most [`MAX_OUTPUT`].
#[derive(Clone, Debug)]
pub struct Output {
    bytes: [u8; MAX_OUTPUT],
    length: usize,
}

impl Output {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self {
            bytes: [0; MAX_OUTPUT],
            length: 0,
        }
    }

    /// Writes one byte.
    ///
    /// # Panics
    ///
    /// If the output is full.
    pub fn push(&mut self, byte: u8) {
        self.bytes[self.length] = byte;
        self.length += 1;
    }

    /// Writes all of `bytes`.
    ///
    /// # Panics
    ///
    /// If they do not fit.
    pub fn extend(&mut self, bytes: &[u8]) {
        let (start, end) = (self.length, self.length + bytes.len());
        self.bytes[start..end].copy_from_slice(bytes);
        self.length = end;
    }
}

impl Default for Output {
    fn default() -> Self {
        Self::new()
    }
}

/// What was written.
impl Deref for Output {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_holds_what_was_written_in_order() {
        let mut output = Output::new();
        output.push(1);
        output.extend(&[2, 3]);
        assert_eq!(*output, [1, 2, 3]);
    }

    #[test]
    fn an_output_holds_exactly_its_limit() {
        let mut output = Output::new();
        output.extend(&[7; MAX_OUTPUT - 1]);
        output.push(7);
        output.extend(&[]);
        assert_eq!(output.len(), MAX_OUTPUT);
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn a_full_output_takes_no_byte() {
        let mut output = Output::new();
        output.extend(&[7; MAX_OUTPUT]);
        output.push(7);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn what_does_not_fit_is_not_written() {
        let mut output = Output::new();
        output.push(7);
        output.extend(&[7; MAX_OUTPUT]);
    }
}
