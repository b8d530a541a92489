//! The market: one file per instruction, offers posted, closed and taken, and every named error.
mod close_offer;
mod post_offer;
mod take_offer;
