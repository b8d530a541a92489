//! What a step does where the chain is not yet as the manifest says: one transaction, by the builders of the other commands.

use {
    super::keyring::Keyring,
    crate::{
        cmd::{attester, attester_set, network, rewards, stake},
        failure::Result,
        session::{Plan, Session},
    },
    sluice_client::{
        Ledger, NetworkArgs, NetworkChange, RewardPool, SetArgs,
        instruction::{NewRewardPool, token::Mint},
    },
    solana_address::Address,
};

pub enum Act {
    CreateNetwork {
        creator: Address,
        stake_mint: Address,
        dividend_mint: Address,
        args: Box<NetworkArgs>,
    },
    /// Names the candidate, unless it is named, and accepts.
    HandOver {
        network: Address,
        from: Option<Address>,
        to: Address,
    },
    Propose {
        network: Address,
        admin: Address,
        change: Box<NetworkChange>,
    },
    Apply {
        network: Address,
    },
    Register {
        network: Address,
        owner: Address,
        key: Address,
    },
    Stake {
        attester: Address,
        owner: Address,
        mint: Mint,
        base: u64,
    },
    CreateSet {
        network: Address,
        args: Box<SetArgs>,
    },
    Enter {
        network: Address,
        set: Address,
        owner: Address,
        key: Address,
        index: u8,
    },
    CreatePool {
        creator: Address,
        new: Box<NewRewardPool>,
    },
    Fund {
        pool: Address,
        funder: Address,
        mint: Mint,
        base: u64,
    },
}

impl Act {
    /// Who has to sign beside the payer, and as what.
    pub fn signers(&self) -> Vec<(&'static str, Address)> {
        match self {
            Self::CreateNetwork { creator, .. } => vec![("network's creator", *creator)],
            Self::HandOver { from, to, .. } => from
                .map(|from| ("network's admin", from))
                .into_iter()
                .chain([("network's admin to be", *to)])
                .collect(),
            Self::Propose { admin, .. } => vec![("network's admin", *admin)],
            Self::Register { owner, key, .. } => {
                vec![("attester's owner", *owner), ("attester", *key)]
            }
            Self::Stake { owner, .. } | Self::Enter { owner, .. } => {
                vec![("attester's owner", *owner)]
            }
            Self::CreatePool { creator, .. } => vec![("reward pool's creator", *creator)],
            Self::Fund { funder, .. } => vec![("reward pool's funder", *funder)],
            Self::Apply { .. } | Self::CreateSet { .. } => vec![],
        }
    }

    /// The transaction.
    pub fn plan(&self, session: &Session<impl Ledger>, keys: &Keyring) -> Result<Plan> {
        let mut signers = Vec::new();
        for (role, key) in self.signers() {
            signers.push(keys.find(role, &key)?);
        }
        let mut signers = signers.into_iter();
        let mut next = || signers.next().map_or_else(|| session.signer(), Ok);
        match self {
            Self::CreateNetwork {
                stake_mint,
                dividend_mint,
                args,
                ..
            } => network::create::plan(session, next()?, stake_mint, dividend_mint, **args),
            Self::HandOver { network, from, to } => {
                let mut plan = Plan::default();
                if from.is_some() {
                    plan = network::roles::naming(next()?, network, to);
                }
                Ok(plan.join(network::roles::acceptance(next()?, network)))
            }
            Self::Propose {
                network, change, ..
            } => Ok(network::change::proposal(next()?, network, **change)),
            Self::Apply { network } => Ok(network::change::application(next()?, network)),
            Self::Register { network, .. } => {
                attester::registration(session, next()?, next()?, network)
            }
            Self::Stake {
                attester,
                mint,
                base,
                ..
            } => {
                let target = stake::Target::find(session, attester)?;
                stake::deposit::deposit(session, &target, next()?, mint, *base)
            }
            Self::CreateSet { network, args } => attester_set::plan(session, network, **args),
            Self::Enter {
                network,
                set,
                key,
                index,
                ..
            } => attester::entrance(session, next()?, network, set, (key, *index)),
            Self::CreatePool { new, .. } => rewards::create::plan(session, next()?, new),
            Self::Fund {
                pool, mint, base, ..
            } => {
                let found: RewardPool = session.ledger.get(pool)?;
                rewards::fund::plan(session, next()?, (pool, &found), mint, *base)
            }
        }
    }
}
