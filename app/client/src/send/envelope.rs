//! What stands around the instructions of every plan.

use {
    super::{Cost, Error, Journal, Key, Keys, Limits, Plan, Prepared, Result, fee, withheld},
    crate::{
        error::ClientError,
        ledger::{
            self, ATTEMPTS, BETWEEN_ATTEMPTS, Ledger, Lifetime, MAX_TRANSACTION, Receipt, nonce,
        },
    },
    serde::Serialize,
    solana_address::Address,
    solana_compute_budget_interface::ComputeBudgetInstruction,
    solana_hash::Hash,
    solana_instruction::Instruction,
    solana_message::Message,
    solana_signer::Signer,
    solana_system_interface::instruction::advance_nonce_account,
    solana_transaction::Transaction,
    spl_memo_interface::{instruction::build_memo, v3::ID as MEMO},
    std::thread::sleep,
};

/// Who pays for plans, and what stands around their instructions.
#[derive(Clone)]
pub struct Envelope {
    /// Pays fees and rent.
    pub payer: Key,
    /// What to sign with in the place of a blockhash.
    pub nonce: Option<Nonce>,
    /// A blockhash, or a value of the nonce, that was chosen elsewhere.
    pub blockhash: Option<Hash>,
    /// Micro-lamports per compute unit.
    pub unit_price: Option<u64>,
    /// Compute units to ask for; by default what a simulation used and a tenth more.
    pub unit_limit: Option<u32>,
    /// Most that the fee may be, lamports.
    pub max_fee: Option<u64>,
    /// Kept with the transaction, readable by all.
    pub memo: Option<String>,
    /// True when a key signs elsewhere. Such a transaction is not signed again when it expires, nor is one with a nonce or with a
    /// blockhash that was given.
    pub is_signed_apart: bool,
}

/// A durable nonce and who may advance it.
#[derive(Clone)]
pub struct Nonce {
    /// Address of the nonce account.
    pub account: Address,
    /// Signs for it.
    pub authority: Key,
}

/// What keeps `text` with a transaction.
pub fn memo(text: &str) -> Instruction {
    build_memo(&MEMO, text.as_bytes(), &[])
}

impl Envelope {
    /// Paid by `payer`, with a recent blockhash and nothing else.
    pub fn new(payer: Key) -> Self {
        Self {
            payer,
            nonce: None,
            blockhash: None,
            unit_price: None,
            unit_limit: None,
            max_fee: None,
            memo: None,
            is_signed_apart: false,
        }
    }

    /// The plan's instructions between those that all transactions share.
    pub(super) fn compose(&self, plan: &Plan, limits: Limits) -> Vec<Instruction> {
        let mut all = vec![];
        if let Some(nonce) = &self.nonce {
            let authority = nonce.authority.pubkey();
            all.push(advance_nonce_account(&nonce.account, &authority));
        }
        all.push(ComputeBudgetInstruction::set_compute_unit_limit(
            limits.units,
        ));
        let price = self.unit_price;
        all.extend(price.map(ComputeBudgetInstruction::set_compute_unit_price));
        // What several places sign has to come out the same in each.
        let loaded = limits.loaded.filter(|_| !self.is_apart());
        all.extend(loaded.map(ComputeBudgetInstruction::set_loaded_accounts_data_size_limit));
        all.extend(plan.all().cloned());
        all.extend(self.memo.as_deref().map(memo));
        all
    }

    /// Bytes of the transaction that a plan comes to.
    pub fn size(&self, plan: &Plan) -> usize {
        let instructions = self.compose(plan, Limits::MOST);
        ledger::size_of(&instructions, &self.payer.pubkey())
    }

    /// `steps`, each whole and in their order, in as few plans as fit a transaction each.
    pub fn pack(&self, steps: Vec<Plan>) -> Vec<Plan> {
        let mut packed: Vec<Plan> = vec![];
        for step in steps {
            if let Some(last) = packed.last_mut() {
                let joined = last.clone().join(step.clone());
                if self.size(&joined) <= MAX_TRANSACTION {
                    *last = joined;
                    continue;
                }
            }
            packed.push(step);
        }
        packed
    }

    /// Takes out what goes first, as a plan of its own, when it does not fit one transaction with the rest.
    pub fn split(&self, plan: &mut Plan) -> Option<Plan> {
        if plan.first.is_empty() || self.is_apart() || self.size(plan) <= MAX_TRANSACTION {
            return None;
        }
        Some(Plan {
            instructions: std::mem::take(&mut plan.first),
            signers: plan.signers.clone(),
            wraps: std::mem::take(&mut plan.wraps),
            ..Plan::default()
        })
    }

    /// Refuses a payer that cannot afford fee and rent, and a fee above the limit; simulates, and sizes the limits.
    pub fn prepare<'a>(&'a self, ledger: &impl Ledger, plan: &'a Plan) -> Result<Prepared<'a>> {
        self.afford(ledger, plan, 0)?;
        let (trial, lifetime) = self.try_out(ledger, plan)?;
        let mut limits = Limits::after(&trial);
        limits.units = self.unit_limit.unwrap_or(limits.units);
        let Cost { fee, rent, .. } = self.afford(ledger, plan, limits.units)?;
        Ok(Prepared {
            envelope: self,
            plan,
            trial,
            limits,
            fee,
            rent,
            lifetime,
        })
    }

    /// Prepares, signs and delivers `plan`; what goes first goes in a transaction of its own if the whole does not fit one. The note
    /// with `result` stays until [`Journal::close`]: what an earlier run left has to be settled before.
    pub fn send(
        &self,
        ledger: &mut impl Ledger,
        journal: &mut Journal,
        keys: &Keys,
        mut plan: Plan,
        result: &impl Serialize,
    ) -> Result<Receipt> {
        if let Some(first) = self.split(&mut plan) {
            let was_in_steps = journal.in_steps(true);
            let sent = self.send(ledger, journal, keys, first, result);
            journal.in_steps(was_in_steps);
            sent?;
        }
        let signed = self.prepare(ledger, &plan)?.sign()?;
        signed.deliver(ledger, journal, keys, result, |_| {})
    }

    /// What the payer parts with, which it holds.
    fn afford(&self, ledger: &impl Ledger, plan: &Plan, units: u32) -> Result<Cost> {
        let payer = self.payer.pubkey();
        let authority = self.nonce.as_ref().map(|nonce| nonce.authority.pubkey());
        let payers: Vec<Address> = [payer].into_iter().chain(authority).collect();
        let fee = fee(plan, &payers, units, self.unit_price.unwrap_or(0));
        if let Some(most) = self.max_fee.filter(|most| fee > *most) {
            return Err(Error::FeeAboveLimit { fee, most });
        }
        let mut rent: u64 = 0;
        for bytes in &plan.creates {
            rent = rent.saturating_add(ledger.minimum_balance(*bytes)?);
        }
        let wraps = plan.wraps;
        let held = ledger.account(&payer)?.map_or(0, |found| found.lamports);
        let cost = Cost { fee, rent, wraps };
        cost.require(&payer, held)?;
        Ok(cost)
    }

    /// Simulates the plan, with another blockhash when the node does not know the first.
    fn try_out(&self, ledger: &impl Ledger, plan: &Plan) -> Result<(Receipt, Lifetime)> {
        let mut attempts = self.attempts();
        loop {
            attempts -= 1;
            let tried = if self.nonce.is_some() || self.blockhash.is_some() {
                let lifetime = self.lifetime(ledger)?;
                let trial = self.unsigned(plan, lifetime.hash())?;
                ledger.simulate(&trial).map(|trial| (trial, lifetime))
            } else {
                ledger.simulate_with_latest(&self.unsigned(plan, Hash::default())?)
            };
            match tried {
                Err(error) if error.is_blockhash() && attempts > 0 => sleep(BETWEEN_ATTEMPTS),
                Err(error) => {
                    let instructions = self.compose(plan, Limits::MOST);
                    return Err(withheld::named(error, ledger, &instructions).into());
                }
                Ok(tried) => return Ok(tried),
            }
        }
    }

    /// How many blockhashes may be signed with.
    pub(super) const fn attempts(&self) -> u32 {
        if self.is_apart() { 1 } else { ATTEMPTS }
    }

    /// True when the transaction cannot be signed again here.
    pub(super) const fn is_apart(&self) -> bool {
        self.is_signed_apart || self.nonce.is_some() || self.blockhash.is_some()
    }

    /// A blockhash or nonce to sign with, and until when it serves.
    pub(super) fn lifetime(&self, ledger: &impl Ledger) -> Result<Lifetime> {
        if let Some(nonce) = &self.nonce {
            return Ok(nonce::read(ledger, &nonce.account, self.blockhash)?);
        }
        let latest = ledger.latest()?;
        Ok(match (self.blockhash, latest) {
            (
                Some(hash),
                Lifetime::Blockhash {
                    last_valid_block_height,
                    slot,
                    ..
                },
            ) => Lifetime::given(hash, last_valid_block_height, slot),
            _ => latest,
        })
    }

    /// The transaction as a simulation takes it: nobody is asked to sign what will not be sent.
    fn unsigned(&self, plan: &Plan, blockhash: Hash) -> Result<Transaction> {
        let payer = self.payer.pubkey();
        let instructions = self.compose(plan, Limits::MOST);
        let message = Message::new_with_blockhash(&instructions, Some(&payer), &blockhash);
        let transaction = Transaction::new_unsigned(message);
        match ledger::size(&transaction) {
            len if len > MAX_TRANSACTION => Err(ClientError::TooLarge(len).into()),
            _ => Ok(transaction),
        }
    }
}
