//! The accounts in which clients look for a program's IDL.

use {
    anyhow::{Context, Result},
    flate2::{Compression, write::ZlibEncoder},
    solana_address::Address,
    std::io::Write,
};

/// The Program Metadata program, which offline chains do not have; its accounts are what clients read.
const METADATA: Address = Address::from_str_const("ProgM6JCCvbYkfKqJYHePx4xxSUSqJp7rh8Lyv7nk7S");
/// Seed of a program's IDL there, filled up with zeros.
const METADATA_SEED: [u8; 16] = *b"idl\0\0\0\0\0\0\0\0\0\0\0\0\0";
/// The authority of an account that follows the program's own.
const NOBODY: [u8; 32] = [0; 32];
/// Kind of account; mutable and canonical; UTF-8, in zlib, of JSON, in the account itself.
const METADATA_ACCOUNT: u8 = 2;
const METADATA_FLAGS: [u8; 2] = [1, 1];
const METADATA_FORM: [u8; 4] = [1, 2, 1, 0];

/// Seed of the IDL in an account of the program's own, and the discriminator of that.
const ANCHOR_SEED: &str = "anchor:idl";
const ANCHOR_ACCOUNT: [u8; 8] = [24, 70, 98, 191, 58, 144, 123, 158];

/// An account that holds an IDL.
pub struct Published {
    pub address: Address,
    pub owner: Address,
    pub data: Vec<u8>,
}

/// The IDL of `program`, whose upgrade authority is `authority`, for clients of Anchor 1, explorers and Codama, and for those of
/// Anchor before 1.
///
/// # Errors
///
/// If the IDL is too long for an account.
pub fn published(program: &Address, authority: &Address, idl: &str) -> Result<[Published; 2]> {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(idl.as_bytes())?;
    let packed = zlib.finish()?;
    let length = u32::try_from(packed.len()).context("the IDL is too long")?;
    Ok([
        metadata(program, length, &packed),
        anchor(program, authority, length, &packed)?,
    ])
}

fn metadata(program: &Address, length: u32, packed: &[u8]) -> Published {
    // The authority's place is empty in the canonical account's seeds.
    let seeds = [program.as_ref(), &[], &METADATA_SEED];
    let data = [
        &[METADATA_ACCOUNT],
        program.as_ref(),
        &NOBODY,
        &METADATA_FLAGS,
        &METADATA_SEED,
        &METADATA_FORM,
        &length.to_le_bytes(),
        &[0; 5],
        packed,
    ];
    Published {
        address: Address::find_program_address(&seeds, &METADATA).0,
        owner: METADATA,
        data: data.concat(),
    }
}

fn anchor(program: &Address, authority: &Address, length: u32, packed: &[u8]) -> Result<Published> {
    let (base, _) = Address::find_program_address(&[], program);
    let data = [
        &ANCHOR_ACCOUNT,
        authority.as_ref(),
        &length.to_le_bytes(),
        packed,
    ];
    Ok(Published {
        address: Address::create_with_seed(&base, ANCHOR_SEED, program)?,
        owner: *program,
        data: data.concat(),
    })
}
