pub mod close;
pub mod register;
pub mod set_commission;
pub mod set_operator;
