//! Stake pools, positions, tickets and dividends.

use {
    super::{
        super::{book::Seeds, cast::REWARD},
        Builder, with,
    },
    sluice_client::{Ledger, Position, StakePool, Unstake, address, instruction as ix},
    sluice_tests::reference::{Action, Id, Key, Subject},
    solana_address::Address,
    solana_instruction::Instruction,
};

impl Builder<'_> {
    pub(super) fn stake(&self, action: &Action) -> Instruction {
        let payer = self.payer();
        let (mint, dividend) = (self.world.stake_mint, self.book.mint(REWARD));
        match action {
            Action::CreateStakePool {
                network, subject, ..
            } => {
                let (Subject::Provider(subject) | Subject::Attester(subject)) = subject;
                ix::create_stake_pool(
                    &payer,
                    &self.at(*network),
                    &self.at(*subject),
                    &mint.address,
                    &mint.token_program,
                )
            }
            Action::Stake { pool, by, amount } => ix::stake(
                &payer,
                &self.at(*by),
                &self.network_of_pool(*pool),
                &self.at(*pool),
                &mint.address,
                &mint.token_program,
                *amount,
            ),
            Action::Unstake {
                pool,
                by,
                shares,
                nonce,
            } => {
                let network = self.network_of_pool(*pool);
                let (by, pool) = (self.at(*by), self.at(*pool));
                ix::unstake(&payer, &by, &network, &pool, *shares, *nonce)
            }
            Action::Withdraw {
                pool,
                staker,
                nonce,
            } => {
                let (state, ticket) = (self.pool(*pool), self.ticket(*pool, *staker, *nonce));
                ix::withdraw(&state, &ticket, &mint.token_program)
            }
            Action::CancelUnstake {
                pool,
                staker,
                nonce,
                by,
            } => {
                let ticket = self.ticket(*pool, *staker, *nonce);
                with(ix::cancel_unstake(&ticket), 0, self.at(*by))
            }
            Action::ClosePosition { pool, staker, by } => {
                let position = self.position(*pool, *staker);
                with(ix::close_position(&position), 0, self.at(*by))
            }
            Action::AddDividends { pool, by, amount } => {
                let network = self.network_of_pool(*pool);
                let (by, pool) = (self.at(*by), self.at(*pool));
                let (mint, program) = (dividend.address, dividend.token_program);
                ix::add_dividends(&payer, &by, &pool, &network, &mint, &program, *amount)
            }
            Action::ClaimDividends { pool, staker } => {
                let position = self.position(*pool, *staker);
                ix::claim_dividends(&position, &dividend.address, &dividend.token_program)
            }
            Action::BurnSlashed { pool } => {
                let state = self.pool(*pool);
                ix::burn_slashed(&self.at(*pool), &state, &mint.token_program)
            }
            Action::CloseStakePool { pool, by } => {
                let state = self.pool(*pool);
                let close =
                    ix::close_stake_pool(&state, &dividend.address, &dividend.token_program);
                with(close, 0, self.at(*by))
            }
            other => unreachable!("{other:?}"),
        }
    }

    /// The network of a stake pool, or the home one if there is no such pool.
    fn network_of_pool(&self, pool: Id) -> Address {
        let network = self.model.stake_pools.get(&pool).map(|pool| pool.network);
        network.map_or(self.world.network, |network| self.at(network))
    }

    /// A stake pool as it is; one that is not there as its address says.
    pub(super) fn pool(&self, id: Id) -> StakePool {
        let Seeds::StakePool { subject } = self.book.seeds(id) else {
            panic!("{id} is no stake pool")
        };
        let known: Option<StakePool> = self.world.chain.get(&self.at(id)).ok();
        known.unwrap_or(StakePool {
            subject: self.at(*subject),
            vault: address::vault(&self.at(id)),
            mint: self.world.stake_mint.address,
            owner: self.payer(),
            rent_payer: self.payer(),
            ..bytemuck::Zeroable::zeroed()
        })
    }

    fn position(&self, pool: Id, staker: Key) -> Position {
        let (pool, staker) = (self.at(pool), self.at(staker));
        let known: Option<Position> = self
            .world
            .chain
            .get(&address::position(&pool, &staker))
            .ok();
        known.unwrap_or(Position {
            pool,
            staker,
            rent_payer: self.payer(),
            ..bytemuck::Zeroable::zeroed()
        })
    }

    fn ticket(&self, pool: Id, staker: Key, nonce: u64) -> Unstake {
        let (pool, staker) = (self.at(pool), self.at(staker));
        let position = address::position(&pool, &staker);
        let known: Option<Unstake> = self
            .world
            .chain
            .get(&address::unstake(&position, nonce))
            .ok();
        known.unwrap_or(Unstake {
            position,
            pool,
            staker,
            rent_payer: self.payer(),
            nonce,
            ..bytemuck::Zeroable::zeroed()
        })
    }
}
