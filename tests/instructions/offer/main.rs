//! The market: one file per instruction, offers posted, closed and taken, and every named error.
mod close_offer;
mod mint_extensions;
mod post_offer;
mod take_offer;
