//! `sluice transaction`: what `--sign-only --dump-transaction-message` printed is shown, signed and sent.

mod describe;

use {
    crate::{
        failure::{Failure, Result},
        output::Fields,
        session::Session,
    },
    base64::{Engine, prelude::BASE64_STANDARD},
    clap::{Args, Subcommand},
    sluice_client::{
        ClientError, Ledger,
        ledger::{self, Lifetime, Outcome},
        send::require_signatures,
    },
    solana_address::Address,
    solana_message::Message,
    solana_sdk_ids::system_program,
    solana_signature::Signature,
    solana_transaction::Transaction,
    std::{fs, io},
};

#[derive(Subcommand, Debug)]
pub enum Verb {
    /// Shows what a message would do, offline.
    Show(Target),
    /// Signs a message with --keypair and prints ADDRESS=SIGNATURE, offline.
    Sign(Target),
    /// Sends a message with the signatures of --signer and of the keys at hand.
    Send(Target),
}

#[derive(Args, Debug)]
pub struct Target {
    /// The message in base64, a file that holds it, or - for standard input.
    message: String,
}

impl Verb {
    /// True for a command that talks to no cluster.
    pub const fn is_offline(&self) -> bool {
        !matches!(self, Self::Send(_))
    }

    /// True for a command that signs or sends the message.
    pub const fn signs_or_sends(&self) -> bool {
        !matches!(self, Self::Show(_))
    }

    /// Runs the verb.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let (Self::Show(target) | Self::Sign(target) | Self::Send(target)) = &self;
        if target.message == "-" {
            session.takes_stdin();
        }
        match self {
            Self::Show(target) => Ok(describe::message(&target.read()?)),
            Self::Sign(target) => target.sign(session),
            Self::Send(target) => target.send(session),
        }
    }
}

impl Target {
    fn read(&self) -> Result<Message> {
        let text = match self.message.as_str() {
            "-" => io::read_to_string(io::stdin()),
            path if fs::exists(path).unwrap_or(false) => fs::read_to_string(path),
            text => Ok(text.to_owned()),
        };
        let text =
            text.map_err(|error| Failure::input(format!("the message cannot be read: {error}")))?;
        // Mail and `base64` fold it, editors begin it with a byte order mark.
        let is_its_own = |letter: &char| !letter.is_whitespace() && *letter != '\u{feff}';
        let text: String = text.chars().filter(is_its_own).collect();
        let bytes = BASE64_STANDARD.decode(text).ok();
        bytes
            .and_then(|bytes| ledger::message_from_wire(&bytes))
            .ok_or_else(|| {
                Failure::input(
                    "that is no message of a transaction in base64, as --sign-only --dump-transaction-message prints it",
                )
            })
    }

    fn sign(&self, session: &Session<impl Ledger>) -> Result<Fields> {
        let message = self.read()?;
        let key = session.signer()?;
        let address = key.pubkey();
        if !required(&message).any(|required| *required == address) {
            return Err(Failure::Key(format!(
                "the message needs no signature of {address}; it needs those of {}",
                required(&message)
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            )));
        }
        session.consent(
            &describe::message(&message),
            &["is what you sign".to_owned()],
        )?;
        let signature = key
            .try_sign_message(&message.serialize())
            .map_err(|error| ClientError::Signing(error.to_string()))?;
        Ok(Fields::new().with("signer", format!("{address}={signature}")))
    }

    fn send(&self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let message = self.read()?;
        let described = describe::message(&message);
        let nonce = nonce_of(&message);
        session.consent(&described, &["is what is sent".to_owned()])?;
        let transaction = session.countersign(Transaction::new_unsigned(message))?;
        require_signatures(&transaction)?;
        let lifetime = lifetime(session, &transaction, nonce)?;
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        if let Some(told) = landed(session, &signature, &lifetime)? {
            return Ok(told);
        }
        match session.ledger.simulate(&transaction) {
            // Its blockhash is too old, or comes from a node that is ahead: the past tells.
            Err(error) if error.is_blockhash() => {
                let over = Lifetime::given(lifetime.hash(), 0, lifetime.slot());
                return landed(session, &signature, &over)?.ok_or_else(|| error.into());
            }
            simulated => simulated?,
        };
        if session.is_dry_run() {
            return Ok(Fields::new().with("dry_run", true).join(described));
        }
        // Others may have sent it too.
        let receipt = session.ledger.settle(&transaction, &lifetime)?;
        Ok(session.sent(&receipt.signature))
    }
}

/// The result if it landed before; an error if it failed or never will.
fn landed(
    session: &Session<impl Ledger>,
    signature: &Signature,
    lifetime: &Lifetime,
) -> Result<Option<Fields>> {
    match session.ledger.outcome(signature, lifetime)? {
        Outcome::Pending => Ok(None),
        Outcome::Landed => Ok(Some(session.sent(signature).with("landed_before", true))),
        Outcome::Failed(error) => Err(ClientError::of_transaction(error, vec![]).into()),
        Outcome::Expired => Err(ClientError::Expired(*signature).into()),
    }
}

/// The keys that have to sign.
fn required(message: &Message) -> impl Iterator<Item = &Address> {
    let count = usize::from(message.header.num_required_signatures);
    message.account_keys.iter().take(count)
}

/// The nonce account that the message advances, if it begins with that.
fn nonce_of(message: &Message) -> Option<Address> {
    /// `SystemInstruction::AdvanceNonceAccount`.
    const ADVANCE: [u8; 4] = [4, 0, 0, 0];
    let first = message.instructions.first()?;
    let program = message
        .account_keys
        .get(usize::from(first.program_id_index))?;
    let account = message
        .account_keys
        .get(usize::from(*first.accounts.first()?))?;
    (*program == system_program::ID && first.data == ADVANCE).then_some(*account)
}

/// Until when the signed transaction can land.
fn lifetime(
    session: &Session<impl Ledger>,
    transaction: &Transaction,
    nonce: Option<Address>,
) -> Result<Lifetime> {
    let hash = transaction.message.recent_blockhash;
    let latest = session.ledger.latest()?;
    match (nonce, latest) {
        (Some(account), _) => session.nonce_lifetime(&account, Some(hash)),
        (
            None,
            Lifetime::Blockhash {
                last_valid_block_height,
                slot,
                ..
            },
        ) => Ok(Lifetime::given(hash, last_valid_block_height, slot)),
        (None, latest) => Ok(latest),
    }
}
