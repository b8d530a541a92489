pub mod close;
pub mod register;
pub mod update;
