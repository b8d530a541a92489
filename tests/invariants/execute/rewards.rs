//! Reward pools, shares and epochs.

use {
    super::{super::book::Seeds, Builder, with},
    sluice_client::{
        Epoch, Ledger, Node, RewardPool, RewardTerms, Share, address,
        instruction::{self as ix, NewRewardPool},
    },
    sluice_tests::reference::{self, Action, Id, Key},
    solana_address::Address,
    solana_instruction::Instruction,
};

impl Builder<'_> {
    /// A pool as it is; a blank one if there is none.
    fn reward_pool(&self, id: Id) -> RewardPool {
        let known: Option<RewardPool> = self.world.chain.get(&self.at(id)).ok();
        known.unwrap_or(RewardPool {
            network: self.world.network,
            vault: address::vault(&self.at(id)),
            mint: self.world.reward_mint.address,
            ..bytemuck::Zeroable::zeroed()
        })
    }

    fn pool_token_program(&self, pool: &RewardPool) -> Address {
        let mint = self.book.mint_handle(pool.mint.as_ref());
        self.book.mint(mint).token_program
    }

    pub(super) fn rewards(&self, action: &Action) -> Instruction {
        let key = |id: &Id| self.at(*id);
        match action {
            Action::CreateRewardPool {
                pool,
                network,
                set,
                mint,
                terms,
                refund_owner,
            } => self.create(*pool, *network, *set, *mint, (terms, *refund_owner)),
            Action::FundRewardPool {
                pool: id,
                by,
                incarnation,
                amount,
            } => {
                let mut pool = self.reward_pool(*id);
                pool.incarnation = *incarnation;
                let program = self.pool_token_program(&pool);
                ix::fund_reward_pool(&key(by), &key(id), &pool, &program, *amount)
            }
            Action::JoinRewardPool {
                pool: id,
                provider,
                node,
                by,
                incarnation,
            } => {
                let mut pool = self.reward_pool(*id);
                pool.incarnation = *incarnation;
                let state = Node {
                    provider: key(provider),
                    ..bytemuck::Zeroable::zeroed()
                };
                let (payer, by, node) = (self.payer(), key(by), key(node));
                ix::join_reward_pool(&payer, &by, &key(id), &pool, &node, &state)
            }
            Action::Report {
                pool,
                node,
                provider,
                epoch,
            } => ix::report(&key(pool), &key(node), &key(provider), *epoch),
            Action::OpenEpoch {
                pool,
                node,
                provider,
                index,
            } => {
                let (payer, provider) = (self.payer(), key(provider));
                ix::open_epoch(&payer, &key(pool), &key(node), &provider, *index)
            }
            Action::Claim {
                pool,
                node,
                streaming,
                ended,
            } => self.claim(*pool, *node, *streaming, *ended),
            Action::Fold { pool, node, epoch } => ix::fold(&key(pool), &key(node), *epoch),
            Action::CloseEpoch { pool, epoch } => {
                let address = address::epoch(&key(pool), *epoch);
                let known: Option<Epoch> = self.world.chain.get(&address).ok();
                ix::close_epoch(&known.unwrap_or(Epoch {
                    pool: key(pool),
                    rent_payer: self.payer(),
                    index: *epoch,
                    ..bytemuck::Zeroable::zeroed()
                }))
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn create(
        &self,
        pool: Id,
        network: Id,
        set: Id,
        mint: u64,
        (terms, refund_owner): (&reference::RewardTerms, Key),
    ) -> Instruction {
        let Seeds::RewardPool {
            creator, number, ..
        } = self.book.seeds(pool)
        else {
            panic!("{pool} is no reward pool")
        };
        let mint = self.book.mint(mint);
        let new = NewRewardPool {
            network: self.at(network),
            set: self.at(set),
            mint: mint.address,
            token_program: mint.token_program,
            id: *number,
            terms: RewardTerms {
                rate: terms.rate,
                ceiling: terms.ceiling,
                node_cap: terms.node_cap,
                start_at: terms.start_at,
                end_at: terms.end_at,
                epoch_secs: terms.epoch_secs,
                reserve: [0; 4],
            },
            refund_owner: self.at(refund_owner),
        };
        ix::create_reward_pool(&self.payer(), &self.at(*creator), &new)
    }

    /// A share as it is; a blank one if there is none.
    fn share(&self, pool: Id, node: Id) -> Share {
        let (pool, node) = (self.at(pool), self.at(node));
        let known: Option<Share> = self.world.chain.get(&address::share(&pool, &node)).ok();
        known.unwrap_or(Share {
            pool,
            node,
            payee: self.payer(),
            rent_payer: self.payer(),
            ..bytemuck::Zeroable::zeroed()
        })
    }

    fn claim(&self, pool: Id, node: Id, streaming: Option<u64>, ended: Option<u64>) -> Instruction {
        let (key, share) = (self.at(pool), self.share(pool, node));
        let state = self.reward_pool(pool);
        let program = self.pool_token_program(&state);
        let claim = ix::claim(&key, &state, &share, self.world.now(), &program);
        drawing_on(claim, &key, [streaming, ended])
    }

    /// The exits other than claims.
    pub(super) fn winding_up(&self, action: &Action) -> Instruction {
        match action {
            Action::PayDelegators {
                pool: id,
                node,
                streaming,
                ended,
                stake,
                to,
            } => {
                let (key, share) = (self.at(*id), self.share(*id, *node));
                let pool = self.reward_pool(*id);
                let staked = self.world.chain.get(&self.at(*stake)).ok();
                let program = self.pool_token_program(&pool);
                let now = self.world.now();
                let pay = ix::pay_delegators(&key, &pool, &share, staked.as_ref(), now, &program);
                let pay = drawing_on(pay, &key, [*streaming, *ended]);
                let mint = self.book.mint_handle(pool.mint.as_ref());
                let destination = self.book.token_account(*to, mint);
                with(with(pay, 6, destination), 9, self.at(*stake))
            }
            Action::ReturnUnallocated { pool: id } => {
                let pool = self.reward_pool(*id);
                let program = self.pool_token_program(&pool);
                ix::return_unallocated(&self.at(*id), &pool, &program)
            }
            Action::CloseShare { pool, node, by } => {
                ix::close_share(&self.at(*by), &self.share(*pool, *node))
            }
            Action::CloseRewardPool { pool: id } => {
                let pool = self.reward_pool(*id);
                let program = self.pool_token_program(&pool);
                ix::close_reward_pool(&self.at(*id), &pool, &program)
            }
            other => unreachable!("{other:?}"),
        }
    }
}

/// The same with these epochs as its accounts.
fn drawing_on(
    draw: Instruction,
    pool: &Address,
    [streaming, ended]: [Option<u64>; 2],
) -> Instruction {
    let account =
        |epoch: Option<u64>| epoch.map_or(sluice_client::ID, |index| address::epoch(pool, index));
    with(with(draw, 2, account(streaming)), 3, account(ended))
}
