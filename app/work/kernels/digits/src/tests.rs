use {
    super::*,
    sluice_kernel::native,
    std::{panic::catch_unwind, vec::Vec},
};

/// Each a digit and its image.
const HELD_OUT: &[u8] = include_bytes!("../held-out.bin");

fn held_out() -> &'static [[u8; IMAGE + 1]] {
    let (rows, rest) = HELD_OUT.as_chunks();
    assert!(rest.is_empty());
    rows
}

/// The digits and margins that the kernel answers.
fn answers(images: &[u8]) -> Vec<(u8, u32)> {
    let output = native(kernel, images).unwrap();
    let (answers, rest) = output.as_chunks::<5>();
    assert!(rest.is_empty());
    answers
        .iter()
        .map(|[digit, margin @ ..]| (*digit, u32::from_le_bytes(*margin)))
        .collect()
}

/// The same in the words of a textbook: weights with a sign, sums of 64 bits.
fn model(image: &[u8]) -> (u8, u32) {
    let number = |at: usize| i64::from(i32::from_le_bytes(*WEIGHTS[at..].first_chunk().unwrap()));
    let layer = |inputs: &[i64], bias: usize, weights: usize, count: usize| -> Vec<i64> {
        let sum = |row: usize| {
            let weights = &WEIGHTS[weights + inputs.len() * row..][..inputs.len()];
            let products = weights
                .iter()
                .zip(inputs)
                .map(|(weight, input)| (i64::from(*weight) - 128) * input);
            number(bias + 4 * row) + products.sum::<i64>()
        };
        (0..count).map(sum).collect()
    };
    let inputs: Vec<_> = image.iter().map(|pixel| i64::from(*pixel)).collect();
    let hidden: Vec<_> = layer(&inputs, 0, 168, 32)
        .iter()
        .map(|sum| sum.div_euclid(64).clamp(0, 255))
        .collect();
    let mut scores: Vec<_> = (0..).zip(layer(&hidden, 128, 2_216, 10)).collect();
    scores.sort_by_key(|(_, score)| -score);
    (
        scores[0].0,
        u32::try_from(scores[0].1 - scores[1].1).unwrap(),
    )
}

#[test]
fn the_network_reads_443_of_450_digits_that_it_was_not_trained_on() {
    let rows = held_out();
    assert_eq!(rows.len(), 450);
    let right = rows.chunks(128).map(|rows| {
        let images: Vec<u8> = rows.iter().flat_map(|row| &row[1..]).copied().collect();
        let answers = answers(&images);
        assert_eq!(answers.len(), rows.len());
        rows.iter()
            .zip(answers)
            .filter(|(row, (digit, _))| row[0] == *digit)
            .count()
    });
    assert_eq!(right.sum::<usize>(), 443);
}

#[test]
fn answers_are_those_of_the_textbook() {
    for row in held_out() {
        assert_eq!(answers(&row[1..]), [model(&row[1..])]);
    }
    for pixel in [0, 1, INK] {
        assert_eq!(answers(&[pixel; IMAGE]), [model(&[pixel; IMAGE])]);
    }
}

#[test]
fn what_is_no_image_is_refused() {
    let mut dark = [0; IMAGE];
    dark[63] = INK + 1;
    for input in [&[][..], &[0; IMAGE - 1], &[0; IMAGE + 1], &dark] {
        assert!(catch_unwind(|| native(kernel, input)).is_err());
    }
}
