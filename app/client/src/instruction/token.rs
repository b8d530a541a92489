//! The few token instructions a client needs beside the program's own.

use {
    crate::error::{ClientError, Result},
    solana_account::Account,
    solana_address::Address,
    solana_instruction::Instruction,
    spl_associated_token_account_interface::instruction as associated,
};

/// The classic token program and Token-2022.
pub const TOKEN_PROGRAM: Address = spl_token_interface::ID;
pub const TOKEN_2022_PROGRAM: Address = spl_token_2022_interface::ID;

/// What a client needs to know of a mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mint {
    pub address: Address,
    pub token_program: Address,
    pub decimals: u8,
}

impl Mint {
    /// Reads an initialised mint of either token program.
    pub fn read(address: &Address, account: &Account) -> Result<Self> {
        let initialised = account.data.get(45) == Some(&1);
        let decimals = account.data.get(44).copied();
        let is_mint = account.data.len() == 82 || account.data.get(165) == Some(&1);
        match decimals {
            Some(decimals)
                if is_mint
                    && initialised
                    && [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].contains(&account.owner) =>
            {
                Ok(Self {
                    address: *address,
                    token_program: account.owner,
                    decimals,
                })
            }
            _ => Err(ClientError::NotAMint(*address)),
        }
    }
}

/// Creates the associated token account of `owner` unless it exists. Signer: `payer`.
pub fn create_token_account(payer: &Address, owner: &Address, mint: &Mint) -> Instruction {
    associated::create_associated_token_account_idempotent(
        payer,
        owner,
        &mint.address,
        &mint.token_program,
    )
}
