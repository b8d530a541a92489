//! A run at work, shown turn by turn.

use {
    super::{billed, ended, shown},
    crate::{
        failure::{Failure, Result},
        keys,
        output::{Fields, Value},
        screen::Screen,
        session::Session,
    },
    sluice_client::{
        Ledger, read_keypair_file,
        waiting::{Wait, Waiting},
    },
    sluice_member::{clock::ChainClock, member::Caller},
    sluice_run::{
        engine::{Engine, Error, Parts, Progress},
        inputs::Folder,
        judge::Judge,
        order::Kernel,
        runs::Held,
        send::Sender,
    },
    std::{
        sync::Arc,
        thread::sleep,
        time::{Duration, Instant},
    },
};

/// Between two looks at the chain, and the longest after looks that failed.
const BETWEEN: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(15);
/// A run that could not look or send for so long is left to a later start.
const GIVEN_UP: Duration = Duration::from_secs(900);

/// Who a run is of, before it begins.
pub struct At {
    pub sender: Sender,
    pub caller: Caller,
    clock: Arc<ChainClock>,
}

/// A run that is about to work.
pub struct Going<'a> {
    at: At,
    held: &'a Held,
    kernel: Arc<Kernel>,
    inputs: Arc<Folder>,
    judge: Arc<Judge>,
}

impl At {
    /// The buyer whose key signs: transactions, and every request to members.
    pub fn new(session: &Session<impl Ledger>, is_private_allowed: bool) -> Result<Self> {
        if session.settings().as_instruction || session.settings().sign_only {
            return Err(Failure::Usage(
                "a run sends many transactions as it goes on: it cannot be printed or signed apart"
                    .to_owned(),
            ));
        }
        let source = &session.settings().keypair;
        let file = keys::file_of(source).ok_or_else(|| {
            Failure::Key(
                "a run signs a request to attesters every few seconds: --keypair must be a keypair file"
                    .to_owned(),
            )
        })?;
        let buyer = session.signer()?;
        let key = read_keypair_file(file)
            .map_err(|_| Failure::Key(format!("{} is not a keypair file", file.display())))?;
        let clock = Arc::<ChainClock>::default();
        clock.read(session.now()?);
        let caller = Caller::new(Arc::new(key), Arc::clone(&clock), is_private_allowed)
            .map_err(|error| Failure::input(error.to_string()))?;
        Ok(Self {
            sender: Sender {
                buyer,
                payer: session.payer()?,
                unit_price: session.settings().unit_price,
                notes: super::folder(session)?,
            },
            caller,
            clock,
        })
    }

    /// The same for a run that began before.
    pub fn resumed<'a>(session: &Session<impl Ledger>, held: &'a Held) -> Result<Going<'a>> {
        let settings = &held.settings;
        let at = Self::new(session, settings.is_private_allowed)?;
        if at.sender.buyer() != settings.buyer {
            return Err(Failure::WrongSigner {
                role: "buyer",
                expected: settings.buyer,
                given: at.sender.buyer(),
            });
        }
        if session.ledger.genesis()?.to_string() != settings.genesis {
            return Err(Failure::input(format!(
                "the run {} is on another cluster: give its --url",
                settings.id
            )));
        }
        let kernel = held.kernel()?;
        let judge = held.judge(&kernel)?;
        let inputs = held.inputs()?;
        Ok(at.with(held, Arc::new(kernel), Arc::new(inputs), Arc::new(judge)))
    }

    /// With what the run works on.
    pub fn with(
        mut self,
        held: &Held,
        kernel: Arc<Kernel>,
        inputs: Arc<Folder>,
        judge: Arc<Judge>,
    ) -> Going<'_> {
        self.sender.notes = held.folder.join("notes");
        Going {
            at: self,
            held,
            kernel,
            inputs,
            judge,
        }
    }
}

impl Going<'_> {
    /// Turns until it is done, or as long as it has to look on; then what it came to.
    pub fn go(
        self,
        session: &mut Session<impl Ledger>,
        screen: &mut Screen,
        no_settle: bool,
    ) -> Result<Fields> {
        let onlooker = session.onlooker();
        let settings = &self.held.settings;
        let mint = session.mint(&settings.mint)?;
        let unit = shown::Unit::of(session, &mint);
        let mut engine = Engine::new(Parts {
            ledger: &mut session.ledger,
            store: Arc::clone(&self.held.store),
            folder: self.held.folder.clone(),
            sender: self.at.sender,
            caller: self.at.caller,
            clock: self.at.clock,
            kernel: self.kernel,
            inputs: self.inputs,
            judge: self.judge,
        })?;
        let mut told = shown::Told::default();
        let mut well_at = Instant::now();
        let mut pause = BETWEEN;
        loop {
            match engine.turn() {
                Ok(progress) => {
                    (well_at, pause) = (Instant::now(), BETWEEN);
                    told.tell(&progress, &unit, screen);
                    if progress.is_done || no_settle && is_enough(&progress) {
                        break;
                    }
                    let _waiting = shown::waiting(&onlooker, &progress, &unit);
                    sleep(pause);
                }
                Err(error) => {
                    told.failed(&error, screen);
                    if well_at.elapsed() > GIVEN_UP || is_final(&error) {
                        return Err(error.into());
                    }
                    pause = pause.saturating_mul(2).min(LONGEST);
                    let wait = Wait::Told("waits, for something failed".into());
                    let _waiting = Waiting::new(&onlooker, &wait);
                    sleep(pause);
                }
            }
        }
        drop(engine);
        let fields = ended::fields(session, &self.held.store, settings, false)?;
        // The results are there whatever history can tell.
        match billed::read(session, &self.held.store, settings) {
            Ok(bill) => {
                let bill = billed::fields(&bill, settings, &mint);
                Ok(fields.with("bill", Value::Group(bill)))
            }
            Err(failure) => {
                screen.note(&format!("no bill yet: {failure}"));
                Ok(fields)
            }
        }
    }
}

/// True where no later turn helps.
const fn is_final(error: &Error) -> bool {
    matches!(
        error,
        Error::Store(_) | Error::Contradiction(_) | Error::Spec
    )
}

/// Every result is here, and the run need not look on.
fn is_enough(progress: &Progress) -> bool {
    progress.chunks.settled() == progress.chunks.all() && progress.needed_until.is_none()
}
