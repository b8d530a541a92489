//! Networks and who governs them.

use {
    super::{super::book::Seeds, Builder},
    sluice_client::{
        Identity, NetworkArgs, NetworkChange, NetworkParams, NetworkRoles, instruction as ix,
    },
    sluice_tests::reference::{self, Action, Key},
    solana_address::Address,
    solana_instruction::Instruction,
};

impl Builder<'_> {
    pub(super) fn governance(&self, action: &Action) -> Instruction {
        match action {
            Action::CreateNetwork {
                network,
                founding,
                params,
            } => {
                let Seeds::Network(name) = self.book.seeds(*network) else {
                    panic!("{network} is no network")
                };
                let NetworkChange {
                    params,
                    guardian,
                    resolver,
                    treasury,
                } = self.change(params);
                let args = NetworkArgs {
                    name: *name,
                    nonce: [7; 32],
                    roles: NetworkRoles {
                        admin: self.key_or_nobody(founding.admin),
                        guardian,
                        resolver,
                        treasury,
                    },
                    params,
                    min_unbonding_secs: founding.min_unbonding_secs,
                    dividend_secs: founding.dividend_secs,
                };
                let payer = self.payer();
                let stake_mint = self.book.mint(founding.stake_mint).address;
                let dividend_mint = self.book.mint(founding.dividend_mint).address;
                ix::create_network(&payer, &payer, &stake_mint, &dividend_mint, args)
            }
            Action::ProposeChange {
                network,
                by,
                params,
            } => ix::propose_change(&self.at(*by), &self.at(*network), self.change(params)),
            Action::ApplyChange { network } => ix::apply_change(&self.payer(), &self.at(*network)),
            Action::NameAdmin {
                network,
                by,
                candidate,
            } => {
                let candidate = self.book.address_or_nobody(*candidate);
                ix::name_admin(&self.at(*by), &self.at(*network), &candidate)
            }
            Action::AcceptAdmin { network, by } => {
                ix::accept_admin(&self.at(*by), &self.at(*network))
            }
            Action::Pause { network, by, secs } => {
                ix::pause(&self.at(*by), &self.at(*network), *secs)
            }
            other => unreachable!("{other:?}"),
        }
    }

    pub(super) fn key_or_nobody(&self, key: Key) -> Address {
        self.book.address_or_nobody((key != 0).then_some(key))
    }

    fn change(&self, params: &reference::NetworkParams) -> NetworkChange {
        NetworkChange {
            params: NetworkParams {
                min_stake: params.min_stake,
                min_bond: params.min_bond,
                unbonding_secs: params.unbonding_secs,
                timelock_secs: params.timelock_secs,
                fee_bps: params.fee_bps,
                reserve: [0; 6],
                identity: Identity::NONE,
            },
            guardian: self.key_or_nobody(params.guardian),
            resolver: self.key_or_nobody(params.resolver),
            treasury: self.key_or_nobody(params.treasury),
        }
    }
}
