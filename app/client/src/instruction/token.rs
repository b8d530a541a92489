//! The few token instructions a client needs beside the program's own.

use {
    crate::{
        address,
        error::{ClientError, Result},
        hex,
        mint::refused_extensions,
    },
    sluice::constants::WRAPPED_SOL,
    solana_account::Account,
    solana_address::Address,
    solana_instruction::{AccountMeta, Instruction},
    solana_program_pack::Pack,
    spl_associated_token_account_interface::instruction as associated,
    spl_token_interface::state,
};

/// The classic token program.
pub const TOKEN_PROGRAM: Address = spl_token_interface::ID;
/// Token-2022.
pub const TOKEN_2022_PROGRAM: Address = spl_token_2022_interface::ID;

/// Instruction numbers, the same in both token programs.
const MINT_TO: u8 = 7;
const CLOSE_ACCOUNT: u8 = 9;
const SYNC_NATIVE: u8 = 17;
const INITIALIZE_ACCOUNT_3: u8 = 18;

/// Bytes of a token account without extensions, which every vault is: the mints that Sluice accepts need none.
pub const TOKEN_ACCOUNT_LEN: usize = state::Account::LEN;
/// Bytes of an associated account of Token-2022: the account's type, and an immutable owner's type and length.
const ASSOCIATED_2022_LEN: usize = TOKEN_ACCOUNT_LEN + 1 + 4;

/// What a client needs to know of a mint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mint {
    /// Of the mint.
    pub address: Address,
    /// The program that owns it: [`TOKEN_PROGRAM`] or [`TOKEN_2022_PROGRAM`].
    pub token_program: Address,
    /// A token unit is this power of ten of base units.
    pub decimals: u8,
}

impl Mint {
    /// True for SOL wrapped by either token program.
    pub fn is_wrapped_sol(&self) -> bool {
        WRAPPED_SOL.contains(&self.address)
    }

    /// Bytes of an associated account of this mint.
    pub fn account_len(&self) -> usize {
        if self.token_program == TOKEN_PROGRAM {
            TOKEN_ACCOUNT_LEN
        } else {
            ASSOCIATED_2022_LEN
        }
    }

    /// Reads an initialised mint of either token program.
    pub fn read(address: &Address, account: &Account) -> Result<Self> {
        let initialised = account.data.get(45) == Some(&1);
        let decimals = account.data.get(44).copied();
        let is_mint = account.data.len() == state::Mint::LEN
            || account.data.get(TOKEN_ACCOUNT_LEN) == Some(&1);
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

    /// Reads a mint that is to be deposited; one that the program's policy refuses is refused here, by its extensions' names.
    ///
    /// Whatever leaves a vault needs no more than [`Self::read`].
    pub fn read_for_deposit(address: &Address, account: &Account) -> Result<Self> {
        let mint = Self::read(address, account)?;
        let extensions = refused_extensions(account);
        if extensions.is_empty() {
            return Ok(mint);
        }
        Err(ClientError::MintRefused {
            mint: *address,
            extensions,
        })
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

/// Where `payer` opens an account for `owner` that stands in for its associated one, which is another's.
pub fn stand_in(payer: &Address, owner: &Address, mint: &Mint) -> Address {
    Address::create_with_seed(payer, &stand_in_seed(owner, mint), &mint.token_program)
        .unwrap_or_default()
}

/// Opens the account at [`stand_in`] with `lamports` of rent; to be sent in this order. Signer: `payer`.
pub fn create_stand_in(
    payer: &Address,
    owner: &Address,
    mint: &Mint,
    lamports: u64,
) -> [Instruction; 2] {
    let account = stand_in(payer, owner, mint);
    [
        solana_system_interface::instruction::create_account_with_seed(
            payer,
            &account,
            payer,
            &stand_in_seed(owner, mint),
            lamports,
            TOKEN_ACCOUNT_LEN as u64,
            &mint.token_program,
        ),
        Instruction {
            program_id: mint.token_program,
            accounts: vec![
                AccountMeta::new(account, false),
                AccountMeta::new_readonly(mint.address, false),
            ],
            data: [&[INITIALIZE_ACCOUNT_3], owner.as_ref()].concat(),
        },
    ]
}

/// A name for the pair of owner and mint, of the 32 characters that a seed may have.
fn stand_in_seed(owner: &Address, mint: &Mint) -> String {
    let hash = sluice::hash::sha256(&[owner.as_ref(), mint.address.as_ref()]);
    let mut seed = hex::encode(&hash);
    seed.truncate(32);
    seed
}

/// True for a token account that `owner` holds.
pub fn is_held_by(account: &Account, owner: &Address) -> bool {
    account.data.get(32..64) == Some(owner.as_ref())
}

/// True for one that `owner` holds without delegate and close authority: it can stand in for the associated one.
pub fn is_held_alone_by(account: &Account, owner: &Address) -> bool {
    let is_none = |at: usize| account.data.get(at..at + 4) == Some(&[0; 4]);
    is_held_by(account, owner) && is_none(72) && is_none(129)
}

/// Wraps `lamports` of `owner` in its associated account, which must exist; to be sent in this order. Signer: `owner`.
pub fn wrap_sol(owner: &Address, mint: &Mint, lamports: u64) -> [Instruction; 2] {
    let account = address::token_account(owner, &mint.address, &mint.token_program);
    [
        solana_system_interface::instruction::transfer(owner, &account, lamports),
        Instruction {
            program_id: mint.token_program,
            accounts: vec![AccountMeta::new(account, false)],
            data: vec![SYNC_NATIVE],
        },
    ]
}

/// Who may mint more of the mint in `account`; `None` where nobody may.
pub fn mint_authority(account: &Account) -> Option<Address> {
    let is_some = account.data.get(..4) == Some(&[1, 0, 0, 0]);
    let bytes = account.data.get(4..36).filter(|_| is_some)?;
    Some(Address::new_from_array(bytes.try_into().ok()?))
}

/// Mints `base` units to the associated account of `owner`, which must exist. Signer: the mint's `authority`.
pub fn mint_to(authority: &Address, owner: &Address, mint: &Mint, base: u64) -> Instruction {
    let account = address::token_account(owner, &mint.address, &mint.token_program);
    Instruction {
        program_id: mint.token_program,
        accounts: vec![
            AccountMeta::new(mint.address, false),
            AccountMeta::new(account, false),
            AccountMeta::new_readonly(*authority, true),
        ],
        data: [&[MINT_TO], base.to_le_bytes().as_slice()].concat(),
    }
}

/// Closes the associated account of `owner` and returns its lamports, wrapped ones and rent. Signer: `owner`.
pub fn unwrap_sol(owner: &Address, mint: &Mint) -> Instruction {
    let account = address::token_account(owner, &mint.address, &mint.token_program);
    Instruction {
        program_id: mint.token_program,
        accounts: vec![
            AccountMeta::new(account, false),
            AccountMeta::new(*owner, false),
            AccountMeta::new_readonly(*owner, true),
        ],
        data: vec![CLOSE_ACCOUNT],
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        spl_token_2022_interface::{
            extension::ExtensionType::{self, ImmutableOwner},
            state::Account,
        },
    };

    #[test]
    fn an_associated_account_of_token_2022_has_one_extension() {
        let len = ExtensionType::try_calculate_account_len::<Account>(&[ImmutableOwner]);
        assert_eq!(len.unwrap(), ASSOCIATED_2022_LEN);
        assert_eq!((TOKEN_ACCOUNT_LEN, ASSOCIATED_2022_LEN), (165, 170));
    }
}
