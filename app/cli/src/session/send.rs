//! From a plan to a transaction that landed.

use {
    super::{Plan, SOL_DECIMALS, Session, budget::Budget, consent, journal::Keys},
    crate::{
        failure::{Failure, Result},
        keys::Key,
        output::Fields,
        parse::date,
    },
    sluice_client::{
        ClientError, Ledger, Receipt,
        ledger::{self, ATTEMPTS, BETWEEN_ATTEMPTS, Lifetime, Outcome},
    },
    solana_address::Address,
    solana_hash::Hash,
    solana_message::Message,
    solana_signer::Signer,
    solana_transaction::Transaction,
    std::thread::sleep,
};

/// After so long whoever runs a command again means to do it again, seconds.
const STALE_SECS: i64 = 3_600;

impl<L: Ledger> Session<L> {
    /// Checks the payer, simulates, sizes the limits and, unless this is a dry run, asks, signs and sends; then `fields` with
    /// the signature before them.
    pub fn execute(&mut self, mut plan: Plan, fields: Fields) -> Result<Fields> {
        if self.journal.is_in_doubt() {
            return Err(Failure::Declined(
                "not sent, for what became of the transaction before it is not known".to_owned(),
            ));
        }
        if self.is_proposal() {
            self.propose(&plan)?;
            return Ok(fields);
        }
        self.split_if_too_large(&mut plan, &fields)?;
        self.require_one_if_apart()?;
        self.require_lamports(&plan, 0)?;
        let (trial, lifetime) = self.try_out(&plan)?;
        let mut budget = Budget::after(&trial);
        if let Some(units) = self.settings.unit_limit {
            budget.units = units;
        }
        let fee = self.require_lamports(&plan, budget.units)?;
        if self.settings.dry_run {
            return Ok(Fields::new()
                .with("dry_run", true)
                .with("compute_units", trial.compute_units)
                .with("compute_unit_limit", budget.units)
                .tokens("fee", fee, SOL_DECIMALS)
                .join(fields));
        }
        self.consent(&fields, &plan.irreversible)?;
        let transaction = self.sign(&plan, budget, &lifetime)?;
        if self.settings.sign_only {
            return Ok(self.signed_apart(&transaction, budget, fields));
        }
        self.require_signatures(&transaction)?;
        let again = |session: &Self| {
            let lifetime = session.lifetime()?;
            Ok((session.sign(&plan, budget, &lifetime)?, lifetime))
        };
        self.deliver(transaction, lifetime, fields, again)
    }

    /// Simulates the plan, with another blockhash when the node does not know the first.
    fn try_out(&self, plan: &Plan) -> Result<(Receipt, Lifetime)> {
        let mut attempts = if self.is_signed_apart() { 1 } else { ATTEMPTS };
        loop {
            let lifetime = self.lifetime()?;
            let trial = self.unsigned(plan, Budget::MOST, &lifetime)?;
            attempts -= 1;
            match self.ledger.simulate(&trial) {
                Err(error) if error.is_blockhash() && attempts > 0 => sleep(BETWEEN_ATTEMPTS),
                tried => return Ok((tried?, lifetime)),
            }
        }
    }

    /// Notes the transaction, sends it until it is settled, and signs `again` when it expired and can be signed again.
    pub(super) fn deliver(
        &mut self,
        mut transaction: Transaction,
        mut lifetime: Lifetime,
        fields: Fields,
        again: impl Fn(&Self) -> Result<(Transaction, Lifetime)>,
    ) -> Result<Fields> {
        let mut attempts = if self.is_signed_apart() { 1 } else { ATTEMPTS };
        loop {
            let keys = self.keys()?;
            self.journal
                .note(&self.ledger, &keys, &transaction, &lifetime, &fields)?;
            attempts -= 1;
            consent::tell_waiting(&transaction);
            let sent = if self.is_signed_apart() {
                self.ledger.settle(&transaction, &lifetime)
            } else {
                self.ledger.submit(&transaction, &lifetime)
            };
            match sent {
                Ok(receipt) => {
                    return Ok(Fields::new()
                        .with("signature", receipt.signature.to_string())
                        .join(fields));
                }
                Err(ClientError::Expired(_)) if attempts > 0 => {
                    sleep(BETWEEN_ATTEMPTS);
                    (transaction, lifetime) = again(self)?;
                }
                Err(error) => {
                    if matches!(error, ClientError::Unknown { .. }) {
                        self.journal.doubt();
                    }
                    return Err(error.into());
                }
            }
        }
    }

    /// Finds out what became of the transaction that an earlier run of this command left on its way: its result if the command
    /// is thereby done, else nothing, and the command goes on.
    pub fn resume(&mut self) -> Result<Option<Fields>> {
        if self.is_dry_run() || !self.journal.has_any() {
            return Ok(None);
        }
        let keys = self.keys()?;
        let Some(left) = self.journal.left(&self.ledger, &keys)? else {
            return Ok(None);
        };
        if self.settings.sign_only {
            return Err(Failure::input(
                "an earlier run of this command left a transaction on its way: run it again without --sign-only first",
            ));
        }
        let signature = left.transaction.signatures.first();
        let signature = signature.copied().unwrap_or_default();
        let mut outcome = self.ledger.outcome(&signature, &left.lifetime)?;
        if outcome == Outcome::Pending {
            outcome = match self.ledger.settle(&left.transaction, &left.lifetime) {
                Ok(_) => Outcome::Landed,
                Err(unknown @ ClientError::Unknown { .. }) => return Err(unknown.into()),
                // It failed or expired: in any case it changed nothing.
                Err(_) => Outcome::Expired,
            };
        }
        self.journal.settled();
        if outcome != Outcome::Landed || !left.is_last {
            self.journal.forget();
            return Ok(None);
        }
        if left.age() > STALE_SECS {
            return Err(Failure::Declined(format!(
                "an earlier run of this command at {} did it, with {signature}, and could not tell; nothing was sent now: run it again to do it anew",
                date(left.noted_at)
            )));
        }
        Ok(Some(
            Fields::new()
                .with("signature", signature.to_string())
                .with("resumed", true)
                .date("sent_at", left.noted_at)
                .join(left.fields),
        ))
    }

    /// True when it is not known what became of a transaction.
    pub const fn is_in_doubt(&self) -> bool {
        self.journal.is_in_doubt()
    }

    fn keys(&self) -> Result<Keys> {
        Ok([self.signer()?.pubkey(), self.payer()?.pubkey()])
    }

    /// Ends the command: its result is told, and nothing of it is on its way.
    pub fn close(&mut self) {
        self.journal.close();
    }

    /// A blockhash or nonce to sign with, and until when it serves.
    pub(super) fn lifetime(&self) -> Result<Lifetime> {
        if let Some(nonce) = &self.settings.nonce {
            return self.nonce_lifetime(nonce, self.settings.blockhash);
        }
        let latest = self.ledger.latest()?;
        Ok(match (self.settings.blockhash, latest) {
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

    /// The lifetime of what is signed with the `given` value of a nonce, or with what it holds.
    pub fn nonce_lifetime(&self, nonce: &Address, given: Option<Hash>) -> Result<Lifetime> {
        let slot = self.ledger.clock()?.slot;
        let found = self.ledger.account(nonce)?;
        let found = found.ok_or(ClientError::NoAccount(*nonce))?;
        let held = ledger::nonce::lifetime(nonce, &found, slot)?;
        Ok(match given {
            // What was signed with a value that is gone may have landed at any time.
            Some(value) if value != held.hash() => Lifetime::Nonce {
                account: *nonce,
                value,
                slot: 0,
            },
            _ => held,
        })
    }

    fn sign(&self, plan: &Plan, budget: Budget, lifetime: &Lifetime) -> Result<Transaction> {
        let payer = self.payer()?;
        let mut keys: Vec<Key> = plan.signers.clone();
        if self.settings.nonce.is_some() {
            keys.push(self.nonce_authority()?);
        }
        let signers: Vec<&dyn Signer> = keys.iter().map(AsRef::as_ref).collect();
        let instructions = self.compose(plan, budget)?;
        Ok(ledger::sign(
            &instructions,
            payer.as_ref(),
            &signers,
            lifetime,
        )?)
    }

    /// The transaction as a simulation takes it: nobody is asked to sign what will not be sent.
    fn unsigned(&self, plan: &Plan, budget: Budget, lifetime: &Lifetime) -> Result<Transaction> {
        let payer = self.payer()?.pubkey();
        let instructions = self.compose(plan, budget)?;
        let message = Message::new_with_blockhash(&instructions, Some(&payer), &lifetime.hash());
        let transaction = Transaction::new_unsigned(message);
        match ledger::size(&transaction) {
            len if len > ledger::MAX_TRANSACTION => Err(ClientError::TooLarge(len).into()),
            _ => Ok(transaction),
        }
    }

    /// Sends what goes first on its own when it does not fit one transaction with the rest; asks before, for both.
    fn split_if_too_large(&mut self, plan: &mut Plan, fields: &Fields) -> Result<()> {
        if plan.first.is_empty()
            || self.is_signed_apart()
            || self.settings.dry_run
            || self.size(plan)? <= ledger::MAX_TRANSACTION
        {
            return Ok(());
        }
        self.consent(fields, &plan.irreversible)?;
        plan.irreversible.clear();
        let before = Plan {
            instructions: std::mem::take(&mut plan.first),
            signers: plan.signers.clone(),
            wraps: std::mem::take(&mut plan.wraps),
            ..Plan::default()
        };
        let was_in_steps = self.journal.in_steps(true);
        let sent = self.execute(before, Fields::new());
        self.journal.in_steps(was_in_steps);
        sent.map(drop)
    }

    fn require_signatures(&self, transaction: &Transaction) -> Result<()> {
        if transaction.is_signed() {
            return Ok(());
        }
        let missing: Vec<String> = super::offline::missing(transaction)
            .map(ToString::to_string)
            .collect();
        Err(Failure::Key(format!(
            "signatures are missing, give them with --signer: {}",
            missing.join(", ")
        )))
    }
}
