//! A Bank with the program, one mint and a fee payer.

use {
    anchor_lang::Discriminator,
    bytemuck::Pod,
    sluice_client::{
        account, address,
        instruction::{self as ix, token::Mint},
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_instruction::Instruction,
    solana_keypair::Keypair,
    solana_program_option::COption,
    solana_program_pack::Pack,
    solana_program_test::{ProgramTest, ProgramTestContext},
    solana_signer::Signer,
    solana_transaction::Transaction,
    spl_token_interface::state,
};

pub struct Bank {
    context: ProgramTestContext,
    pub mint: Mint,
    pub network: Address,
}

/// The key with this number.
pub fn key(number: u8) -> Keypair {
    Keypair::new_from_array([number; 32])
}

impl Bank {
    /// Starts a bank on which everybody has lamports; the network of `name` is the payer's.
    pub async fn start(name: [u8; 16]) -> Self {
        // The Bank finds the same file by itself.
        sluice_elf::built();
        let mut test = ProgramTest::default();
        test.prefer_bpf(true);
        test.add_program("sluice", sluice_client::ID, None);
        let (mint_key, authority) = (key(100).pubkey(), key(101).pubkey());
        let mut data = vec![0; state::Mint::LEN];
        state::Mint {
            mint_authority: COption::Some(authority),
            supply: 0,
            decimals: 6,
            is_initialized: true,
            freeze_authority: COption::None,
        }
        .pack_into_slice(&mut data);
        test.add_account(
            mint_key,
            Account {
                lamports: 1_000_000_000,
                data,
                owner: spl_token_interface::ID,
                ..Account::default()
            },
        );
        let context = test.start_with_context().await;
        Self {
            network: address::network(&context.payer.pubkey(), &name),
            mint: Mint {
                address: mint_key,
                token_program: spl_token_interface::ID,
                decimals: 6,
            },
            context,
        }
    }

    pub fn payer(&self) -> Address {
        self.context.payer.pubkey()
    }

    pub async fn send(&mut self, instructions: &[Instruction], signers: &[&Keypair]) {
        let blockhash = self.context.get_new_latest_blockhash().await.unwrap();
        let payer = self.context.payer.insecure_clone();
        let mut keys = vec![&payer];
        keys.extend(signers.iter().filter(|key| key.pubkey() != payer.pubkey()));
        keys.dedup_by_key(|key| key.pubkey());
        let transaction = Transaction::new_signed_with_payer(
            instructions,
            Some(&payer.pubkey()),
            &keys,
            blockhash,
        );
        self.context
            .banks_client
            .process_transaction(transaction)
            .await
            .unwrap();
    }

    pub async fn get<T: Pod + Discriminator>(&mut self, address: &Address) -> T {
        let found = self
            .context
            .banks_client
            .get_account(*address)
            .await
            .unwrap();
        account::decode(address, &found.unwrap()).unwrap()
    }

    pub async fn now(&mut self) -> i64 {
        let clock: Clock = self.context.banks_client.get_sysvar().await.unwrap();
        clock.unix_timestamp
    }

    /// Moves the clock `secs` on.
    pub async fn advance(&mut self, secs: i64) {
        let mut clock: Clock = self.context.banks_client.get_sysvar().await.unwrap();
        clock.unix_timestamp += secs;
        self.context.set_sysvar(&clock);
    }

    pub async fn open_account(&mut self, owner: &Address) {
        let create = ix::token::create_token_account(&self.payer(), owner, &self.mint);
        self.send(&[create], &[]).await;
    }

    pub async fn mint_to(&mut self, owner: &Address, amount: u64) {
        self.open_account(owner).await;
        let authority = key(101);
        let mint_to = spl_token_interface::instruction::mint_to(
            &spl_token_interface::ID,
            &self.mint.address,
            &address::token_account(owner, &self.mint.address, &self.mint.token_program),
            &authority.pubkey(),
            &[],
            amount,
        )
        .unwrap();
        self.send(&[mint_to], &[&authority]).await;
    }

    pub async fn tokens(&mut self, owner: &Address) -> u64 {
        let account = address::token_account(owner, &self.mint.address, &self.mint.token_program);
        let found = self
            .context
            .banks_client
            .get_account(account)
            .await
            .unwrap();
        let data = found.unwrap().data;
        u64::from_le_bytes(data[64..72].try_into().unwrap())
    }
}
