//! What only a local chain can do: take a program as it is, and move its clock. Each is a JSON-RPC method of Surfpool.

use {
    anyhow::{Context, Result, bail, ensure},
    serde_json::{Value, json},
    sluice_client::{
        Ledger, hex,
        ledger::{Rpc, ws_url},
    },
    solana_address::Address,
    solana_commitment_config::CommitmentConfig,
    solana_rpc_client::rpc_client::RpcClient,
    solana_rpc_client_api::request::RpcRequest,
};

/// A running local chain, in this process or another.
pub struct Cheatcodes {
    client: RpcClient,
    ledger: Rpc,
}

impl Cheatcodes {
    /// Of the chain behind a JSON-RPC URL.
    pub fn at(url: &str) -> Self {
        let processed = CommitmentConfig::processed();
        Self {
            client: RpcClient::new_with_commitment(url.to_owned(), processed),
            ledger: Rpc::new(url.to_owned(), ws_url(url), processed),
        }
    }

    /// Puts an ELF at a program's id, upgradeable by `authority`.
    pub fn deploy(&self, program: &Address, elf: &[u8], authority: &Address) -> Result<()> {
        let code = hex::encode(elf);
        let parameters = json!([program.to_string(), code, 0, authority.to_string()]);
        self.call("surfnet_writeProgram", parameters).map(drop)
    }

    /// Registers a program's IDL, as `anchor` writes it; the program's id stands in it.
    pub fn register_idl(&self, idl: &Value) -> Result<()> {
        self.call("surfnet_registerIdl", json!([idl])).map(drop)
    }

    /// Puts an account at `address`, with the lamports that its size asks for.
    pub fn set_account(&self, address: &Address, owner: &Address, data: &[u8]) -> Result<()> {
        let lamports = self
            .client
            .get_minimum_balance_for_rent_exemption(data.len())?;
        let account = json!({
            "lamports": lamports,
            "data": hex::encode(data),
            "owner": owner.to_string(),
            "executable": false,
        });
        self.call("surfnet_setAccount", json!([address.to_string(), account]))
            .map(drop)
    }

    /// Gives a key that the chain has never seen `lamports`.
    pub fn endow(&self, key: &Address, lamports: u64) -> Result<()> {
        let account = json!({ "lamports": lamports });
        self.call("surfnet_setAccount", json!([key.to_string(), account]))
            .map(drop)
    }

    /// Unix time on the chain.
    pub fn now(&self) -> Result<i64> {
        Ok(self.ledger.clock()?.unix_timestamp)
    }

    /// Unix time that the clock told in a block with transactions. Lists of transactions tell another one once the clock was moved: they
    /// count slots, and a leap is no whole number of them.
    pub fn block_time(&self, slot: u64) -> Result<i64> {
        let time = self.client.get_block_time(slot);
        time.with_context(|| format!("the chain does not know when slot {slot} was"))
    }

    /// Moves the clock to `unix_time`, never back; returns when the chain tells that time or a later one.
    pub fn warp_to(&self, unix_time: i64) -> Result<()> {
        let now = self.now()?;
        ensure!(
            unix_time >= now,
            "the chain is past {unix_time} already: it is {now}, and its clock moves only on"
        );
        if unix_time == now {
            return Ok(());
        }
        let millis = u64::try_from(unix_time)?
            .checked_mul(1_000)
            .context("that is too far away")?;
        self.call(
            "surfnet_timeTravel",
            json!([{ "absoluteTimestamp": millis }]),
        )?;
        match self.now()? {
            now if now < unix_time => bail!("the chain's clock stayed at {now}"),
            _ => Ok(()),
        }
    }

    /// Moves the clock `secs` on.
    pub fn advance(&self, secs: u32) -> Result<()> {
        self.warp_to(self.now()?.saturating_add(secs.into()))
    }

    fn call(&self, method: &'static str, parameters: Value) -> Result<Value> {
        self.client
            .send(RpcRequest::Custom { method }, parameters)
            .with_context(|| format!("{method} was refused"))
    }
}
