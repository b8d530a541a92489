//! The work itself: a zoom into the Mandelbrot set, and its pictures as PNG files.
//!
//! Whoever recomputes a frame must get the same bytes on any machine, so pixels are made of IEEE additions, multiplications,
//! divisions and square roots only: no fused operations and no function of a system's mathematics library.

use {
    anyhow::{Context, Result},
    sha2::{Digest, Sha256},
    std::{fs::File, io::BufWriter, path::Path},
};

/// Where the zoom ends: a spiral of the seahorse valley.
const CENTRE: (f64, f64) = (-0.743_643_887_037_151, 0.131_825_904_205_33);
/// Width of the first frame, and of every frame after it in terms of the one before.
const FIRST_WIDTH: f64 = 2.6;
const ZOOM: f64 = 0.6;
/// Turn from frame to frame: a rational point of the unit circle, about six degrees.
const TURN: (f64, f64) = (399.0 / 401.0, 40.0 / 401.0);
/// Steps after which a point counts as inside.
const MAX_STEPS: u32 = 1_200;
/// Square of the radius at which a point counts as outside; large, so that colours are smooth.
const ESCAPE: f64 = 65_536.0;
/// Colours of the gradient, which closes on itself.
const GRADIENT: [[f64; 3]; 8] = [
    [8.0, 10.0, 38.0],
    [22.0, 58.0, 138.0],
    [58.0, 160.0, 205.0],
    [236.0, 246.0, 240.0],
    [250.0, 196.0, 84.0],
    [214.0, 92.0, 38.0],
    [112.0, 22.0, 52.0],
    [34.0, 8.0, 48.0],
];
/// Gradient colours per square root of a step.
const COLOUR_SPEED: f64 = 0.85;

/// An RGB picture, rows from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
}

impl Image {
    /// A picture of one colour.
    pub fn filled(width: u32, height: u32, colour: [u8; 3]) -> Self {
        let pixels = colour.repeat(width as usize * height as usize);
        Self {
            width,
            height,
            pixels,
        }
    }

    /// The hash that stands for this picture in a statement's digest.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.pixels).into()
    }

    /// The colour at a place inside the picture.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = 3 * (y as usize * self.width as usize + x as usize);
        [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
    }

    /// Paints a rectangle, as far as it lies inside.
    pub fn fill(&mut self, (left, top): (u32, u32), (width, height): (u32, u32), colour: [u8; 3]) {
        for y in top..(top + height).min(self.height) {
            for x in left..(left + width).min(self.width) {
                let at = 3 * (y as usize * self.width as usize + x as usize);
                self.pixels[at..at + 3].copy_from_slice(&colour);
            }
        }
    }

    /// The picture at half its size, each pixel the mean of four.
    pub fn halved(&self) -> Self {
        let mut small = Self::filled(self.width / 2, self.height / 2, [0; 3]);
        for y in 0..small.height {
            for x in 0..small.width {
                let mut sum = [0u16; 3];
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    let pixel = self.pixel(2 * x + dx, 2 * y + dy);
                    for (part, value) in sum.iter_mut().zip(pixel) {
                        *part += u16::from(value);
                    }
                }
                small.fill((x, y), (1, 1), sum.map(|part| (part / 4) as u8));
            }
        }
        small
    }

    /// Copies `other` into this picture.
    pub fn paste(&mut self, other: &Self, (left, top): (u32, u32)) {
        for y in 0..other.height {
            for x in 0..other.width {
                self.fill((left + x, top + y), (1, 1), other.pixel(x, y));
            }
        }
    }

    /// Writes the picture as a PNG file.
    pub fn save(&self, path: &Path) -> Result<()> {
        let name = || format!("cannot write {}", path.display());
        let file = BufWriter::new(File::create(path).with_context(name)?);
        let mut encoder = png::Encoder::new(file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().with_context(name)?;
        writer.write_image_data(&self.pixels).with_context(name)?;
        writer.finish().with_context(name)
    }
}

/// Renders frame `number` of the zoom.
pub fn frame(number: u32, width: u32, height: u32) -> Image {
    let mut image = Image::filled(width, height, [0; 3]);
    let (mut across, mut turn) = (FIRST_WIDTH, (1.0, 0.0));
    for _ in 0..number {
        across *= ZOOM;
        turn = product(turn, TURN);
    }
    let pixel = across / f64::from(width);
    for y in 0..height {
        for x in 0..width {
            let offset = (
                (f64::from(x) + 0.5 - f64::from(width) / 2.0) * pixel,
                (f64::from(y) + 0.5 - f64::from(height) / 2.0) * pixel,
            );
            let (dx, dy) = product(offset, turn);
            let colour = colour(CENTRE.0 + dx, CENTRE.1 + dy);
            image.fill((x, y), (1, 1), colour);
        }
    }
    image
}

/// What a worker that cuts corners delivers for frame `number`: an eighth of the resolution, blown up.
pub fn botched_frame(number: u32, width: u32, height: u32) -> Image {
    let coarse = frame(number, width.div_ceil(8), height.div_ceil(8));
    let mut image = Image::filled(width, height, [0; 3]);
    for y in 0..coarse.height {
        for x in 0..coarse.width {
            image.fill((8 * x, 8 * y), (8, 8), coarse.pixel(x, y));
        }
    }
    image
}

/// Product of two complex numbers.
fn product(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// The colour of the point `re + im i`: by how soon it escapes, smoothly.
fn colour(re: f64, im: f64) -> [u8; 3] {
    if in_body(re, im) {
        return [0; 3];
    }
    let (mut x, mut y, mut steps) = (0.0f64, 0.0f64, 0u32);
    let (mut xx, mut yy) = (0.0, 0.0);
    while xx + yy <= ESCAPE {
        if steps == MAX_STEPS {
            return [0; 3];
        }
        y = 2.0 * x * y + im;
        x = xx - yy + re;
        (xx, yy) = (x * x, y * y);
        steps += 1;
    }
    // log2(log2 |z|) measures how far past the radius the last step went, between 3 and 4.
    let smooth = f64::from(steps) + 4.0 - log2(log2(xx + yy) / 2.0);
    let place = smooth.max(0.0).sqrt() * COLOUR_SPEED;
    let index = place as usize;
    let (from, to) = (
        GRADIENT[index % GRADIENT.len()],
        GRADIENT[(index + 1) % GRADIENT.len()],
    );
    let part = place - index as f64;
    std::array::from_fn(|i| (from[i] + (to[i] - from[i]) * part) as u8)
}

/// True in the cardioid and the disc beside it, where no point ever escapes.
fn in_body(re: f64, im: f64) -> bool {
    let (left, square) = (re - 0.25, im * im);
    let q = left * left + square;
    q * (q + left) <= 0.25 * square || (re + 1.0) * (re + 1.0) + square <= 0.0625
}

/// Binary logarithm of a normal positive number: the exponent's bits, and the series of the mantissa.
fn log2(value: f64) -> f64 {
    let bits = value.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1_023;
    let mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1_023 << 52));
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let tt = t * t;
    // ln m = 2 (t + t^3/3 + t^5/5 + ...), t <= 1/3.
    let mut series = 0.0;
    for odd in [13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        series = series * tt + 1.0 / odd;
    }
    f64::from(exponent) + 2.0 * t * series * std::f64::consts::LOG2_E
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_rendered_twice_is_the_same_to_the_bit() {
        assert_eq!(frame(5, 48, 27), frame(5, 48, 27));
        assert_ne!(frame(5, 48, 27), frame(6, 48, 27));
    }

    #[test]
    fn a_frame_is_the_same_on_every_machine() {
        let hash = frame(17, 64, 36).hash();
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "17b8484fb065bdad01fb2610854685e69153f623361a448d5a79d32e43c62cce"
        );
    }

    #[test]
    fn a_botched_frame_is_as_large_and_different() {
        let (good, bad) = (frame(14, 32, 18), botched_frame(14, 32, 18));
        assert_eq!(good.pixels.len(), bad.pixels.len());
        assert_ne!(good.hash(), bad.hash());
    }

    #[test]
    fn the_own_logarithm_is_right() {
        for value in [1.0, 1.5, 2.0, 3.999, 16.0, 65_537.0, 1e9] {
            assert!((log2(value) - value.log2()).abs() < 1e-6, "{value}");
        }
    }
}
