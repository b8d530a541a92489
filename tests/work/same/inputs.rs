//! Inputs of each kernel at random: most are as they should be, some are bent.

use {
    rand::Rng,
    rand_chacha::ChaCha8Rng,
    sluice_kernel_fractal::{Place, STEP_BITS, Tile, UNIT_BITS},
    sluice_kernel_search::Search,
};

/// Now and then a byte is another, or some are missing, or more than there should be.
fn bent(random: &mut ChaCha8Rng, mut input: Vec<u8>) -> Vec<u8> {
    match random.random_range(0..20) {
        0 if !input.is_empty() => {
            let at = random.random_range(0..input.len());
            input[at] = random.random();
        }
        1 => input.truncate(random.random_range(0..=input.len())),
        2 => input.push(random.random()),
        3 => {
            input = (0..random.random_range(0..200))
                .map(|_| random.random())
                .collect();
        }
        _ => {}
    }
    input
}

/// Tiles where the set is, from all of it to a very small part, of up to 512 pixels.
pub fn fractal(random: &mut ChaCha8Rng) -> Vec<u8> {
    let one = 1i64 << UNIT_BITS;
    let place = |random: &mut ChaCha8Rng, most: i64| Place {
        re: random.random_range(-most..=most),
        im: random.random_range(-most..=most),
    };
    let first = place(random, 2 * one);
    let most = 1i64 << random.random_range(20..=UNIT_BITS - STEP_BITS);
    let right = place(random, most);
    let width = random.random_range(1..=32);
    let height = random.random_range(1..=512 / width);
    let pixels = u32::from(width) * u32::from(height);
    let limit = random.random_range(1..=60_000 / pixels).min(1_500);
    let tile = Tile {
        first,
        right,
        width,
        height,
        limit: u16::try_from(limit).expect("16 bits"),
    };
    let mut input = tile.encode().to_vec();
    // Sizes and steps stay as they are, so that the work does.
    let work = input.split_off(32);
    let mut input = bent(random, input);
    input.extend(work);
    input
}

pub fn search(random: &mut ChaCha8Rng) -> Vec<u8> {
    let text: Vec<u8> = (0..random.random_range(0..64))
        .map(|_| random.random())
        .collect();
    let search = Search {
        start: if random.random_ratio(1, 10) {
            u64::MAX - random.random_range(0..100)
        } else {
            random.random()
        },
        count: random.random_range(0..60),
        bits: random.random_range(0..12),
        text: &text,
    };
    let mut input = search.header().to_vec();
    input.extend(&text);
    if random.random_ratio(1, 20) {
        input.truncate(random.random_range(0..=input.len()));
    }
    input
}

pub fn digits(random: &mut ChaCha8Rng) -> Vec<u8> {
    let images = random.random_range(0..=4) * 64;
    let input = (0..images).map(|_| random.random_range(0..=16)).collect();
    bent(random, input)
}

/// Texts of small frames where the set is.
pub fn film(random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut part = |most: i32| f64::from(random.random_range(-most..=most)) / 1e6;
    let (re, im) = (part(2_000_000), part(1_200_000));
    let zoom = 10f64.powf(random.random_range(-0.3..6.0));
    let [width, height] = [(); 2].map(|()| random.random_range(16..=20));
    let (limit, samples) = (random.random_range(1..=60), random.random_range(1..=2));
    let text = format!(
        "center = {re} {im}\nzoom={zoom:.3}\nsize = {width}x{height} # small\nlimit: {limit}\nsamples = {samples}\n"
    );
    bent(random, text.into_bytes())
}

/// 512 pixels inside the set, 130 steps each.
pub fn largest_tile() -> Vec<u8> {
    let tile = Tile {
        first: Place { re: 0, im: 0 },
        right: Place { re: 1 << 20, im: 0 },
        width: 32,
        height: 16,
        limit: 130,
    };
    tile.encode().to_vec()
}

/// 6,000 numbers, none low enough.
pub fn largest_search() -> Vec<u8> {
    let search = Search {
        start: 1,
        count: 6_000,
        bits: 255,
        text: &[],
    };
    let mut input = search.header().to_vec();
    input.extend([7; 32]);
    input
}
