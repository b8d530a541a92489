//! `sluice stake show`.

use {
    crate::{failure::Result, output::Fields, session::Session},
    clap::Args,
    sluice_client::{Ledger, Position, StakePool, Unstake, address},
    sluice_math::shares,
    solana_address::Address,
};

#[derive(Args)]
pub struct Show {
    /// Address of the provider's or attester's account.
    subject: Address,
    /// Whose position to show; by default the owner's.
    #[arg(long, value_name = "KEY")]
    staker: Option<Address>,
}

impl Show {
    /// Shows the pool.
    pub fn run(self, session: &Session<impl Ledger>) -> Result<Fields> {
        let pool_key = address::stake_pool(&self.subject);
        let pool: StakePool = session.ledger.get(&pool_key)?;
        let total = pool.active_shares.saturating_add(pool.thawing_shares);
        let worth = |shares| shares::tokens_for(shares, pool.tokens, total).unwrap_or(0);
        let staker = self.staker.unwrap_or(pool.owner);
        let position_key = address::position(&pool_key, &staker);
        let fields = Fields::new()
            .with("pool", pool_key)
            .with("owner", pool.owner)
            .with("mint", pool.mint)
            .tokens("tokens", pool.tokens, pool.decimals)
            .tokens("locked", pool.locked, pool.decimals)
            .with("staker", staker);
        if session.ledger.account(&position_key)?.is_none() {
            return Ok(fields.with("position", None::<Address>));
        }
        let position: Position = session.ledger.get(&position_key)?;
        let mine = [(8, position_key.to_bytes().to_vec())];
        let mut tickets = session.ledger.list::<Unstake>(&mine)?;
        tickets.sort_by_key(|(_, ticket)| (ticket.withdraw_at, ticket.nonce));
        let tickets: Vec<Fields> = tickets
            .into_iter()
            .map(|(key, ticket)| {
                Fields::new()
                    .with("ticket", key)
                    .tokens("worth", worth(ticket.shares), pool.decimals)
                    .date("withdraw_at", ticket.withdraw_at)
            })
            .collect();
        Ok(fields
            .with("position", position_key)
            .tokens("active", worth(position.shares), pool.decimals)
            .tokens("thawing", worth(position.thawing), pool.decimals)
            .with("tickets", tickets))
    }
}
