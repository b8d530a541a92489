use {
    super::*,
    sluice_kernel::native,
    std::{panic::catch_unwind, vec::Vec},
};

const ONE: i64 = 1 << UNIT_BITS;

/// A tile that has the whole set in it, and everything around.
const WHOLE: Tile = Tile {
    first: Place {
        re: -ONE * 21 / 8,
        im: -ONE * 5 / 4,
    },
    right: Place { re: ONE / 8, im: 0 },
    width: 25,
    height: 20,
    limit: 90,
};

fn steps(tile: &Tile) -> Vec<u16> {
    let output = native(kernel, &tile.encode()).unwrap();
    let (pairs, rest) = output.as_chunks();
    assert!(rest.is_empty());
    pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect()
}

/// One pixel at a place given in units of 2^-29.
fn at(re: i64, im: i64, limit: u16) -> u16 {
    let shift = UNIT_BITS - BITS;
    let first = Place {
        re: re << shift,
        im: im << shift,
    };
    let point = Tile {
        first,
        width: 1,
        height: 1,
        limit,
        ..WHOLE
    };
    steps(&point)[0]
}

/// The same in the words of the definition, with numbers that nothing overflows: z -> z^2 + c, each product rounded down to 2^-29.
fn model(re: i64, im: i64, limit: u16) -> u16 {
    let (re, im) = (i128::from(re), i128::from(im));
    let one = 1i128 << BITS;
    let (mut x, mut y) = (re, im);
    for step in 1..=limit {
        if x * x + y * y > 4 * one * one {
            return step;
        }
        (x, y) = (
            (x * x - y * y).div_euclid(one) + re,
            (2 * x * y).div_euclid(one) + im,
        );
    }
    0
}

/// Numbers that follow from nothing else.
fn numbers() -> impl FnMut() -> i64 {
    let mut state = 7u64;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as i64
    }
}

#[test]
fn steps_are_those_of_the_definition() {
    let mut number = numbers();
    let mut inside = 0;
    for _ in 0..4_000 {
        // Up to the corners of the square that is iterated, and a little beyond.
        let mut part = || number() % (4 * TWO / 3) * 2 - 4 * TWO / 3;
        let (re, im) = (part(), part());
        let found = at(re, im, 60);
        assert_eq!(found, model(re, im, 60), "{re} {im}");
        inside += u32::from(found == 0);
    }
    assert!(inside > 100, "{inside}");
}

#[test]
fn the_corners_of_the_square_do_not_overflow() {
    for re in [-TWO, 1 - TWO, -1, 0, 1, TWO - 1, TWO] {
        for im in [-TWO, 1 - TWO, -1, 0, 1, TWO - 1, TWO] {
            assert_eq!(at(re, im, 300), model(re, im, 300), "{re} {im}");
        }
    }
}

#[test]
fn known_points_escape_when_they_should() {
    let one = TWO / 2;
    // The set's centre, the tip of its antenna and the centre of its disc never escape.
    assert_eq!(at(0, 0, 1_000), 0);
    assert_eq!(at(-TWO, 0, 1_000), 0);
    assert_eq!(at(-one, 0, 1_000), 0);
    // 1, 2, 5: the third is outside. 2, 6: the second, for 2 itself lies on the circle.
    assert_eq!(at(one, 0, 1_000), 3);
    assert_eq!(at(TWO, 0, 1_000), 2);
    // Of 1/4 + 2^-n the number of steps is about pi times 2^(n/2).
    assert_eq!(at(one / 4, 0, 10_000), 0);
    let near = at(one / 4 + one / 65_536, 0, 10_000);
    assert!((795..815).contains(&near), "{near}");
    // A limit that comes before the escape makes it the inside.
    assert_eq!(at(one, 0, 2), 0);
}

#[test]
fn pixels_go_right_then_down() {
    let all = steps(&WHOLE);
    assert_eq!(all.len(), 500);
    for (row, line) in all.chunks(25).enumerate() {
        for (column, found) in line.iter().enumerate() {
            let place = |from: i64, count: usize| (from + count as i64 * ONE / 8) >> 27;
            let (re, im) = (place(WHOLE.first.re, column), place(WHOLE.first.im, row));
            assert_eq!(*found, model(re, im, 90));
        }
    }
    // The set is its own mirror image: row 10 is the real axis.
    assert_eq!(all[9 * 25..10 * 25], all[11 * 25..12 * 25]);
    assert!(all[..25].iter().all(|steps| *steps != 0));
    assert_eq!(all[10 * 25 + 21], 0);
}

#[test]
fn a_tile_at_an_angle_goes_down_a_quarter_turn_further() {
    let turned = Tile {
        right: Place {
            re: ONE / 32 * 3 / 5,
            im: ONE / 32 * 4 / 5,
        },
        width: 8,
        height: 9,
        ..WHOLE
    };
    let Place { re, im } = turned.right;
    for (number, found) in (0..).zip(steps(&turned)) {
        let (column, row) = (number % 8, number / 8);
        let place = Place {
            re: turned.first.re + column * re - row * im,
            im: turned.first.im + column * im + row * re,
        };
        assert_eq!(found, model(place.re >> 27, place.im >> 27, 90));
    }
}

#[test]
fn a_tile_is_what_was_encoded() {
    assert_eq!(Tile::decode(&WHOLE.encode()), Some(WHOLE));
    // The widest tile with the longest step ends within its numbers.
    let far = Tile {
        first: Place {
            re: 4 * ONE,
            im: 4 * ONE,
        },
        right: Place {
            re: ONE / 8,
            im: ONE / 8,
        },
        width: 512,
        height: 1,
        limit: u16::MAX,
    };
    assert!(steps(&far).iter().all(|steps| *steps == 1));
}

#[test]
fn what_is_no_tile_is_refused() {
    let whole = WHOLE.encode();
    let long = [&whole[..], &[0]].concat();
    let mut bad: Vec<Vec<u8>> = vec![vec![], whole[1..].to_vec(), long];
    let mut tile = |change: fn(&mut Tile)| {
        let mut tile = WHOLE;
        change(&mut tile);
        bad.push(tile.encode().to_vec());
    };
    tile(|tile| tile.limit = 0);
    tile(|tile| tile.width = 0);
    tile(|tile| tile.height = 0);
    tile(|tile| (tile.width, tile.height) = (513, 1));
    tile(|tile| (tile.width, tile.height) = (u16::MAX, u16::MAX));
    tile(|tile| tile.first.re = 4 * ONE + 1);
    tile(|tile| tile.first.im = i64::MIN);
    tile(|tile| tile.right.re = -ONE / 8 - 1);
    tile(|tile| tile.right.im = i64::MAX);
    for input in bad {
        assert_eq!(Tile::decode(&input), None);
        assert!(catch_unwind(|| native(kernel, &input)).is_err());
    }
}
