//! How an event gets into the log.

use {
    alloc::vec::Vec,
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
};

extern crate alloc;

/// Bytes that every event fits.
const LARGEST_EVENT: usize = 320;

/// Logs an event as `emit!` would: discriminator and fields in one piece. That macro writes all of it out wherever it stands;
/// this calls one function.
#[inline(always)]
pub fn emit<E: Discriminator + Pod>(event: E) {
    log(E::DISCRIMINATOR, bytemuck::bytes_of(&event));
}

/// [`emit`] without the call and the heap: 60 CU less and 150 bytes more. For instructions at their ceiling.
#[inline(always)]
pub fn emit_here<E: Discriminator + Pod>(event: E) {
    let discriminator = const {
        match E::DISCRIMINATOR.first_chunk::<8>() {
            Some(discriminator) => *discriminator,
            None => panic!("events have discriminators of eight bytes"),
        }
    };
    let logged = Logged {
        discriminator,
        event,
    };
    anchor_lang::sol_log_data(&[bytemuck::bytes_of(&logged)]);
}

/// An event as it stands in the log.
#[repr(C, packed)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Logged<E> {
    discriminator: [u8; 8],
    event: E,
}

#[inline(never)]
fn log(discriminator: &[u8], fields: &[u8]) {
    let mut data = Vec::with_capacity(LARGEST_EVENT);
    data.extend_from_slice(discriminator);
    data.extend_from_slice(fields);
    anchor_lang::sol_log_data(&[&data]);
}
