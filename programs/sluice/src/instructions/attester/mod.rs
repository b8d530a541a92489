pub mod bonded;
pub mod close;
pub mod equivocation;
pub mod register;
pub mod update;
