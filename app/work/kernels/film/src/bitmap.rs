//! BMP, the oldest image file that every viewer opens: 24 bits a pixel, nothing compressed.

use crate::color::Color;

/// Bytes of both headers.
const HEADERS: usize = 54;
/// Bytes of the second one.
const SECOND: u32 = 40;
/// Pixels a metre, 72 an inch. Viewers do not care.
const DENSITY: u32 = 2_835;

/// Bytes of a row: three a pixel, filled up to a multiple of four.
const fn row(width: u16) -> usize {
    (width as usize * 3).next_multiple_of(4)
}

/// Bytes of an image.
pub const fn len(width: u16, height: u16) -> usize {
    HEADERS + row(width) * height as usize
}

/// Writes an image of the colours that `pixel` gives for columns from the left and rows from the top; returns how many bytes it has.
///
/// # Panics
/// If `output` is too short.
pub fn write(
    output: &mut [u8],
    width: u16,
    height: u16,
    pixel: impl Fn(u16, u16) -> Color,
) -> usize {
    let len = len(width, height);
    let (headers, pixels) = output[..len].split_at_mut(HEADERS);
    headers.copy_from_slice(&self::headers(width, height));
    // The lowest row comes first.
    let lines = pixels.chunks_exact_mut(row(width));
    for (row, line) in (0..height).rev().zip(lines) {
        let (pixels, rest) = line.split_at_mut(usize::from(width) * 3);
        for (column, place) in (0..width).zip(pixels.as_chunks_mut().0) {
            let Color { red, green, blue } = pixel(column, row);
            *place = [blue, green, red];
        }
        rest.fill(0);
    }
    len
}

fn headers(width: u16, height: u16) -> [u8; HEADERS] {
    let len = len(width, height);
    let mut headers = [0; HEADERS];
    let (kind, words) = headers.split_at_mut(2);
    kind.copy_from_slice(b"BM");
    // Number, four bytes: length, nothing, where pixels begin; length of what follows, width, height, one plane of 24 bits, no
    // compression, length of the pixels, density both ways, no palette.
    let numbers = [
        len as u32,
        0,
        HEADERS as u32,
        SECOND,
        width.into(),
        height.into(),
        1 | 24 << 16,
        0,
        (len - HEADERS) as u32,
        DENSITY,
        DENSITY,
    ];
    for (word, number) in words.as_chunks_mut().0.iter_mut().zip(numbers) {
        *word = u32::to_le_bytes(number);
    }
    headers
}
