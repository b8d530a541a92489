//! Mints and token accounts that do not behave: frozen ones, wrapped SOL, accounts that changed hands, mints that came back.

use {
    super::World,
    sluice_client::{
        Ledger, address,
        instruction::{
            self as ix,
            token::{Mint, TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
        },
    },
    solana_account::Account,
    solana_address::Address,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_program_option::COption,
    solana_program_pack::Pack,
    solana_signer::Signer,
    spl_token_interface::{instruction as token, native_mint, state},
};

impl World {
    /// The same world, with `mint` as what jobs pay in.
    #[must_use]
    pub fn paying_in(mut self, mint: Mint) -> Self {
        self.pay_mint = mint;
        let treasury = self.treasury.pubkey();
        self.open_account(&treasury, &mint);
        self
    }

    /// A classic mint of six decimals whose accounts the world's payer can freeze.
    pub fn freezable_mint(&mut self) -> Mint {
        let (address, authority) = (self.key().pubkey(), self.payer.pubkey());
        let mint = self.chain.create_mint(&address, &authority, 6).unwrap();
        let mut account = self.chain.account(&address).unwrap().unwrap();
        let mut bytes = state::Mint::unpack(&account.data).unwrap();
        bytes.freeze_authority = COption::Some(authority);
        bytes.pack_into_slice(&mut account.data);
        self.chain.svm().set_account(address, account).unwrap();
        mint
    }

    /// Freezes the associated account of `owner`.
    pub fn freeze_tokens_of(&mut self, owner: &Address, mint: &Mint) {
        let (account, authority) = (associated(owner, mint), self.payer.pubkey());
        let program = &mint.token_program;
        let freeze = token::freeze_account(program, &account, &mint.address, &authority, &[]);
        self.ok(&[freeze.unwrap()], &[]);
    }

    /// Thaws the associated account of `owner`.
    pub fn thaw_tokens_of(&mut self, owner: &Address, mint: &Mint) {
        let (account, authority) = (associated(owner, mint), self.payer.pubkey());
        let program = &mint.token_program;
        let thaw = token::thaw_account(program, &account, &mint.address, &authority, &[]);
        self.ok(&[thaw.unwrap()], &[]);
    }

    /// Gives the associated account of `owner` to `other`.
    pub fn give_away(&mut self, owner: &Keypair, mint: &Mint, other: &Address) {
        self.hand_over(&associated(&owner.pubkey(), mint), owner, other, mint);
    }

    /// Gives the associated account of `owner` back, by its `holder`.
    pub fn give_back(&mut self, holder: &Keypair, owner: &Address, mint: &Mint) {
        self.hand_over(&associated(owner, mint), holder, owner, mint);
    }

    fn hand_over(&mut self, account: &Address, from: &Keypair, to: &Address, mint: &Mint) {
        let give = token::set_authority(
            &TOKEN_PROGRAM,
            account,
            Some(to),
            token::AuthorityType::AccountOwner,
            &from.pubkey(),
            &[],
        );
        let mut give = give.unwrap();
        give.program_id = mint.token_program;
        self.ok(&[give], &[from]);
    }

    /// Another account of `owner`, which anybody can open for it.
    pub fn second_account(&mut self, owner: &Address, mint: &Mint) -> Address {
        let (key, program) = (self.key().pubkey(), mint.token_program);
        self.chain.put(&key, vec![0; 165], &program).unwrap();
        let mut open =
            token::initialize_account3(&TOKEN_PROGRAM, &key, &mint.address, owner).unwrap();
        open.program_id = program;
        self.ok(&[open], &[]);
        key
    }

    /// `pull`, paid to `account` because its recipient gave the associated account away.
    pub fn elsewhere(
        &self,
        pull: &Instruction,
        owner: &Address,
        mint: &Mint,
        account: &Address,
    ) -> Instruction {
        ix::paid_elsewhere(pull.clone(), &associated(owner, mint), account).unwrap()
    }

    /// Base units in an account at this address.
    pub fn balance_of(&self, account: &Address) -> u64 {
        self.chain.token_balance(account).unwrap()
    }

    /// Deploys a program at an address that may hold lamports already.
    pub fn deploy_at(&mut self, address: &Address) {
        let elf = std::fs::read(sluice_elf::built()).unwrap();
        self.chain.svm().add_program(*address, &elf).unwrap();
    }

    /// Closes the empty associated account of `owner`.
    pub fn close_account(&mut self, owner: &Keypair, mint: &Mint) {
        let (key, account) = (owner.pubkey(), associated(&owner.pubkey(), mint));
        let close = token::close_account(&mint.token_program, &account, &key, &key, &[]);
        self.ok(&[close.unwrap()], &[owner]);
    }

    /// Makes a classic mint one of Token-2022 or the other way round, as if it had closed and come back; returns it as it was.
    ///
    /// No instruction can: a classic mint never closes, and one of Token-2022 needs a refused extension to.
    pub fn change_program(&mut self, mint: &Mint) -> Account {
        let genuine = self.chain.account(&mint.address).unwrap().unwrap();
        let owner = match genuine.owner == TOKEN_2022_PROGRAM {
            true => TOKEN_PROGRAM,
            false => TOKEN_2022_PROGRAM,
        };
        let changed = Account {
            owner,
            ..genuine.clone()
        };
        self.restore(&mint.address, changed);
        genuine
    }

    /// Gives a mint other decimals, as if it had closed and come back; returns it as it was.
    pub fn change_decimals(&mut self, mint: &Mint, decimals: u8) -> Account {
        let genuine = self.chain.account(&mint.address).unwrap().unwrap();
        let mut changed = genuine.clone();
        changed.data[44] = decimals;
        self.restore(&mint.address, changed);
        genuine
    }

    /// Writes an account as it was.
    pub fn restore(&mut self, address: &Address, account: Account) {
        self.chain.svm().set_account(*address, account).unwrap();
    }

    /// The mint of wrapped SOL.
    pub fn wrapped_sol(&mut self) -> Mint {
        let (payer, address) = (self.payer.pubkey(), native_mint::ID);
        let mint = self.chain.create_mint(&address, &payer, 9).unwrap();
        let mut account = self.chain.account(&address).unwrap().unwrap();
        let mut bytes = state::Mint::unpack(&account.data).unwrap();
        bytes.mint_authority = COption::None;
        bytes.pack_into_slice(&mut account.data);
        self.chain.svm().set_account(address, account).unwrap();
        mint
    }

    /// Wraps `lamports` for `owner`.
    pub fn wrap(&mut self, owner: &Address, mint: &Mint, lamports: u64) {
        self.open_account(owner, mint);
        let account = associated(owner, mint);
        self.chain.airdrop(&account, lamports).unwrap();
        self.ok(
            &[token::sync_native(&TOKEN_PROGRAM, &account).unwrap()],
            &[],
        );
    }
}

fn associated(owner: &Address, mint: &Mint) -> Address {
    address::token_account(owner, &mint.address, &mint.token_program)
}
