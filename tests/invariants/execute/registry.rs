//! Networks, attesters, sets, providers, nodes and stake.

use {
    super::{super::book::Seeds, Builder, with},
    sluice_client::{
        Ledger, NetworkArgs, NetworkParams, NetworkRoles, NodeArgs, StakePool, Unstake, address,
        instruction as ix,
    },
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
            Action::CreateNetwork { network, params } => {
                let Seeds::Network(name) = self.book.seeds(*network) else {
                    panic!("{network} is no network")
                };
                let args = NetworkArgs {
                    name: *name,
                    nonce: [7; 32],
                    roles: NetworkRoles {
                        admin: payer,
                        guardian: payer,
                        resolver: payer,
                        treasury: self.at(params.treasury),
                    },
                    params: NetworkParams {
                        min_stake: params.min_stake,
                        min_bond: params.min_bond,
                        unbonding_secs: params.unbonding_secs,
                        timelock_secs: params.timelock_secs,
                        fee_bps: params.fee_bps,
                        reserve: [0; 6],
                    },
                    min_unbonding_secs: params.min_unbonding_secs,
                };
                let stake_mint = self.book.mint(params.stake_mint).address;
                let dividend_mint = self.world.reward_mint.address;
                ix::create_network(&payer, &payer, &stake_mint, &dividend_mint, args)
            }
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
                let network = self.model.stake_pools.get(pool).map(|pool| pool.network);
                let network = network.map_or(self.world.network, |network| self.at(network));
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
