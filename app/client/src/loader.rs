//! The chain's own loader (loader-v3): code put on the chain as a program, called without a trace, and its rent taken back.
//!
//! Every address follows from who pays and from the code, so a deployment that was broken off goes on, and no key is made for it.

mod call;

pub use call::{Called, call, room};
use {
    crate::{
        error::{ClientError, Result},
        hex,
        ledger::{Ledger, MAX_TRANSACTION},
        send::{self, Cost, Envelope, Plan},
    },
    sha2::{Digest, Sha256},
    solana_account::Account,
    solana_address::Address,
    solana_loader_v3_interface::{
        get_program_data_address, instruction as loader, state::UpgradeableLoaderState as State,
    },
    solana_sdk_ids::system_program,
    solana_system_interface::instruction::{allocate_with_seed, transfer},
    std::{thread::sleep, time::Duration},
};

/// The loader itself.
pub const LOADER: Address = solana_sdk_ids::bpf_loader_upgradeable::ID;
/// Programs that one payer can have had of the same code: an address that was closed is never used again.
const MOST: u32 = 64;
/// Letters of a seed.
const SEED: usize = 32;
/// A program can be called from the slot after its deployment on; so often is looked whether that is there, ...
const LOOKS: u32 = 150;
/// ... and so long waited in between.
const BETWEEN: Duration = Duration::from_millis(200);
/// Compute units that no transaction of a deployment exceeds.
const UNITS: u32 = 20_000;
/// How long a transaction is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program of this payer's, and where its code is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// What is called.
    pub program: Address,
    /// Where its code is.
    pub data: Address,
}

/// Lamports that a deployment takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rent {
    /// Parted with until [`close`], all but `lost`.
    pub most: u64,
    /// Never given back: the program's own account stays.
    pub lost: u64,
}

/// What deploying code of `len` bytes takes.
///
/// # Errors
/// The ledger's.
pub fn rent(ledger: &impl Ledger, len: usize) -> Result<Rent> {
    let lost = ledger.minimum_balance(State::size_of_program())?;
    let data = ledger.minimum_balance(State::size_of_programdata(len))?;
    Ok(Rent {
        most: lost.saturating_add(data),
        lost,
    })
}

/// What a deployment comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// What is lent.
    pub rent: Rent,
    /// Transactions until the code is off the chain again, about.
    pub transactions: u64,
    /// Lamports of their fees.
    pub fees: u64,
}

impl Price {
    /// Refuses a `payer` who holds less than rent and fees come to.
    ///
    /// # Errors
    /// Too few lamports.
    pub fn require(&self, payer: &Address, held: u64) -> send::Result<()> {
        let cost = Cost {
            fee: self.fees,
            rent: self.rent.most,
            wraps: 0,
        };
        cost.require(payer, held)
    }
}

/// What deploying code of `len` bytes and closing it comes to.
///
/// # Errors
/// The ledger's.
pub fn price(ledger: &impl Ledger, envelope: &Envelope, len: usize) -> Result<Price> {
    let payer = envelope.payer.pubkey();
    let parts = len.div_ceil(part(envelope, &payer, &system_program::ID));
    // The buffer, the program, and the end of both.
    let transactions = u64::try_from(parts).unwrap_or(u64::MAX).saturating_add(3);
    let one = write(&system_program::ID, &payer, 0, &[]);
    let fee = send::fee(&one, &[payer], UNITS, envelope.unit_price.unwrap_or(0));
    Ok(Price {
        rent: rent(ledger, len)?,
        transactions,
        fees: transactions.saturating_mul(fee),
    })
}

/// Where a program of this payer and code is, or will be. All programs of the same code are made of one buffer, so that what was written
/// serves the next one.
struct Place {
    program: Address,
    program_seed: String,
    data: Address,
    buffer: Address,
    buffer_seed: String,
}

impl Place {
    fn of(payer: &Address, code: &[u8], number: u32) -> Result<Self> {
        let seed = |what: &str, number: u32| {
            let mut hasher = Sha256::new();
            hasher.update(what);
            hasher.update(number.to_le_bytes());
            hasher.update(Sha256::digest(code));
            let mut text = hex::encode(&hasher.finalize());
            text.truncate(SEED);
            text
        };
        let at = |seed: &str| {
            let derived = Address::create_with_seed(payer, seed, &LOADER);
            derived.map_err(|error| ClientError::Signing(error.to_string()))
        };
        let (program_seed, buffer_seed) = (seed("program", number), seed("buffer", 0));
        let program = at(&program_seed)?;
        Ok(Self {
            data: get_program_data_address(&program),
            buffer: at(&buffer_seed)?,
            program,
            program_seed,
            buffer_seed,
        })
    }
}

/// Puts `code` on the chain as a program of the envelope's payer, who may close it again; no account of it takes more than `rent` says. What
/// an earlier call began goes on, and a program of the same payer and code that is there is taken: only this payer can have made it. Where
/// the chain refuses the code, what was lent for it is taken back.
///
/// # Errors
/// Those of sending: a later call goes on from where this one stopped.
pub fn deploy(
    ledger: &mut impl Ledger,
    envelope: &Envelope,
    code: &[u8],
    rent: Rent,
) -> send::Result<Deployed> {
    let payer = envelope.payer.pubkey();
    for number in 0..MOST {
        let place = Place::of(&payer, code, number)?;
        let deployed = Deployed {
            program: place.program,
            data: place.data,
        };
        let found = ledger.accounts(&[place.program, place.data, place.buffer])?;
        let [program, data, buffer] = found.as_slice() else {
            return Err(ClientError::NoAccount(place.program).into());
        };
        match data {
            // Lamports that somebody sent to the data's address keep the loader from making it.
            None if is_free(program.as_ref()) => {
                fill(ledger, envelope, &place, code, buffer.as_ref(), rent.most)?;
                let program = program.as_ref();
                let published = publish(ledger, envelope, &place, code.len(), program, rent.lost);
                if let Err(error) = published {
                    if is_refusal(&error) {
                        let close =
                            loader::close_any(&place.buffer, &payer, Some(&payer), None, false);
                        deliver(ledger, envelope, &Plan::of(close))?;
                    }
                    return Err(error);
                }
                return Ok(deployed);
            }
            Some(data) if holds(data, State::size_of_programdata_metadata(), code) => {
                return Ok(deployed);
            }
            // It was closed, or is spoilt: its address is lost.
            _ => {}
        }
    }
    let why = format!("{MOST} programs of this code were closed by this payer: use another one");
    Err(ClientError::Signing(why).into())
}

/// True where the chain itself says no, and would again.
const fn is_refusal(error: &send::Error) -> bool {
    matches!(
        error,
        send::Error::Client(ClientError::Transaction { .. } | ClientError::Program(_))
    )
}

/// Waits until a program that was just deployed can be called, and closed.
///
/// # Errors
/// The ledger's, and where that takes too long.
pub fn await_slot(ledger: &impl Ledger, deployed: &Deployed) -> Result<()> {
    let data = &deployed.data;
    let account = ledger.account(data)?.ok_or(ClientError::NoAccount(*data))?;
    let slot = account
        .data
        .get(4..12)
        .and_then(|bytes| bytes.try_into().ok());
    let slot = u64::from_le_bytes(slot.unwrap_or_default());
    for _ in 0..LOOKS {
        if ledger.clock()?.slot > slot {
            return Ok(());
        }
        sleep(BETWEEN);
    }
    let why = format!("the node is at the slot {slot} still, in which the program was deployed");
    Err(ClientError::Rpc(why.into()))
}

/// Takes back what a program holds, but for its own account's rent. Nobody can call it any more.
///
/// # Errors
/// Those of sending.
pub fn close(
    ledger: &mut impl Ledger,
    envelope: &Envelope,
    deployed: &Deployed,
) -> send::Result<()> {
    let payer = envelope.payer.pubkey();
    let close = loader::close_any(
        &deployed.data,
        &payer,
        Some(&payer),
        Some(&deployed.program),
        false,
    );
    deliver(ledger, envelope, &Plan::of(close))
}

/// True of an account of the loader's with this code behind its header, and nothing but zeros behind that.
fn holds(account: &Account, header: usize, code: &[u8]) -> bool {
    let held = account.data.get(header..).unwrap_or_default();
    account.owner == LOADER
        && held
            .strip_prefix(code)
            .is_some_and(|rest| rest.iter().all(|byte| *byte == 0))
}

/// True where the loader can make something: nothing is there, or lamports that somebody sent.
fn is_free(found: Option<&Account>) -> bool {
    found.is_none_or(|found| found.owner == system_program::ID && found.data.is_empty())
}

/// Makes an account of the loader's, whatever lamports are at its address before: whoever knows it may have sent some.
fn create(
    ledger: &impl Ledger,
    payer: &Address,
    (address, seed): (&Address, &str),
    size: usize,
    found: Option<&Account>,
    most: u64,
) -> Result<Plan> {
    let held = found.map_or(0, |found| found.lamports);
    let rent = ledger.minimum_balance(size)?;
    if rent > most {
        let why = format!("the node tells {rent} lamports of rent, and told {most} before");
        return Err(ClientError::Rpc(why.into()));
    }
    let missing = rent.saturating_sub(held);
    let mut plan = Plan::default().creating(size);
    if missing > 0 {
        plan.push(transfer(payer, address, missing));
    }
    let space = u64::try_from(size).unwrap_or(u64::MAX);
    plan.push(allocate_with_seed(address, payer, seed, space, &LOADER));
    Ok(plan)
}

/// Makes the buffer if it is not there, and writes what differs in it.
fn fill(
    ledger: &mut impl Ledger,
    envelope: &Envelope,
    place: &Place,
    code: &[u8],
    found: Option<&Account>,
    most: u64,
) -> send::Result<()> {
    let payer = envelope.payer.pubkey();
    let size = State::size_of_buffer(code.len());
    let mut there = vec![0; code.len()];
    match found.filter(|found| found.data.len() == size && found.owner == LOADER) {
        Some(found) => {
            let held = found.data.get(State::size_of_buffer_metadata()..);
            there.copy_from_slice(held.unwrap_or_default());
        }
        None => {
            let at = (&place.buffer, place.buffer_seed.as_str());
            let mut plan = create(ledger, &payer, at, size, found, most)?;
            let begin = loader::create_buffer(&payer, &place.buffer, &payer, 0, code.len());
            let begin = begin.map_err(|error| ClientError::Signing(error.to_string()))?;
            // The account is made above.
            begin.into_iter().skip(1).for_each(|one| plan.push(one));
            deliver(ledger, envelope, &plan)?;
        }
    }
    let room = part(envelope, &payer, &place.buffer);
    let parts = code.chunks(room).zip(there.chunks(room));
    for (number, (wanted, held)) in parts.enumerate() {
        if wanted != held {
            let offset = number.saturating_mul(room);
            deliver(
                ledger,
                envelope,
                &write(&place.buffer, &payer, offset, wanted),
            )?;
        }
    }
    Ok(())
}

fn write(buffer: &Address, payer: &Address, offset: usize, bytes: &[u8]) -> Plan {
    let offset = u32::try_from(offset).unwrap_or(u32::MAX);
    Plan::of(loader::write(buffer, payer, offset, bytes.to_vec()))
}

/// Bytes of code that one transaction carries.
fn part(envelope: &Envelope, payer: &Address, buffer: &Address) -> usize {
    const SOME: usize = 128;
    let taken = envelope.size(&write(buffer, payer, 0, &[0; SOME]));
    let taken = taken.saturating_sub(SOME);
    MAX_TRANSACTION.saturating_sub(taken).max(1)
}

/// Makes a program of the buffer.
fn publish(
    ledger: &mut impl Ledger,
    envelope: &Envelope,
    place: &Place,
    len: usize,
    found: Option<&Account>,
    most: u64,
) -> send::Result<()> {
    let payer = envelope.payer.pubkey();
    let at = (&place.program, place.program_seed.as_str());
    // The buffer's rent pays for the data's.
    let mut plan = create(ledger, &payer, at, State::size_of_program(), found, most)?;
    let deploy = loader::deploy_with_max_program_len(
        &payer,
        &place.program,
        &place.buffer,
        &payer,
        0,
        len,
        true,
    );
    let deploy = deploy.map_err(|error| ClientError::Signing(error.to_string()))?;
    // The account is made above.
    deploy.into_iter().skip(1).for_each(|one| plan.push(one));
    deliver(ledger, envelope, &plan)
}

fn deliver(ledger: &mut impl Ledger, envelope: &Envelope, plan: &Plan) -> send::Result<()> {
    let signed = envelope.prepare(ledger, plan)?.sign()?;
    signed.submit(ledger, PATIENCE)?;
    Ok(())
}
