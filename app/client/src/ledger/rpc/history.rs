//! Past transactions from a node. One request at a time.

use {
    super::Rpc,
    crate::{
        error::{ClientError, Result},
        ledger::{
            History,
            history::{Call, Entry, LamportChange, Past, Run, TokenChange},
        },
    },
    serde_json::json,
    solana_address::Address,
    solana_rpc_client::rpc_client::{GetConfirmedSignaturesForAddress2Config, RpcClient},
    solana_rpc_client_api::{
        client_error::{Error, ErrorKind},
        config::RpcTransactionConfig,
        request::{RpcError, RpcRequest},
    },
    solana_signature::Signature,
    solana_transaction_status_client_types::{
        EncodedConfirmedTransactionWithStatusMeta, EncodedTransaction, UiCompiledInstruction,
        UiInstruction, UiMessage, UiTransactionEncoding, UiTransactionStatusMeta,
        UiTransactionTokenBalance,
    },
    std::{collections::BTreeMap, str::FromStr, thread, time::Duration},
};

/// A node may list a transaction a moment before it tells it.
const ATTEMPTS: u32 = 3;
const MOMENT: Duration = Duration::from_millis(400);
/// Of transactions: the version that every node tells, and the next one, for which only newer nodes can be asked.
const VERSIONS: [u8; 2] = [0, 1];
/// The node's answer to one of a higher version than was asked for.
const HIGHER_VERSION: i64 = -32_015;
/// The answer of one that does not know the version that it is asked for.
const INVALID_PARAMS: i64 = -32_602;

impl Rpc {
    fn fetch(&self, signature: &Signature) -> Result<Option<Past>> {
        let get = |client: &RpcClient, version| {
            let config = RpcTransactionConfig {
                encoding: Some(UiTransactionEncoding::Json),
                commitment: Some(self.settled()),
                max_supported_transaction_version: Some(version),
            };
            let params = json!([signature.to_string(), config]);
            client.send::<Option<EncodedConfirmedTransactionWithStatusMeta>>(
                RpcRequest::GetTransaction,
                params,
            )
        };
        let [every, newer] = VERSIONS;
        let told = self.call(|client| match get(client, every) {
            Err(error) if is_one_of(&error, &[HIGHER_VERSION]) => match get(client, newer) {
                Err(error) if is_one_of(&error, &[HIGHER_VERSION, INVALID_PARAMS]) => Ok(None),
                newer => newer.map(Some),
            },
            told => told.map(Some),
        })?;
        let told = told.ok_or(ClientError::Untold(*signature))?;
        told.map(|found| past(*signature, found)).transpose()
    }
}

impl History for Rpc {
    fn page(
        &self,
        address: &Address,
        before: Option<&Signature>,
        limit: usize,
    ) -> Result<Vec<Entry>> {
        let config = || GetConfirmedSignaturesForAddress2Config {
            before: before.copied(),
            until: None,
            limit: Some(limit),
            commitment: Some(self.settled()),
        };
        let listed =
            self.call(|client| client.get_signatures_for_address_with_config(address, config()))?;
        listed
            .into_iter()
            .map(|one| {
                Ok(Entry {
                    signature: parse(&one.signature)?,
                    slot: one.slot,
                    time: one.block_time,
                    failed: one.err.is_some(),
                })
            })
            .collect()
    }

    fn find(&self, signature: &Signature) -> Result<Option<Past>> {
        for _ in 1..ATTEMPTS {
            if let Some(found) = self.fetch(signature)? {
                return Ok(Some(found));
            }
            thread::sleep(MOMENT);
        }
        self.fetch(signature)
    }

    fn first_slot(&self) -> Result<u64> {
        self.call(RpcClient::get_first_available_block)
    }
}

fn past(signature: Signature, found: EncodedConfirmedTransactionWithStatusMeta) -> Result<Past> {
    let unknown = |what: &str| {
        ClientError::Rpc(format!("the node tells the transaction {signature} {what}").into())
    };
    let meta = found
        .transaction
        .meta
        .ok_or_else(|| unknown("without what came of it"))?;
    let EncodedTransaction::Json(transaction) = found.transaction.transaction else {
        return Err(unknown("in another encoding than JSON"));
    };
    let UiMessage::Raw(message) = transaction.message else {
        return Err(unknown("in another form than asked for"));
    };
    let mut keys = message.account_keys;
    if let Some(loaded) = Option::<_>::from(meta.loaded_addresses.clone()) {
        let loaded: solana_transaction_status_client_types::UiLoadedAddresses = loaded;
        keys.extend(loaded.writable);
        keys.extend(loaded.readonly);
    }
    let accounts: Vec<Address> = keys.iter().map(|key| parse(key)).collect::<Result<_>>()?;
    let traced = Option::<Vec<_>>::from(meta.inner_instructions.clone());
    let is_traced = traced.is_some();
    let inner = traced.unwrap_or_default();
    let mut runs = vec![];
    for (index, outer) in message.instructions.iter().enumerate() {
        runs.push(run(outer, &accounts)?);
        let of_outer = inner.iter().filter(|one| usize::from(one.index) == index);
        for one in of_outer.flat_map(|one| &one.instructions) {
            if let UiInstruction::Compiled(one) = one {
                runs.push(run(one, &accounts)?);
            }
        }
    }
    let balances = meta.pre_balances.iter().zip(&meta.post_balances);
    let lamports = accounts.iter().zip(balances);
    let lamports = lamports.map(|(account, (before, after))| LamportChange {
        account: *account,
        before: *before,
        after: *after,
    });
    Ok(Past {
        signature,
        slot: found.slot,
        time: found.block_time,
        error: meta.err.clone().map(Into::into),
        fee: Some(meta.fee),
        lamports: lamports.collect(),
        accounts,
        signers: usize::from(message.header.num_required_signatures),
        calls: Call::all(runs),
        is_traced,
        is_untold: false,
        tokens: tokens(&keys, &meta)?,
        logs: meta.log_messages.into(),
    })
}

fn is_one_of(error: &Error, codes: &[i64]) -> bool {
    matches!(
        error.kind(),
        ErrorKind::RpcError(RpcError::RpcResponseError { code, .. }) if codes.contains(code)
    )
}

/// The instruction as it ran.
fn run(one: &UiCompiledInstruction, accounts: &[Address]) -> Result<Run> {
    let at = |index: u8| {
        let found = accounts.get(usize::from(index)).copied();
        found.ok_or_else(|| ClientError::Rpc("an instruction with an account of none".into()))
    };
    let data = bs58::decode(&one.data).into_vec();
    Ok(Run {
        program: at(one.program_id_index)?,
        accounts: one
            .accounts
            .iter()
            .map(|one| at(*one))
            .collect::<Result<_>>()?,
        data: data
            .map_err(|_| ClientError::Rpc("an instruction whose data is no base 58".into()))?,
    })
}

/// The token accounts before and after. One that is on one side only did not exist on the other.
fn tokens(keys: &[String], meta: &UiTransactionStatusMeta) -> Result<Vec<TokenChange>> {
    let list = |side: &_| -> Vec<UiTransactionTokenBalance> {
        Option::<Vec<_>>::from(Clone::clone(side)).unwrap_or_default()
    };
    let mut changes: BTreeMap<u8, TokenChange> = BTreeMap::new();
    let sides = [
        (&meta.pre_token_balances, false),
        (&meta.post_token_balances, true),
    ];
    for (side, is_after) in sides {
        for balance in list(side) {
            let key = keys
                .get(usize::from(balance.account_index))
                .ok_or_else(|| ClientError::Rpc("a token balance of no account".into()))?;
            let amount: u64 = parse(&balance.ui_token_amount.amount)?;
            let change = changes.entry(balance.account_index).or_insert(TokenChange {
                account: parse(key)?,
                mint: parse(&balance.mint)?,
                owner: Option::<String>::from(balance.owner.clone())
                    .map(|owner| parse(&owner))
                    .transpose()?,
                decimals: balance.ui_token_amount.decimals,
                before: 0,
                after: 0,
            });
            if is_after {
                change.after = amount;
            } else {
                change.before = amount;
            }
        }
    }
    Ok(changes.into_values().collect())
}

fn parse<T: FromStr>(text: &str) -> Result<T> {
    text.parse().map_err(|_| {
        ClientError::Rpc(format!("the node tells '{text}', which cannot be read").into())
    })
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        crate::error::ClientError,
        serde_json::Value,
        solana_commitment_config::CommitmentConfig,
        std::{
            io::{Read, Write},
            net::{TcpListener, TcpStream},
        },
    };

    /// The body of a request.
    fn body(stream: &mut TcpStream) -> Value {
        let mut text = vec![];
        let mut piece = [0; 4_096];
        loop {
            let len = stream.read(&mut piece).unwrap();
            text.extend_from_slice(&piece[..len]);
            let all = String::from_utf8_lossy(&text);
            if let Some((_, body)) = all.split_once("\r\n\r\n")
                && let Ok(body) = serde_json::from_str(body)
            {
                return body;
            }
        }
    }

    /// A node with these answers; its URL, and the versions that it is asked for.
    fn node(answers: Vec<Value>) -> (String, thread::JoinHandle<Vec<Value>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = thread::spawn(move || {
            let mut asked = vec![];
            for mut answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let request = body(&mut stream);
                answer["jsonrpc"] = "2.0".into();
                answer["id"] = request["id"].clone();
                asked.push(request["params"][1]["maxSupportedTransactionVersion"].clone());
                let text = answer.to_string();
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
                let len = text.len();
                write!(stream, "{head}\r\ncontent-length: {len}\r\n\r\n{text}").unwrap();
            }
            asked
        });
        (url, asked)
    }

    fn higher(version: u8) -> Value {
        let message =
            format!("Transaction version ({version}) is not supported by the requesting client");
        json!({ "error": { "code": HIGHER_VERSION, "message": message } })
    }

    #[test]
    fn a_later_version_is_asked_for_and_one_that_is_not_told_is_no_failure_of_the_node() {
        let refused = json!({ "error": { "code": INVALID_PARAMS, "message": "version" } });
        for second in [higher(2), refused] {
            let (url, asked) = node(vec![higher(1), second]);
            let rpc = Rpc::new(url, String::new(), CommitmentConfig::confirmed());
            let signature = Signature::from([7; 64]);
            let entry = Entry {
                signature,
                slot: 5,
                time: Some(9),
                failed: false,
            };
            let past = rpc.past(&entry).unwrap();
            assert_eq!(asked.join().unwrap(), [0, 1]);
            assert!(past.is_untold && past.logged().truncated);
            assert_eq!(
                (past.signature, past.slot, past.time),
                (signature, 5, Some(9))
            );
        }
        let (url, asked) = node(vec![higher(1), json!({ "result": null })]);
        let rpc = Rpc::new(url, String::new(), CommitmentConfig::confirmed());
        assert!(rpc.fetch(&Signature::default()).unwrap().is_none());
        assert_eq!(asked.join().unwrap(), [0, 1]);
    }

    #[test]
    fn another_fault_is_no_untold_transaction() {
        let strange = json!({ "result": { "slot": 5, "transaction": { "version": 1 } } });
        let refused = |code: i64| json!({ "error": { "code": code, "message": "no" } });
        for answers in [
            vec![refused(INVALID_PARAMS)],
            vec![higher(1), strange],
            vec![higher(1), refused(-32_601)],
            vec![higher(1), refused(-32_010)],
        ] {
            let count = answers.len();
            let (url, asked) = node(answers);
            let rpc = Rpc::new(url, String::new(), CommitmentConfig::confirmed());
            let told = rpc.fetch(&Signature::default());
            assert!(matches!(told, Err(ClientError::Rpc(_))), "{told:?}");
            assert_eq!(asked.join().unwrap().len(), count);
        }
    }

    #[test]
    fn a_transaction_tells_its_calls_and_what_they_moved() {
        let [payer, vault, mint, to] = [1, 2, 3, 4].map(|seed| Address::new_from_array([seed; 32]));
        let program = crate::instruction::token::TOKEN_PROGRAM;
        let keys = [payer, vault, to, mint, sluice::ID, program].map(|key| key.to_string());
        let base58 = |data: &[u8]| bs58::encode(data).into_string();
        let mut transfer = vec![12];
        transfer.extend(9_u64.to_le_bytes());
        transfer.push(6);
        let inner = json!([{ "index": 0, "instructions": [
            { "programIdIndex": 5, "accounts": [1, 3, 2, 0], "data": base58(&transfer), "stackHeight": 2 },
        ] }]);
        for (inner, amount) in [(inner, 9), (Value::Null, 0)] {
            let is_traced = !inner.is_null();
            let told = json!({ "result": {
                "slot": 5, "blockTime": 9, "version": 1,
                "transaction": { "signatures": [Signature::default().to_string()], "message": {
                    "header": {
                        "numRequiredSignatures": 1,
                        "numReadonlySignedAccounts": 0,
                        "numReadonlyUnsignedAccounts": 3,
                    },
                    "accountKeys": keys,
                    "recentBlockhash": payer.to_string(),
                    "instructions": [{ "programIdIndex": 4, "accounts": [0, 1], "data": base58(&[23]) }],
                } },
                "meta": {
                    "err": null, "status": { "Ok": null }, "fee": 5_000,
                    "preBalances": [9_000, 7], "postBalances": [4_000, 0],
                    "innerInstructions": inner, "logMessages": ["Log truncated"],
                    "preTokenBalances": [], "postTokenBalances": [], "rewards": [],
                },
            } });
            let (url, _asked) = node(vec![higher(1), told]);
            let rpc = Rpc::new(url, String::new(), CommitmentConfig::confirmed());
            let past = rpc.fetch(&Signature::default()).unwrap().unwrap();
            let [call] = &past.calls[..] else {
                panic!("{:?}", past.calls);
            };
            assert!(call.is(&[23]) && past.is_traced == is_traced && !past.is_untold);
            assert_eq!(call.accounts, [payer, vault]);
            assert_eq!(call.taken_from(&vault), amount);
            let held = past.lamports_of(&vault).map(|one| (one.before, one.after));
            assert_eq!((past.fee, held), (Some(5_000), Some((7, 0))));
            assert_eq!(past.lamports_of(&mint), None);
        }
    }
}
