//! The instructions of a step.

use {
    super::{
        error::{Error, Result},
        step::{Deposit, Step},
        survey::find,
    },
    crate::{
        account::size,
        address,
        instruction::{self as ix, token::TOKEN_ACCOUNT_LEN},
        ledger::Ledger,
    },
    sluice::state::{Attester, AttesterSet, Network, Position, RewardPool, StakePool},
    solana_address::Address,
    solana_instruction::Instruction,
};

/// What a step sends.
#[derive(Clone, Debug, Default)]
pub struct Sending {
    /// In their order.
    pub instructions: Vec<Instruction>,
    /// Bytes of every account that it creates at the payer's expense.
    pub creates: Vec<usize>,
}

impl Step {
    /// Its instructions, with what the steps before it left on the chain: `payer` pays rent, `anyone` signs what anybody may.
    ///
    /// Refuses a stake behind an attester that is not registered, the entrance of one without stake, and funds for a pool that is
    /// not there.
    pub fn build(
        &self,
        ledger: &impl Ledger,
        payer: &Address,
        anyone: &Address,
    ) -> Result<Sending> {
        Ok(match self {
            Self::CreateNetwork {
                creator,
                stake_mint: stake,
                dividend_mint: dividends,
                args,
            } => Sending::of(ix::create_network(payer, creator, stake, dividends, **args))
                .creating(size::<Network>()),
            Self::HandOver { network, from, to } => {
                let name = from.map(|from| ix::name_admin(&from, network, to));
                let accept = ix::accept_admin(to, network);
                name.into_iter()
                    .chain([accept])
                    .fold(Sending::default(), Sending::and)
            }
            Self::Propose {
                network,
                admin,
                change,
            } => Sending::of(ix::propose_change(admin, network, **change)),
            Self::Apply { network } => Sending::of(ix::apply_change(anyone, network)),
            Self::Register {
                network,
                owner,
                key,
            } => Sending::of(ix::register_attester(payer, owner, key, network))
                .creating(size::<Attester>()),
            Self::Stake {
                network,
                attester,
                deposit,
            } => stake(ledger, payer, (network, attester), deposit)?,
            Self::CreateSet { network, args } => {
                Sending::of(ix::create_attester_set(payer, network, **args))
                    .creating(size::<AttesterSet>())
            }
            Self::Enter {
                network,
                set,
                owner,
                key,
                index,
            } => {
                require_stake(ledger, &address::attester(network, key), owner)?;
                Sending::of(ix::enter_attester_set(owner, network, set, key, *index))
            }
            Self::CreatePool { creator, new } => {
                Sending::of(ix::create_reward_pool(payer, creator, new))
                    .creating(size::<RewardPool>())
                    .creating(TOKEN_ACCOUNT_LEN)
            }
            Self::Fund { pool, deposit } => fund(ledger, pool, deposit)?,
        })
    }
}

impl Sending {
    fn of(instruction: Instruction) -> Self {
        Self::default().and(instruction)
    }

    fn and(mut self, instruction: Instruction) -> Self {
        self.instructions.push(instruction);
        self
    }

    fn creating(mut self, bytes: usize) -> Self {
        self.creates.push(bytes);
        self
    }
}

/// Stakes behind an attester; opens its pool and the owner's position where they are missing.
fn stake(
    ledger: &impl Ledger,
    payer: &Address,
    (network, attester): (&Address, &Address),
    deposit: &Deposit,
) -> Result<Sending> {
    let Deposit { owner, mint, base } = deposit;
    let (address, program) = (&mint.address, &mint.token_program);
    let pool = address::stake_pool(attester);
    let mut sending = Sending::default();
    if find::<StakePool>(ledger, &pool)?.is_none() {
        ledger.get::<Attester>(attester)?;
        let create = ix::create_stake_pool(payer, network, attester, address, program);
        let sizes = [size::<StakePool>(), TOKEN_ACCOUNT_LEN];
        sending = sizes
            .into_iter()
            .fold(sending.and(create), Sending::creating);
    }
    if ledger.account(&address::position(&pool, owner))?.is_none() {
        sending = sending.creating(size::<Position>());
    }
    Ok(sending.and(ix::stake(
        payer, owner, network, &pool, address, program, *base,
    )))
}

fn require_stake(ledger: &impl Ledger, attester: &Address, owner: &Address) -> Result<()> {
    let position = address::position(&address::stake_pool(attester), owner);
    match ledger.account(&position)? {
        Some(_) => Ok(()),
        None => Err(Error::NoStake(*attester)),
    }
}

fn fund(ledger: &impl Ledger, pool: &Address, deposit: &Deposit) -> Result<Sending> {
    let found: RewardPool = ledger.get(pool)?;
    let Deposit { owner, mint, base } = deposit;
    let fund = ix::fund_reward_pool(owner, pool, &found, &mint.token_program, *base);
    Ok(Sending::of(fund))
}
