//! Jobs: one file per instruction, the happy path to the base unit and every named error.
mod pay;
