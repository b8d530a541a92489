//! Bent instructions and bent state: a signature withheld, an account in another's place, a field no instruction writes yet.

use {
    super::World, anchor_lang::Discriminator, bytemuck::Pod, sluice_client::Ledger,
    solana_address::Address, solana_clock::Clock, solana_instruction::Instruction,
    solana_keypair::Keypair, solana_signer::Signer,
};

/// What an attacker changes in an instruction.
pub trait Tamper {
    /// The instruction without the signature of `key`.
    #[must_use]
    fn unsigned(&self, key: &Address) -> Self;

    /// The instruction with `other` in the place of `account`.
    #[must_use]
    fn with(&self, account: &Address, other: &Address) -> Self;
}

impl Tamper for Instruction {
    fn unsigned(&self, key: &Address) -> Self {
        let mut bent = self.clone();
        for meta in bent.accounts.iter_mut().filter(|m| m.pubkey == *key) {
            meta.is_signer = false;
        }
        assert_ne!(bent, *self, "{key} does not sign");
        bent
    }

    fn with(&self, account: &Address, other: &Address) -> Self {
        let mut bent = self.clone();
        for meta in bent.accounts.iter_mut().filter(|m| m.pubkey == *account) {
            meta.pubkey = *other;
        }
        assert_ne!(bent, *self, "{account} is not among the accounts");
        bent
    }
}

impl World {
    /// Changes a program account behind the program's back, for states that only later parts of the protocol reach.
    pub fn edit<T: Pod + Discriminator>(&mut self, address: &Address, change: impl FnOnce(&mut T)) {
        let mut state: T = self.chain.get(address).unwrap();
        change(&mut state);
        let mut account = self.chain.account(address).unwrap().unwrap();
        account.data[8..8 + size_of::<T>()].copy_from_slice(bytemuck::bytes_of(&state));
        self.chain.svm().set_account(*address, account).unwrap();
    }

    /// An open job: the program's largest account, to stand where one of another type belongs.
    pub fn impostor(&mut self) -> Address {
        let (buyer, cosigner) = (self.buyer(), self.key());
        let terms = self.terms(&Address::default());
        let args = self.open_args(1, terms, &cosigner.pubkey());
        self.open(&buyer, args)
    }

    /// A copy of an account, byte for byte, that belongs to another program.
    pub fn counterfeit(&mut self, original: &Address) -> Address {
        let data = self.chain.account(original).unwrap().unwrap().data;
        let (copy, forger) = (self.key().pubkey(), self.key().pubkey());
        self.chain.put(&copy, data, &forger).unwrap();
        copy
    }

    /// `good` is refused with an account of another type, and with a copy that belongs to another program, in the place of each
    /// of `parts`.
    #[track_caller]
    pub fn refuses_look_alikes(
        &mut self,
        good: &Instruction,
        parts: &[Address],
        signers: &[&Keypair],
    ) {
        let impostor = self.impostor();
        for part in parts {
            let cosplay = good.with(part, &impostor);
            self.refused(&[cosplay], signers, "InvalidAccountData");
            let foreign = good.with(part, &self.counterfeit(part));
            self.refused(&[foreign], signers, "IllegalOwner");
        }
    }

    /// Moves the clock `secs` on without leaving the slot.
    pub fn advance_within_slot(&mut self, secs: i64) {
        let mut clock: Clock = self.chain.svm().get_sysvar();
        clock.unix_timestamp += secs;
        self.chain.svm().set_sysvar(&clock);
    }

    /// The slot of the chain.
    pub fn slot(&self) -> u64 {
        self.chain.clock().unwrap().slot
    }
}
