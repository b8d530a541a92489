//! Providers: one file per instruction, the fields written and every named error.
mod close_provider;
mod records;
mod register_provider;
mod set_commission;
mod set_operator;
