//! Every format: what it is in bytes and in JSON, what it refuses, and what it proves.

mod bytes;
mod claims;
mod work;
