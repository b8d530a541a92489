//! The scene: a zoom into the Mandelbrot set, tile by tile as the kernel takes it.
//!
//! Places are whole numbers, made of IEEE multiplications and of integer additions: everybody gets the same.

use {
    crate::plan::{COLUMNS, ROWS},
    sluice_kernel_fractal::{Place, Tile, UNIT_BITS},
};

/// Where the zoom ends: the heart of a spiral of the seahorse valley, where even small places escape after few steps.
const CENTRE: (f64, f64) = (-0.775_683_77, 0.136_467_37);
/// Width of the first frame, and of every frame after it in terms of the one before. In the last a pixel is 23 of the kernel's own
/// smallest steps.
const FIRST_WIDTH: f64 = 2.6;
const ZOOM: f64 = 0.6;
/// Turn from frame to frame: a rational point of the unit circle, about six degrees.
const TURN: (f64, f64) = (399.0 / 401.0, 40.0 / 401.0);
/// Steps after which a point of the first frame counts as inside, and how many more each frame allows.
const FIRST_LIMIT: u16 = 60;
const MORE_STEPS: u16 = 8;

/// The tiles of `frame`, in rows from the top, each with a side of `side` pixels.
pub fn tiles(frame: u32, side: u16) -> impl Iterator<Item = Tile> {
    let (mut across, mut turn) = (FIRST_WIDTH, (1.0, 0.0));
    for _ in 0..frame {
        across *= ZOOM;
        turn = product(turn, TURN);
    }
    let (width, height) = (i64::from(COLUMNS * side), i64::from(ROWS * side));
    let pixel = across / width as f64;
    let right = place(turn.0 * pixel, turn.1 * pixel);
    let corner = further(place(CENTRE.0, CENTRE.1), right, -width / 2, -height / 2);
    let limit = FIRST_LIMIT + MORE_STEPS * frame as u16;
    (0..ROWS).flat_map(move |row| {
        (0..COLUMNS).map(move |column| Tile {
            first: further(
                corner,
                right,
                i64::from(column * side),
                i64::from(row * side),
            ),
            right,
            width: side,
            height: side,
            limit,
        })
    })
}

/// The place that lies so many pixels to the right and down of `from`.
const fn further(from: Place, right: Place, columns: i64, rows: i64) -> Place {
    Place {
        re: from.re + columns * right.re - rows * right.im,
        im: from.im + columns * right.im + rows * right.re,
    }
}

/// A complex number in the kernel's units.
fn place(re: f64, im: f64) -> Place {
    let unit = (1u64 << UNIT_BITS) as f64;
    Place {
        re: (re * unit) as i64,
        im: (im * unit) as i64,
    }
}

/// Product of two complex numbers.
fn product(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::plan::{FRAMES, SIDE, TILES},
    };

    #[test]
    fn every_tile_is_one_that_the_kernel_takes() {
        for side in 1..=SIDE {
            let all = (0..FRAMES).flat_map(|frame| tiles(frame, side));
            let taken = all.filter(|tile| Tile::decode(&tile.encode()) == Some(*tile));
            assert_eq!(taken.count(), (FRAMES * TILES) as usize, "side {side}");
        }
    }

    #[test]
    fn tiles_lie_side_by_side() {
        let all: Vec<_> = tiles(9, 4).collect();
        let (first, second) = (all[0], all[1]);
        let below = all[usize::from(COLUMNS)];
        assert_eq!(further(first.first, first.right, 4, 0), second.first);
        assert_eq!(further(first.first, first.right, 0, 4), below.first);
    }
}
