//! Pictures: the colours that are made of a frame's steps, and PNG files. Nothing here is proven or paid.

use {
    crate::plan::{COLUMNS, ROWS},
    anyhow::{Context, Result},
    std::{fs::File, io::BufWriter, path::Path},
};

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

    /// The frame whose tiles, of a side of `side` pixels, have these outputs of the kernel.
    pub fn of(outputs: &[Vec<u8>], side: u16) -> Self {
        let (columns, side) = (u32::from(COLUMNS), u32::from(side));
        let mut image = Self::filled(columns * side, u32::from(ROWS) * side, [0; 3]);
        for (number, output) in (0..).zip(outputs) {
            let (left, top) = (number % columns * side, number / columns * side);
            for (pixel, steps) in (0..).zip(output.as_chunks().0) {
                let corner = (left + pixel % side, top + pixel / side);
                image.fill(corner, (1, 1), colour(u16::from_le_bytes(*steps)));
            }
        }
        image
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

/// The colour of a point that leaves the circle with this step: by the root of the step, black if it never does.
fn colour(steps: u16) -> [u8; 3] {
    if steps == 0 {
        return [0; 3];
    }
    let place = f64::from(steps).sqrt() * COLOUR_SPEED;
    let index = place as usize;
    let (from, to) = (
        GRADIENT[index % GRADIENT.len()],
        GRADIENT[(index + 1) % GRADIENT.len()],
    );
    let part = place - index as f64;
    std::array::from_fn(|i| (from[i] + (to[i] - from[i]) * part) as u8)
}

#[cfg(test)]
mod tests {
    use {super::*, crate::plan::TILES};

    #[test]
    fn every_pixel_has_the_colour_of_its_steps() {
        let tiles = 0..TILES as u16;
        let outputs: Vec<Vec<u8>> = tiles
            .map(|tile| {
                let pixels = (0..4).map(|pixel| 4 * tile + pixel);
                pixels.flat_map(u16::to_le_bytes).collect()
            })
            .collect();
        let image = Image::of(&outputs, 2);
        assert_eq!((image.width, image.height), (60, 34));
        assert_eq!(image.pixel(0, 0), [0; 3]);
        // The last pixel of the second tile, the first of the tile below the first, and the last of all.
        assert_eq!(image.pixel(3, 1), colour(7));
        assert_eq!(image.pixel(0, 2), colour(120));
        assert_eq!(image.pixel(59, 33), colour(2_039));
    }

    #[test]
    fn more_steps_are_another_colour() {
        assert_eq!(colour(1), [19, 50, 123]);
        assert!((1..300).all(|steps| colour(steps) != colour(steps + 1)));
    }
}
