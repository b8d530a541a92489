//! What the chain says that makes the next commands complete. None of it is needed: a machine may be set up before its network answers.

use {
    sluice_client::{
        Address, AttesterSet, CommitmentConfig, Ledger, Network, Result,
        account::filter,
        amount,
        ledger::{Endpoint, Patience, Rpc, cluster_name},
    },
    std::time::Duration,
};

/// What is known of a network.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The least stake behind a provider or the bond of an attester, token units of the stake mint.
    pub stake: Option<String>,
    /// The sets with a quorum, or those that have the attester as a member and not live yet.
    pub sets: Vec<Address>,
    /// It is the public cluster where SOL is money.
    pub is_mainnet: bool,
}

impl Facts {
    /// What the node at `url` says, if it answers within seconds; of the attester with the key, where one is given.
    pub fn read(url: &Endpoint, network: &Address, attester: Option<&Address>) -> Self {
        let patience = Patience {
            call: Duration::from_secs(5),
            total: Duration::from_secs(8),
            ..Patience::default()
        };
        let commitment = CommitmentConfig::confirmed();
        let ledger = Rpc::patient(url.clone(), url.websocket(), commitment, patience);
        Self::of(&ledger, network, attester).unwrap_or_default()
    }

    /// What a ledger says.
    pub fn of(ledger: &impl Ledger, network: &Address, attester: Option<&Address>) -> Result<Self> {
        let is_mainnet = cluster_name(&ledger.genesis()?) == Some("mainnet-beta");
        let params = ledger.get::<Network>(network)?;
        let decimals = ledger.mint(&params.stake_mint)?.decimals;
        let least = match attester {
            None => params.params.min_stake,
            Some(_) => params.params.min_bond,
        };
        let sets = ledger.list::<AttesterSet>(&[filter::attester_set_network(network)])?;
        let fits = |set: &AttesterSet| match attester {
            None => set.has_quorum(),
            Some(key) => may_enter(set, key),
        };
        let sets = sets.iter().filter(|(_, set)| fits(set));
        Ok(Self {
            stake: Some(amount::format(least, decimals)),
            sets: sets.map(|(address, _)| *address).collect(),
            is_mainnet,
        })
    }
}

/// It is a member that never entered.
fn may_enter(set: &AttesterSet, key: &Address) -> bool {
    let place = (0..set.count).find(|index| set.keys.get(usize::from(*index)) == Some(key));
    let bit = place.and_then(|index| 1u16.checked_shl(index.into()));
    bit.is_some_and(|bit| set.entered & bit == 0)
}
