//! Networks, attesters, sets, providers, nodes and stake.

use {
    super::{super::book::Seeds, Builder, with},
    sluice_client::{Ledger, NodeArgs, StakePool, Unstake, address, instruction as ix},
    sluice_tests::{
        reference::{Action, Id, Key, Subject},
        world::NODE_ARGS,
    },
    solana_address::Address,
    solana_instruction::Instruction,
};

impl Builder<'_> {
    pub(super) fn registry(&self, action: &Action) -> Instruction {
        let payer = self.payer();
        match action {
            Action::RegisterAttester {
                network,
                owner,
                key,
                ..
            } => {
                ix::register_attester(&payer, &self.at(*owner), &self.at(*key), &self.at(*network))
            }
            Action::CreateSet { network, args, .. } => {
                let args = self.book.set_args(args, &payer);
                ix::create_attester_set(&payer, &self.at(*network), args)
            }
            Action::EnterSet {
                set,
                attester,
                index,
                by,
            } => {
                let (network, key, owner) = self.member(*attester, *by);
                let set_key = self.at(*set);
                let enter = ix::enter_attester_set(&owner, &network, &set_key, &key, *index);
                let Seeds::Set { network, .. } = self.book.seeds(*set) else {
                    panic!("{set} is no set")
                };
                with(with(enter, 1, self.at(*network)), 0, self.at(*by))
            }
            Action::LeaveSet {
                set,
                attester,
                index,
                by,
            } => {
                let (network, key, owner) = self.member(*attester, *by);
                let leave = ix::leave_attester_set(&owner, &network, &self.at(*set), &key, *index);
                with(leave, 0, self.at(*by))
            }
            Action::RegisterProvider {
                network,
                owner,
                operator,
                ..
            } => ix::register_provider(
                &payer,
                &self.at(*owner),
                &self.at(*operator),
                &self.at(*network),
            ),
            Action::RegisterNode {
                provider,
                by,
                worker,
                set,
                slots,
                ..
            } => {
                let (network, owner) = self.provider_seeds(*provider);
                let args = NodeArgs {
                    slots_total: *slots,
                    ..NODE_ARGS
                };
                let (owner, worker, network) = (self.at(owner), self.at(*worker), self.at(network));
                let set = self.book.address_or_nobody(*set);
                let register = ix::register_node(&payer, &owner, &worker, &network, &set, args);
                with(register, 1, self.at(*by))
            }
            other => unreachable!("{other:?}"),
        }
    }

    /// Network, key and owner of an attester; whoever signs, as long as it is not registered.
    fn member(&self, attester: Id, by: Key) -> (Address, Address, Address) {
        let Seeds::Attester { network, key } = self.book.seeds(attester) else {
            panic!("{attester} is no attester")
        };
        let owner = self.model.attesters.get(&attester).map_or(by, |a| a.owner);
        (self.at(*network), self.at(*key), self.at(owner))
    }

    pub(super) fn stake(&self, action: &Action) -> Instruction {
        let payer = self.payer();
        let mint = self.world.stake_mint;
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
            Action::OpenPosition { pool, by } => {
                ix::open_position(&payer, &self.at(*by), &self.at(*pool))
            }
            Action::Stake { pool, by, amount } => ix::stake(
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
            } => self.withdraw(*pool, *staker, *nonce),
            other => unreachable!("{other:?}"),
        }
    }

    /// The network of a stake pool, or the home one if there is no such pool.
    fn network_of_pool(&self, pool: Id) -> Address {
        let network = self.model.stake_pools.get(&pool).map(|pool| pool.network);
        network.map_or(self.world.network, |network| self.at(network))
    }

    fn withdraw(&self, pool: Id, staker: Key, nonce: u64) -> Instruction {
        let (pool_key, staker) = (self.at(pool), self.at(staker));
        let position = address::position(&pool_key, &staker);
        let ticket = address::unstake(&position, nonce);
        let known: Option<Unstake> = self.world.chain.get(&ticket).ok();
        let ticket = known.unwrap_or(Unstake {
            position,
            pool: pool_key,
            staker,
            rent_payer: self.payer(),
            nonce,
            ..bytemuck::Zeroable::zeroed()
        });
        let known: Option<StakePool> = self.world.chain.get(&pool_key).ok();
        let state = known.unwrap_or(StakePool {
            vault: address::vault(&pool_key),
            mint: self.world.stake_mint.address,
            ..bytemuck::Zeroable::zeroed()
        });
        ix::withdraw(&state, &ticket, &self.world.stake_mint.token_program)
    }
}
