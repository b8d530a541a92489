//! What a message would do, in the words of the program's IDL: what somebody reads who signs it apart from the cluster.

use {
    crate::{
        idl,
        output::{Fields, Value},
        parse,
    },
    sluice_client::instruction::token::{TOKEN_2022_PROGRAM, TOKEN_PROGRAM},
    solana_address::Address,
    solana_message::{Message, compiled_instruction::CompiledInstruction},
    solana_sdk_ids::{compute_budget, ed25519_program, system_program},
    std::str,
};

/// Fee payer, blockhash, signers and instructions.
pub fn message(message: &Message) -> Fields {
    let instructions: Vec<Fields> = message
        .instructions
        .iter()
        .map(|one| instruction(message, one))
        .collect();
    let count = usize::from(message.header.num_required_signatures);
    let signers = message.account_keys.iter().take(count);
    Fields::new()
        .with("fee_payer", message.account_keys.first().copied())
        .with("blockhash", message.recent_blockhash.to_string())
        .with(
            "signers",
            Value::Lines(signers.map(ToString::to_string).collect()),
        )
        .with("instructions", instructions)
}

fn instruction(message: &Message, one: &CompiledInstruction) -> Fields {
    let key = |index: u8| message.account_keys.get(usize::from(index)).copied();
    let program = key(one.program_id_index).unwrap_or_default();
    let accounts: Vec<Address> = one
        .accounts
        .iter()
        .filter_map(|index| key(*index))
        .collect();
    if program == sluice_client::ID
        && let Some(fields) = ours(&accounts, &one.data)
    {
        return Fields::new().with("program", "sluice").join(fields);
    }
    let named = Fields::new().with("program", name_of(&program));
    if program == spl_memo_interface::v3::ID
        && let Ok(text) = str::from_utf8(&one.data)
    {
        return named.with("text", text);
    }
    let named = match known(&program, &one.data) {
        Some((name, amount)) => named.with("instruction", name).with("amount", amount),
        None => named,
    };
    let accounts = accounts.iter().map(ToString::to_string).collect();
    named
        .with("accounts", Value::Lines(accounts))
        .with("data", parse::hex(&one.data))
}

/// An instruction of the program: its name, arguments and accounts; `None` if the bytes are not exactly one.
fn ours(accounts: &[Address], data: &[u8]) -> Option<Fields> {
    let described = idl::describe(data)?;
    let more: Vec<String> = accounts
        .iter()
        .skip(described.accounts.len())
        .map(ToString::to_string)
        .collect();
    let mut named = Fields::new();
    for (name, account) in described.accounts.into_iter().zip(accounts) {
        // The program's own address stands for an account that is left out.
        let shown = (*account != sluice_client::ID).then_some(*account);
        named = named.with(name, shown);
    }
    if !more.is_empty() {
        named = named.with("remaining", Value::Lines(more));
    }
    Some(
        Fields::new()
            .with("instruction", described.name)
            .with("args", described.args)
            .with("accounts", named),
    )
}

/// What moves SOL and tokens, or lets others move them: its name, and how many base units where it says so.
fn known(program: &Address, data: &[u8]) -> Option<(&'static str, Option<u64>)> {
    let amount_at = |at: usize| {
        let bytes = data.get(at..)?.first_chunk::<8>()?;
        Some(u64::from_le_bytes(*bytes))
    };
    if *program == system_program::ID {
        let (tag, _) = data.split_first_chunk::<4>()?;
        return Some(match u32::from_le_bytes(*tag) {
            0 => ("create_account", amount_at(4)),
            1 => ("assign", None),
            2 => ("transfer", amount_at(4)),
            4 => ("advance_nonce_account", None),
            5 => ("withdraw_nonce_account", amount_at(4)),
            7 => ("authorize_nonce_account", None),
            _ => return None,
        });
    }
    if [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].contains(program) {
        return Some(match data.first()? {
            3 => ("transfer", amount_at(1)),
            4 => ("approve", amount_at(1)),
            5 => ("revoke", None),
            6 => ("set_authority", None),
            7 => ("mint_to", amount_at(1)),
            8 => ("burn", amount_at(1)),
            9 => ("close_account", None),
            12 => ("transfer_checked", amount_at(1)),
            13 => ("approve_checked", amount_at(1)),
            17 => ("sync_native", None),
            _ => return None,
        });
    }
    None
}

fn name_of(program: &Address) -> String {
    let known = [
        (system_program::ID, "system"),
        (compute_budget::ID, "compute budget"),
        (ed25519_program::ID, "ed25519 signatures"),
        (spl_memo_interface::v3::ID, "memo"),
        (TOKEN_PROGRAM, "token"),
        (TOKEN_2022_PROGRAM, "token-2022"),
        (
            spl_associated_token_account_interface::program::ID,
            "associated token account",
        ),
    ];
    known
        .iter()
        .find(|(address, _)| address == program)
        .map_or_else(|| program.to_string(), |(_, name)| (*name).to_owned())
}
