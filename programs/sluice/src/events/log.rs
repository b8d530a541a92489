//! How an event gets into the log.

use {
    anchor_lang::prelude::*,
    bytemuck::{Pod, Zeroable},
};

/// Logs an event as `emit!` does, discriminator and fields in one piece. It keeps them on the stack; `emit!` takes a
/// buffer from the heap for each event, which costs 60 CU. It is inlined, so that the fields are written where the log
/// reads them.
#[inline(always)]
pub fn emit<E: Discriminator + Pod>(event: E) {
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
