// Work that can be checked: what a job asks for, what its worker claims, and what one leaf proves. As `sluice-work` in Rust.

export { ABSENT, type Hash } from './bytes';
export * from './check';
export * from './core';
export * from './evidence';
export * from './inputs';
export * from './leaf';
export * from './shape';
export * from './spec';
export * from './tree';
