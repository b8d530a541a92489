//! A frame of a film into the Mandelbrot set: a text goes in, an image comes out.
//!
//! The input is a [`Frame`] as people write it:
//!
//! ```text
//! # Where sea horses live.
//! center = -0.743643887 0.131825904
//! zoom = 1.5
//! size = 160x120
//! limit = 200
//! ```
//!
//! The output is a BMP file of 24 bits a pixel. It is longer than what the chain's VM returns, so this kernel is for WebAssembly alone.
#![cfg_attr(any(target_os = "solana", target_arch = "wasm32"), no_std)]

mod bitmap;
mod color;
#[path = "../../fractal/src/escape.rs"]
mod escape;
mod frame;

pub use frame::{Frame, HEIGHTS, LIMITS, MOST_STEPS, MOST_ZOOM, SAMPLES, UNIT_BITS, WIDTHS};
use {
    color::Color,
    escape::{BITS, escape},
};

/// The longest output, bytes: that of the largest frame.
pub const ROOM: usize = bitmap::len(*WIDTHS.end(), *HEIGHTS.end());

sluice_kernel::kernel!(kernel, ROOM);

/// Writes the image of the frame that `input` describes; returns how many bytes it has.
///
/// # Panics
///
/// If `input` describes no frame, or `output` is too short.
pub fn kernel(input: &[u8], output: &mut [u8]) -> usize {
    let Some(frame) = Frame::read(input) else {
        panic!("not a frame");
    };
    let (left, top) = frame.corner();
    let side = i64::from(frame.samples) * frame.step();
    bitmap::write(output, frame.width, frame.height, |column, row| {
        let re = left + i64::from(column) * side;
        let im = top - i64::from(row) * side;
        pixel(&frame, re, im)
    })
}

/// The mean colour of a pixel's samples, of which the first is at `re + im i`.
fn pixel(frame: &Frame, re: i64, im: i64) -> Color {
    let (step, shift) = (frame.step(), UNIT_BITS - BITS);
    let samples = i64::from(frame.samples);
    let mut mean = color::Mean::default();
    for row in 0..samples {
        for column in 0..samples {
            let (re, im) = (re + column * step, im - row * step);
            let steps = escape(re >> shift, im >> shift, frame.limit.into());
            mean.add(color::of(steps));
        }
    }
    mean.color()
}

#[cfg(test)]
mod tests;
