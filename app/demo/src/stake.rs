//! Stake in at the beginning, a dividend on the way, stake out at the end.

use {
    crate::{
        plan::{self, NODE_OWNERS},
        world::World,
    },
    anyhow::{Context, Result},
    sluice_client::{Ledger, Position, StakePool, Unstake, address, instruction as ix},
    solana_signer::Signer,
};

/// Number of everybody's one unstake ticket.
const TICKET: u64 = 1;

impl World {
    /// Creates everybody's stake pool, where there is none, and stakes.
    pub fn stake_all(&mut self) -> Result<()> {
        let (network, mint) = (self.network, self.stake);
        for staker in self
            .providers
            .iter()
            .chain(&self.attesters)
            .chain([&self.delegator])
        {
            let owner = staker.owner.pubkey();
            let create = ix::create_stake_pool(
                &owner,
                &network,
                &staker.subject,
                &mint.address,
                &mint.token_program,
            );
            let stake = ix::stake(
                &owner,
                &owner,
                &network,
                &staker.pool,
                &mint.address,
                &mint.token_program,
                staker.amount,
            );
            let missing = self.chain.ledger.account(&staker.pool)?.is_none();
            let create = missing.then_some(("create_stake_pool", create));
            let steps = create.into_iter().chain([("stake", stake)]);
            for (name, instruction) in steps {
                self.chain.send(name, &[instruction], &[&staker.owner])?;
            }
        }
        Ok(())
    }

    /// The funder gives a dividend to the stakers of provider B.
    pub fn give_dividend(&mut self) -> Result<()> {
        let (pool, reward) = (self.delegator.pool, self.reward);
        let add = ix::add_dividends(
            &self.funder.pubkey(),
            &self.funder.pubkey(),
            &pool,
            &self.network,
            &reward.address,
            &reward.token_program,
            plan::DIVIDEND,
        );
        self.chain.send("add_dividends", &[add], &[&self.funder])
    }

    /// The stakers of provider B claim what has streamed by then, which is all of it.
    pub fn claim_dividend(&mut self) -> Result<()> {
        let streamed = self.chain.elapsed() + 2 * i64::from(plan::DIVIDEND_SECS);
        self.chain.wait_until(streamed);
        let (pool, reward) = (self.delegator.pool, self.reward);
        let backed = &self.providers[NODE_OWNERS[plan::WITHHOLDER]];
        for staker in [backed, &self.delegator] {
            let position = address::position(&pool, &staker.owner.pubkey());
            let position: Position = self.chain.ledger.get(&position)?;
            let claim = ix::claim_dividends(&position, &reward.address, &reward.token_program);
            self.chain.send("claim_dividends", &[claim], &[])?;
        }
        Ok(())
    }

    /// Attesters leave their set, everybody unstakes, waits and withdraws.
    pub fn unstake_all(&mut self) -> Result<()> {
        let (network, set) = (self.network, self.set);
        for (index, (staker, key)) in (0..).zip(self.attesters.iter().zip(&self.attester_keys)) {
            let owner = staker.owner.pubkey();
            let leave = ix::leave_attester_set(&owner, &network, &set, &key.pubkey(), index);
            self.chain
                .send("leave_attester_set", &[leave], &[&staker.owner])?;
        }
        for staker in self
            .providers
            .iter()
            .chain(&self.attesters)
            .chain([&self.delegator])
        {
            let owner = staker.owner.pubkey();
            // A share cost one base unit when they staked.
            let shares = staker.amount;
            let unstake = ix::unstake(&owner, &owner, &network, &staker.pool, shares, TICKET);
            self.chain.send("unstake", &[unstake], &[&staker.owner])?;
        }
        let ripe = self.chain.elapsed() + i64::from(plan::UNBONDING_SECS);
        self.chain.wait_until(ripe);
        for staker in self
            .providers
            .iter()
            .chain(&self.attesters)
            .chain([&self.delegator])
        {
            let position = address::position(&staker.pool, &staker.owner.pubkey());
            let ticket: Unstake = self
                .chain
                .ledger
                .get(&address::unstake(&position, TICKET))
                .context("an unstake ticket is missing")?;
            let pool: StakePool = self.chain.ledger.get(&staker.pool)?;
            let withdraw = ix::withdraw(&pool, &ticket, &self.stake.token_program);
            self.chain.send("withdraw", &[withdraw], &[])?;
        }
        Ok(())
    }
}
