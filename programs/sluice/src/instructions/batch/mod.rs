pub mod attest;
pub mod close;
pub mod endorse;
pub mod post;
