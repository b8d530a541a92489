//! From a plan to the result of a command.

use {
    super::{Plan, Session, consent},
    crate::{
        failure::{Failure, Result},
        output::{Fields, Looks},
        parse::date,
    },
    sluice::constants::WRAPPED_SOL,
    sluice_client::{
        Ledger, amount,
        ledger::{self, Lifetime},
        send::{Became, Irreversible, Keys},
    },
    solana_address::Address,
    solana_hash::Hash,
    solana_signature::Signature,
};

/// After so long whoever runs a command again means to do it again, seconds.
const STALE_SECS: i64 = 3_600;

impl<L: Ledger> Session<L> {
    /// Checks the payer, simulates, sizes the limits and, unless this is a dry run, asks, signs and sends; then `fields` with
    /// the signature before them.
    pub fn execute(&mut self, mut plan: Plan, fields: Fields) -> Result<Fields> {
        self.journal.require_no_doubt()?;
        if self.is_proposal() {
            self.propose(&plan)?;
            return Ok(fields);
        }
        self.split_if_too_large(&mut plan, &fields)?;
        self.require_one_if_apart()?;
        let envelope = self.envelope()?;
        self.gather([])?;
        let prepared = envelope.prepare(&self.ledger, &plan)?;
        let limits = prepared.limits;
        if self.settings.dry_run {
            return Ok(Fields::new()
                .with("dry_run", true)
                .with(
                    "compute_units",
                    u32::try_from(prepared.trial.compute_units).ok(),
                )
                .with("compute_unit_limit", limits.units)
                .sol("fee", prepared.fee)
                .join(fields));
        }
        self.consent(
            &fields.clone().join(self.around(prepared.fee)),
            &in_words(&plan, &self.looks()),
        )?;
        let signed = prepared.sign()?;
        if self.settings.sign_only {
            return Ok(self.signed_apart(&signed.transaction, limits, fields));
        }
        let keys = self.keys()?;
        let receipt = signed.deliver(
            &mut self.ledger,
            &mut self.journal,
            &keys,
            &fields,
            |transaction| consent::tell_waiting(&self.progress, transaction),
        )?;
        Ok(self.sent(&receipt.signature).join(fields))
    }

    /// `steps`, each whole and in their order, in as few plans as fit a transaction each.
    pub fn pack(&self, steps: Vec<Plan>) -> Result<Vec<Plan>> {
        // One step needs no payer yet.
        if steps.len() < 2 {
            return Ok(steps);
        }
        Ok(self.envelope()?.pack(steps))
    }

    /// Finds out what became of the transaction that an earlier run of this command left on its way: its result if the command
    /// is thereby done, else nothing, and the command goes on.
    pub fn resume(&mut self) -> Result<Option<Fields>> {
        if self.is_dry_run() || !self.journal.has_any() {
            return Ok(None);
        }
        let keys = self.keys()?;
        let Some(left) = self.journal.left::<Fields>(&self.ledger, &keys)? else {
            return Ok(None);
        };
        if self.settings.sign_only {
            return Err(Failure::input(
                "an earlier run of this command left a transaction on its way: run it again without --sign-only first",
            ));
        }
        let became = left.settle(&mut self.ledger, &mut self.journal)?;
        // It may have landed since the command's accounts were read.
        self.ledger.forget();
        let Became::Done {
            signature,
            noted_at,
            age,
            result,
        } = became
        else {
            return Ok(None);
        };
        if age > STALE_SECS {
            return Err(Failure::Declined(format!(
                "an earlier run of this command at {} did it, with {signature}, and could not tell; nothing was sent now: run it again to do it anew",
                date(noted_at)
            )));
        }
        Ok(Some(
            self.sent(&signature)
                .with("resumed", true)
                .date("sent_at", noted_at)
                .join(result),
        ))
    }

    /// The transaction that did it, and where people look at it.
    pub fn sent(&self, signature: &Signature) -> Fields {
        let fields = Fields::new().with("signature", *signature);
        match self.looks().written_explorer() {
            Some(explorer) => fields.said("explorer", explorer.transaction(&signature.to_string())),
            None => fields,
        }
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

    /// The lifetime of what is signed with the `given` value of a nonce, or with what it holds.
    pub fn nonce_lifetime(&self, nonce: &Address, given: Option<Hash>) -> Result<Lifetime> {
        Ok(ledger::nonce::read(&self.ledger, nonce, given)?)
    }

    /// Sends what goes first on its own when it does not fit one transaction with the rest; asks before, for both.
    fn split_if_too_large(&mut self, plan: &mut Plan, fields: &Fields) -> Result<()> {
        if plan.first.is_empty() || self.settings.dry_run {
            return Ok(());
        }
        let Some(before) = self.envelope()?.split(plan) else {
            return Ok(());
        };
        self.consent(fields, &in_words(plan, &self.looks()))?;
        plan.irreversible.clear();
        let was_in_steps = self.journal.in_steps(true);
        let sent = self.execute(before, Fields::new());
        self.journal.in_steps(was_in_steps);
        sent.map(drop)
    }
}

impl<L: Ledger> Session<L> {
    /// What no verb tells and the question does: where it is sent, what it costs, and whose defaults stand in it.
    fn around(&self, fee: u64) -> Fields {
        let profile = self.profile.is_there().then(|| self.profile.name());
        Fields::new()
            .section("Transaction")
            .with("cluster", self.cluster().url.to_string())
            .with("profile", profile.map(str::to_owned))
            .unless_nothing()
            .sol("fee", fee)
    }
}

/// What cannot be taken back, as somebody who looks on is told it.
fn in_words(plan: &Plan, looks: &Looks) -> Vec<String> {
    let told = |what: &Irreversible| match what {
        Irreversible::Takes {
            owner,
            mint,
            decimals,
            base,
        } => {
            let amount = amount::format(*base, *decimals);
            // A name is its owner's word for an address: nobody agrees to a name alone.
            let of = match looks.names.of(mint) {
                Some(symbol) if WRAPPED_SOL.contains(mint) => symbol.to_owned(),
                Some(symbol) => format!("{symbol} of the mint {mint}"),
                None => format!("of the mint {mint}"),
            };
            let name = looks.names.of(owner);
            let whose = name.map_or_else(|| owner.to_string(), str::to_owned);
            format!("moves {amount} {of} out of the account of {whose}")
        }
        Irreversible::Told(what) => what.clone(),
    };
    plan.irreversible.iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_taken_back_is_told_in_words() {
        let [owner, mint] = [1, 2].map(|byte| Address::new_from_array([byte; 32]));
        let takes = Irreversible::Takes {
            owner,
            mint,
            decimals: 6,
            base: 1_500_000,
        };
        let plan = Plan::default()
            .irreversible(takes)
            .irreversible("slashes and tombstones the attester");
        let moves = format!("moves 1.5 of the mint {mint} out of the account of {owner}");
        assert_eq!(
            in_words(&plan, &Looks::default()),
            [moves.as_str(), "slashes and tombstones the attester"]
        );
    }
}
