pub mod accept_admin;
pub mod apply;
pub mod create;
pub mod govern;
pub mod name_admin;
pub mod pause;
pub mod propose;
