//! `sluice rewards create`.

use {
    crate::{
        cmd::step,
        failure::{Failure, Result},
        output::Fields,
        parse::{Secs, When},
        session::{Session, own::Numbered},
    },
    clap::Args,
    sluice_client::{
        AttesterSet, Ledger, Network, RewardTerms, address, amount, found::Step,
        instruction::NewRewardPool, view::rewards::plan,
    },
    solana_address::Address,
    solana_signer::Signer,
};

#[derive(Args, Debug)]
pub struct Create {
    /// Network of the pool.
    #[arg(
        long,
        env = "SLUICE_NETWORK",
        hide_env_values = true,
        value_name = "ADDRESS"
    )]
    network: Address,
    /// Number of the pool among the creator's; part of its address. By default the lowest that is free.
    #[arg(long)]
    id: Option<u64>,
    /// The attester set whose units count.
    #[arg(long, value_name = "ADDRESS")]
    set: Address,
    /// Mint of the rewards.
    #[arg(long)]
    mint: Address,
    /// Most that an epoch pays, token units.
    #[arg(long, value_name = "AMOUNT")]
    rate: String,
    /// Most that a unit of work earns, token units.
    #[arg(long, value_name = "AMOUNT")]
    ceiling: String,
    /// Most units of one node that an epoch counts.
    #[arg(long, value_name = "UNITS")]
    node_cap: u64,
    /// Length of an epoch, a minute to 30 days.
    #[arg(long, value_name = "DURATION", default_value = "1d")]
    epoch: Secs,
    /// When epoch 0 starts; who joins before it is paid from epoch 0 on, who joins later from the epoch after on.
    #[arg(long, value_name = "DATE", default_value = "+1h")]
    start: When,
    /// Epochs that start before it count work.
    #[arg(long, value_name = "DATE")]
    end: When,
    /// Receives what is left after the end; by default the creator.
    #[arg(long, value_name = "KEY")]
    refund_owner: Option<Address>,
}

impl Create {
    /// Creates the pool.
    pub fn run(self, session: &mut Session<impl Ledger>) -> Result<Fields> {
        let creator = session.signer()?;
        session.ledger.get::<Network>(&self.network)?;
        session.ledger.get::<AttesterSet>(&self.set)?;
        let (of, key) = (self.network, creator.pubkey());
        let numbered = Numbered::new(self.id, |id| address::reward_pool(&of, &key, id));
        session.gather(numbered.ahead())?;
        let (id, pool) = numbered.choose(session, "reward pool", "--id")?;
        let mint = session.deposit_mint(&self.mint)?;
        let now = session.now()?;
        let terms = RewardTerms {
            rate: amount::parse(&self.rate, mint.decimals)?,
            ceiling: amount::parse(&self.ceiling, mint.decimals)?,
            node_cap: self.node_cap,
            start_at: self.start.resolve(now)?,
            end_at: self.end.resolve(now)?,
            epoch_secs: self.epoch.short()?,
            reserve: [0; 4],
        };
        if !plan::counts(&terms, plan::first_paid(&terms, now)) {
            return Err(Failure::input(
                "nobody could be paid: the only epoch has begun or begins now, and who joins from its start on is paid from the next \
                 one on; give a later --start or --end",
            ));
        }
        let new = NewRewardPool {
            network: self.network,
            set: self.set,
            mint: mint.address,
            token_program: mint.token_program,
            id,
            terms,
            refund_owner: self.refund_owner.unwrap_or(creator.pubkey()),
        };
        let create = Step::CreatePool {
            creator: creator.pubkey(),
            new: Box::new(new),
        };
        let plan = step::plan(session, &create, vec![creator])?;
        let fields = Fields::new()
            .with("pool", pool)
            .with("id", id)
            .date("start_at", terms.start_at)
            .date("end_at", terms.end_at);
        session.execute(plan, fields)
    }
}
