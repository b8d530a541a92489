//! Inference: a network that reads handwritten digits, in whole numbers only.
//!
//! The input is images of 8 by 8 pixels, 64 bytes each, rows from the top, from 0 for paper to 16 for ink. The output has five bytes
//! for each: the digit, and by how much its score is above the next best, 32 bits little-endian. Without the margins whoever guesses
//! well could answer without the network.
//!
//! The network has 64 inputs, 32 hidden units and 10 outputs. `train.py` makes its weights. It reads 443 of 450 digits that were held
//! out. On sBPF an image costs 6,050 compute units: the 128 that fit the input stay below a million.
#![cfg_attr(any(target_os = "solana", target_arch = "wasm32"), no_std)]

mod layer;

use {layer::Layer, sluice_kernel::Output};

sluice_kernel::kernel!(kernel);

/// Bytes of an image.
pub const IMAGE: usize = 64;

/// The darkest pixel.
pub const INK: u8 = 16;

const HIDDEN_UNITS: usize = 32;
const DIGITS: usize = 10;

/// By how many bits what the hidden units come to is shifted to fit a byte.
const SHIFT: u32 = 6;

/// Both layers' biases, then both layers' weights.
const WEIGHTS: &[u8; 2_536] = include_bytes!("../weights.bin");

static HIDDEN: Layer<IMAGE, HIDDEN_UNITS, 11> = Layer::read(WEIGHTS, 0, 168);
static SCORES: Layer<HIDDEN_UNITS, DIGITS, 4> = Layer::read(WEIGHTS, 128, 2_216);

/// The digits on all images of `input`.
///
/// # Panics
///
/// If `input` is no image or not images alone, or a pixel is darker than [`INK`].
pub fn kernel(input: &[u8], output: &mut Output) {
    let (images, rest) = input.as_chunks();
    if images.is_empty() || !rest.is_empty() {
        panic!("not images");
    }
    for image in images {
        let (digit, margin) = read(image);
        output.push(digit);
        output.extend(&margin.to_le_bytes());
    }
}

/// The digit on an image, the lowest of equals, and by how much its score is above the next best.
fn read(image: &[u8; IMAGE]) -> (u8, u32) {
    assert!(image.iter().all(|pixel| *pixel <= INK), "darker than ink");
    let hidden = HIDDEN
        .apply(image)
        .map(|sum| (sum >> SHIFT).clamp(0, 255) as u8);
    let scores = SCORES.apply(&hidden);
    let (mut digit, mut best, mut next) = (0, i64::MIN, i64::MIN);
    for (place, score) in (0..).zip(scores) {
        if score > best {
            (digit, best, next) = (place, score, best);
        } else if score > next {
            next = score;
        }
    }
    (digit, best.abs_diff(next) as u32)
}

#[cfg(test)]
mod tests;
