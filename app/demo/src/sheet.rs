//! The contact sheet: every frame with its number, and what the colours say.

use {
    crate::render::Image,
    anyhow::{Context, Result, ensure},
    font8x8::{BASIC_FONTS, UnicodeFonts},
};

const BACKGROUND: [u8; 3] = [16, 17, 22];
/// Of the legend's words, on the background, and of a frame's number, on its colour.
const LIGHT: [u8; 3] = [226, 228, 236];
const DARK: [u8; 3] = [16, 17, 22];
/// Sides of a letter, in its own points.
const LETTER: u32 = 8;

/// One picture of a contact sheet.
#[derive(Clone, Copy, Debug)]
pub struct Tile<'a> {
    pub image: &'a Image,
    pub number: u32,
    pub colour: [u8; 3],
    pub framed: bool,
}

/// The pictures in rows of `columns`, halved; each has a bar with its number and, if `framed`, a border of its colour. Below them
/// stands what each colour of the `legend` says.
pub fn contact_sheet(
    pictures: &[Tile<'_>],
    legend: &[([u8; 3], &str)],
    columns: u32,
) -> Result<Image> {
    let first = pictures.first().context("there are no frames to show")?;
    let (width, height) = (first.image.width / 2, first.image.height / 2);
    ensure!(columns > 0 && width > 0 && height > 0, "frames too small");
    // A point of a letter: the legend has to fit below six pictures.
    let point = (width / 120).max(1);
    let (gap, bar) = ((width / 30).max(1), (LETTER + 2) * point);
    let rows = (pictures.len() as u32).div_ceil(columns);
    let below = rows * (height + bar + gap) + gap;
    let mut sheet = Image::filled(columns * (width + gap) + gap, below + bar + gap, BACKGROUND);
    for (index, tile) in (0u32..).zip(pictures) {
        let left = gap + (index % columns) * (width + gap);
        let top = gap + (index / columns) * (height + bar + gap);
        if tile.framed {
            let border = (gap / 2).max(1);
            let corner = (left - border, top - border);
            let size = (width + 2 * border, height + bar + 2 * border);
            sheet.fill(corner, size, tile.colour);
        }
        sheet.fill((left, top + height), (width, bar), tile.colour);
        let corner = (left + point, top + height + point);
        write(&mut sheet, corner, point, &tile.number.to_string(), DARK);
        sheet.paste(&tile.image.halved(), (left, top));
    }
    let mut left = gap;
    for (colour, text) in legend {
        sheet.fill((left, below), (bar, bar), *colour);
        left += bar + 2 * point;
        write(&mut sheet, (left, below + point), point, text, LIGHT);
        left += (text.len() as u32 + 2) * LETTER * point;
    }
    Ok(sheet)
}

/// Writes `text`, its letters' points squares of side `point`, as far as it lies inside.
fn write(image: &mut Image, (left, top): (u32, u32), point: u32, text: &str, colour: [u8; 3]) {
    for (place, letter) in (0u32..).zip(text.chars()) {
        let rows = BASIC_FONTS.get(letter).unwrap_or_default();
        for (y, row) in (0u32..).zip(rows) {
            // The lowest bit is the leftmost point.
            for x in (0..LETTER).filter(|x| row >> x & 1 == 1) {
                let corner = (left + (place * LETTER + x) * point, top + y * point);
                image.fill(corner, (point, point), colour);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLUE: [u8; 3] = [0, 0, 200];

    /// Pixels of `colour`.
    fn count(image: &Image, colour: [u8; 3]) -> usize {
        let pixels = image.pixels.chunks(3);
        pixels.filter(|pixel| *pixel == colour).count()
    }

    #[test]
    fn a_sheet_shows_the_number_of_a_frame_and_what_its_colour_says() {
        let image = Image::filled(64, 36, [90; 3]);
        let sheet = |number, text: &str| {
            let tile = Tile {
                image: &image,
                number,
                colour: BLUE,
                framed: false,
            };
            contact_sheet(&[tile], &[(BLUE, text)], 1).unwrap()
        };
        let shown = sheet(7, "A1");
        assert_ne!(shown, sheet(8, "A1"), "the number");
        assert_ne!(shown, sheet(7, "A2"), "the legend");
        assert_eq!(
            count(&shown, [90; 3]),
            32 * 18,
            "nothing lies on the picture"
        );
        assert!(count(&shown, LIGHT) > 0);
    }

    #[test]
    fn a_legend_that_is_too_long_is_cut_at_the_edge() {
        let image = Image::filled(16, 16, [90; 3]);
        let tile = Tile {
            image: &image,
            number: 1_234,
            colour: BLUE,
            framed: true,
        };
        let long = "longer than the sheet is wide";
        let sheet = contact_sheet(&[tile], &[(BLUE, long)], 1).unwrap();
        assert_eq!(sheet.width, 8 + 2);
    }
}
