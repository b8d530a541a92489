//! Reward pools, shares and epochs.

use {
    super::{super::book::Seeds, Builder, with},
    sluice_client::{
        Epoch, Ledger, Node, RewardPool, RewardTerms, Share, address,
        instruction::{self as ix, NewRewardPool},
    },
    sluice_tests::reference::{self, Action, Id},
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

    /// The provider of a node, if there is one.
    fn provider_of(&self, node: Id) -> Address {
        let node: Option<Node> = self.world.chain.get(&self.at(node)).ok();
        node.map_or(self.payer(), |node| node.provider)
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
            } => self.create(*pool, *network, *set, *mint, terms),
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
            Action::Report { pool, node, epoch } => {
                ix::report(&key(pool), &key(node), &self.provider_of(*node), *epoch)
            }
            Action::OpenEpoch { pool, node, index } => {
                let provider = self.provider_of(*node);
                ix::open_epoch(&self.payer(), &key(pool), &key(node), &provider, *index)
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
        terms: &reference::RewardTerms,
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
            refund_owner: self.payer(),
        };
        ix::create_reward_pool(&self.payer(), &self.at(*creator), &new)
    }

    fn claim(&self, pool: Id, node: Id, streaming: Option<u64>, ended: Option<u64>) -> Instruction {
        let (pool_key, node_key) = (self.at(pool), self.at(node));
        let state = self.reward_pool(pool);
        let known: Option<Share> = self
            .world
            .chain
            .get(&address::share(&pool_key, &node_key))
            .ok();
        let share = known.unwrap_or(Share {
            node: node_key,
            payee: self.payer(),
            ..bytemuck::Zeroable::zeroed()
        });
        let program = self.pool_token_program(&state);
        let claim = ix::claim(&pool_key, &state, &share, self.world.now(), &program);
        let account = |epoch: Option<u64>| {
            epoch.map_or(sluice_client::ID, |index| address::epoch(&pool_key, index))
        };
        with(with(claim, 2, account(streaming)), 3, account(ended))
    }
}
