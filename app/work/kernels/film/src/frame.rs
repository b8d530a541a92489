//! What the kernel is asked for, as people write it.

use core::ops::RangeInclusive;

/// Bits behind the point of the numbers of places.
pub const UNIT_BITS: u32 = 56;
/// Pixels in a row.
pub const WIDTHS: RangeInclusive<u16> = 16..=640;
/// Rows.
pub const HEIGHTS: RangeInclusive<u16> = 16..=480;
/// Samples of a pixel in each direction.
pub const SAMPLES: RangeInclusive<u16> = 1..=4;
/// Steps after which a point counts as inside.
pub const LIMITS: RangeInclusive<u16> = 1..=10_000;
/// The largest zoom. Beyond it, neighbours are one point to the numbers that are iterated.
pub const MOST_ZOOM: u64 = 1_000_000;
/// Most steps of all samples together: seconds of work.
pub const MOST_STEPS: u64 = 2_000_000_000;

/// The largest part of a center: four.
const MOST: i64 = 4 << UNIT_BITS;
/// The height of a frame at zoom 1: 2.5.
const HEIGHT: u128 = 5 << (UNIT_BITS - 1);

/// A frame. A text has one line for each that is not to be as it is by default, in any order; `#` begins a remark:
///
/// ```text
/// center = -0.65 0       # the place in the middle, each part between -4 and 4
/// zoom = 1               # from 1 to 1,000,000: the frame is 2.5 / zoom high
/// size = 160x120         # pixels, from 16x16 to 640x480
/// limit = 200            # steps after which a point counts as inside, from 1 to 10,000
/// samples = 3            # of a pixel in each direction, from 1 to 4
/// ```
///
/// All samples together may take at most 2,000,000,000 steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The real part of the place in the middle, in units of 2^-56 ([`UNIT_BITS`]), between -4 and 4.
    pub re: i64,
    /// Its imaginary part.
    pub im: i64,
    /// How many times larger than by default everything is.
    pub zoom: Decimal,
    /// Pixels in a row.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Steps after which a point counts as inside.
    pub limit: u16,
    /// Samples of a pixel in each direction.
    pub samples: u16,
}

impl Default for Frame {
    fn default() -> Self {
        Self {
            re: -(13 << UNIT_BITS) / 20,
            im: 0,
            zoom: Decimal::ONE,
            width: 160,
            height: 120,
            limit: 200,
            samples: 3,
        }
    }
}

impl Frame {
    /// The frame that a text describes; `None` where a line says nothing that is known, a thing is said twice, or a number is out of
    /// bounds.
    pub fn read(text: &[u8]) -> Option<Self> {
        // Some editors begin with these.
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        let mut frame = Self::default();
        let mut said = [false; NAMES.len()];
        for line in text.split(|byte| *byte == b'\n') {
            let line = line.split(|byte| *byte == b'#').next()?.trim_ascii();
            if line.is_empty() {
                continue;
            }
            let (name, value) = pair(line, |byte| byte == b'=' || byte == b':')?;
            let known = NAMES.iter().zip(&mut said);
            let mut known = known.filter(|((known, _), _)| name.eq_ignore_ascii_case(known));
            let ((_, part), said) = known.next()?;
            if core::mem::replace(said, true) {
                return None;
            }
            part(&mut frame, value)?;
        }
        frame.is_bounded().then_some(frame)
    }

    /// The way from a sample to the next, in units of 2^-56; at least 1.
    pub fn step(&self) -> i64 {
        let rows = u128::from(self.height) * u128::from(self.samples);
        let Decimal { digits, scale, .. } = self.zoom;
        let step = HEIGHT * u128::from(scale) / (u128::from(digits) * rows);
        // The zoom is at least 1, and there are 16 rows: the step is below 2^54, and all columns together are 100 at most.
        step as i64
    }

    /// The place of the first sample, in the upper left corner, in units of 2^-56: each part is between -54 and 54, and the type of its
    /// numbers ends at 128.
    pub fn corner(&self) -> (i64, i64) {
        let half = |pixels: u16| {
            let ways = i128::from(pixels) * i128::from(self.samples) - 1;
            (i128::from(self.step()) * ways / 2) as i64
        };
        (self.re - half(self.width), self.im + half(self.height))
    }

    fn is_bounded(&self) -> bool {
        let samples = u64::from(self.samples) * u64::from(self.samples);
        let pixels = u64::from(self.width) * u64::from(self.height);
        [self.re, self.im]
            .iter()
            .all(|part| (-MOST..=MOST).contains(part))
            && !self.zoom.is_negative
            && self.zoom.digits >= self.zoom.scale
            && self.zoom.digits <= MOST_ZOOM * self.zoom.scale
            && WIDTHS.contains(&self.width)
            && HEIGHTS.contains(&self.height)
            && LIMITS.contains(&self.limit)
            && SAMPLES.contains(&self.samples)
            && pixels * samples * u64::from(self.limit) <= MOST_STEPS
    }
}

/// Reads a value into its place.
type Part = fn(&mut Frame, &[u8]) -> Option<()>;

/// What a line can be about.
const NAMES: [(&[u8], Part); 5] = [
    (b"center", center),
    (b"zoom", |frame, value| {
        frame.zoom = Decimal::read(value)?;
        Some(())
    }),
    (b"size", size),
    (b"limit", |frame, value| {
        frame.limit = whole(value)?;
        Some(())
    }),
    (b"samples", |frame, value| {
        frame.samples = whole(value)?;
        Some(())
    }),
];

fn center(frame: &mut Frame, value: &[u8]) -> Option<()> {
    let (re, im) = pair(value, |byte| byte == b',' || byte.is_ascii_whitespace())?;
    (frame.re, frame.im) = (Decimal::read(re)?.place()?, Decimal::read(im)?.place()?);
    Some(())
}

fn size(frame: &mut Frame, value: &[u8]) -> Option<()> {
    let between = |byte: u8| matches!(byte, b'x' | b'X' | b',') || byte.is_ascii_whitespace();
    let (width, height) = pair(value, between)?;
    (frame.width, frame.height) = (whole(width)?, whole(height)?);
    Some(())
}

/// What stands before and behind the first bytes that `is_between`, without space around.
fn pair(text: &[u8], is_between: impl Fn(u8) -> bool) -> Option<(&[u8], &[u8])> {
    let first = text.split(|byte| is_between(*byte)).next()?;
    let (_, mut second) = text.split_at_checked(first.len())?;
    while let Some((byte, rest)) = second.split_first()
        && is_between(*byte)
    {
        second = rest;
    }
    Some((first.trim_ascii(), second.trim_ascii()))
}

/// A whole number.
fn whole(text: &[u8]) -> Option<u16> {
    let Decimal {
        digits,
        scale,
        is_negative,
    } = Decimal::read(text)?;
    (!is_negative && scale == 1).then_some(())?;
    u16::try_from(digits).ok()
}

/// A number as people write it: `-0.743643887`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// All its digits, without the point.
    digits: u64,
    /// Ten to the number of digits behind the point.
    scale: u64,
    is_negative: bool,
}

impl Decimal {
    /// One.
    pub const ONE: Self = Self {
        digits: 1,
        scale: 1,
        is_negative: false,
    };

    /// Most of a number before the point.
    const MOST: u64 = 9_999_999;
    /// More digits behind the point do not matter: 12 of them.
    const SCALE: u64 = 1_000_000_000_000;

    /// The number that a text is; `None` if it is none, or larger than any that a frame has.
    pub fn read(text: &[u8]) -> Option<Self> {
        let is_negative = text.starts_with(b"-");
        let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+"));
        let mut number = Self {
            digits: 0,
            scale: 1,
            is_negative,
        };
        let (mut is_behind, mut is_number) = (false, false);
        for byte in digits.unwrap_or(text) {
            match byte {
                b'.' if !is_behind => is_behind = true,
                b'0'..=b'9' => {
                    is_number = true;
                    number.push(byte - b'0', is_behind)?;
                }
                _ => return None,
            }
        }
        is_number.then_some(number)
    }

    fn push(&mut self, digit: u8, is_behind: bool) -> Option<()> {
        if self.scale == Self::SCALE {
            return Some(());
        }
        self.digits = self.digits * 10 + u64::from(digit);
        if is_behind {
            self.scale *= 10;
        } else if self.digits > Self::MOST {
            return None;
        }
        Some(())
    }

    /// In units of 2^-56, towards 0; `None` beyond 127.
    fn place(&self) -> Option<i64> {
        let place = (u128::from(self.digits) << UNIT_BITS) / u128::from(self.scale);
        let place = i64::try_from(place).ok()?;
        Some(if self.is_negative { -place } else { place })
    }
}
