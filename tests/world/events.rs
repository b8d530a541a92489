//! The events in a transaction's logs.

use {
    anchor_lang::Discriminator,
    base64::{Engine, prelude::BASE64_STANDARD},
    bytemuck::Pod,
    sluice_client::Receipt,
};

/// Asserts that a transaction logged these events' bytes and no others, in this order.
#[track_caller]
pub fn logged<E: Discriminator + Pod>(receipt: &Receipt, expected: &[E]) {
    let found: Vec<Vec<u8>> = receipt
        .logs
        .iter()
        .filter_map(|line| line.strip_prefix("Program data: "))
        .map(|data| BASE64_STANDARD.decode(data).unwrap())
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|event| [E::DISCRIMINATOR, bytemuck::bytes_of(event)].concat())
        .collect();
    assert_eq!(found, expected);
}
