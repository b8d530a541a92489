//! What the manifest comes to on this cluster: addresses derived, amounts in base units, mints looked at.

use {
    super::{
        error::{Error, Result, refused},
        manifest::{self, Manifest},
    },
    crate::{
        address, amount,
        instruction::{
            DIVIDEND_SECS, NewRewardPool, random_nonce, set_keys, shortest_timelock, token::Mint,
        },
        ledger::Ledger,
        text::When,
    },
    sluice::{
        NetworkArgs,
        constants::NOBODY,
        identity::Identity,
        state::{NetworkChange, NetworkParams, NetworkRoles, Quality, RewardTerms, SetArgs},
    },
    solana_account::Account,
    solana_address::Address,
    std::collections::BTreeSet,
};

/// A manifest on a chain.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The network itself.
    pub network: Network,
    /// In the manifest's order.
    pub attesters: Vec<Attester>,
    /// In the manifest's order.
    pub sets: Vec<Set>,
    /// In the manifest's order.
    pub pools: Vec<Pool>,
}

/// A network as it is to be.
#[derive(Clone, Debug)]
pub struct Network {
    /// Of the account.
    pub address: Address,
    /// Who creates it.
    pub creator: Address,
    /// What is staked.
    pub stake_mint: Mint,
    /// What delegators are paid in.
    pub dividend_mint: Address,
    /// What it is created with.
    pub args: NetworkArgs,
    /// False when the minimum unbonding time is a default, which says nothing of a network that is there.
    pub states_min_unbonding: bool,
    /// The same of the period of dividends.
    pub states_dividend_period: bool,
}

/// An attester with its stake.
#[derive(Clone, Debug)]
pub struct Attester {
    /// Of the account.
    pub address: Address,
    /// Signs statements.
    pub key: Address,
    /// Stakes behind it.
    pub owner: Address,
    /// Least active stake, base units.
    pub stake: u64,
}

/// An attester set.
#[derive(Clone, Debug)]
pub struct Set {
    /// What the manifest calls it.
    pub name: String,
    /// Of the account.
    pub address: Address,
    /// What it is created with.
    pub args: SetArgs,
}

/// A reward pool with its funds.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Of the account.
    pub address: Address,
    /// Who creates it.
    pub creator: Address,
    /// Of its rewards.
    pub mint: Mint,
    /// What it is created with.
    pub new: NewRewardPool,
    /// Least that was ever deposited, base units.
    pub funds: u64,
    /// Who pays for the funds.
    pub funder: Address,
}

impl Wanted {
    /// Resolves the manifest with the mints on the chain; refuses what the program would refuse whatever else it holds.
    pub fn of(ledger: &impl Ledger, manifest: &Manifest) -> Result<Self> {
        let network = network(ledger, &manifest.network)?;
        let mut attesters = Vec::new();
        for given in &manifest.attesters {
            attesters.push(attester(&network, given)?);
        }
        let mut sets = Vec::new();
        for given in &manifest.sets {
            sets.push(set(ledger, &network, given)?);
        }
        let mut pools = Vec::new();
        for given in &manifest.pools {
            pools.push(pool(ledger, &network, &sets, given)?);
        }
        require_distinct("attester", attesters.iter().map(|found| found.address))?;
        require_distinct("attester set", sets.iter().map(|found| found.address))?;
        require_distinct("reward pool", pools.iter().map(|found| found.address))?;
        let mut names = BTreeSet::new();
        if let Some(twice) = sets.iter().find(|set| !names.insert(&set.name)) {
            let name = &twice.name;
            return Err(Error::NamedTwice(name.clone()));
        }
        Ok(Self {
            network,
            attesters,
            sets,
            pools,
        })
    }
}

impl Network {
    /// What of the network can change, as it is to be.
    pub const fn change(&self) -> NetworkChange {
        NetworkChange {
            params: self.args.params,
            guardian: self.args.roles.guardian,
            resolver: self.args.roles.resolver,
            treasury: self.args.roles.treasury,
        }
    }
}

fn network(ledger: &impl Ledger, given: &manifest::Network) -> Result<Network> {
    let (creator, roles) = (given.creator.0, &given.roles);
    let stake_mint = deposit_mint(ledger, &given.stake_mint.0)?;
    let dividend_mint = given.dividend_mint.unwrap_or(given.stake_mint).0;
    deposit_mint(ledger, &dividend_mint)?;
    if stake_mint.is_wrapped_sol() {
        return Err(Error::StakeIsSol);
    }
    let params = &given.parameters;
    let unbonding_secs = params.unbonding.0.short()?;
    let role = |key: Option<manifest::Text<Address>>| key.map_or(creator, |key| key.0);
    let args = NetworkArgs {
        name: name(&given.name)?,
        nonce: given.nonce.map_or_else(random_nonce, |nonce| nonce.0.0),
        roles: NetworkRoles {
            admin: role(roles.admin),
            guardian: role(roles.guardian),
            resolver: role(roles.resolver),
            treasury: role(roles.treasury),
        },
        params: NetworkParams {
            min_stake: amount::parse(&params.min_stake, stake_mint.decimals)?,
            min_bond: amount::parse(&params.min_bond, stake_mint.decimals)?,
            unbonding_secs,
            timelock_secs: match params.timelock {
                Some(timelock) => timelock.0.short()?,
                None => shortest_timelock(unbonding_secs),
            },
            fee_bps: params.fee.0.0,
            reserve: [0; 6],
            identity: Identity {
                credential: params.credential.map_or(NOBODY, |key| key.0),
                schema: params.schema.map_or(NOBODY, |key| key.0),
            },
        },
        min_unbonding_secs: given
            .min_unbonding
            .map_or(Ok(unbonding_secs), |secs| secs.0.short())?,
        dividend_secs: given
            .dividend_period
            .map_or(Ok(DIVIDEND_SECS), |secs| secs.0.short())?,
    };
    let checked = args.params.validate(args.min_unbonding_secs);
    checked.map_err(refused("network.parameters"))?;
    args.roles.validate().map_err(refused("network.roles"))?;
    args.validate().map_err(refused("network"))?;
    Ok(Network {
        address: address::network(&creator, &args.name),
        creator,
        stake_mint,
        dividend_mint,
        args,
        states_min_unbonding: given.min_unbonding.is_some(),
        states_dividend_period: given.dividend_period.is_some(),
    })
}

fn attester(network: &Network, given: &manifest::Attester) -> Result<Attester> {
    let stake = given.stake.as_deref().unwrap_or("0");
    Ok(Attester {
        address: address::attester(&network.address, &given.key.0),
        key: given.key.0,
        owner: given.owner.0,
        stake: amount::parse(stake, network.stake_mint.decimals)?,
    })
}

fn set(ledger: &impl Ledger, network: &Network, given: &manifest::Set) -> Result<Set> {
    let keys: Vec<Address> = given.keys.iter().map(|key| key.0).collect();
    let (keys, count) = set_keys(&keys).ok_or(Error::MemberCount)?;
    let args = SetArgs {
        meter: given.meter.0.0,
        fee_owner: given.fee_owner.0,
        revoker: given.revoker.0,
        fee_bps: given.fee.0.0,
        threshold: given.threshold,
        count,
        keys,
        quality: quality(ledger, network, &given.quality)?,
    };
    let what = format!("attester set '{}'", given.name);
    args.validate().map_err(refused(&what))?;
    Ok(Set {
        name: given.name.clone(),
        address: address::attester_set(&network.address, &args.digest()),
        args,
    })
}

fn quality(ledger: &impl Ledger, network: &Network, given: &manifest::Quality) -> Result<Quality> {
    let pay = mint(ledger, &given.mint.0)?;
    let stake = network.stake_mint.decimals;
    Ok(Quality {
        mint: pay.address,
        price: amount::parse(&given.price, pay.decimals)?,
        per: given.per,
        bond: amount::parse(&given.bond, stake)?,
        challenge_bond: amount::parse(&given.challenge_bond, stake)?,
        challenge_secs: given.challenge_time.0.short()?,
        ruling_secs: given.ruling_time.0.short()?,
    })
}

fn pool(
    ledger: &impl Ledger,
    network: &Network,
    sets: &[Set],
    given: &manifest::Pool,
) -> Result<Pool> {
    let set = sets.iter().find(|set| set.name == given.set);
    let set = set.ok_or_else(|| Error::NoSet {
        id: given.id,
        name: given.set.clone(),
    })?;
    let creator = given.creator.0;
    let mint = deposit_mint(ledger, &given.mint.0)?;
    let terms = RewardTerms {
        rate: amount::parse(&given.rate, mint.decimals)?,
        ceiling: amount::parse(&given.ceiling, mint.decimals)?,
        node_cap: given.node_cap,
        start_at: given.start.0,
        end_at: given.end.0,
        epoch_secs: given.epoch.0.short()?,
        reserve: [0; 4],
    };
    let what = format!("reward pool {}", given.id);
    terms.validate().map_err(refused(&what))?;
    for date in [terms.start_at, terms.end_at] {
        When::At(date).resolve(ledger.clock()?.unix_timestamp)?;
    }
    Ok(Pool {
        address: address::reward_pool(&network.address, &creator, given.id),
        creator,
        mint,
        new: NewRewardPool {
            network: network.address,
            set: set.address,
            mint: mint.address,
            token_program: mint.token_program,
            id: given.id,
            terms,
            refund_owner: given.refund_owner.map_or(creator, |key| key.0),
        },
        funds: amount::parse(given.funds.as_deref().unwrap_or("0"), mint.decimals)?,
        funder: given.funder.map_or(creator, |key| key.0),
    })
}

fn require_distinct(what: &'static str, addresses: impl Iterator<Item = Address>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for address in addresses {
        if !seen.insert(address.to_bytes()) {
            return Err(Error::Twice { what, address });
        }
    }
    Ok(())
}

/// A network's name as its address has it.
fn name(text: &str) -> Result<[u8; 16]> {
    address::network_name(text)
        .filter(|_| !text.is_empty())
        .ok_or(Error::NameLength)
}

fn mint(ledger: &impl Ledger, address: &Address) -> Result<Mint> {
    Ok(Mint::read(address, &require_mint(ledger, address)?)?)
}

/// A mint that is to be deposited: one that the program would refuse is refused.
fn deposit_mint(ledger: &impl Ledger, address: &Address) -> Result<Mint> {
    let found = require_mint(ledger, address)?;
    Ok(Mint::read_for_deposit(address, &found)?)
}

fn require_mint(ledger: &impl Ledger, address: &Address) -> Result<Account> {
    let found = ledger.account(address)?;
    found.ok_or(Error::NoMint(*address))
}
