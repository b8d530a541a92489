pub mod claim;
pub mod close_epoch;
pub mod create;
pub mod fold;
pub mod fund;
pub mod join;
pub mod report;
