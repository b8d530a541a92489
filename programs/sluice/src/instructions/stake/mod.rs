pub mod create_pool;
pub mod deposit;
pub mod open_position;
pub mod thaw;
pub mod withdraw;
