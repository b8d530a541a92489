//! The events in a transaction's logs.

use {
    anchor_lang::Discriminator,
    base64::{Engine, prelude::BASE64_STANDARD},
    bytemuck::Pod,
    sluice_client::Receipt,
};

/// Asserts that a transaction logged exactly these events.
pub fn logged<E: Discriminator + Pod>(receipt: &Receipt, expected: &[E]) {
    logged_lines(receipt, &expected.iter().map(line).collect::<Vec<_>>());
}

/// Asserts that a transaction logged exactly these lines, events of many kinds.
pub fn logged_lines(receipt: &Receipt, expected: &[Vec<u8>]) {
    let found: Vec<Vec<u8>> = receipt
        .logs
        .iter()
        .filter_map(|line| line.strip_prefix("Program data: "))
        .map(|data| BASE64_STANDARD.decode(data).unwrap())
        .collect();
    assert_eq!(found, expected);
}

/// An event as it stands in the log.
pub fn line<E: Discriminator + Pod>(event: &E) -> Vec<u8> {
    [E::DISCRIMINATOR, bytemuck::bytes_of(event)].concat()
}
