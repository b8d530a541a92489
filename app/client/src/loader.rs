//! The chain's own loader (loader-v3): code put on the chain as a program, called without a trace, and its rent taken back.
//!
//! Every address follows from who pays and from the code, so a deployment that was broken off goes on, and no key is made for it.

use {
    crate::{
        error::{ClientError, Result},
        hex,
        ledger::{Ledger, MAX_TRANSACTION, Receipt},
        send::{self, Envelope, Plan},
    },
    base64::{Engine, engine::general_purpose::STANDARD as BASE64},
    sha2::{Digest, Sha256},
    solana_account::Account,
    solana_address::Address,
    solana_compute_budget_interface::ComputeBudgetInstruction,
    solana_instruction::{Instruction, error::InstructionError},
    solana_loader_v3_interface::{
        get_program_data_address, instruction as loader, state::UpgradeableLoaderState as State,
    },
    solana_message::Message,
    solana_sdk_ids::system_program,
    solana_system_interface::instruction::{allocate_with_seed, transfer},
    solana_transaction::Transaction,
    solana_transaction_error::TransactionError,
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

/// Transactions that deploying code of `len` bytes and closing it takes, about.
pub fn transactions(envelope: &Envelope, len: usize) -> u64 {
    let payer = envelope.payer.pubkey();
    let parts = len.div_ceil(part(envelope, &payer, &system_program::ID));
    // The buffer, the program, and the end of both.
    u64::try_from(parts).unwrap_or(u64::MAX).saturating_add(3)
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

/// What a call gave.
#[derive(Clone, Debug)]
pub struct Called {
    /// What it returned, nothing where it returned nothing; or why it failed.
    pub outcome: std::result::Result<Option<Vec<u8>>, String>,
    /// Compute units of the program.
    pub units: Option<u64>,
}

/// Bytes of input that one transaction has room for.
pub fn room(payer: &Address, program: &Address) -> usize {
    let empty = call_of(payer, program, &[], u32::MAX);
    // The length of the data is told in a byte while there is none, and in two later.
    let taken = crate::ledger::size(&empty).saturating_add(1);
    MAX_TRANSACTION.saturating_sub(taken)
}

/// Calls a program with `input` and no accounts, without committing anything: nobody signs and nobody pays.
///
/// # Errors
/// The ledger's. That the program fails is none.
pub fn call(
    ledger: &impl Ledger,
    payer: &Address,
    program: &Address,
    input: &[u8],
    units: u32,
) -> Result<Called> {
    let transaction = call_of(payer, program, input, units);
    let size = crate::ledger::size(&transaction);
    if size > MAX_TRANSACTION {
        return Err(ClientError::TooLarge(size));
    }
    match ledger.simulate_with_latest(&transaction) {
        Ok((Receipt { logs, .. }, _)) => Ok(Called {
            outcome: Ok(returned(&logs, program)),
            units: consumed(&logs, program),
        }),
        // A program that the node does not know, or knows no more, says nothing of its code.
        Err(ClientError::Transaction {
            error: TransactionError::InstructionError(1, error),
            logs,
        }) if error != InstructionError::UnsupportedProgramId => Ok(Called {
            outcome: Err(error.to_string()),
            units: consumed(&logs, program),
        }),
        Err(ClientError::Program(error)) => Ok(Called {
            outcome: Err(error.to_string()),
            units: None,
        }),
        Err(error) => Err(error),
    }
}

fn call_of(payer: &Address, program: &Address, input: &[u8], units: u32) -> Transaction {
    let instructions = [
        ComputeBudgetInstruction::set_compute_unit_limit(units),
        Instruction {
            program_id: *program,
            accounts: vec![],
            data: input.to_vec(),
        },
    ];
    Transaction::new_unsigned(Message::new(&instructions, Some(payer)))
}

/// `Program return: PROGRAM BASE64`, the last of them.
fn returned(logs: &[String], program: &Address) -> Option<Vec<u8>> {
    let prefix = format!("Program return: {program} ");
    let mut lines = logs.iter().rev();
    let text = lines.find_map(|line| line.strip_prefix(&prefix))?;
    BASE64.decode(text).ok()
}

/// `Program PROGRAM consumed 5 of 1000 compute units`.
fn consumed(logs: &[String], program: &Address) -> Option<u64> {
    let prefix = format!("Program {program} consumed ");
    let mut lines = logs.iter();
    let text = lines.find_map(|line| line.strip_prefix(&prefix))?;
    text.split(' ').next()?.parse().ok()
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
