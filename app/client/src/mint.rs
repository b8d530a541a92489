//! What the program's mint policy says of a mint: the names of what it refuses.
//!
//! The program judges; this only tells a depositor why before anything is sent.

use {
    crate::instruction::token::TOKEN_2022_PROGRAM,
    sluice::mint_policy::{ALLOWED, EXTENSIONS_AT},
    solana_account::Account,
    spl_token_2022_interface::extension::ExtensionType,
};

/// The extensions of a mint for which the program refuses deposits; none for a mint that it accepts.
pub fn refused_extensions(mint: &Account) -> Vec<String> {
    let mut refused = Vec::new();
    let mut rest = match mint.owner == TOKEN_2022_PROGRAM {
        true => mint.data.get(EXTENSIONS_AT..).unwrap_or_default(),
        false => &[],
    };
    while let Some(([type_low, type_high, len_low, len_high], tail)) = rest.split_first_chunk() {
        let number = u16::from_le_bytes([*type_low, *type_high]);
        match ExtensionType::try_from(number) {
            Ok(ExtensionType::Uninitialized) => break,
            _ if ALLOWED.contains(&number) => {}
            Ok(extension) => refused.push(format!("{extension:?}")),
            Err(_) => refused.push(format!("the unknown extension {number}")),
        }
        let len = usize::from(u16::from_le_bytes([*len_low, *len_high]));
        rest = tail.get(len..).unwrap_or_default();
    }
    refused
}
