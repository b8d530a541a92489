pub mod create;
pub mod enter;
pub mod leave;
