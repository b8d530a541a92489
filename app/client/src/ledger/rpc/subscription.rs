//! What a [`Socket`] subscribes to, and accounts in what it tells.

use {
    super::{Notification, Socket, hosts_only, sender::make_readable},
    crate::error::{ClientError, Result},
    serde_json::{Value, json},
    solana_account::Account,
    solana_account_decoder_client_types::UiAccount,
    solana_address::Address,
    solana_commitment_config::CommitmentConfig,
    solana_rpc_client_api::filter::{Memcmp, RpcFilterType},
};

impl Socket {
    /// Tells every change of the account at `address`.
    pub fn follow_account(
        &mut self,
        address: &Address,
        commitment: CommitmentConfig,
    ) -> Result<u64> {
        let config = json!({"encoding": "base64", "commitment": commitment.commitment});
        let params = json!([address.to_string(), config]);
        self.subscribe("accountSubscribe", params)
    }

    /// Tells every change of the program's accounts whose bytes match every `(offset, bytes)`; not that one was closed, for then
    /// it is the program's no longer.
    pub fn follow_program(
        &mut self,
        filters: &[(usize, Vec<u8>)],
        commitment: CommitmentConfig,
    ) -> Result<u64> {
        let filters: Vec<RpcFilterType> = filters
            .iter()
            .map(|(offset, bytes)| {
                RpcFilterType::Memcmp(Memcmp::new_base58_encoded(*offset, bytes))
            })
            .collect();
        let config = json!({
            "encoding": "base64",
            "commitment": commitment.commitment,
            "filters": filters,
        });
        let params = json!([sluice::ID.to_string(), config]);
        self.subscribe("programSubscribe", params)
    }
}

impl Notification {
    /// The account that it tells, and its address where a program's accounts are followed. One that was closed has no lamports.
    pub fn account(&self) -> Result<(Option<Address>, Account)> {
        let value = &self.result["value"];
        let wrong = || {
            ClientError::Rpc(
                hosts_only(&format!("the node tells no account: {}", self.result)).into(),
            )
        };
        let keyed = value["pubkey"].as_str();
        let address = keyed.map(|text| text.parse().map_err(|_| wrong()));
        let account: &Value = if keyed.is_some() {
            &value["account"]
        } else {
            value
        };
        let mut account = account.clone();
        make_readable(&mut account);
        let account: UiAccount = serde_json::from_value(account).map_err(|_| wrong())?;
        Ok((
            address.transpose()?,
            account.to_account().ok_or_else(wrong)?,
        ))
    }

    /// The slot that it is of, where it tells one.
    pub fn slot(&self) -> Option<u64> {
        self.result["context"]["slot"].as_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: Value) -> Notification {
        Notification {
            subscription: 1,
            result: json!({"context": {"slot": 9}, "value": value}),
        }
    }

    #[test]
    fn accounts_are_read_with_and_without_their_address() {
        let plain = json!({
            "data": ["AQID", "base64"],
            "executable": false,
            "lamports": 5,
            "owner": sluice::ID.to_string(),
            "rentEpoch": 0,
            "space": 3,
        });
        let (address, account) = told(plain.clone()).account().unwrap();
        assert_eq!((address, account.lamports), (None, 5));
        assert_eq!((account.data, account.owner), (vec![1, 2, 3], sluice::ID));
        let keyed = told(json!({"pubkey": sluice::ID.to_string(), "account": plain}));
        assert_eq!(keyed.account().unwrap().0, Some(sluice::ID));
        assert_eq!(keyed.slot(), Some(9));
        assert!(told(json!({"lamports": 5})).account().is_err());
    }
}
