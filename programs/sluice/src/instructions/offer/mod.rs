pub mod close;
pub mod post;
pub mod take;
