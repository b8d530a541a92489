//! The only door through which tokens move: open a vault, deposit, pay out, close.
//!
//! Transfers are checked transfers through the program that owns the vault. A payout goes to one owner's associated token
//! account, so nobody can steer it. If the owner gave that account away, the payout goes to any account that the owner
//! holds alone.

mod recipient;

pub use recipient::Recipient;
use {
    crate::{
        checked::{Checked, Fits},
        constants::WRAPPED_SOL,
        error::SluiceError,
    },
    anchor_lang::{
        CpiHandle,
        pinocchio::{
            cpi::{Seed, Signer as CpiSigner},
            instruction::InstructionAccount,
            sysvars::rent::{ACCOUNT_STORAGE_OVERHEAD, DEFAULT_LAMPORTS_PER_BYTE},
        },
        prelude::*,
        unchecked_invoke_signed_fixed,
    },
    core::mem::MaybeUninit,
    pinocchio_system::instructions::CreateAccount,
    pinocchio_token::instructions::{self as classic, Batch, IntoBatch},
    pinocchio_token_2022::instructions::{BurnChecked, InitializeAccount3, TransferChecked},
};

/// Number of `CloseAccount` in both token programs.
const CLOSE_ACCOUNT: u8 = 9;

/// Bytes of a token account without extensions; the mints that the policy accepts need none.
const TOKEN_ACCOUNT_LEN: usize = 165;

/// First seed of the address of every vault but those of dividends.
pub const VAULT: &[u8] = b"vault";
/// First seed of the address of a stake pool's dividends.
pub const DIVIDENDS: &[u8] = b"dividends";

/// The dividend vault of a stake pool and its bump.
pub fn dividends_address(pool: &Address) -> (Address, u8) {
    Address::find_program_address(&[DIVIDENDS, pool.as_ref()], &crate::ID)
}

/// The vault of `account` and its bump.
pub fn address(account: &Address) -> (Address, u8) {
    Address::find_program_address(&[VAULT, account.as_ref()], &crate::ID)
}

/// The parties of one movement of tokens.
pub struct Transfer<'a> {
    pub from: &'a AccountView,
    pub to: &'a AccountView,
    pub mint: &'a AccountView,
    pub authority: &'a AccountView,
    pub token_program: &'a AccountView,
    pub amount: u64,
    pub decimals: u8,
}

impl Transfer<'_> {
    /// Moves tokens into a vault and returns what arrived, base units.
    pub fn deposit(&self) -> Result<u64> {
        let before = balance(self.to)?;
        self.invoke(&[])?;
        balance(self.to)?.minus(before)
    }

    /// Moves tokens out of a vault to where `recipient` is paid, signed by the vault's authority.
    pub fn pay_out(&self, recipient: &Recipient, seeds: &[Seed]) -> Result<()> {
        recipient.derive(self.to, self.mint, self.token_program)?;
        self.invoke(&[CpiSigner::from(seeds)])
    }

    /// Moves tokens out of a vault to an account that [`Recipient`] accepted, or that is another vault; signed by the vault's
    /// authority.
    pub fn send(&self, seeds: &[Seed]) -> Result<()> {
        self.invoke(&[CpiSigner::from(seeds)])
    }

    fn invoke(&self, signers: &[CpiSigner]) -> Result<()> {
        TransferChecked {
            from: self.from,
            mint: self.mint,
            to: self.to,
            authority: self.authority,
            amount: self.amount,
            decimals: self.decimals,
            token_program: self.token_program.address(),
        }
        .invoke_signed(signers)
    }
}

/// A vault to be created at its address, held by `authority`.
pub struct NewVault<'a> {
    /// First seed of its address; the second is `authority`.
    pub kind: &'static [u8],
    pub vault: &'a AccountView,
    pub authority: &'a Address,
    pub mint: &'a AccountView,
    pub payer: &'a AccountView,
    pub token_program: &'a AccountView,
}

impl NewVault<'_> {
    /// Creates the empty vault and returns its bump.
    pub fn open(&self) -> Result<u8> {
        let seeds: [&[u8]; 2] = [self.kind, self.authority.as_ref()];
        let bump =
            anchor_lang::find_and_verify_program_address(&seeds, &crate::ID, self.vault.address())?;
        self.create(bump, None)?;
        self.initialize()?;
        Ok(bump)
    }

    /// Creates the vault of `holder`, an account created in this instruction, at the bump that the caller found, with `amount`
    /// base units from `source`, and returns what arrived.
    ///
    /// The classic token program does both in one call, which saves about 800 CU.
    pub fn open_funded(
        &self,
        holder: &AccountView,
        bump: u8,
        source: &AccountView,
        authority: &AccountView,
        amount: u64,
        decimals: u8,
    ) -> Result<u64> {
        self.require_first(bump)?;
        // The system program would create any key that signs for itself.
        require!(!self.vault.is_signer(), SluiceError::WrongVault);
        // What wrapped SOL has above its rent is tokens.
        let native = WRAPPED_SOL.contains(self.mint.address());
        self.create(bump, if native { None } else { rent_beside(holder) })?;
        let deposit = Transfer {
            from: source,
            to: self.vault,
            mint: self.mint,
            authority,
            token_program: self.token_program,
            amount,
            decimals,
        };
        if *self.token_program.address() == Token::id() {
            self.initialize_and(&deposit)?;
        } else {
            self.initialize()?;
            deposit.invoke(&[])?;
        }
        // Lamports that somebody sent to a wrapped SOL vault before it opened are a gift, not the deposit.
        Ok(balance(self.vault)?.min(amount))
    }

    /// Refuses a bump if a higher one gives an address too, so that a vault has one address only. The vault's creation
    /// shows whether this one gives its address: nothing else signs for it. At bump 255 there is nothing to hash, and a
    /// search would cost 360 CU.
    fn require_first(&self, bump: u8) -> Result<()> {
        for higher in (bump..=u8::MAX).skip(1) {
            let seeds: [&[u8]; 3] = [self.kind, self.authority.as_ref(), &[higher]];
            require!(
                create_program_address(&seeds, &crate::ID).is_err(),
                SluiceError::VaultBumpNotFirst
            );
        }
        Ok(())
    }

    /// Creates the vault with `rent` lamports, or with as much as the network asks for where that is not known or somebody sent
    /// lamports before.
    fn create(&self, bump: u8, rent: Option<u64>) -> Result<()> {
        let owner = self.token_program.address();
        require!(self.mint.owned_by(owner), SluiceError::WrongTokenProgram);
        let seeds: [&[u8]; 3] = [self.kind, self.authority.as_ref(), &[bump]];
        match rent {
            Some(lamports) if self.vault.lamports() == 0 => CreateAccount {
                from: self.payer,
                to: self.vault,
                lamports,
                space: TOKEN_ACCOUNT_LEN.try_into().fits()?,
                owner,
            }
            .invoke_signed(&[CpiSigner::from(&seeds.map(Seed::from))]),
            _ => create_account_signed(self.payer, self.vault, TOKEN_ACCOUNT_LEN, owner, &seeds),
        }?;
        Ok(())
    }

    fn initialize(&self) -> Result<()> {
        InitializeAccount3 {
            account: self.vault,
            mint: self.mint,
            owner: self.authority,
            token_program: self.token_program.address(),
        }
        .invoke()
    }

    /// Initialises the vault and makes the first deposit, both in one call of the classic token program.
    fn initialize_and(&self, deposit: &Transfer) -> Result<()> {
        let mut data = [const { MaybeUninit::uninit() }; Batch::header_data_len(2) + 33 + 10];
        let mut metas = [const { MaybeUninit::uninit() }; 6];
        let mut accounts = [const { MaybeUninit::uninit() }; 6];
        let mut batch = Batch::new(&mut data, &mut metas, &mut accounts)?;
        classic::InitializeAccount3::new(self.vault, self.mint, self.authority)
            .into_batch(&mut batch)?;
        classic::TransferChecked::new(
            deposit.from,
            deposit.mint,
            deposit.to,
            deposit.authority,
            deposit.amount,
            deposit.decimals,
        )
        .into_batch(&mut batch)?;
        batch.invoke()
    }
}

/// Lamports that keep a token account open, by those of `holder`, which was created in this instruction: rent goes by bytes and a
/// fixed overhead. To ask for the rent again would cost 110 CU. If somebody sent `holder` lamports before, this may be more than
/// it takes; whoever pays them gets them back when the account closes.
///
/// `None` where `holder` has more lamports than its rent ever was.
fn rent_beside(holder: &AccountView) -> Option<u64> {
    let bytes = |len: usize| {
        u64::try_from(len)
            .ok()?
            .checked_add(ACCOUNT_STORAGE_OVERHEAD)
    };
    let (whole, part) = (bytes(holder.data_len())?, bytes(TOKEN_ACCOUNT_LEN)?);
    let most = whole.checked_mul(DEFAULT_LAMPORTS_PER_BYTE)?;
    let lamports = Some(holder.lamports()).filter(|lamports| *lamports <= most)?;
    Some(lamports.checked_mul(part)?.div_ceil(whole))
}

/// Destroys `amount` base units of a vault.
pub fn burn(
    vault: &AccountView,
    mint: &AccountView,
    authority: &AccountView,
    token_program: &AccountView,
    (amount, decimals): (u64, u8),
    seeds: &[Seed],
) -> Result<()> {
    BurnChecked {
        account: vault,
        mint,
        authority,
        amount,
        decimals,
        token_program: token_program.address(),
    }
    .invoke_signed(&[CpiSigner::from(seeds)])
}

/// Closes an empty vault into `holder`, the account that holds it: its lamports go on to the rent payer from there, after the
/// last call.
///
/// No call may name the rent payer. If a program was deployed at its address since, what a call gives it is lost on the way back.
pub fn close<const SEEDS: usize>(
    vault: &AccountView,
    holder: &AccountView,
    token_program: &AccountView,
    seeds: &[Seed; SEEDS],
) {
    let (mut from, mut into) = (*vault, *holder);
    let metas = [
        InstructionAccount::writable(vault.address()),
        InstructionAccount::writable(holder.address()),
        InstructionAccount::readonly_signer(holder.address()),
    ];
    let into = CpiHandle::writable(&mut into);
    let handles = [CpiHandle::writable(&mut from), into, into];
    // Unchecked, because the holder is loaded for writing: the call changes its lamports alone.
    unchecked_invoke_signed_fixed(
        token_program.address(),
        &[CLOSE_ACCOUNT],
        &metas,
        &handles,
        &[&seeds.each_ref().map(|seed| &**seed)],
    );
}

/// Hands a closed vault's lamports on from its holder.
pub fn hand_on(holder: &AccountView, rent_payer: &AccountView, lamports: u64) -> Result<()> {
    let (mut from, mut to) = (*holder, *rent_payer);
    from.set_lamports(from.lamports().minus(lamports)?);
    to.set_lamports(to.lamports().plus(lamports)?);
    Ok(())
}

/// Base units in a token account: bytes 64..72.
pub fn balance(account: &AccountView) -> Result<u64> {
    let data = account.try_borrow()?;
    let amount = data
        .get(64..)
        .and_then(|rest| rest.first_chunk::<8>())
        .ok_or(ProgramError::InvalidAccountData)?;
    Ok(u64::from_le_bytes(*amount))
}
