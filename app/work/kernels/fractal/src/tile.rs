//! What the kernel is asked for.

use sluice_kernel::MAX_OUTPUT;

/// Bits behind the point of a tile's numbers.
pub const UNIT_BITS: u32 = 56;
/// A pixel is at most 2^-`STEP_BITS` away from the next.
pub const STEP_BITS: u32 = 3;
/// The largest number of a place: four.
const MOST: i64 = 4 << UNIT_BITS;
/// The largest number of a step: an eighth.
const MOST_STEP: i64 = 1 << (UNIT_BITS - STEP_BITS);
/// Bytes of an encoded tile.
const LENGTH: usize = 38;

/// A complex number, or the way from one to another, in units of 2^-56 ([`UNIT_BITS`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its real part.
    pub re: i64,
    /// Its imaginary part.
    pub im: i64,
}

/// A rectangle of pixels in the complex plane, at any angle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// The place of the first pixel; each part between -4 and 4.
    pub first: Place,
    /// The way from a pixel to the one on its right; each part between -1/8 and 1/8. The way to the one below is this, a quarter turn
    /// further: from `re + im i` to `-im + re i`.
    pub right: Place,
    /// Pixels in a row; `width * height` is between 1 and 512.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Steps after which a point counts as inside, at least 1.
    pub limit: u16,
}

impl Tile {
    /// The bytes that the kernel takes, all numbers little-endian: `first` and `right`, each real part first, then `width`, `height` and
    /// `limit`.
    pub fn encode(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        let (places, sizes) = bytes.split_at_mut(32);
        let numbers = [self.first.re, self.first.im, self.right.re, self.right.im];
        for (place, number) in places.as_chunks_mut().0.iter_mut().zip(numbers) {
            *place = number.to_le_bytes();
        }
        let numbers = [self.width, self.height, self.limit];
        for (size, number) in sizes.as_chunks_mut().0.iter_mut().zip(numbers) {
            *size = number.to_le_bytes();
        }
        bytes
    }

    /// The tile that `bytes` encode; `None` if they encode none, or one outside the bounds that its fields state.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let rest = &mut &bytes[..];
        let tile = Self {
            first: Place::read(rest)?,
            right: Place::read(rest)?,
            width: u16::from_le_bytes(take(rest)?),
            height: u16::from_le_bytes(take(rest)?),
            limit: u16::from_le_bytes(take(rest)?),
        };
        (rest.is_empty() && tile.bounded()).then_some(tile)
    }

    /// True if the fields are as they state.
    fn bounded(&self) -> bool {
        let pixels = usize::from(self.width) * usize::from(self.height);
        self.first.within(MOST)
            && self.right.within(MOST_STEP)
            && (1..=MAX_OUTPUT / 2).contains(&pixels)
            && self.limit != 0
    }
}

impl Place {
    /// The place that lies `way` further. Of a tile it is at most 4 + 512 / 8 = 68 away, and the type of its numbers ends at 128.
    pub(crate) fn and(self, way: Self) -> Self {
        Self {
            re: self.re + way.re,
            im: self.im + way.im,
        }
    }

    /// The same way, a quarter turn further.
    pub(crate) fn turned(self) -> Self {
        Self {
            re: -self.im,
            im: self.re,
        }
    }

    fn read(bytes: &mut &[u8]) -> Option<Self> {
        Some(Self {
            re: i64::from_le_bytes(take(bytes)?),
            im: i64::from_le_bytes(take(bytes)?),
        })
    }

    fn within(&self, most: i64) -> bool {
        [self.re, self.im]
            .iter()
            .all(|part| (-most..=most).contains(part))
    }
}

/// Takes a number's bytes from the front.
fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}
