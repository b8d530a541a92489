//! Values out of an input's bytes: extremes as readily as anything between. Past the end of the input every byte is 0.

use arbitrary::Unstructured;

/// The rest of an input.
pub struct Pick<'a>(Unstructured<'a>);

impl<'a> Pick<'a> {
    pub fn new(input: &'a [u8]) -> Self {
        Self(Unstructured::new(input))
    }

    /// True at the end of the input.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        self.0.arbitrary().unwrap_or_default()
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: u8) -> u8 {
        self.byte() % end
    }

    pub fn short(&mut self) -> u16 {
        self.0.arbitrary().unwrap_or_default()
    }

    pub fn long(&mut self) -> u64 {
        self.0.arbitrary().unwrap_or_default()
    }

    /// A number of any size: small, a power of two, one less, next to the largest, or any.
    pub fn wide(&mut self) -> u64 {
        match self.below(8) {
            0 | 1 => u64::from(self.byte()),
            2 => u64::from(self.short()),
            3 => 1 << self.below(64),
            4 => (1 << self.below(64)) - 1,
            5 => 10u64.pow(u32::from(self.below(20))),
            6 => u64::MAX - u64::from(self.byte()),
            _ => self.long(),
        }
    }

    /// Seconds of any size up to `most`.
    pub fn secs(&mut self, most: u32) -> u32 {
        let secs = u32::try_from(self.wide()).unwrap_or(most);
        secs.min(most)
    }

    /// The next bytes, at most `len`.
    pub fn bytes(&mut self, len: usize) -> &'a [u8] {
        let len = len.min(self.0.len());
        self.0.bytes(len).unwrap_or_default()
    }

    /// What is left.
    pub fn rest(&mut self) -> &'a [u8] {
        self.bytes(usize::MAX)
    }
}
