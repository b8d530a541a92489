use {
    super::*,
    sluice_kernel::native_long,
    std::{collections::BTreeSet, fs, panic::catch_unwind, path::Path, vec::Vec},
};

/// The image of a text; `None` if it is refused.
fn image(text: &str) -> Option<Vec<u8>> {
    let run = || {
        let mut room = vec![7; ROOM];
        let image = native_long(kernel, text.as_bytes(), &mut room);
        image.map(<[u8]>::to_vec)
    };
    catch_unwind(run).ok().flatten()
}

fn read(text: &str) -> Option<Frame> {
    Frame::read(text.as_bytes())
}

/// A number of four bytes.
fn number(image: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(image[at..at + 4].try_into().unwrap())
}

/// Blue, green, red of a pixel, rows from the top.
fn at(image: &[u8], column: usize, row: usize) -> [u8; 3] {
    let (width, height) = (number(image, 18) as usize, number(image, 22) as usize);
    let line = (width * 3).next_multiple_of(4);
    let start = 54 + (height - 1 - row) * line + column * 3;
    image[start..start + 3].try_into().unwrap()
}

#[test]
fn an_empty_text_is_the_whole_set() {
    assert_eq!(read(""), Some(Frame::default()));
    assert_eq!(read("\n # nothing\r\n\n"), Some(Frame::default()));
    let whole = "center=-0.65 0\nzoom=1\nsize=160x120\nlimit=200\nsamples=3";
    assert_eq!(read(whole), Some(Frame::default()));
}

#[test]
fn people_write_the_same_frame_in_many_ways() {
    let plain = "center = -0.75 0.125\nzoom = 1.5\nsize = 64x48\nlimit = 100\nsamples = 2\n";
    let frame = read(plain).unwrap();
    assert_eq!(frame.re, -(3 << UNIT_BITS) / 4);
    assert_eq!(frame.im, 1 << (UNIT_BITS - 3));
    for other in [
        "\u{feff}samples=2\nlimit=100\nsize=64X48\nzoom=1.5\ncenter=-0.75,0.125",
        "CENTER: -.75, +0.125\r\nZoom: 1.5\r\n\r\n Size :64 x 48\r\nlimit: 100 # steps\r\nsamples:\t2\r\n",
        "#a film\ncenter = -000.75000000000000000000\t0.125\nzoom=1.5\nsize = 64 48\nlimit=0100\nsamples=2",
    ] {
        let other = read(other).unwrap();
        assert_eq!((other.re, other.im), (frame.re, frame.im));
        assert_eq!(
            (other.corner(), other.step()),
            (frame.corner(), frame.step())
        );
        assert_eq!(
            (other.width, other.height, other.limit, other.samples),
            (64, 48, 100, 2)
        );
    }
}

#[test]
fn what_is_no_frame_is_refused() {
    for text in [
        "color = red",
        "center",
        "center =",
        "center = 1",
        "center = 1 2 3",
        "center = -4.000001 0",
        "center = 0 99999999",
        "zoom = 2\nzoom = 2",
        "zoom = 0",
        "zoom = -1",
        "zoom = 0.999999",
        "zoom = 1000000.1",
        "zoom = 1e3",
        "zoom = 1.2.3",
        "zoom = .",
        "zoom = -",
        "zoom = \u{661}",
        "size = 15x16",
        "size = 16x15",
        "size = 641x480",
        "size = 640x481",
        "size = 160",
        "size = 160x120x3",
        "limit = 0",
        "limit = 10001",
        "limit = 65737",
        "limit = 1.5",
        "samples = 0",
        "samples = 5",
        "size = 640x480\nsamples = 4\nlimit = 500",
        "\0",
    ] {
        assert_eq!(read(text), None, "{text:?}");
    }
    assert_eq!(image("zoom = 0"), None);
}

#[test]
fn bounds_themselves_are_taken_and_fit_their_numbers() {
    for (re, im) in [(4, 4), (-4, -4), (4, -4)] {
        for size in ["16x16", "640x16", "16x480", "640x480"] {
            for zoom in ["1", "1000000.000000"] {
                for samples in [1, 4] {
                    let text = format!(
                        "center={re} {im}\nzoom={zoom}\nsize={size}\nlimit=1\nsamples={samples}"
                    );
                    let frame = read(&text).unwrap();
                    assert!(frame.step() > 0);
                    let ways = |pixels: u16| i64::from(pixels * frame.samples) - 1;
                    let (left, top) = frame.corner();
                    let right = left.checked_add(ways(frame.width) * frame.step());
                    let low = top.checked_sub(ways(frame.height) * frame.step());
                    assert!(right.is_some() && low.is_some());
                    if size == "640x16" {
                        assert!(image(&text).is_some());
                    }
                }
            }
        }
    }
    let all = image("center = 4 4\nsize = 640x480\nzoom = 1\nlimit = 1").unwrap();
    assert_eq!(all.len(), ROOM);
}

#[test]
fn the_image_is_a_bitmap_of_the_set() {
    let image = image("center = -0.65 0\nsize = 41x31\nsamples = 1\nlimit = 50").unwrap();
    assert_eq!(&image[..2], b"BM");
    assert_eq!(number(&image, 2) as usize, image.len());
    assert_eq!(
        [10, 14, 18, 22].map(|at| number(&image, at)),
        [54, 40, 41, 31]
    );
    assert_eq!(number(&image, 26), 1 | 24 << 16);
    // Rows of 123 bytes are filled up by one.
    assert_eq!(image.len(), 54 + 31 * 124);
    assert!(image[54..].chunks(124).all(|row| row[123] == 0));
    // The set is its own mirror image, black in its middle and coloured in the corners.
    for column in 0..41 {
        for row in 0..15 {
            assert_eq!(at(&image, column, row), at(&image, column, 30 - row));
        }
    }
    assert_eq!(at(&image, 20, 15), [0; 3]);
    assert_ne!(at(&image, 0, 0), [0; 3]);
}

/// The number of the step that leaves the circle, in floating point.
fn model(re: f64, im: f64, limit: u64) -> u64 {
    let (mut x, mut y) = (re, im);
    for step in 1..=limit {
        if x * x + y * y > 4.0 {
            return step;
        }
        (x, y) = (x * x - y * y + re, 2.0 * x * y + im);
    }
    0
}

#[test]
fn pixels_are_where_the_frame_says() {
    // A quarter of the frame is below the real axis.
    let text = "center = -1.75 0.125\nzoom = 5\nsize = 80x50\nsamples = 1\nlimit = 60";
    let image = image(text).unwrap();
    let mut different = 0;
    for row in 0..50u8 {
        for column in 0..80u8 {
            let re = -1.75 + (f64::from(column) - 39.5) * 0.01;
            let im = 0.125 - (f64::from(row) - 24.5) * 0.01;
            let Color { red, green, blue } = color::of(model(re, im, 60));
            let found = at(&image, column.into(), row.into());
            different += usize::from(found != [blue, green, red]);
        }
    }
    // Of four thousand: at the edge of a step the arithmetic decides.
    assert!(different < 20, "{different}");
}

#[test]
fn a_pixel_is_the_mean_of_its_samples() {
    let text = "center = -0.75 0.1\nzoom = 30\nlimit = 60\n";
    let fine = image(&format!("{text}size = 64x64\nsamples = 1")).unwrap();
    let mean = image(&format!("{text}size = 32x32\nsamples = 2")).unwrap();
    for row in 0..32 {
        for column in 0..32 {
            let of = [(0, 0), (0, 1), (1, 0), (1, 1)];
            let samples = of.map(|(x, y)| at(&fine, 2 * column + x, 2 * row + y));
            let part = |part: usize| samples.map(|one| u32::from(one[part])).iter().sum::<u32>();
            let expected = [0, 1, 2].map(|number| (part(number) / 4) as u8);
            assert_eq!(at(&mean, column, row), expected);
        }
    }
}

#[test]
fn colors_change_little_from_one_step_to_the_next() {
    let steps = 200..10_000;
    for step in steps {
        let (one, next) = (color::of(step), color::of(step + 1));
        let far = one.red.abs_diff(next.red).max(one.blue.abs_diff(next.blue));
        assert!(far < 24, "{step}: {one:?} {next:?}");
        assert_ne!(one, color::of(0));
    }
}

#[test]
fn every_frame_that_is_shipped_is_a_frame_and_no_two_are_alike() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("frames");
    let mut images = BTreeSet::new();
    for number in 1..=24 {
        let text = fs::read_to_string(folder.join(format!("frame-{number:02}.txt"))).unwrap();
        let small = text.replace("160x120", "32x24");
        assert_ne!(small, text);
        assert!(read(&text).is_some());
        images.insert(image(&small).unwrap());
    }
    assert_eq!(images.len(), 24);
    assert_eq!(fs::read_dir(folder).unwrap().count(), 24);
}
