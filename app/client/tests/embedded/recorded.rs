//! The embedded engine, with a memory of its transactions.

use {
    sluice_client::{
        ClientError, Ledger, Receipt,
        error::Result,
        instruction::token::Mint,
        ledger::{
            Embedded, History, Lifetime, Outcome,
            history::{Call, Entry, LamportChange, Past, Run, TokenChange},
        },
    },
    solana_account::Account,
    solana_address::Address,
    solana_clock::Clock,
    solana_hash::Hash,
    solana_message::{Message, compiled_instruction::CompiledInstruction},
    solana_program_pack::Pack,
    solana_signature::Signature,
    solana_transaction::Transaction,
    spl_token_interface::state::Account as TokenAccount,
};

/// A chain, the transactions that landed on it, and the mint whose accounts are weighed.
pub struct Recorded {
    pub chain: Embedded,
    pub mint: Mint,
    /// Oldest first.
    pub pasts: Vec<Past>,
    /// What this node lists no longer.
    pub forgotten: Option<Signature>,
    /// What it lists and does not tell: transactions of a later version.
    pub untold: Vec<Signature>,
}

impl Recorded {
    /// What every token account of the mint among `accounts` holds.
    fn weigh(&self, accounts: &[Address]) -> Vec<(Address, TokenAccount)> {
        let found = self.chain.accounts(accounts).unwrap();
        let held = accounts.iter().zip(found).filter_map(|(address, account)| {
            let account = TokenAccount::unpack(&account?.data).ok()?;
            (account.mint == self.mint.address).then_some((*address, account))
        });
        held.collect()
    }

    /// Every run of a program in the transaction, in their order.
    fn runs(&mut self, signature: &Signature, message: &Message) -> Vec<Run> {
        let run = |one: &CompiledInstruction| Run {
            program: message.account_keys[usize::from(one.program_id_index)],
            accounts: one
                .accounts
                .iter()
                .map(|index| message.account_keys[usize::from(*index)])
                .collect(),
            data: one.data.clone(),
        };
        let sent = self.chain.svm().get_transaction(signature).unwrap();
        let inner = &sent.as_ref().unwrap().inner_instructions;
        let both = message.instructions.iter().zip(inner);
        both.flat_map(|(outer, inner)| {
            let inner = inner.iter().map(|one| run(&one.instruction));
            std::iter::once(run(outer)).chain(inner).collect::<Vec<_>>()
        })
        .collect()
    }

    /// What every account among `accounts` holds, lamports.
    fn lamports(&self, accounts: &[Address]) -> Vec<u64> {
        let found = self.chain.accounts(accounts).unwrap().into_iter();
        found
            .map(|account| account.map_or(0, |account| account.lamports))
            .collect()
    }

    fn past(
        &mut self,
        transaction: &Transaction,
        sent: &Receipt,
        (before, lamports): (&[Held], &[u64]),
    ) -> Past {
        let message = &transaction.message;
        let calls = Call::all(self.runs(&sent.signature, message));
        let clock = self.chain.clock().unwrap();
        let after = self.weigh(&message.account_keys);
        let held = self.lamports(&message.account_keys);
        let changes = lamports.iter().zip(&held);
        let changes = message.account_keys.iter().zip(changes);
        let lamports = changes.map(|(account, (before, after))| LamportChange {
            account: *account,
            before: *before,
            after: *after,
        });
        let of = |held: &[Held], account: &Address| {
            let found = held.iter().find(|(address, _)| address == account);
            found.map(|(_, account)| *account)
        };
        let tokens = message.account_keys.iter().filter_map(|account| {
            let (before, after) = (of(before, account), of(&after, account));
            Some(TokenChange {
                account: *account,
                mint: self.mint.address,
                owner: before.or(after).map(|one| one.owner),
                decimals: self.mint.decimals,
                before: before.map_or(0, |one| one.amount),
                after: after.map_or(0, |one| one.amount),
            })
            .filter(|_| before.or(after).is_some())
        });
        Past {
            signature: sent.signature,
            slot: clock.slot,
            time: Some(clock.unix_timestamp),
            error: None,
            accounts: message.account_keys.clone(),
            signers: usize::from(message.header.num_required_signatures),
            calls,
            is_traced: true,
            is_untold: false,
            logs: Some(sent.logs.clone()),
            tokens: tokens.collect(),
            fee: Some(sent.fee),
            lamports: lamports.collect(),
        }
    }
}

/// A token account and what is in it.
type Held = (Address, TokenAccount);

impl History for Recorded {
    fn page(
        &self,
        address: &Address,
        before: Option<&Signature>,
        limit: usize,
    ) -> Result<Vec<Entry>> {
        let newest = self.pasts.iter().rev();
        let older = newest
            .skip_while(|past| before.is_some_and(|before| past.signature != *before))
            .skip(usize::from(before.is_some()));
        let named = older.filter(|past| {
            past.accounts.contains(address) && self.forgotten != Some(past.signature)
        });
        let entries = named.map(|past| Entry {
            signature: past.signature,
            slot: past.slot,
            time: past.time,
            failed: false,
        });
        Ok(entries.take(limit).collect())
    }

    fn find(&self, signature: &Signature) -> Result<Option<Past>> {
        if self.untold.contains(signature) {
            return Err(ClientError::Untold(*signature));
        }
        let mut pasts = self.pasts.iter();
        Ok(pasts.find(|past| past.signature == *signature).cloned())
    }

    fn first_slot(&self) -> Result<u64> {
        Ok(0)
    }
}

impl Ledger for Recorded {
    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn submit(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        let before = self.weigh(&transaction.message.account_keys);
        let lamports = self.lamports(&transaction.message.account_keys);
        let sent = self.chain.submit(transaction, lifetime)?;
        let past = self.past(transaction, &sent, (&before, &lamports));
        self.pasts.push(past);
        self.chain.advance_slot(1);
        Ok(sent)
    }

    fn settle(&mut self, transaction: &Transaction, lifetime: &Lifetime) -> Result<Receipt> {
        self.submit(transaction, lifetime)
    }

    fn accounts(&self, addresses: &[Address]) -> Result<Vec<Option<Account>>> {
        self.chain.accounts(addresses)
    }

    fn program_accounts(&self, filters: &[(usize, Vec<u8>)]) -> Result<Vec<(Address, Account)>> {
        self.chain.program_accounts(filters)
    }

    fn clock(&self) -> Result<Clock> {
        self.chain.clock()
    }

    fn minimum_balance(&self, len: usize) -> Result<u64> {
        self.chain.minimum_balance(len)
    }

    fn latest(&self) -> Result<Lifetime> {
        self.chain.latest()
    }

    fn simulate(&self, transaction: &Transaction) -> Result<Receipt> {
        self.chain.simulate(transaction)
    }

    fn outcome(&self, signature: &Signature, lifetime: &Lifetime) -> Result<Outcome> {
        self.chain.outcome(signature, lifetime)
    }

    fn genesis(&self) -> std::result::Result<Hash, ClientError> {
        self.chain.genesis()
    }
}
